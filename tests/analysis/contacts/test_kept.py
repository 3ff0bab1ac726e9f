"""What somebody wrote into the tab Contacts is still there after every refresh."""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np

from tests.analysis.contacts.test_contacts import SHEET, listed, results
from tests.tables_by_hand import table
from xlclv.analysis.contacts.kept import Kept, is_done
from xlclv.analysis.results import Results
from xlclv.tables import CUSTOMERS, title
from xlclv.terms import TERMS


def as_written(found: Results, **own: Sequence[object]) -> tuple[list[str], list[list[object]]]:
    """Return the tab as a program reads it back, with columns of somebody's own."""
    frame = found.contacts.frame()
    cells = {title(name): TERMS[name].all_said(values) for name, values in frame.items()}
    columns = {**cells, **found.contacts.own(), **own}
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)]


def again(headers: Sequence[object], rows: Sequence[Sequence[object]], **more: object) -> Results:
    return results(contacts=Kept.of(headers, rows), **more)


def test_marks_and_own_columns_follow_their_rows() -> None:
    first = results()
    headers, rows = as_written(first, Phone=["1", "2"], Called=[date(2026, 1, 2), None])
    who = headers.index("Customer id")
    for row in rows:
        row[headers.index("Owner")] = f"owner of {row[who]}"
    rows.reverse()  # somebody sorted
    found = again(headers, rows)
    for name, row in listed(found, "Win-back").items():
        assert row["owner"] == f"owner of {name}"
    ids = found.contacts.frame()["customer_id"].tolist()
    before = first.contacts.frame()["customer_id"].tolist()
    assert found.contacts.own()["Phone"].tolist() == [str(before.index(each) + 1) for each in ids]
    assert list(found.contacts.own()) == ["Phone", "Called"]
    # And once more: nothing is lost or doubled.
    twice = again(*as_written(found))
    assert str(as_written(twice)) == str(as_written(found))


def test_headers_of_another_order_and_numbers_as_ids_are_known_again() -> None:
    headers = ["Notes", "Done", "Occasion", "Customer id", "List"]
    last = str(results().people.last[0])
    rows: list[list[object]] = [["hm", "x", datetime.fromisoformat(last), "gone", "Win-back"]]
    found = again(headers, rows)
    assert found.contacts.own()["Notes"].tolist()[-1] == "hm"  # stays though nothing is due


def test_a_row_that_is_over_stays_only_for_what_somebody_wrote() -> None:
    headers = ["List", "Customer id", "Occasion", "Why", "Owner", "Done"]
    rows = [
        ["Birthday", "quiet", "2025-12-01", "Your birthday is on …", "Eva", "2025-12-01"],
        ["Birthday", "risky", "2025-12-01", "Your birthday is on …", None, None],
    ]
    found = again(headers, rows)
    kept = listed(found, "Birthday")
    assert kept.keys() == {"quiet"}
    assert kept["quiet"]["contact_why"] == "No longer due."
    assert (kept["quiet"]["owner"], kept["quiet"]["done"]) == ("Eva", "2025-12-01")


def test_rows_of_somebodys_own_stay_as_they_are() -> None:
    headers = ["List", "Customer id", "Why", "Cost", "Done"]
    own = [None, "Aunt May", "=ask for the recipe", 12.5, None]
    found = again(headers, [own])
    frame = found.contacts.frame()
    at = frame["customer_id"].tolist().index("Aunt May")
    cells = [
        frame[name][at] for name in ("contact_list", "customer_id", "contact_why", "offer_cost")
    ]
    assert cells == own[:4]


def test_what_is_done_keeps_its_place_under_the_cap_and_is_no_more_to_do() -> None:
    sheet = table(CUSTOMERS, SHEET, ("quiet", date(1990, 2, 10), None, None))
    found = results(customers=sheet)
    headers, rows = as_written(found)
    for row in rows:
        if row[headers.index("List")] == "Birthday":
            row[headers.index("Done")] = "yes"
    capped = again(headers, rows, customers=sheet, cap=1)
    assert listed(capped, "Birthday").keys() == {"quiet"}
    assert "quiet" not in listed(capped, "Win-back")
    done = capped.contacts.actions.customer[capped.contacts.done]
    assert capped.people.ids[done].tolist() == ["quiet"]


def test_who_opted_out_leaves_the_list_and_the_name() -> None:
    names = (*SHEET, "customer_email", "label")
    person = ("quiet", None, "Yes", None, "q@x.com", "Quin")
    headers, rows = as_written(results(customers=table(CUSTOMERS, names, person)))
    rows[0][headers.index("Owner")] = "Eva"
    assert rows[0][headers.index("Customer e-mail")] == "q@x.com"
    refused = table(CUSTOMERS, names, (*person[:2], "No", *person[3:]))
    found = again(headers, rows, customers=refused)
    frame = found.contacts.frame()
    at = frame["customer_id"].tolist().index("quiet")
    assert frame["owner"][at] == "Eva"
    assert frame["customer_name"][at] is None
    assert frame["customer_email"][at] is None
    assert found.contacts.actions.size == 0


def test_twice_the_same_header_becomes_two() -> None:
    headers = ["List", "Customer id", "Occasion", "Cost", "Note", "Cost", "note", None]
    rows = [["Birthday", "quiet", "2025-12-01", 1, "a", 2, "b", "c"]]
    own = again(headers, rows).contacts.own()
    assert list(own) == ["Note", "Cost2", "note2", "Column 8"]
    assert [cells[-1] for cells in own.values()] == ["a", 2, "b", "c"]


def test_what_says_that_it_is_done() -> None:
    cells = [None, "", "no", "No", "0", 0.0, False, "-", "x", "yes", True, 1.0, date(2026, 1, 1)]
    done = is_done(np.array(cells, dtype=object)).tolist()
    assert done == [False] * 8 + [True] * 5
