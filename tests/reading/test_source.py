from pathlib import Path

import openpyxl
import pytest

from xlclv.errors import InputError
from xlclv.reading.source import read_source

CSV = "Customer id,Order date,Amount\nC1,2026-01-31,12.50\n"


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Customer id"])
    book.save(path)
    return path


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_source(path)
    assert path.name in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize("name", ["orders.csv", "orders.txt", "orders.xlsx"])
def test_text_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(CSV)
    source = read_source(path)
    assert (source.kind, source.sheets[0].name) == ("csv", "orders")
    assert source.notes == (f"{name}: letters are stored as utf-8, cells separated by commas.",)


@pytest.mark.parametrize("name", ["book.xlsx", "book.csv"])
def test_a_workbook_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    made = workbook(tmp_path / "made.xlsx").rename(tmp_path / name)
    source = read_source(made)
    assert (source.kind, source.path, source.notes) == ("xlsx", made, ())
    assert source.sheets[0].cells[0][0] == "Customer id"


def test_old_and_locked_workbooks_are_refused(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    (tmp_path / "old.xls").write_bytes(ole)
    (tmp_path / "locked.xlsx").write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    assert refused(tmp_path / "old.xls") == "old_workbook"
    assert refused(tmp_path / "locked.xlsx") == "locked_workbook"


def test_a_zip_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    assert refused(tmp_path / "photos.zip") == "not_a_workbook"


def test_a_workbook_cut_off_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx")
    path.write_bytes(path.read_bytes()[:-400])
    assert refused(path) == "not_a_workbook"


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.csv") == "source_missing"
    assert refused(tmp_path) == "source_unreadable"
