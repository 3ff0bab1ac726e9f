"""Lists as the imports of mail tools want them.

The headers are those that the help of each tool names (August 2026), so that they are matched
without a hand: help.klaviyo.com 115005078967 (the first column must be the address),
mailchimp.com/help/format-guidelines-for-your-import-file, help.brevo.com 208729849,
knowledge.hubspot.com/contacts/set-up-your-import-file, facebook.com/business/help 2082575038703844.
"""

import csv
import io
from datetime import date

import pytest

from tests.analysis.contacts.test_contacts import results
from tests.tables_by_hand import table
from xlclv.analysis.contacts.exports import export, names_of_lists
from xlclv.analysis.contacts.kept import Kept
from xlclv.analysis.contacts.tools import TOOLS, hashed, hashed_name, split_name
from xlclv.analysis.results import Results
from xlclv.errors import InputError
from xlclv.tables import CUSTOMERS, match_headers

KNOWN = {
    "klaviyo": {"Email": "email", "First Name": "first", "Last Name": "last"},
    "mailchimp": {"Email Address": "email", "First Name": "first", "Last Name": "last"},
    "brevo": {"EMAIL": "email", "FIRSTNAME": "first", "LASTNAME": "last", "EXT_ID": "id"},
    "hubspot": {"Email": "email", "First Name": "first", "Last Name": "last"},
    "meta": {"email": "email", "fn": "first", "ln": "last"},
}
PEOPLE = {
    "quiet": ("Quin Ümlaut", "q@x.com"),
    "risky": ("=cmd|' /C calc'!A0", "Risky@x.com"),
}
RULE = ("R1", "Yes", "Back", "Offer", "Passive", "Amount off", 5)


def shop(**more: object) -> Results:
    rows = [(who, name, mail) for who, (name, mail) in PEOPLE.items()]
    sheet = table(CUSTOMERS, ("customer_id", "label", "customer_email"), *rows)
    return results(RULE, customers=sheet, **more)


def written(found: Results, tool: str, name: str = "win-back") -> list[dict[str, str]]:
    """Write a list and read it back."""
    made = export(found, name, tool)
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(made.headers)
    writer.writerows(made.rows)
    return list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))


@pytest.mark.parametrize("tool", KNOWN)
def test_a_list_comes_back_through_the_headers_of_the_tool(tool: str) -> None:
    rows = written(shop(), tool)
    known = KNOWN[tool]
    assert next(iter(rows[0])) in known  # the address comes first, as Klaviyo asks
    people = [{known[name]: cell for name, cell in row.items() if name in known} for row in rows]
    found = {row["email"]: row for row in people}
    mails = {mail: name for name, mail in PEOPLE.values()}
    if tool == "meta":
        assert set(rows[0]) == set(known)  # nothing that could be read
        assert found.keys() == {hashed(mail) for mail in mails}
        assert found[hashed("q@x.com")]["first"] == hashed_name("Quin")
        assert found[hashed("q@x.com")]["last"] == hashed_name("ümlaut")
        return
    assert found.keys() == mails.keys()
    assert (found["q@x.com"]["first"], found["q@x.com"]["last"]) == ("Quin", "Ümlaut")
    assert found["Risky@x.com"]["first"].startswith("'=")
    offers = [cell for row in rows for name, cell in row.items() if name.casefold() == "offer"]
    assert sorted(offers) == ["", "5 off"]


@pytest.mark.parametrize("tool", ["klaviyo", "mailchimp", "brevo", "hubspot"])
def test_our_own_reader_knows_the_address_again(tool: str) -> None:
    headers = list(written(shop(), tool)[0])
    index = match_headers(headers, CUSTOMERS)
    assert headers[index["customer_email"]] in KNOWN[tool]


@pytest.mark.parametrize("tool", TOOLS)
def test_no_cell_is_a_formula(tool: str) -> None:
    for name in names_of_lists(shop()):
        for row in export(shop(), name, tool).rows:
            assert not [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_one_address_gets_one_row_with_all_offers() -> None:
    rows = [("quiet", "q@x.com"), ("gone", "Q@x.com"), ("risky", "=a@x.com"), ("near", None)]
    sheet = table(CUSTOMERS, ("customer_id", "customer_email"), *rows)
    found = results(customers=sheet)
    made = export(found, "customers", "klaviyo")
    assert [row[0].casefold() for row in made.rows] == ["q@x.com"]
    assert made.without_address == 2  # none, and one that a spreadsheet takes for a formula


def test_what_is_done_is_not_written_again() -> None:
    found = shop()
    frame = found.contacts.frame()
    headers = ["List", "Customer id", "Occasion", "Done"]
    rows = [
        [frame[name][at] for name in ("contact_list", "customer_id", "occasion")] + ["x"]
        for at in range(2)
        if frame["customer_id"][at] == "quiet"
    ]
    made = export(shop(contacts=Kept.of(headers, rows)), "win-back", "brevo")
    assert [row[0] for row in made.rows] == ["Risky@x.com"]
    assert made.done == 1


def test_the_list_for_spreadsheets_has_everybody_and_what_it_costs() -> None:
    rows = written(results(RULE), "csv")
    assert [row["Customer id"] for row in rows] == ["risky", "quiet"]
    assert [row["Cost"] for row in rows] == ["", "5.00"]
    assert rows[1]["By when"] == str(date(2026, 4, 20))


def test_tiers_can_be_written_too() -> None:
    found = shop()
    tiers = [str(name) for name in found.tiers.names]
    addresses = [row[0] for name in tiers for row in export(found, f"tier={name}", "hubspot").rows]
    assert sorted(addresses) == sorted(mail for _, mail in PEOPLE.values())


def test_an_unknown_list_or_tool_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"win-back, tier-losses, .*tier="):
        export(shop(), "winback", "csv")
    with pytest.raises(InputError, match="klaviyo, mailchimp, brevo, hubspot, meta, csv"):
        export(shop(), "win-back", "mailchmp")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Prinz", ("Ada", "Prinz")),
        ("Prinz, Ada Maria", ("Ada Maria", "Prinz")),
        ("Ana de la Cruz", ("Ana de la Cruz", "")),
        ("田中 太郎", ("田中 太郎", "")),
        ("Ada", ("Ada", "")),
        ("", ("", "")),
    ],
)
def test_a_name_is_split_only_where_it_is_told_apart(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts
