"""Workbooks in other formats: the same cells, error values too; limits and clear words."""

import shutil
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.refresh.books import STAMP
from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.reading.foreign.reading import read_foreign
from xlclv.reading.source import read_source
from xlclv.refresh.refresh import RefreshRequest, refresh

BOOKS = Path(__file__).parent / "books"
ROWS = [
    ["Order number", "Customer id", "Order date", "Net amount"],
    ["1", "C1", date(2023, 1, 15), 60.5],
    ["2", "C2", date(2023, 2, 17), 30],
    ["3", "C1", date(2023, 4, 11), CellError("#DIV/0!")],
    ["4", "C2", date(2023, 5, 11), 40],
]


# --- .xlsb, written by hand (MS-XLSB 2.1.4): a type, a size, a content ------------------------


def record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size, sizes = len(content), []
    while True:
        sizes.append(size & 127 | (128 if size > 127 else 0))
        size >>= 7
        if not size:
            return head + bytes(sizes) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def sheet(*cells: tuple[int, int, object]) -> bytes:
    rows = b""
    for row in sorted({row for row, *_ in cells}):
        rows += record(0, struct.pack("<I", row) + bytes(13) + struct.pack("<I", 0))
        for _, column, value in [cell for cell in cells if cell[0] == row]:
            head = struct.pack("<II", column, 0)
            if isinstance(value, str):
                rows += record(6, head + wide(value))
            elif isinstance(value, CellError):
                rows += record(3, head + bytes([0x2A]))
            else:
                rows += record(5, head + struct.pack("<d", value))
    used = record(148, struct.pack("<IIII", 0, max(c[0] for c in cells), 0, 3))
    return record(129) + used + record(145) + rows + record(146) + record(130)


def xlsb(path: Path, *cells: tuple[int, int, object]) -> Path:
    office = "http://schemas.openxmlformats.org/"
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Orders"))
    link = '<Relationship Id="rId1" Type="{}" Target="{}"/>'
    kinds = f"{office}officeDocument/2006/relationships"
    rels = f'<Relationships xmlns="{office}package/2006/relationships">{{}}</Relationships>'
    main = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}package/2006/content-types">'
        f'<Default Extension="bin" ContentType="{main}"/></Types>',
        "_rels/.rels": rels.format(link.format(f"{kinds}/officeDocument", "xl/workbook.bin")),
        "xl/_rels/workbook.bin.rels": rels.format(
            link.format(f"{kinds}/worksheet", "worksheets/sheet1.bin")
        ),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
        whole = record(131) + record(143) + bundle + record(144) + record(132)
        book.writestr("xl/workbook.bin", whole)
        book.writestr("xl/worksheets/sheet1.bin", sheet(*cells))
    return path


def test_a_binary_workbook_is_read_with_its_errors(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "b.xlsb", (0, 0, "Id"), (1, 0, "C1"), (1, 2, 7.5), (3, 1, CellError("")))
    (read,) = read_foreign(path) or ()
    assert read.name == "Orders"
    assert [list(row) for row in read.cells] == [
        ["Id", "", ""],
        ["C1", "", 7.5],
        ["", "", ""],
        ["", CellError("#N/A"), ""],
    ]


def test_a_binary_sheet_that_spans_too_much_is_not_opened(tmp_path: Path) -> None:
    path = xlsb(tmp_path / "b.xlsb", (0, 0, "Id"), (1_048_575, 16_383, 1.0))
    assert refused(path) == "sheet_too_wide"


# --- written by LibreOffice -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["orders.xls", "orders.ods"])
def test_the_cells_are_those_of_the_book(name: str) -> None:
    source = read_source(BOOKS / name)
    assert source.kind == "other"
    assert [one.name for one in source.sheets] == ["Orders", "Notes"]
    assert [list(row) for row in source.sheets[0].cells] == ROWS
    assert list(source.sheets[1].cells)[2][2] == "Exported by Kim"


@pytest.mark.parametrize("name", ["orders.xls", "orders.ods"])
def test_the_result_is_a_new_workbook(tmp_path: Path, name: str) -> None:
    book = tmp_path / name
    shutil.copyfile(BOOKS / name, book)
    path, results = refresh(RefreshRequest(book), STAMP)
    assert path.name == "orders-refreshed.xlsx"
    assert dict(zip(results.people.ids, results.people.revenue, strict=True)) == {
        "C1": 60.5,
        "C2": 70,
    }
    assert any("Orders!D4" in check.where for check in results.checks)


# --- what is refused --------------------------------------------------------------------------


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_source(path)
    assert path.name in str(caught.value)
    return caught.value.key


def changed_ods(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(BOOKS / "orders.ods") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return path


def test_locked_books_are_refused(tmp_path: Path) -> None:
    mark = b"<manifest:encryption-data/></manifest:manifest>"
    ods = changed_ods(
        tmp_path / "locked.ods",
        "META-INF/manifest.xml",
        lambda xml: xml.replace(b"</manifest:manifest>", mark),
    )
    assert refused(ods) == "locked_workbook"
    old = bytearray((BOOKS / "orders.xls").read_bytes())
    start = old.index(b"\x09\x08")  # the first record of the book; the next one tells the lock
    second = start + 4 + struct.unpack_from("<H", old, start + 2)[0]
    old[second : second + 2] = b"\x2f\x00"
    (tmp_path / "locked.xls").write_bytes(old)
    assert refused(tmp_path / "locked.xls") == "locked_workbook"


def test_a_sheet_of_repeated_cells_is_not_opened(tmp_path: Path) -> None:
    row = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell'
    bomb = (
        row + b' office:value-type="float" office:value="1" table:number-columns-repeated="100"/>'
    )
    path = changed_ods(
        tmp_path / "bomb.ods",
        "content.xml",
        lambda xml: xml.replace(b"</table:table>", bomb + b"</table:table-row></table:table>", 1),
    )
    assert refused(path) == "sheet_too_wide"


def test_damaged_books_are_refused(tmp_path: Path) -> None:
    ods = changed_ods(tmp_path / "half.ods", "content.xml", lambda xml: xml[:-100])
    assert refused(ods) == "damaged_workbook"
    old = (BOOKS / "orders.xls").read_bytes()
    (tmp_path / "half.xls").write_bytes(old[:1500])
    assert refused(tmp_path / "half.xls") in ("damaged_workbook", "old_workbook")


def test_our_own_book_in_another_format_is_refused(tmp_path: Path) -> None:
    def renamed(xml: bytes) -> bytes:
        tables = b"".join(
            b'<table:table table:name="%s"/>' % name
            for name in (b"CustomerValues", b"RewardRules", b"Checks")
        )
        return xml.replace(b"</office:spreadsheet>", tables + b"</office:spreadsheet>")

    path = changed_ods(tmp_path / "ours.ods", "content.xml", renamed)
    assert refused(path) == "ours_in_other_format"
