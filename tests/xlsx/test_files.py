"""Files appear whole or not at all, and nobody's open workbook is overwritten."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from xlclv.errors import InputError
from xlclv.xlsx.files import refuse_if_open, save_atomically


def writes(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text)

    return write


def breaks(error: BaseException) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text("half")
        raise error

    return write


def test_writes_a_new_file_and_nothing_else(tmp_path: Path) -> None:
    save_atomically(tmp_path / "b.xlsx", writes("new"), overwrite=False)
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]
    assert (tmp_path / "b.xlsx").read_text() == "new"


def test_replaces_only_where_asked(tmp_path: Path) -> None:
    book = tmp_path / "b.xlsx"
    book.write_text("old")
    with pytest.raises(InputError) as caught:
        save_atomically(book, writes("new"), overwrite=False)
    assert caught.value.key == "save_path_taken"
    assert book.read_text() == "old"
    save_atomically(book, writes("new"), overwrite=True)
    assert book.read_text() == "new"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_keeps_the_permissions_of_the_file(tmp_path: Path) -> None:
    book = tmp_path / "b.xlsx"
    book.write_text("old")
    book.chmod(0o640)
    save_atomically(book, writes("new"), overwrite=True)
    assert stat.S_IMODE(book.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    book, link = tmp_path / "b.xlsx", tmp_path / "link.xlsx"
    book.write_text("old")
    link.symlink_to(book)
    save_atomically(link, writes("new"), overwrite=True)
    assert link.is_symlink()
    assert book.read_text() == "new"


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "save_disk_full"),
        (PermissionError(errno.EACCES, "Permission denied"), "save_forbidden"),
        (OSError(errno.EROFS, "Read-only file system"), "save_forbidden"),
        (OSError(errno.EIO, "Input/output error"), "save_failed"),
    ],
)
def test_a_failure_leaves_the_old_file(tmp_path: Path, error: OSError, key: str) -> None:
    book = tmp_path / "b.xlsx"
    book.write_text("old")
    with pytest.raises(InputError) as caught:
        save_atomically(book, breaks(error), overwrite=True)
    assert caught.value.key == key
    assert "b.xlsx" in str(caught.value) or str(tmp_path) in str(caught.value)
    assert book.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["b.xlsx"]


def test_an_interruption_leaves_no_half_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        save_atomically(tmp_path / "b.xlsx", breaks(KeyboardInterrupt()), overwrite=True)
    assert not list(tmp_path.iterdir())


def test_the_file_may_be_held_by_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise PermissionError(errno.EACCES, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)  # as on Windows while Excel has it open
    with pytest.raises(InputError) as caught:
        save_atomically(tmp_path / "b.xlsx", writes("new"), overwrite=True)
    assert caught.value.key == "save_forbidden"
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_and_a_folder_as_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        save_atomically(tmp_path / "no" / "b.xlsx", writes("new"), overwrite=True)
    assert caught.value.key == "save_folder_missing"
    with pytest.raises(InputError) as caught:
        save_atomically(tmp_path, writes("new"), overwrite=True)
    assert caught.value.key == "save_to_folder"


def test_sweeps_its_own_stale_files_only(tmp_path: Path) -> None:
    stale, fresh = tmp_path / ".b.xlsx.1.xlclv-tmp", tmp_path / ".b.xlsx.2.xlclv-tmp"
    other = tmp_path / ".c.xlsx.1.tmp"
    for path in (stale, fresh, other):
        path.write_text("left over")
    for path in (stale, other):
        os.utime(path, (0, 0))
    save_atomically(tmp_path / "b.xlsx", writes("new"), overwrite=True)
    assert not stale.exists()
    assert fresh.exists()
    assert other.exists()


def test_a_very_long_name(tmp_path: Path) -> None:
    book = tmp_path / ("客" * 80 + ".xlsx")
    save_atomically(book, writes("new"), overwrite=True)
    assert book.read_text() == "new"


def test_a_book_open_in_excel(tmp_path: Path) -> None:
    refuse_if_open(tmp_path / "b.xlsx")
    (tmp_path / "~$b.xlsx").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        refuse_if_open(tmp_path / "b.xlsx")
    assert caught.value.key == "workbook_open"


@pytest.mark.parametrize(
    ("lock", "key", "who"),
    [
        (
            ",Mei Lin,desk-7,20.11.2026 10:12,file:///home/mei;",
            "workbook_open_by",
            "Mei Lin / desk-7",
        ),
        (",,desk-7,,;", "workbook_open_by", "desk-7"),
        ("", "workbook_open", None),
    ],
)
def test_a_book_open_in_libreoffice(tmp_path: Path, lock: str, key: str, who: str | None) -> None:
    (tmp_path / ".~lock.b.xlsx#").write_text(lock)
    with pytest.raises(InputError) as caught:
        refuse_if_open(tmp_path / "b.xlsx")
    assert caught.value.key == key
    assert "b.xlsx" in str(caught.value) or str(tmp_path) in str(caught.value)
    assert caught.value.facts.get("who") == who
