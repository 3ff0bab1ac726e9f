"""The container and the streams of a VBA project, field by field against the specifications."""

import re
import zipfile
from collections.abc import Iterator
from importlib.metadata import distribution
from io import BytesIO

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.excel.readers import macros
from tests.xlsx.vba.containers import Compound, Directory, decrypted
from xlclv.hosts.excel.files.books import modules_of
from xlclv.xlsx.vba.compound import compound_file
from xlclv.xlsx.vba.compression import decompress
from xlclv.xlsx.vba.project import Module, vba_project

SHEETS = ["Sheet1", "Sheet2"]
MODULES = modules_of("workbook", "ThisWorkbook", SHEETS)
PROJECT = vba_project(MODULES)
OTHER = modules_of("add-in", "ThisWorkbook", ["Sheet1"])
NAMES = st.text(st.characters(codec="utf-16", exclude_characters="/\\:!"), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def file() -> Compound:
    return Compound(PROJECT)


@pytest.fixture(scope="module")
def excels_own() -> Iterator[olefile.OleFileIO]:
    """Return a project that Excel itself wrote."""
    book = distribution("xlwings").locate_file("xlwings/quickstart_standalone.xlsm")
    with zipfile.ZipFile(str(book)) as parts:
        project = olefile.OleFileIO(BytesIO(parts.read("xl/vbaProject.bin")))
    yield project
    project.close()


def fields(project: str) -> dict[str, str]:
    return dict(re.findall(r'^(\w+)="(.*)"\r$', project, re.MULTILINE))


def test_the_streams_are_those_of_a_project(file: Compound) -> None:
    modules = {f"VBA/{module.name}" for module in MODULES}
    others = {"VBA/_VBA_PROJECT", "VBA/dir", "PROJECT", "PROJECTwm"}
    assert set(file.streams) == modules | others


def test_olefile_reads_the_same_and_finds_nothing_broken(file: Compound) -> None:
    with olefile.OleFileIO(BytesIO(PROJECT), raise_defects=olefile.DEFECT_UNSURE) as ole:
        listed = {"/".join(path): ole.openstream(path).read() for path in ole.listdir()}
        assert ole.parsing_issues == []
    assert listed == file.streams


def test_no_compiled_code_is_claimed(file: Compound) -> None:
    assert file.streams["VBA/_VBA_PROJECT"].hex() == "cc61ffff000100"


def test_the_directory_names_every_module_once_and_in_order(file: Compound) -> None:
    directory = Directory(decompress(file.streams["VBA/dir"]))
    assert directory.name == "VBAProject"
    assert directory.code_page == 1252
    assert [record.name for record in directory.modules] == [module.name for module in MODULES]
    for record, module in zip(directory.modules, MODULES, strict=True):
        assert (record.stream, record.offset) == (module.name, 0)
        assert record.procedural == (module.kind == "standard")
    assert [name for name, _ in directory.references] == ["stdole", "Office"]


def test_a_class_keeps_what_it_says_about_itself(file: Compound) -> None:
    directory = Directory(decompress(file.streams["VBA/dir"]))
    told = {record.name: record.description for record in directory.modules}
    assert told["Dictionary"].startswith("Drop-in replacement for Scripting.Dictionary on Mac\r\n")
    assert not told["xlclv_macros"]


@pytest.mark.parametrize("modules", [MODULES, OTHER], ids=["workbook", "add-in"])
def test_olevba_reads_back_every_module_exactly(modules: list[Module]) -> None:
    kinds = {"standard": "bas"}
    assert macros(vba_project(modules)) == {
        f"{module.name}.{kinds.get(module.kind, 'cls')}": module.text for module in modules
    }


def test_the_text_of_a_module_is_what_its_source_says() -> None:
    by_name = {module.name: module for module in MODULES}
    source = by_name["xlwings"].source.replace("\r\n", "\n")
    assert by_name["xlwings"].text == source.replace("\n", "\r\n")
    tail = by_name["Dictionary"].source.replace("\r\n", "\n").partition("''\n' Dictionary v")[2]
    assert by_name["Dictionary"].text.endswith(tail.replace("\n", "\r\n"))


def test_a_sheet_has_the_attributes_that_excel_writes(excels_own: olefile.OleFileIO) -> None:
    written = macros(excels_own.fp.getvalue())
    for name, kind in (("ThisWorkbook", "workbook"), ("Sheet1", "sheet")):
        assert Module(name, "", kind).text == written[f"{name}.cls"]
    source = next(module for module in MODULES if module.name == "Dictionary")
    head = written["Dictionary.cls"].partition("''\r\n")[0]
    assert source.text.startswith(head)


def test_project_lists_each_module_by_its_kind(file: Compound) -> None:
    text = file.streams["PROJECT"].decode("cp1252")
    assert re.findall(r"^Document=(\w+)/&H00000000\r$", text, re.MULTILINE) == [
        "ThisWorkbook",
        *SHEETS,
    ]
    assert re.findall(r"^Class=(\w+)\r$", text, re.MULTILINE) == ["Dictionary"]
    standard = [module.name for module in MODULES if module.kind == "standard"]
    assert re.findall(r"^Module=(\w+)\r$", text, re.MULTILINE) == standard
    workspace = text.partition("[Workspace]\r\n")[2]
    assert re.findall(r"^(\w+)=0, 0, 0, 0, C\r$", workspace, re.MULTILINE) == [
        module.name for module in MODULES
    ]


def test_project_is_open_to_read_and_has_no_password(
    file: Compound, excels_own: olefile.OleFileIO
) -> None:
    for text in (file.streams["PROJECT"], excels_own.openstream("PROJECT").read()):
        given = fields(text.decode("cp1252"))
        hidden = [decrypted(given[name], given["ID"]) for name in ("CMG", "DPB", "GC")]
        assert hidden == [bytes(4), b"\0", b"\xff"]


def test_the_reader_of_directories_reads_excels_own(excels_own: olefile.OleFileIO) -> None:
    directory = Directory(decompress(excels_own.openstream("VBA/dir").read()))
    assert [name for name, _ in directory.references] == ["MSForms", "Office"]
    kinds = {record.name: record.procedural for record in directory.modules}
    assert kinds == {
        **dict.fromkeys(("ThisWorkbook", "Sheet1", "Sheet2", "Dictionary"), False),
        **dict.fromkeys(("Module1", "xlwings"), True),
    }


def test_names_stand_in_both_codes(file: Compound) -> None:
    names = file.streams["PROJECTwm"]
    for module in MODULES:
        name = module.name
        pair = name.encode("cp1252") + b"\0" + name.encode("utf-16-le") + b"\0\0"
        assert names.startswith(pair)
        names = names[len(pair) :]
    assert names == b"\0\0"


@pytest.mark.parametrize("name", ["", "1st", "a b", "x" * 32, "Größe"])
def test_a_name_that_vba_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a module"):
        vba_project([Module(name)])


def test_two_modules_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="has the name of another"):
        vba_project([Module("Tools"), Module("TOOLS")])


def test_equal_modules_give_equal_files() -> None:
    assert vba_project(MODULES) == PROJECT


SIZES = [0, 1, 63, 64, 65, 4095, 4096, 4097, 8191, 512 * 127, 512 * 128, 70_000]


@pytest.mark.parametrize("size", SIZES)
def test_streams_of_every_size_come_back(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    streams = {"one": content[:size], "other": b"x", "inner": {"one": content[: size // 2]}}
    read = Compound(compound_file(streams)).streams
    assert read == {"one": content[:size], "other": b"x", "inner/one": content[: size // 2]}


def test_a_file_of_many_sectors_has_its_tables_right() -> None:
    streams = {f"s{number}": bytes([number]) * 60_000 for number in range(100)}
    assert Compound(compound_file(streams)).streams == streams


def test_a_file_that_needs_more_tables_is_refused() -> None:
    with pytest.raises(ValueError, match="7 MB"):
        compound_file({"large": bytes(8_000_000)})


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=40))
def test_hypothesis_any_names_stand_in_a_sound_tree(streams: dict[str, bytes]) -> None:
    unique = {(len(name.encode("utf-16-le")), name.upper()): name for name in streams}
    chosen = {name: streams[name] for name in unique.values()}
    data = compound_file(chosen)
    with olefile.OleFileIO(BytesIO(data)) as ole:
        assert ole.parsing_issues == []
        assert len(ole.listdir()) == len(chosen)
    if all(name.isascii() for name in chosen):
        assert Compound(data).streams == chosen
