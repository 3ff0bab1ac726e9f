"""Whatever a book holds, a refresh leaves every part alone that is not ours, to the byte.

A dozen books here; `make books` tries hundreds.
"""

import os
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from tests.refresh.books import STAMP, faults
from tests.refresh.made_up.books import a_made_up_book
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.refresh.verify import compare

pytestmark = pytest.mark.slow
BOOKS = int(os.environ.get("XLCLV_BOOKS", "12"))
FIRST = int(os.environ.get("XLCLV_FIRST", "0"))  # seed
# What a refresh has to touch: the list of tabs, formats, the sheet with the customers.
TOUCHED = re.compile(
    r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
    r"|xl/calcChain\.xml"
)


def packed(path: Path) -> dict[str, bytes]:
    """Return every member with its bytes as they are in the file."""
    found = {}
    with ZipFile(path) as book, path.open("rb") as file:
        for info in book.infolist():
            file.seek(info.header_offset)
            header = file.read(30)
            skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
            file.seek(info.header_offset + 30 + skip)
            found[info.filename] = file.read(info.compress_size)
    return found


def cells(path: Path) -> dict[str, list[list[object]]]:
    with CalamineWorkbook.from_path(path) as book:
        names = [
            sheet.name for sheet in book.sheets_metadata if str(sheet.typ).endswith("WorkSheet")
        ]
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names
        }


@pytest.mark.parametrize("seed", range(FIRST, FIRST + BOOKS))
def test_every_part_that_is_not_ours_is_the_same(tmp_path: Path, seed: int) -> None:
    path, traits = a_made_up_book(tmp_path, seed)
    before, whole = packed(path), path.read_bytes()
    breaches = faults(path)
    out = path
    for turn in range(2):
        out, _ = refresh(RefreshRequest(out, tmp_path / f"out{turn}.xlsx"), STAMP)
    assert path.read_bytes() == whole
    assert compare(path, out).only_ours, traits
    after = packed(out)
    touched = {name for name in before if after.get(name) != before[name]}
    allowed = {name for name in touched if TOUCHED.fullmatch(name)}
    if "people" in traits:
        allowed |= {"xl/worksheets/sheet1.xml", "xl/tables/table1.xml"}
    assert touched <= allowed, (traits, touched - allowed)
    assert set(faults(out)) <= set(breaches), traits
    then, now = cells(path), cells(out)
    for name, rows in then.items():
        for row, line in enumerate(rows):
            assert now[name][row][: len(line)] == line, (traits, name, row)
