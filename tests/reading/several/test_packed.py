"""What the user may name: files, folders, patterns, packed files, a pipe; within limits."""

import gzip
import io
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from xlclv.errors import InputError
from xlclv.reading.several import packed
from xlclv.reading.source import Source, read_sources

HEADER = "Order number,Customer id,Order date,Net amount\n"
JANUARY = HEADER + "1,a,2023-01-15,60\n2,b,2023-01-17,30\n"
FEBRUARY = HEADER + "3,a,2023-02-11,40\n"


def written(path: Path, text: str = JANUARY) -> Path:
    path.write_text(text)
    return path


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def sheets(source: Source) -> list[str]:
    return [sheet.name for sheet in source.sheets]


def key_of_refusal(*paths: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_sources(paths)
    return caught.value.key


def test_several_files_are_one_source(tmp_path: Path) -> None:
    first, second = written(tmp_path / "jan.csv"), written(tmp_path / "feb.csv", FEBRUARY)
    source = read_sources([first, second])
    assert (source.path, source.kind, sheets(source)) == (first, "csv", ["jan", "feb"])
    assert source.files == {"jan": "jan.csv", "feb": "feb.csv"}
    assert len(source.notes) == 2


def test_a_single_file_is_read_as_ever(tmp_path: Path) -> None:
    source = read_sources([written(tmp_path / "jan.csv")])
    assert (source.kind, sheets(source), source.files) == ("csv", ["jan"], {})


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    path = written(tmp_path / "jan.csv")
    assert sheets(read_sources([path, path])) == ["jan"]


def test_a_folder_gives_its_tables_and_names_the_rest(tmp_path: Path) -> None:
    for name in ("b.csv", "a.TXT", ".hidden.csv", "~$a.xlsx"):
        written(tmp_path / name)
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    source = read_sources([tmp_path])
    assert sheets(source) == ["a", "b"]
    assert any(note.startswith("photo.png: left out") for note in source.notes)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert key_of_refusal(empty) == "no_files"


def test_a_pattern_gives_its_files_in_order(tmp_path: Path) -> None:
    for name in ("2023-02.csv", "2023-01.csv", "other.csv"):
        written(tmp_path / name)
    assert sheets(read_sources([tmp_path / "2023-*.csv"])) == ["2023-01", "2023-02"]
    assert key_of_refusal(tmp_path / "2024-*.csv") == "no_files"


def test_packed_files_are_told_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "jan.csv.gz"
    path.write_bytes(gzip.compress(JANUARY.encode()))
    assert sheets(read_sources([path])) == ["jan"]
    misnamed = tmp_path / "orders.csv"
    misnamed.write_bytes(gzip.compress(JANUARY.encode()))
    assert sheets(read_sources([misnamed])) == ["orders"]
    members = {"2023/jan.csv": JANUARY, "2022/jan.csv": FEBRUARY, "readme": "see inside"}
    archive = zipped(tmp_path / "all.zip", members | {"__MACOSX/jan.csv": "x", ".hidden.csv": "x"})
    source = read_sources([archive])
    assert sheets(source) == ["jan.csv", "jan.csv (2)"]
    assert any(note.startswith("readme: left out") for note in source.notes)


def test_a_workbook_in_a_zip_file_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Customer id"])
    book.save(tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "b.xlsx", "b.xlsx")
    source = read_sources([tmp_path / "b.zip"])
    assert (source.kind, sheets(source)) == ("other", ["Sheet"])
    both = read_sources([tmp_path / "b.zip", written(tmp_path / "jan.csv")])
    assert sheets(both) == ["[b.xlsx]Sheet", "jan"]


def test_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.TextIOWrapper(io.BytesIO(gzip.compress(JANUARY.encode())))
    monkeypatch.setattr(sys, "stdin", pipe)
    assert sheets(read_sources([Path("-")])) == ["stdin"]


def test_what_is_damaged_locked_or_too_deep_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "half.csv.gz"
    half.write_bytes(gzip.compress(JANUARY.encode() * 100)[:-30])
    assert key_of_refusal(half) == "packed_damaged"
    locked = bytearray(zipped(tmp_path / "locked.zip", {"a.csv": JANUARY}).read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # general purpose flag, bit 0: encrypted
    (tmp_path / "locked.zip").write_bytes(locked)
    assert key_of_refusal(tmp_path / "locked.zip") == "packed_locked"
    content = JANUARY.encode()
    for _ in range(5):
        content = gzip.compress(content)
    (tmp_path / "deep.gz").write_bytes(content)
    assert key_of_refusal(tmp_path / "deep.gz") == "packed_deep"
    assert key_of_refusal(tmp_path / "gone.csv") == "source_missing"


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_SMALL", 2**16)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(2**24)))
    assert key_of_refusal(tmp_path / "bomb.gz") == "packed_inflates"
    zipped(tmp_path / "bomb.zip", {"a.csv": "0" * 2**24})
    assert key_of_refusal(tmp_path / "bomb.zip") == "packed_inflates"


def test_our_own_workbook_among_files_is_refused(tmp_path: Path) -> None:
    from xlclv.workbook.template import sample_results, write_book  # noqa: PLC0415 - slow

    write_book(tmp_path / "ours.xlsx", sample_results())
    written(tmp_path / "jan.csv")
    assert key_of_refusal(tmp_path / "ours.xlsx", tmp_path / "jan.csv") == "ours_among_files"
