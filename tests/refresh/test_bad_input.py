"""Whatever is wrong with a file: a clear sentence, nothing written, nothing changed."""

import errno
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.refresh.book_rules import MAIN, faults, parse
from tests.refresh.books import (
    CUSTOMERS,
    ORDERS,
    STAMP,
    a_book,
    a_csv,
    customers,
    day,
    folder,
    formulas_of,
    headed,
    mapped,
    orders,
    parts,
    refreshed,
    refused,
    rows_of,
    switched_on,
    table_of,
)
from xlclv.reading.choices import Choices
from xlclv.refresh.refresh import RefreshRequest, refresh

HEADER = "Customer id,Order date,Amount"
LINE = "a,2026-01-01,10"


# --- nothing to compute -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\r\n", "is empty"),
        (b"Customer id,Order date,Amount\r\n", "one row only"),
        (b"name,city\r\nAda,Bern\r\n", "Headers found: o: name, city"),
        (b"Customer id,Order date\r\na,2026-01-01\r\n", "Customer id, Order date"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"\x00\x01\x02\xff" * 40, "neither a workbook nor text"),
        (b'Customer id,Order date,Amount\r\n"a,2026-01-01,10\r\n', "line 2"),
        (b"Customer id,Order date,Amount\r\na,2026-01-01,1,50\r\n", "line 2"),
    ],
)
def test_a_file_without_orders_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(content)
    message = refused(path)
    assert said in message
    assert "o.csv" in message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.csv is not there" in refused(tmp_path / "nowhere.csv")


def test_a_workbook_without_orders_says_which_headers_it_has(tmp_path: Path) -> None:
    book = a_book(tmp_path / "b.xlsx", {"A": [["Price list"], ["Tea", "Price"], ["Green", 3]]})
    message = refused(book)
    assert "b.xlsx has no order table" in message
    assert "Tea, Price" in message
    assert "--map" in message


def test_an_empty_workbook(tmp_path: Path) -> None:
    assert "has no order table" in refused(a_book(tmp_path / "b.xlsx", {"A": []}))


def test_two_tables_that_fit_are_both_named(tmp_path: Path) -> None:
    row = ["a", day("2026-01-01"), 10]
    other = [*ORDERS[:2], "Order total"]
    book = a_book(tmp_path / "b.xlsx", {"Jan": [ORDERS, row], "Feb": [other, row]})
    message = refused(book)
    assert "Jan!A1" in message
    assert "Feb!A1" in message
    assert refreshed(book, choices=Choices(sheet="Feb"))[1].people.size == 1


def test_a_sheet_or_a_header_or_a_column_that_is_not_there(tmp_path: Path) -> None:
    book = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    assert "Export" in refused(book, choices=Choices(sheet="Orders 2025"))
    message = refused(book, choices=mapped(amount_net="Betrag"))
    assert "Betrag" in message
    assert "Amount net" in message
    message = refused(book, choices=mapped(amount_due_to="Amount net"))
    assert "There is no column" in message
    assert "amount_net" in message


def test_a_log_without_a_usable_row(tmp_path: Path) -> None:
    message = refused(a_csv(tmp_path / "o.csv", HEADER, "a,2026-01-01,much"))
    assert "No order row can be used" in message


def test_no_order_before_the_day(tmp_path: Path) -> None:
    message = refused(a_csv(tmp_path / "o.csv", HEADER, LINE), as_of=day("2020-01-01"))
    assert "no order up to 2020-01-01" in message


def test_dates_and_numbers_that_read_two_ways_are_never_guessed(tmp_path: Path) -> None:
    message = refused(a_csv(tmp_path / "d.csv", HEADER, "a,03/04/2026,10", "b,05/06/2026,20"))
    assert "--dates" in message
    assert "d!B2" in message
    message = refused(a_csv(tmp_path / "n.csv", HEADER, 'a,2026-01-01,"1,500"'))
    assert "--decimal" in message
    assert "n!C2" in message


def test_net_refunds_on_a_customer_sheet_spoil_no_other_row(tmp_path: Path) -> None:
    headers = ["Customer", "Revenue", "Orders"]
    book = customers(tmp_path / "c.xlsx", ["C1", -50, 5], ["C2", 50, 5], headers=headers)
    out, _ = refreshed(book)
    assert headed(out, "My customers", 1)["CLV"][3].value == 150


def test_numbers_beyond_all_money_are_no_fault_of_ours(tmp_path: Path) -> None:
    book = customers(tmp_path / "c.xlsx", ["C1", 1e200, 1e200, 5], ["C2", 1, 1, 1])
    out, _ = refreshed(book)
    assert headed(out, "My customers", 1)["CLV"][3].value == 1


# --- files that are no books ------------------------------------------------------------------


def test_an_old_workbook_is_refused_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    assert "old .xls format" in refused(path)


def test_a_workbook_cut_off(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    path.write_bytes(path.read_bytes()[:-200])
    assert "is not an Excel workbook" in refused(path)


def test_a_workbook_damaged_inside(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        info = package.getinfo("xl/worksheets/sheet1.xml")
    start = info.header_offset + 30 + len(info.filename)
    content[start + 5 : start + 60] = bytes(55)
    path.write_bytes(content)
    assert "is damaged at xl/worksheets/sheet1.xml" in refused(path)


def test_a_workbook_under_another_ending_is_read(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10]).rename(tmp_path / "o.csv")
    out, _ = refreshed(path)
    assert out.name == "o-refreshed.xlsx"


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, xml in parts(orders(tmp_path / "o.xlsx")).items():
            package.writestr(name, xml)
        with package.open("xl/media/image1.bin", "w") as file:
            for _ in range(70):
                file.write(bytes(2**20))
    assert "zip bomb" in refused(path)


def test_text_longer_than_a_cell_is_cut_and_the_file_opens(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "o.csv", HEADER, f"{'long ' * 9000},2026-01-01,10", LINE)
    out, _ = refreshed(path)
    assert max(len(str(row[0])) for row in rows_of(out, "CustomerValues")) <= 32_767


def test_control_characters_and_markup_are_text(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(f'{HEADER}\n<b>&amp;,2026-01-01,1\n"a\nb",2026-01-01,2\n'.encode())
    out, _ = refreshed(path)
    assert set(table_of(out, "CustomerValues")["Customer id"]) == {"<b>&amp;", "a\nb"}


# --- places -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lock", "content", "said"),
    [
        ("~$o.xlsx", b"", "o.xlsx is open in a spreadsheet program"),
        (".~lock.o.xlsx#", b",Eva,PC7,22.11.2026 00:12,file:///x;", "LibreOffice by Eva / PC7"),
        (".~lock.o.xlsx#", b"", "o.xlsx is open in a spreadsheet program"),
    ],
)
def test_a_book_that_is_open_elsewhere(
    tmp_path: Path, lock: str, content: bytes, said: str
) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    (tmp_path / lock).write_bytes(content)
    assert said in refused(path)


def test_the_book_itself_is_never_the_result(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    for out in (path, tmp_path / "x" / ".." / "o.xlsx"):
        (tmp_path / "x").mkdir(exist_ok=True)
        assert "never overwritten" in refused(path, out=out, replace_out=True)
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    assert "never overwritten" in refused(path, out=link, replace_out=True)


def test_a_file_that_is_there_is_replaced_only_if_asked(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    out = tmp_path / "mine.xlsx"
    out.write_text("precious")
    assert "already there" in refused(path, out=out)
    assert out.read_text() == "precious"
    refresh(RefreshRequest(path, out=out, replace_out=True), STAMP)
    assert "CustomerValues" in openpyxl.load_workbook(out).sheetnames
    assert (tmp_path / "mine-2026-07-01-093000.xlsx").read_text() == "precious"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        *("mine-2026-07-01-093000.xlsx", "mine.xlsx", "o.xlsx"),
    ]


def test_names_without_out_are_never_taken_twice(tmp_path: Path) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    names = [refreshed(path)[0].name for _ in range(3)]
    assert names == ["o-refreshed.xlsx", "o-refreshed-2.xlsx", "o-refreshed-3.xlsx"]


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("result.csv", "ends in .xlsx"),
        ("result", "ends in .xlsx"),
        ("nowhere/result.xlsx", "is not there"),
        ("o.xlsx/result.xlsx", "is not there"),
        ("folder.xlsx", "is a folder"),
    ],
)
def test_a_place_that_cannot_hold_a_result(tmp_path: Path, out: str, said: str) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])
    (tmp_path / "folder.xlsx").mkdir()
    assert said in refused(path, out=tmp_path / out, replace_out=True)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "cannot be written"),
        (errno.ENOSPC, "The disk of"),
    ],
)
def test_a_folder_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    path = orders(tmp_path / "o.xlsx", ["a", day("2026-01-01"), 10])

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert said in refused(path)


def test_no_temporary_file_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_csv(tmp_path / "o.csv", HEADER, LINE)
    before = folder(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "open elsewhere")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert "cannot be written" in refused(path)
    assert folder(tmp_path) == before


# --- text that looks like a formula -----------------------------------------------------------

TRAPS = ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://e.vil","x")', "=cmd|'/C calc'!A0", "{=1}"]


def live(path: Path) -> set[str]:
    """Return the formulas of a book that are not the product's own."""
    own = ("in_", "[@", "tblAssumptions[", "#VALUE!", "#N/A")
    return {formula for formula in formulas_of(path) if not formula.startswith(own)}


def test_text_never_becomes_a_formula_from_a_csv(tmp_path: Path) -> None:
    lines = [
        f'"{trap.replace(chr(34), chr(34) * 2)}",2026-01-0{at},10,=2+2'
        for at, trap in enumerate(TRAPS, 1)
    ]
    out, _ = refreshed(a_csv(tmp_path / "o.csv", f"{HEADER},=3+3", *lines))
    assert set(table_of(out, "CustomerValues")["Customer id"]) == set(TRAPS)
    assert live(out) == set()
    assert "http://e.vil" not in "".join(
        xml.decode() for name, xml in parts(out).items() if name.endswith(".rels")
    )


def test_text_never_becomes_a_formula_in_a_book(tmp_path: Path) -> None:
    headers = [*CUSTOMERS, "Label", "Segment", "=1+2"]
    rows = [[trap, 10, 1, 1, trap, trap, trap] for trap in TRAPS]
    book = customers(tmp_path / "=1+1.xlsx", *rows, headers=headers)
    out, _ = refreshed(book)
    assert live(out) == set()
    assert set(table_of(out, "CustomerValues")["Segment"]) == set(TRAPS)
    again, _ = refreshed(out)
    assert live(again) == set()


def test_a_bad_cell_that_looks_like_a_formula_is_quoted_as_text(tmp_path: Path) -> None:
    book = customers(tmp_path / "c.xlsx", ["=1+1", "=2+2", 1, 1], ["C2", 1, 1, 1])
    out, _ = refreshed(book)
    assert live(out) == set()
    assert '"=2+2"' in headed(out, "My customers", 1)["Reason"][2].value


# --- birthdays --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "due"),
    [
        ("2026-02-28", True),  # a common year: kept on the 28th
        ("2026-02-21", True),  # a week before
        ("2026-02-20", False),
        ("2026-03-07", True),  # a week after the 28th
        ("2026-03-08", False),
        ("2028-02-29", True),
        ("2028-03-07", True),
        ("2028-03-08", False),
        ("2028-02-21", False),
    ],
)
def test_a_birthday_on_29_february(tmp_path: Path, as_of: str, due: bool) -> None:  # noqa: FBT001
    today = day(as_of)
    rows = [["a", date(today.year, 1, 5), 500], ["a", date(today.year, 2, 3), 500]]
    people = [["Customer id", "Birth date"], ["a", date(1988, 2, 29)]]
    book = a_book(tmp_path / "b.xlsx", {"Log": [ORDERS, *rows], "People": people})
    first, _ = refreshed(book, as_of=today)
    out, _ = refreshed(switched_on(first), as_of=today)
    granted = headed(out, "People", 1)["Reward"][2].value or ""
    assert ("Birthday" in granted) is due
    assert faults(out) == []


def test_every_formula_of_a_result_has_a_value(tmp_path: Path) -> None:
    out, _ = refreshed(a_csv(tmp_path / "o.csv", HEADER, LINE))
    for name, xml in parts(out).items():
        if name.startswith("xl/worksheets/sheet"):
            for formula in parse(xml).iter(f"{MAIN}f"):
                cell = formula.getparent()
                assert cell is not None
                assert cell.find(f"{MAIN}v") is not None, (name, cell.get("r"))
