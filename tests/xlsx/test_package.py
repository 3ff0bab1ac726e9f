"""A package is opened within limits, and what nobody changed is copied byte for byte."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlclv.errors import InputError
from xlclv.xlsx.package import MAIN, REL, Package
from xlclv.xlsx.rows import cells_of, escaped, rows_of, split_sheet
from xlclv.xlsx.styles import StyleList, number_format, style_sheet

Edit = Callable[[dict[str, bytes]], None]


def a_book(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["id", "amount"])
        sheet.write_row(1, 0, ["a", 1.5])
        sheet.write_formula(2, 1, "=B2*2", None, 3)
    return path


def edited(path: Path, edit: Edit) -> Path:
    """Pack a workbook anew after a change to its members."""
    with zipfile.ZipFile(a_book(path)) as book:
        members = {name: book.read(name) for name in book.namelist()}
    edit(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


def replaced(name: str, old: bytes, new: bytes) -> Edit:
    def edit(members: dict[str, bytes]) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return edit


def key_of_refusal(path: Path, part: str = "xl/workbook.xml") -> str:
    with pytest.raises(InputError) as caught, Package(path) as book:
        book.tree(part)
    assert path.name in str(caught.value)
    return caught.value.key


def raw_members(path: Path) -> dict[str, bytes]:
    """Return the compressed bytes of each member."""
    raw = {}
    data = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        for info in book.infolist():
            name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + name + extra
            raw[info.filename] = data[start : start + info.compress_size]
    return raw


def test_an_unchanged_book_keeps_all_bytes_and_their_order(tmp_path: Path) -> None:
    source = a_book(tmp_path / "a.xlsx")
    with Package(source) as book:
        book.write(tmp_path / "b.xlsx")
    assert list(raw_members(tmp_path / "b.xlsx").items()) == list(raw_members(source).items())
    assert zipfile.ZipFile(tmp_path / "b.xlsx").testzip() is None


def test_members_packed_in_other_ways_are_copied_too(tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    with zipfile.ZipFile(a_book(tmp_path / "plain.xlsx")) as plain, source.open("wb") as file:
        # To a stream sizes come behind the bytes; half of the members are stored, not packed.
        file.seekable = lambda: False  # type: ignore[method-assign]
        with zipfile.ZipFile(file, "w") as out:
            for at, name in enumerate(plain.namelist()):
                out.writestr(name, plain.read(name), compress_type=8 * (at % 2))
    with Package(source) as book:
        book.write(target)
    assert raw_members(target) == raw_members(source)
    assert openpyxl.load_workbook(target)["Orders"]["A2"].value == "a"


def test_changed_parts_stand_where_they_stood_and_new_ones_last(tmp_path: Path) -> None:
    with Package(a_book(tmp_path / "a.xlsx")) as book:
        before = book.parts()
        book.put("xl/workbook.xml", book.tree("xl/workbook.xml"))
        book.put("xl/extra.bin", b"x", "application/x-test")
        assert book.content_type("xl/extra.bin") == "application/x-test"
        book.write(tmp_path / "b.xlsx")
    with Package(tmp_path / "b.xlsx") as book:
        assert book.parts() == [*before, "xl/extra.bin"]
        assert book.content_type("XL/Extra.bin") == "application/x-test"


def test_a_removed_part_takes_its_links_and_types_along(tmp_path: Path) -> None:
    with Package(a_book(tmp_path / "a.xlsx")) as book:
        book.put("xl/extra.bin", b"x", "application/x-test")
        book.relate("xl/extra.bin", f"{REL}/image", "xl/workbook.xml")
        assert book.reach("xl/extra.bin") >= {"xl/workbook.xml", "xl/styles.xml"}
        book.remove("xl/extra.bin")
        assert "xl/extra.bin" not in book
        assert not [part for part in book.parts() if "extra" in part]
        assert b"extra" not in book.read("[Content_Types].xml")


def test_parts_are_found_by_their_links_not_their_paths(tmp_path: Path) -> None:
    def move(members: dict[str, bytes]) -> None:
        members["odd/Place.xml"] = members.pop("xl/worksheets/sheet1.xml")
        links, types = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
        members[links] = members[links].replace(b"worksheets/sheet1.xml", b"/odd/place.xml")
        members[types] = members[types].replace(b"/xl/worksheets/sheet1.xml", b"/odd/Place.xml")

    with Package(edited(tmp_path / "a.xlsx", move)) as book:
        (sheet,) = book.sheets()
    assert (sheet.name, sheet.part, sheet.has_cells) == ("Orders", "odd/Place.xml", True)


def test_links_keep_their_targets(tmp_path: Path) -> None:
    with Package(a_book(tmp_path / "a.xlsx")) as book:
        before = book.relationships("xl/workbook.xml")
        book.put_relationships("xl/workbook.xml", before)
        assert book.relationships("xl/workbook.xml") == before
        assert book.relate("xl/workbook.xml", f"{REL}/image", "xl/a b.png") not in {
            link.id for link in before
        }
        assert book.related("xl/workbook.xml", "image") == ["xl/a b.png"]


def test_calc_chain_is_dropped_whole(tmp_path: Path) -> None:
    with Package(a_book(tmp_path / "a.xlsx")) as book:
        book.put("xl/calcChain.xml", b"<calcChain/>", "application/x-chain")
        book.relate("xl/workbook.xml", f"{REL}/calcChain", "xl/calcChain.xml")
        book.drop_calc_chain()
        assert "xl/calcChain.xml" not in book
        assert b"calcChain" not in book.read("[Content_Types].xml")
        assert not book.related("xl/workbook.xml", "calcChain")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"id,amount\n1,2\n", "not_a_workbook"),
        (b"", "not_a_workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old_workbook"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "locked_workbook",
        ),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert key_of_refusal(path) == key


def test_a_truncated_file_and_other_zip_files(tmp_path: Path) -> None:
    whole = a_book(tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    assert key_of_refusal(tmp_path / "half.xlsx") == "not_a_workbook"
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as out:
        out.writestr("a.txt", "a")
    assert key_of_refusal(tmp_path / "zip.xlsx") == "not_a_workbook"
    assert key_of_refusal(tmp_path / "none.xlsx") == "workbook_missing"
    assert key_of_refusal(tmp_path) == "workbook_unreadable"


def test_a_flipped_byte_is_found(tmp_path: Path) -> None:
    path = a_book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as book:
        at = book.getinfo("xl/styles.xml").header_offset + 60
    data = bytearray(path.read_bytes())
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert key_of_refusal(path, "xl/styles.xml") == "damaged_workbook"


def strict(members: dict[str, bytes]) -> None:
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(
        MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )


def strict_links(members: dict[str, bytes]) -> None:
    members["_rels/.rels"] = members["_rels/.rels"].replace(
        REL.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    )


def signed(members: dict[str, bytes]) -> None:
    members["_xmlsignatures/origin.sigs"] = b""


def outside(members: dict[str, bytes]) -> None:
    members["xl/../../evil.xml"] = b""


def absolute(members: dict[str, bytes]) -> None:
    members["/etc/evil.xml"] = b""


def twice(members: dict[str, bytes]) -> None:
    members["XL/WORKBOOK.xml"] = b"<workbook/>"


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (strict, "strict_workbook"),
        (strict_links, "strict_workbook"),
        (signed, "signed_workbook"),
        (outside, "workbook_part_outside"),
        (absolute, "workbook_part_outside"),
        (twice, "workbook_part_twice"),
        (lambda members: members.pop("[Content_Types].xml"), "not_a_workbook"),
        (lambda members: members.pop("xl/workbook.xml"), "damaged_workbook"),
        (replaced("xl/workbook.xml", b"</workbook>", b""), "damaged_workbook"),
        (
            replaced(
                "[Content_Types].xml",
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            ),
            "binary_workbook",
        ),
        (
            replaced("[Content_Types].xml", b"spreadsheetml.sheet.main", b"wordprocessingml.main"),
            "not_a_workbook",
        ),
    ],
)
def test_what_cannot_be_written_back_is_refused(tmp_path: Path, edit: Edit, key: str) -> None:
    assert key_of_refusal(edited(tmp_path / "a.xlsx", edit)) == key


@pytest.mark.parametrize(
    "doctype",
    [
        b'<!DOCTYPE w [<!ENTITY a "ha">]>',
        b'<!DOCTYPE w SYSTEM "file:///etc/passwd">',
        b"<!DOCTYPE w>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(tmp_path: Path, doctype: bytes, encoding: str) -> None:
    def edit(members: dict[str, bytes]) -> None:
        xml = members["xl/workbook.xml"].partition(b"?>")[2].decode()
        members["xl/workbook.xml"] = (doctype.decode() + xml.strip()).encode(encoding)

    assert key_of_refusal(edited(tmp_path / "a.xlsx", edit)) == "workbook_with_entities"


def test_a_member_that_inflates_without_end_is_refused_unread(tmp_path: Path) -> None:
    path = edited(tmp_path / "a.xlsx", lambda members: members.update({"xl/big.xml": b"0" * 2**20}))
    data = bytearray(path.read_bytes())
    # Claim 4 GB in the directory, where a reader learns sizes; nothing of it must be unpacked.
    at = data.rindex(b"xl/big.xml") - 46 + 24
    data[at : at + 4] = struct.pack("<I", 0xFFFF_FFF0)
    path.write_bytes(data)
    assert key_of_refusal(path) == "workbook_part_inflates"


def test_encrypted_and_oddly_packed_members_are_refused(tmp_path: Path) -> None:
    path = a_book(tmp_path / "a.xlsx")
    whole = path.read_bytes()
    entry = whole.rindex(b"xl/styles.xml") - 46
    for offset, value, key in ((8, 1, "workbook_part_encrypted"), (10, 12, "workbook_part_packed")):
        data = bytearray(whole)
        data[entry + offset] = value
        path.write_bytes(data)
        assert key_of_refusal(path) == key


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlclv.xlsx.zipmembers._MOST_MEMBERS", 5)
    assert key_of_refusal(a_book(tmp_path / "a.xlsx")) == "workbook_of_too_many_parts"


def test_a_book_without_styles_gets_plain_ones(tmp_path: Path) -> None:
    with Package(a_book(tmp_path / "a.xlsx")) as book:
        links = book.relationships(book.workbook)
        book.remove("xl/styles.xml")
        book.put_relationships(book.workbook, [k for k in links if "styles" not in k.kind])
        part, styles = style_sheet(book)
        assert number_format(styles, "0.0%") == "164"
        assert number_format(styles, "0.0%") == "164"
        book.put(part, styles)
        book.write(tmp_path / "b.xlsx")
    assert openpyxl.load_workbook(tmp_path / "b.xlsx")["Orders"]["B2"].value == 1.5


def test_style_lists_stay_in_order_and_hold_equal_entries_once() -> None:
    styles = etree.fromstring(
        f'<styleSheet xmlns="{MAIN}"><fonts/><cellXfs/><extLst/></styleSheet>'
    )
    entry = etree.fromstring(f'<dxf xmlns="{MAIN}"><font><b/></font></dxf>')
    assert [StyleList(styles, "dxfs").add(entry) for _ in range(2)] == [0, 0]
    StyleList(styles, "numFmts")
    names = [etree.QName(child).localname for child in styles]
    assert names == ["fonts", "cellXfs", "dxfs", "extLst"]  # a list without entries is no list


def test_rows_and_cells_without_addresses_follow_on() -> None:
    head, rows, tail = split_sheet(
        b'<s><sheetData><row/><row r="5"><c/><c r="D5" s="2"><v>1</v></c><c/>'
        b"</row><row><c/></row></sheetData><t/></s>"
    ) or (b"", b"", b"")
    assert (head, tail) == (b"<s>", b"<t/></s>")
    assert [row.number for row in rows_of(rows)] == [1, 5, 6]
    row = list(rows_of(rows))[1]
    cells = list(cells_of(rows[row.inner : row.inner_end]))
    assert [(cell.column, cell.style, cell.content) for cell in cells] == [
        (1, 0, b""),
        (4, 2, b"<v>1</v>"),
        (5, 0, b""),
    ]


@pytest.mark.parametrize(
    "xml",
    [b"<s/>", b"<x:s><x:sheetData/></x:s>", b"<s><!-- --><sheetData/></s>", b"<s><sheetData></s>"],
)
def test_sheets_that_bytes_cannot_cut(xml: bytes) -> None:
    assert split_sheet(xml) is None


@given(st.text())
def test_any_text_survives_the_way_through_xml(text: str) -> None:
    xml = f"<t>{escaped(text)}</t>".encode()
    assert (etree.fromstring(xml).text or "") == escaped(text).replace("&lt;", "<").replace(
        "&gt;", ">"
    ).replace("&amp;", "&")
