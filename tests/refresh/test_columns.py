"""The tab Columns: what was understood, what is asked, and what the user answers there."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.refresh.book_rules import faults
from tests.refresh.books import (
    STAMP,
    a_book,
    a_csv,
    by_customer,
    changed_cells,
    mapped,
    refreshed,
    refused,
    rows_of,
    sheets_of,
)
from xlclv.errors import InputError
from xlclv.reading.answers import meanings, offered
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.choices import Choices
from xlclv.reading.gather import gather
from xlclv.reading.own import outputs
from xlclv.reading.question import Question
from xlclv.reading.source import read_source
from xlclv.refresh.asking import draw_questions
from xlclv.refresh.refresh import RefreshRequest, refresh

HEADERS = ["Beleg", "Kunde", "Datum", "Betrag", "Zustand"]
ROWS = [
    ["1", "a", date(2026, 1, 5), 10, "bezahlt"],
    ["2", "b", date(2026, 1, 7), 20, "Sonderfall"],
    ["3", "a", date(2026, 2, 9), 30, "bezahlt"],
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path, _ = refreshed(a_book(tmp_path / "shop.xlsx", {"Daten": [HEADERS, *ROWS]}))
    return path


def lines_of(path: Path) -> dict[str, list[Any]]:
    """Return what the tab says of each header or status."""
    rows = rows_of(path, "Columns")[5:]
    return {row[1] or row[0]: row[2:6] for row in rows if row[0]}


def answered(path: Path, out: str, **answers: str) -> Path:
    """Answer on the tab as a user does, and save the book."""
    book = openpyxl.load_workbook(path)
    sheet = book["Columns"]
    for row in sheet.iter_rows(min_row=6):
        text = str(row[1].value or row[0].value).replace(" ", "_")
        if text in answers:
            row[3].value = answers[text]
    saved = path.with_name(out)
    book.save(saved)
    return saved


def test_the_tab_tells_what_was_understood(book: Path) -> None:
    told = lines_of(book)
    assert told["Kunde"][:3] == ["Customer id", "", "its header"]
    assert told["Betrag"] == ["Amount", "", "its header", "the amount of the row or order"]
    assert told["bezahlt"][0] == "counts"
    assert told["Sonderfall"] == ["", "", "please answer", "orders: 1, worth 20.00"]
    assert {"Decimal sign", "Dates", "Dash behind an amount"} < set(told)


def test_answers_are_read_and_stay(book: Path) -> None:
    edited = answered(book, "edited.xlsx", Sonderfall="does not count")
    for _ in range(2):
        edited, _ = refreshed(edited)
        assert by_customer(edited, "Revenue") == {"a": 40}
        assert lines_of(edited)["Sonderfall"][:3] == [
            "does not count",
            "does not count",
            "your answer",
        ]


def test_a_column_may_be_taken_for_another_or_for_nothing(tmp_path: Path) -> None:
    headers = ["Kunde", "Datum", "Betrag", "Wert"]
    rows = [["a", date(2026, 1, 5), 10, 100], ["b", date(2026, 1, 7), 20, 200]]
    path, _ = refreshed(a_book(tmp_path / "shop.xlsx", {"Daten": [headers, *rows]}))
    edited = answered(path, "edited.xlsx", Wert="Amount net", Betrag="not used")
    out, _ = refreshed(edited)
    assert by_customer(out, "Revenue") == {"a": 100, "b": 200}
    assert lines_of(out)["Betrag"][1] == "not used"


def test_options_come_before_answers(book: Path) -> None:
    edited = answered(book, "edited.xlsx", Sonderfall="does not count")
    choices = Choices(status={"Sonderfall": "counts"})
    out, _ = refreshed(edited, choices=choices)
    assert by_customer(out, "Revenue") == {"a": 40, "b": 20}
    assert lines_of(out)["Sonderfall"][1] == "counts"


def test_ways_of_writing_are_answered_too(tmp_path: Path) -> None:
    headers = ["Customer id", "Order date", "Total"]
    rows = [["a", "03/04/2026", "1,000"], ["b", "05/06/2026", "2,000"]]
    raw = a_book(tmp_path / "shop.xlsx", {"Data": [headers, *rows]})
    choices = Choices(conventions=Conventions(decimal=".", dates="mdy"))
    path, _ = refreshed(raw, choices=choices)
    assert lines_of(path)["Dates"][1] == "month-day-year"
    again, results = refreshed(path)
    assert by_customer(again, "Revenue") == {"a": 1000, "b": 2000}
    assert str(results.people.as_of) == "2026-05-06"


def test_what_is_no_answer_is_refused_with_its_cell(book: Path) -> None:
    edited = answered(book, "edited.xlsx", Sonderfall="perhaps")
    message = refused(edited)
    assert "Columns!D" in message
    assert '"perhaps" is no answer' in message
    twice = answered(book, "twice.xlsx", Kunde="Amount net", Betrag="Amount net")
    assert "Columns!D" in refused(twice)


def test_a_book_with_our_columns_has_no_such_tab(tmp_path: Path) -> None:
    headers = ["Customer id", "Order date", "Amount net"]
    book = a_book(tmp_path / "b.xlsx", {"Data": [headers, ["a", date(2026, 1, 5), 10]]})
    assert "Columns" not in sheets_of(refreshed(book)[0])


def test_a_sheet_of_the_user_called_columns_stays(tmp_path: Path) -> None:
    raw = a_book(tmp_path / "b.xlsx", {"Daten": [HEADERS, *ROWS], "Columns": [["mine"]]})
    out, _ = refreshed(raw)
    assert rows_of(out, "Columns") == [["mine"]]
    assert "Columns_xlclv" in sheets_of(out)


def test_answers_hold_for_the_exports_of_later_months(tmp_path: Path) -> None:
    header = "Nr,Wer,Wann,Geld,Stand"
    march = a_csv(tmp_path / "m.csv", header, "1,a,2026-03-05,10,offen", "2,b,2026-03-07,20,fertig")
    columns = mapped(order_id="Nr", customer_id="Wer", order_date="Wann", amount_net="Geld")
    choices = Choices({**columns.columns, "status": "Stand"}, status={"fertig": "counts"})
    book, _ = refresh(RefreshRequest(march, choices=choices), STAMP)
    assert lines_of(book)["Geld"][1] == "Amount net"
    april = a_csv(tmp_path / "a.csv", header, "2,b,2026-03-07,25,fertig", "3,c,2026-04-01,5,fertig")
    out, _ = refreshed(book, orders=(april,))
    assert by_customer(out, "Revenue") == {"b": 25, "c": 5}
    assert changed_cells(book, out, "Columns") <= {"A3"}


# --- questions --------------------------------------------------------------------------------


def asked(path: Path, tmp_path: Path) -> Path:
    """Return the workbook with the tab that a spreadsheet gets when a refresh has to ask."""
    source = read_source(path, leave_unread=outputs)
    with pytest.raises(Question) as caught:
        gather(source)
    tab = draw_questions(tmp_path, source, caught.value, date_1904=False)
    assert dict(tab.tabs) == {"Columns": "Columns"}
    assert not faults(tab.drawn)
    return tab.drawn


def test_a_question_stands_on_the_tab_where_headers_say_nothing(tmp_path: Path) -> None:
    path = a_book(tmp_path / "b.xlsx", {"Data": [["x", "y", "z"], ["1", "2", "3"]]})
    told = lines_of(asked(path, tmp_path))
    assert "order table" in told["Question"][3]
    assert told["x"][0] == ""


def test_two_readings_are_asked_about(tmp_path: Path) -> None:
    headers = ["Customer id", "Order date", "Total"]
    rows = [["a", "03/04/2026", "1,000"], ["b", "05/06/2026", "2,000"]]
    path = a_book(tmp_path / "b.xlsx", {"Data": [headers, *rows]})
    told = lines_of(asked(path, tmp_path))
    assert told["Question"][2] == "please answer"
    assert any(line[2] == "please answer" for name, line in told.items() if name != "Question")
    assert told["Customer id"][0] == "Customer id"


@pytest.mark.parametrize("about", ["column", "status", "decimal", "dates", "dash"])
def test_every_answer_has_a_word_of_its_own(about: str) -> None:
    keys = list(offered(about).values())
    assert len(keys) == len(set(keys)) >= 2
    assert not any("," in word for word in offered(about)) or about == "column"


def test_what_columns_can_be_is_what_map_takes() -> None:
    assert {"customer_id", "amount_net", "avg_value", "frequency", "status"} <= set(
        meanings().values()
    )


def test_a_customer_sheet_is_answered_alike(tmp_path: Path) -> None:
    headers = ["Nummer", "Bonwert", "Besuche", "Dauer"]
    path = a_book(tmp_path / "b.xlsx", {"Kunden": [headers, ["C1", 50, 2, 3], ["C2", 20, 1, 2]]})
    tab = asked(path, tmp_path)
    assert set(headers) <= set(lines_of(tab))
    with pytest.raises(InputError):
        refresh(RefreshRequest(path), STAMP)
