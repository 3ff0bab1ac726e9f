"""The user's book: nothing of it is redirected, lost or mixed, and every refusal is clear."""

import os
import re
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from lxml import etree
from openpyxl.workbook.defined_name import DefinedName

from tests.refresh.books import (
    CUSTOMERS,
    ORDERS,
    STAMP,
    a_book,
    a_csv,
    changed_parts,
    customers,
    faults,
    folder,
    list_as_table,
    orders,
    refreshed,
    refused,
    table_of,
)
from tests.refresh.made_up.books import prefixed
from xlclv.errors import InputError
from xlclv.reading.sheets import read_sheets
from xlclv.refresh.placing import Placing
from xlclv.refresh.refresh import RefreshRequest, look_at, refresh
from xlclv.refresh.verify import compare
from xlclv.workbook.template import sample_results, write_book
from xlclv.xlsx import scratch as scratch_room
from xlclv.xlsx.package import MAIN, REL, Package

pytestmark = pytest.mark.slow
ROWS = [(f"c{at % 3}", date(2026, 1, 1) + timedelta(days=at * 9), 10 + at) for at in range(20)]
M = f"{{{MAIN}}}"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return orders(tmp_path / "book.xlsx", *ROWS)


def edited(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Write a book anew with one part changed."""
    with ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()}
    content[part] = change(content[part])
    with ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name, data in content.items():
            new.writestr(name, data)
    return path


# --- names and tabs of the user ---------------------------------------------------------------


def named(path: Path, *names: str) -> Path:
    book = openpyxl.load_workbook(path)
    plan = book.create_sheet("Plan")
    plan["B1"], plan["B2"] = 0.35, 9
    for name in names:
        book.defined_names[name] = DefinedName(name, attr_text="Plan!$B$1")
    book.save(path)
    return path


@pytest.mark.parametrize("name", ["cfg_margin", "IN_avg_value", "tab_summary", "chk_master"])
def test_a_name_of_the_user_is_never_redirected(book: Path, name: str) -> None:
    said = refused(named(book, name))
    assert f"a name {name} of your own, for Plan!$B$1" in said
    assert "Rename yours" in said


def test_other_names_stay_and_ours_are_found_again(book: Path) -> None:
    out, _ = refreshed(named(book, "margin", "cfg_other"))
    names = openpyxl.load_workbook(refreshed(out)[0]).defined_names
    assert {names[name].attr_text for name in ("margin", "cfg_other")} == {"Plan!$B$1"}


def test_tabs_that_have_all_our_names_are_left_alone(tmp_path: Path) -> None:
    mine = [["mine"], ["stays"]]
    sheets = {"Summary": mine, "Summary_xlclv": mine, "summary_XLCLV2": mine}
    path = a_book(tmp_path / "b.xlsx", {"Log": [ORDERS, *ROWS], **sheets})
    out, _ = refreshed(path)
    book = openpyxl.load_workbook(out)
    for name in sheets:
        assert [cell.value for cell in book[name]["A"]] == ["mine", "stays"]
    assert "Summary_xlclv3" in book.sheetnames
    again, _ = refreshed(out)
    assert openpyxl.load_workbook(again).sheetnames == book.sheetnames


def test_an_empty_table_of_the_user_hides_no_orders(tmp_path: Path) -> None:
    path = a_book(tmp_path / "b.xlsx", {"Mine": [["a", "b"]], "Log": [ORDERS, *ROWS]})
    book = openpyxl.load_workbook(path)
    list_as_table(book["Mine"], "tblOrders", "A1:B2")
    book.save(path)
    out, results = refreshed(path)  # the tabs have no table of that name: nothing is in the way
    assert results.people.ids.size == 3
    assert table_of(out, "CustomerValues")["Customer id"]


# --- changed underneath, two at once ----------------------------------------------------------


def swapped_late(monkeypatch: pytest.MonkeyPatch, path: Path, other: bytes) -> None:
    """Let another program save a file when the new one is whole and not yet in its place."""
    sync = os.fsync

    def swap(handle: int) -> None:
        sync(handle)
        path.write_bytes(other)

    monkeypatch.setattr(os, "fsync", swap)


@pytest.mark.parametrize("asked", [{}, {"in_place": True}, {"out": "out.xlsx"}])
def test_a_book_saved_meanwhile_is_no_mix(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, object]
) -> None:
    other = orders(tmp_path / "other.xlsx", *reversed(ROWS)).read_bytes()
    out = {"out": tmp_path / "out.xlsx"} if "out" in asked else asked
    before = folder(tmp_path)
    swapped_late(monkeypatch, book, other)
    with pytest.raises(InputError, match="changed by another program"):
        refresh(RefreshRequest(book, **out), STAMP)  # type: ignore[arg-type]
    assert book.read_bytes() == other
    assert {name: one for name, one in folder(tmp_path).items() if name != book.name} == {
        name: one for name, one in before.items() if name != book.name
    }


def test_a_result_saved_meanwhile_is_not_replaced(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"old")
    swapped_late(monkeypatch, out, b"new of somebody else")
    with pytest.raises(InputError, match="changed by another program"):
        refresh(RefreshRequest(book, out=out, replace_out=True), STAMP)
    assert out.read_bytes() == b"new of somebody else"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["book.xlsx", "out.xlsx"]


def test_two_at_once_get_two_names(tmp_path: Path, book: Path) -> None:
    together = threading.Barrier(2)

    def write(path: Path, text: str) -> None:
        path.write_text(text)
        together.wait()

    found: list[Path] = []

    def run(text: str) -> None:
        placing = Placing(book, [book], None, STAMP)
        found.append(placing.save(lambda path: write(path, text), lambda _: None))

    runs = [threading.Thread(target=run, args=(text,)) for text in ("one", "two")]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert sorted(path.name for path in found) == ["book-refreshed-2.xlsx", "book-refreshed.xlsx"]
    assert {path.read_text() for path in found} == {"one", "two"}
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.parametrize("lock", ["~$out.xlsx", ".~lock.out.xlsx#"])
def test_a_result_that_is_open_is_not_replaced(tmp_path: Path, book: Path, lock: str) -> None:
    out = tmp_path / "out.xlsx"
    out.write_bytes(b"old")
    (tmp_path / lock).write_text("")
    assert "out.xlsx is open in a spreadsheet program" in refused(book, out=out, replace_out=True)


# --- formats of files -------------------------------------------------------------------------


def bare_styles(xml: bytes) -> bytes:
    """Leave out what many exporters leave out."""
    root = etree.fromstring(xml)
    for name in ("cellStyles", "cellStyleXfs", "dxfs", "tableStyles", "numFmts"):
        for element in root.findall(f"{M}{name}"):
            root.remove(element)
    return etree.tostring(root)


def test_a_style_sheet_without_lists_gets_no_empty_ones(book: Path) -> None:
    edited(book, "xl/styles.xml", bare_styles)
    out, _ = refreshed(book)
    with Package(out) as package:
        root = package.tree("xl/styles.xml")
    assert [etree.QName(one).localname for one in root.iterchildren("*") if not len(one)] == []


def test_prefixed_sheets_are_filled_and_styles_do_not_grow(tmp_path: Path) -> None:
    path = customers(tmp_path / "p.xlsx", ["a", 50, 2, 3], ["b", 20, 1, 2])
    prefixed(path, re.compile(r"sheet1\.xml|styles\.xml"))
    out, sizes = path, []
    for _ in range(3):
        out, _ = refreshed(out)
        with Package(out) as package:
            sizes.append(len(package.tree("xl/styles.xml").findall(f"{M}cellXfs/{M}xf")))
    assert table_of(out, "My customers")["CLV"] == [300.0, 40.0]
    assert sizes[0] == sizes[1] == sizes[2]


def module_entry(xml: bytes) -> bytes:
    entry = f'<sheet name="Module1" sheetId="9" xmlns:r="{REL}" state="veryHidden" r:id=""/>'
    return xml.replace(b"</sheets>", entry.encode() + b"</sheets>")


def wide(xml: bytes) -> bytes:
    root = etree.fromstring(xml)
    return etree.tostring(root, encoding="UTF-16", xml_declaration=True)


@pytest.mark.parametrize("change", [module_entry, wide])
def test_sound_books_that_look_odd_are_read(book: Path, change: Callable[[bytes], bytes]) -> None:
    edited(book, "xl/workbook.xml", change)
    out, results = refresh(RefreshRequest(book), STAMP)
    assert out.exists()
    assert results.people.ids.size == 3


def test_damage_where_nobody_reads_is_named(tmp_path: Path, book: Path) -> None:
    for name, content in (("docProps/app.xml", b"<a><b></a>"), ("xl/theme/theme1.xml", b"<x")):
        path = tmp_path / f"{len(name)}.xlsx"
        path.write_bytes(book.read_bytes())
        edited(path, name, lambda _, now=content: now)  # type: ignore[misc]
        assert f"damaged at {name}" in refused(path)
    data = bytearray(book.read_bytes())
    with ZipFile(book) as members:
        info = members.getinfo("xl/theme/theme1.xml")
    data[info.header_offset + 30 + len(info.filename) + info.compress_size // 2] ^= 0xFF
    (tmp_path / "bits.xlsx").write_bytes(data)
    assert "damaged at xl/theme/theme1.xml" in refused(tmp_path / "bits.xlsx")


@pytest.mark.parametrize("day", ["9999-12-31", "1900-01-01", "1970-01-01"])
def test_a_day_that_stands_in_for_none_is_a_check(tmp_path: Path, day: str) -> None:
    lines = [f"a,{n},2026-01-0{n},5" for n in range(1, 4)]
    path = a_csv(
        tmp_path / "o.csv", "Customer ID,Order ID,Order date,Net amount", *lines, f"a,9,{day},5"
    )
    results = look_at(RefreshRequest(path), STAMP)
    (check,) = (one for one in results.checks if one.key == "orders_unreadable")
    assert check.level == "fault"
    assert f'o!C5: Order date is "{day}"' in check.where
    assert "know no day" in check.where


def test_a_cell_of_any_length_is_read(tmp_path: Path) -> None:
    lines = [f'a,2026-01-0{n},5,"{"x" * 200_000}"' for n in range(1, 3)]
    path = a_csv(tmp_path / "o.csv", "Customer ID,Order date,Net amount,Note", *lines)
    assert look_at(RefreshRequest(path), STAMP).people.ids.size == 1


# --- hostile books ----------------------------------------------------------------------------

HOSTILE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "sheet id": ("xl/workbook.xml", lambda xml: xml.replace(b'sheetId="1"', b'sheetId="one"')),
    "style": (
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="A2"', b'<c r="A2" s="99999"'),
    ),
    "rows": ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</row>", b"", 2)),
    "cells": ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</c>", b"", 2)),
    "names": (
        "xl/workbook.xml",
        lambda xml: xml.replace(
            b"</sheets>",
            b"</sheets><definedNames><definedName name='tab_summary'>'My customers'!$A$1"
            b"</definedName><definedName name='tab_checks'>'My customers'!$A$1</definedName>"
            b"</definedNames>",
        ),
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_book_is_refused_or_read(tmp_path: Path, kind: str) -> None:
    path = customers(tmp_path / "h.xlsx", ["a", 50, 2, 3], headers=CUSTOMERS)
    edited(path, *HOSTILE[kind])
    with suppress(InputError):  # anything else is a fault of ours
        out, _ = refresh(RefreshRequest(path), STAMP)
        assert out.exists()


def test_a_zip_of_a_later_version(book: Path, tmp_path: Path) -> None:
    data = book.read_bytes()
    at = data.index(b"PK\x01\x02")
    later = tmp_path / "later.xlsx"
    later.write_bytes(data[: at + 6] + b"\x54" + data[at + 7 :])
    assert "later.xlsx" in refused(later)


@pytest.mark.parametrize("encoding", ["hex", "zip", "undefined", "idna", "rot13", "\0", "x" * 99])
def test_an_odd_encoding_is_no_fault_of_ours(tmp_path: Path, encoding: str) -> None:
    path = a_csv(tmp_path / "o.csv", "Customer ID,Order date,Net amount", "a,2026-01-01,5")
    with suppress(InputError):  # anything else is a fault of ours
        look_at(RefreshRequest(path, encoding=encoding), STAMP)


def test_a_panic_says_nothing_on_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = orders(tmp_path / "o.xlsx", *ROWS)
    day = b'<c r="B3" s="1"><v>-9E+18</v></c>'
    edited(path, "xl/worksheets/sheet1.xml", lambda xml: re.sub(rb'<c r="B3".*?</c>', day, xml))
    with pytest.raises(InputError):
        read_sheets(path)
    assert capfd.readouterr().err == ""


# --- room to work in --------------------------------------------------------------------------


def test_where_no_room_is_left_to_work_in(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    assert "where xlclv puts what it works on, is full" in refused(book)


@pytest.mark.skipif(sys.platform == "win32", reason="told by age alone there")
def test_what_a_killed_run_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch_room, "_YOUNG_SECONDS", -1)
    left, mine, other = (tmp_path / f"xlclv-{name}" for name in ("left", "mine", "other"))
    for one in (left, mine, other):
        one.mkdir()
        (one / "customers.xlsx").write_text("data")
    for one in (left, mine):
        (one / ".in-use").write_text("")
    with (mine / ".in-use").open("rb+") as held:
        scratch_room.claim(held.fileno())
        with scratch_room.scratch(tmp_path) as made:
            assert made.exists()
    assert not made.exists()
    assert not left.exists()
    assert (mine / "customers.xlsx").exists()  # another run is at it
    assert (other / "customers.xlsx").exists()  # not one of ours


def test_a_file_with_the_longest_name(tmp_path: Path) -> None:
    path = orders(tmp_path / f"{'ü' * 123}.xlsx", *ROWS)
    out, _ = refreshed(path)
    assert out.name.endswith("-refreshed.xlsx")
    refresh(RefreshRequest(path, in_place=True), datetime(2026, 7, 1, 9, 30))  # noqa: DTZ001


@pytest.mark.skipif(sys.platform != "linux", reason="names are text there")
def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/or\xe9.csv"))
    a_csv(path, "Customer ID,Order date,Net amount", "a,2026-01-01,5", "b,2026-02-01,7")
    out, _ = refresh(RefreshRequest(path), STAMP)
    assert out.exists()
    assert faults(out) == []


def test_untouched_parts_of_this_test_stay(book: Path) -> None:
    out, _ = refreshed(book)
    assert "xl/theme/theme1.xml" not in changed_parts(book, out)


@pytest.mark.parametrize("rows", [["a,2026-01-01,10"], []])
def test_a_book_of_ours_refreshed_again_differs_in_ours_only(
    tmp_path: Path, rows: list[str]
) -> None:
    lines = [",".join(ORDERS), "b,2026-02-01,20", *rows]
    first, _ = refreshed(a_csv(tmp_path / "o.csv", *lines))
    second, _ = refreshed(first)
    assert compare(first, second).only_ours


def test_the_sample_becomes_own_data_and_steps_on_start_are_ours(tmp_path: Path) -> None:
    before = tmp_path / "sample.xlsx"
    write_book(before, sample_results())
    book = openpyxl.load_workbook(before)
    book["Orders"]["A6"] = "my-own-1"
    book.save(mine := tmp_path / "mine.xlsx")
    out, _ = refreshed(mine)
    assert compare(mine, out).only_ours
