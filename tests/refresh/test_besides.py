"""Settings beside the tab Input: a file beside the book, options, the sign of the money."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from xlclv.analysis.results import Results
from xlclv.errors import InputError
from xlclv.refresh.refresh import RefreshRequest, look_at, refresh
from xlclv.settings import NAMES, Settings, settings_of

STAMP = datetime(2026, 7, 1)  # noqa: DTZ001 - local time
ROWS = "ann,2026-01-05,10\nbob,2026-02-05,20\nann,2026-03-05,30\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("Customer id,Order date,Amount net\n" + ROWS)
    return path


def seen(book: Path, **asked: object) -> Results:
    return look_at(RefreshRequest(book, settings=settings_of(asked, "--")), STAMP)


def test_the_file_beside_the_book_holds_where_input_says_nothing(log: Path) -> None:
    log.with_name("xlclv.toml").write_text('margin = "40%"\nhorizon = 5\ncurrency = "CHF"\n')
    results = seen(log)
    settings = results.inputs.settings
    assert (settings.margin, settings.horizon, results.money) == (0.4, 5, "CHF")
    assert "Margin is 40%, by xlclv.toml." in results.notes
    made, _ = refresh(RefreshRequest(log), STAMP)
    log.with_name("xlclv.toml").write_text("margin = 0.5\n")
    again = seen(made)  # its Input says 40%
    assert again.inputs.settings.margin == 0.4
    assert "xlclv.toml says Margin 50%; the tab Input says 40%, which counts." in again.notes


def test_the_command_comes_first_and_says_so(log: Path) -> None:
    made, _ = refresh(RefreshRequest(log), STAMP)
    results = seen(made, margin="25%", **{"discount-rate": "0.08"})
    assert results.inputs.settings.margin == 0.25
    assert results.inputs.settings.discount_rate == 0.08
    assert "Margin is 25%, as the command asks; the tab Input says 100%." in results.notes


def test_the_file_counts_for_a_book_in_place_and_with_orders(log: Path) -> None:
    made, _ = refresh(RefreshRequest(log), STAMP)
    book = openpyxl.load_workbook(made)
    for row in book["Input"].iter_rows():
        if row[0].value == "As of":
            row[1].value = None
    book.save(made)
    log.with_name("xlclv.toml").write_text("as_of = 2026-06-30\n")
    more = log.with_name("more.csv")
    more.write_text("Customer id,Order date,Amount net\ncy,2026-04-05,5\n")
    asked = RefreshRequest(made, made.with_name("out.xlsx"), orders=(more,))
    assert str(refresh(asked, STAMP)[1].people.as_of) == "2026-06-30"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("margin = 40", "xlclv.toml: margin: margin is 40"),
        ("margn = 0.4", "xlclv.toml: margn is no setting. There are: as_of, period, margin"),
        ("margin 0.4", "xlclv.toml cannot be read as settings"),
    ],
)
def test_a_fault_names_the_file_and_the_setting(log: Path, text: str, said: str) -> None:
    log.with_name("xlclv.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        seen(log)
    assert said.casefold() in str(caught.value).casefold()


def test_every_setting_may_be_given_by_name_and_by_title() -> None:
    values = {name: getattr(Settings(), name) for name in NAMES}
    given = {name: value for name, value in values.items() if value not in (None, "")}
    assert settings_of(given, "") == given
    assert settings_of({"months": 6, "Discount rate": "8%"}, "") == {
        "months_ahead": 6,
        "discount_rate": 0.08,
    }


def test_the_sign_of_the_money_is_that_of_the_orders(log: Path) -> None:
    assert seen(log).money == ""  # nobody told it
    log.write_text(
        "Customer id,Order date,Amount net,Currency code\n" + ROWS.replace("\n", ",EUR\n")
    )
    assert seen(log).money == "€"
    assert seen(log, currency="EUR").money == "EUR"


@pytest.mark.parametrize(
    ("code", "sign"), [("#,##0.00 [$€-407]", "€"), ('"CHF" #,##0.00', "CHF"), ("#,##0.00", "")]
)
def test_the_sign_of_the_money_is_that_of_the_cells(
    log: Path, code: str, sign: str, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in log.read_text().splitlines():
        who, day, amount = line.split(",")
        sheet.append([who, day, float(amount) if amount[0].isdigit() else amount])
        sheet.cell(sheet.max_row, 3).number_format = code
    book.save(tmp_path / "book.xlsx")
    out, results = refresh(RefreshRequest(tmp_path / "book.xlsx"), STAMP)
    assert results.money == sign
    about = str(openpyxl.load_workbook(out)["Summary"]["B3"].value)
    assert about.startswith("As of ")
    assert (f"money in {sign}" in about) == bool(sign)


def test_with_privacy_no_name_and_no_address_stands_anywhere(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    head = "Customer id,Order date,Amount net,Customer name,Customer e-mail\n"
    days = ("2026-01-05", "2026-02-04", "2026-03-06")
    log.write_text(head + "\n".join(f"c1,{day},9,Ann Secret,ann@secret.com" for day in days))
    log.with_name("xlclv.toml").write_text("privacy = true\nas_of = 2026-05-30\n")
    out, results = refresh(RefreshRequest(log), STAMP)
    texts = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(out)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert "c1" in texts
    assert not [text for text in texts if "secret" in text.casefold()]
    assert results.contacts.size == 1
    log.write_text(head + "\n".join(f"ann@secret.com,{day},9,," for day in days))
    found = {check.key: check for check in look_at(RefreshRequest(log), STAMP).checks}
    assert found["privacy_ids"].level == "fault"
    assert "secret" not in found["privacy_ids"].where
