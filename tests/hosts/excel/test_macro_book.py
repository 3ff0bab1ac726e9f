"""The workbook with macros and the add-in, part by part."""

import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from tests.hosts.excel.readers import macros
from tests.xlsx.vba.containers import Compound, Directory
from xlclv.errors import InputError
from xlclv.hosts.excel.files import books, xlwings_source
from xlclv.hosts.excel.files.books import modules_of, write_addin, write_macro_book
from xlclv.hosts.excel.files.macros import BUTTON_PLACES, BUTTONS, FileKind
from xlclv.reading.sheets import read_sheets
from xlclv.schema import TABS
from xlclv.xlsx.package import MAIN, REL
from xlclv.xlsx.vba.compression import decompress

pytestmark = pytest.mark.slow

PYTHON = Path(r"C:\Users\Jörg\envs\clv\Scripts\python.exe")
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
CUSTOM_UI = "http://schemas.microsoft.com/office/2009/07/customui"
# The elements of a sheet in the order of ECMA-376 part 1, 18.3.1.99, as far as ours have them.
SHEET_ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
    *("sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations"),
    *("hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks"),
    *("drawing", "legacyDrawing", "tableParts", "extLst"),
)
BOOK_ORDER = ("fileVersion", "workbookPr", "bookViews", "sheets", "definedNames", "calcPr")


class Parts:
    """The parts of a file, by name."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as packed:
            assert packed.testzip() is None
            self.content = {name: packed.read(name) for name in packed.namelist()}

    def xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.content[name])

    def types(self) -> dict[str, str]:
        entries = self.xml("[Content_Types].xml").iterfind(f"{{{TYPES}}}Override")
        return {entry.get("PartName", ""): entry.get("ContentType", "") for entry in entries}

    def links(self, part: str) -> list[tuple[str, str]]:
        entries = self.xml(part).iterfind(f"{{{LINKS}}}Relationship")
        return [(entry.get("Type", ""), entry.get("Target", "")) for entry in entries]

    def sheets(self) -> dict[str, etree._Element]:
        links = {
            entry.get("Id"): entry.get("Target")
            for entry in self.xml("xl/_rels/workbook.xml.rels").iterfind(f"{{{LINKS}}}Relationship")
        }
        tabs = self.xml("xl/workbook.xml").iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")
        return {
            tab.get("name", ""): self.xml(f"xl/{links[tab.get(f'{{{REL}}}id')]}") for tab in tabs
        }


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[FileKind, Path]:
    folder = tmp_path_factory.mktemp("excel")
    write_macro_book(folder / "xlclv.xlsm", interpreter=PYTHON)
    write_addin(folder / "xlclv.xlam", PYTHON)
    return {"workbook": folder / "xlclv.xlsm", "add-in": folder / "xlclv.xlam"}


@pytest.fixture(scope="module", params=["workbook", "add-in"])
def kind(request: pytest.FixtureRequest) -> FileKind:
    chosen: FileKind = request.param
    return chosen


@pytest.fixture(scope="module")
def parts(paths: dict[FileKind, Path], kind: FileKind) -> Parts:
    return Parts(paths[kind])


def test_the_content_types_say_what_the_file_is(parts: Parts, kind: FileKind) -> None:
    types = parts.types()
    what = "addin" if kind == "add-in" else "sheet"
    main = f"application/vnd.ms-excel.{what}.macroEnabled.main+xml"
    assert types["/xl/workbook.xml"] == main
    assert {f"/{name}" for name in parts.content} >= set(types)
    defaults = parts.xml("[Content_Types].xml").iterfind(f"{{{TYPES}}}Default")
    by_ending = {entry.get("Extension"): entry.get("ContentType") for entry in defaults}
    assert by_ending["bin"] == "application/vnd.ms-office.vbaProject"
    assert by_ending["xml"] == "application/xml"


def test_the_workbook_links_to_its_project(parts: Parts) -> None:
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    assert (kind, "vbaProject.bin") in parts.links("xl/_rels/workbook.xml.rels")


def test_workbook_and_every_sheet_have_the_name_of_their_module(parts: Parts) -> None:
    # without it macros do nothing, silently
    directory = Directory(
        decompress(Compound(parts.content["xl/vbaProject.bin"]).streams["VBA/dir"])
    )
    documents = [record.name for record in directory.modules if not record.procedural][:-1]
    properties = parts.xml("xl/workbook.xml").find(f"{{{MAIN}}}workbookPr")
    names = [sheet.find(f"{{{MAIN}}}sheetPr").get("codeName") for sheet in parts.sheets().values()]
    assert [properties.get("codeName"), *names] == documents
    assert len(set(documents)) == len(documents)


def test_the_project_holds_the_modules_of_its_kind(parts: Parts, kind: FileKind) -> None:
    names = [f"Sheet{number}" for number in range(1, len(parts.sheets()) + 1)]
    modules = modules_of(kind, "ThisWorkbook", names)
    read = macros(parts.content["xl/vbaProject.bin"])
    assert {name.partition(".")[0]: text for name, text in read.items()} == {
        module.name: module.text for module in modules
    }


def test_the_ribbon_calls_what_is_there(parts: Parts) -> None:
    link = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert (link, "customUI/customUI14.xml") in parts.links("_rels/.rels")
    root = parts.xml("customUI/customUI14.xml")
    assert root.tag == f"{{{CUSTOM_UI}}}customUI"
    path = [etree.QName(each).localname for each in root.iter()]
    assert path == ["customUI", "ribbon", "tabs", "tab", "group", *["button"] * len(BUTTONS)]
    ribbon = macros(parts.content["xl/vbaProject.bin"])["xlclv_ribbon.bas"]
    called = {
        value
        for each in root.iter()
        for name, value in each.items()
        if name in ("onAction", "getVisible")
    }
    there = dict(re.findall(r"Public Sub (\w+)\((.*)\)", ribbon))
    assert called == set(there)
    assert all(signature.startswith("control As Object") for signature in there.values())
    buttons = list(root.iter(f"{{{CUSTOM_UI}}}button"))
    assert [each.get("id") for each in buttons] == [button.control for button in BUTTONS]
    assert all(f'Case "{each.get("id")}"' in ribbon for each in buttons)
    assert all(0 < len(each.get("label")) < 1024 > len(each.get("supertip")) for each in buttons)
    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


def test_the_callbacks_of_workbook_and_add_in_are_not_mixed_up(
    paths: dict[FileKind, Path],
) -> None:
    ribbons = [
        macros(Parts(path).content["xl/vbaProject.bin"])["xlclv_ribbon.bas"]
        for path in paths.values()
    ]
    names = [set(re.findall(r"Public Sub (\w+)", ribbon)) for ribbon in ribbons]
    assert not names[0] & names[1]


def test_the_elements_of_every_part_stand_in_order(parts: Parts) -> None:
    for name, sheet in parts.sheets().items():
        places = [SHEET_ORDER.index(etree.QName(each).localname) for each in sheet]
        assert places == sorted(places), name
    book = [etree.QName(each).localname for each in parts.xml("xl/workbook.xml")]
    assert book == [name for name in BOOK_ORDER if name in book]


def test_the_buttons_of_the_tabs_run_refresh(paths: dict[FileKind, Path]) -> None:
    parts = Parts(paths["workbook"])
    drawings = [text for name, text in parts.content.items() if name.endswith(".vml")]
    assert len(drawings) == len(BUTTON_PLACES)
    for drawing in drawings:
        assert re.findall(rb"<x:FmlaMacro>(.*?)</x:FmlaMacro>", drawing) == [b"[0]!Refresh"]
    sheets = parts.sheets()
    with_button = {
        name for name, each in sheets.items() if each.find("{*}legacyDrawing") is not None
    }
    assert with_button == set(BUTTON_PLACES)


def test_the_macro_book_is_the_template_and_its_settings(paths: dict[FileKind, Path]) -> None:
    sheets, _ = read_sheets(paths["workbook"])
    assert [sheet.name for sheet in sheets] == [*(tab.name for tab in TABS), "xlwings.conf"]
    tabs = Parts(paths["workbook"]).xml("xl/workbook.xml").iter(f"{{{MAIN}}}sheet")
    assert {tab.get("name"): tab.get("state") for tab in tabs}["xlwings.conf"] == "hidden"


@pytest.mark.parametrize(
    ("kind_of", "sheet"), [("workbook", "xlwings.conf"), ("add-in", "xlclv.conf")]
)
def test_xlwings_finds_its_settings(
    paths: dict[FileKind, Path], kind_of: FileKind, sheet: str
) -> None:
    rows = read_conf(paths[kind_of], sheet)
    assert rows["INTERPRETER_WIN"] == rows["INTERPRETER_MAC"] == str(PYTHON)
    assert rows["UDF MODULES"] == "xlclv.doors.excel"
    assert rows["ADD_WORKBOOK_TO_PYTHONPATH"] == "False"


def read_conf(path: Path, sheet: str) -> dict[str, str]:
    parts = Parts(path)
    strings = [
        "".join(each.itertext()) for each in parts.xml("xl/sharedStrings.xml").iter(f"{{{MAIN}}}si")
    ]
    cells = parts.sheets()[sheet].iterfind(f".//{{{MAIN}}}v")
    texts = [strings[int(cell.text or 0)] for cell in cells]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def test_without_an_interpreter_the_users_own_settings_hold() -> None:
    assert "INTERPRETER_WIN" not in books.settings(None)


def test_equal_runs_write_equal_files(paths: dict[FileKind, Path], tmp_path: Path) -> None:
    write_macro_book(tmp_path / "other.xlsm", interpreter=PYTHON)
    write_addin(tmp_path / "other.xlam", PYTHON)
    assert (tmp_path / "other.xlsm").read_bytes() == paths["workbook"].read_bytes()
    assert (tmp_path / "other.xlam").read_bytes() == paths["add-in"].read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"other.xlsm", "other.xlam"}


def test_a_computer_without_xlwings_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: str) -> None:
        raise xlwings_source.PackageNotFoundError

    monkeypatch.setattr(xlwings_source, "distribution", missing)
    with pytest.raises(InputError, match=r"pip install .*\[E601\]"):
        write_addin(tmp_path / "xlclv.xlam", PYTHON)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["SOURCES", "PLACEHOLDER"])
def test_an_xlwings_that_is_built_otherwise_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    other = {"add-in": "xlwings/gone.bas"} if name == "SOURCES" else "gone"
    monkeypatch.setattr(xlwings_source, name, other)
    with pytest.raises(InputError, match=r"\[E602\]"):
        write_addin(tmp_path / "xlclv.xlam", PYTHON)
