"""A workbook with macros, and the add-in: code names, buttons, the ribbon, content types.

The VBA project itself comes from outside, as it belongs to a host.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Literal

import xlsxwriter
from lxml import etree

from xlclv.analysis.results import Results
from xlclv.words import word
from xlclv.workbook.drawing import CREATED, Drawing
from xlclv.workbook.template import draw_all
from xlclv.xlsx.package import Package

FileKind = Literal["workbook", "add-in"]
# Given the code names of the workbook and of its sheets, returns the vbaProject.bin.
Project = Callable[[str, Sequence[str]], bytes]

WORKBOOK_CODE_NAME: Final = "ThisWorkbook"
REFRESH: Final = "Refresh"
# Row, column and distance in pixels from the left edge of that cell, below the title's height.
BUTTON_PLACES: Final = {"Start": (0, 1, 420), "Summary": (0, 6, 0)}
BUTTON: Final = {"width": 120, "height": 28, "y_offset": 4}

_TYPES: Final = "[Content_Types].xml"
_ADD_IN: Final = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBON_PART: Final = "customUI/customUI14.xml"
_RIBBON_LINK: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_RIBBON: Final = "http://schemas.microsoft.com/office/2009/07/customui"


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the ribbon.

    Args:
        key: Of its texts, `excel.ribbon.KEY`.
        macro: What it runs.
        icon: One of Office's own pictures.
    """

    key: str
    macro: str
    icon: str

    @property
    def control(self) -> str:
        """Return the id by which the ribbon tells it from others."""
        return f"xlclv_{self.key}"


BUTTONS: Final = (
    Button("refresh", REFRESH, "DataRefreshAll"),
    Button("post", "PostRewards", "ReviewAcceptChange"),
    Button("freeze", "FreezeForSharing", "PasteValues"),
    Button("load", "LoadSample", "FileOpen"),
    Button("clear", "ClearSample", "ClearContents"),
    Button("doctor", "Doctor", "Help"),
)


def on_click(kind: FileKind) -> str:
    """Name the macro that the buttons of the ribbon call."""
    return "AddinClick" if kind == "add-in" else "BookClick"


def on_show(kind: FileKind) -> str:
    """Name the macro that says whether the tab of the ribbon shows."""
    return "AddinShow" if kind == "add-in" else "BookShow"


def ribbon(kind: FileKind) -> etree._Element:
    """Return the tab of the ribbon: MS-CUSTOMUI 2, customUI14."""
    root = etree.Element(f"{{{_RIBBON}}}customUI", nsmap={None: _RIBBON})  # type: ignore[dict-item]  # the default namespace
    tabs = _add(_add(root, "ribbon"), "tabs")
    label = word("excel.ribbon.tab")
    tab = _add(tabs, "tab", id="xlclv_tab", label=label, getVisible=on_show(kind))
    group = _add(tab, "group", id="xlclv_group", label=word("excel.ribbon.group"))
    for button in BUTTONS:
        text = f"excel.ribbon.{button.key}"
        _add(
            group,
            "button",
            id=button.control,
            label=word(f"{text}.label"),
            size="large",
            onAction=on_click(kind),
            imageMso=button.icon,
            screentip=word(f"{text}.label"),
            supertip=word(f"{text}.tip"),
        )
    return root


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_RIBBON}}}{name}", attributes)


class MacroSketch(Drawing):
    """A workbook with macros being drawn.

    Args:
        path: Where it is written.
        project: Makes its VBA project.
        settings: Rows of the hidden sheet that tells xlwings how to start Python.
        status: The line that every tab shows about the checks.
    """

    def __init__(
        self, path: Path, project: Project, settings: Mapping[str, str], status: str = ""
    ) -> None:
        super().__init__(path, status=status, host="macro")
        self.project = project
        self.settings = settings

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the file, then what XlsxWriter does not."""
        if kind is None:
            for tab, (row, column, x_offset) in BUTTON_PLACES.items():
                sheet = self.book.get_worksheet_by_name(self.name(tab))
                caption = word("excel.refresh_button")
                place = {**BUTTON, "x_offset": x_offset}
                sheet.insert_button(row, column, {"macro": REFRESH, "caption": caption, **place})
            add_settings(self.book, "xlwings.conf", self.settings).hide()
            add_project(self.book, self.project)
        super().__exit__(kind, error, trace)
        if kind is None:
            finish(self.path, "workbook")


def write_macro_workbook(
    path: Path, results: Results, project: Project, settings: Mapping[str, str]
) -> None:
    """Write the template with its macros; as `template.write_book`.

    Args:
        path: Where.
        results: What to show.
        project: Makes the VBA project.
        settings: How xlwings starts Python.
    """
    with MacroSketch(path, project, settings, results.status) as drawing:
        draw_all(drawing, results)


def write_add_in(path: Path, sheet: str, settings: Mapping[str, str], project: Project) -> None:
    """Write an add-in: nothing but a VBA project, the ribbon and a sheet of settings."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    book.set_properties({"created": CREATED, "title": "xlclv"})
    add_settings(book, sheet, settings)
    add_project(book, project)
    book.close()
    finish(path, "add-in")


def add_settings(
    book: xlsxwriter.Workbook, name: str, settings: Mapping[str, str]
) -> xlsxwriter.worksheet.Worksheet:
    """Add the sheet on which xlwings looks up its settings."""
    sheet = book.add_worksheet(name)
    for row, (key, value) in enumerate(settings.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 60)
    return sheet


def add_project(book: xlsxwriter.Workbook, project: Project) -> None:
    """Add the VBA project; workbook and sheets get the names of the modules behind them."""
    sheets = book.worksheets()
    names = [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    book.set_vba_name(WORKBOOK_CODE_NAME)
    for sheet, name in zip(sheets, names, strict=True):
        sheet.set_vba_name(name)
    book.add_vba_project(io.BytesIO(project(WORKBOOK_CODE_NAME, names)), is_stream=True)


def finish(path: Path, kind: FileKind) -> None:
    """Add the tab of the ribbon to a written file, and say that an add-in is one."""
    whole = path.with_name(f"{path.name}.part")
    with Package(path) as package:
        package.put(_RIBBON_PART, ribbon(kind))
        package.relate("", _RIBBON_LINK, _RIBBON_PART)
        if kind == "add-in":
            types = package.tree(_TYPES)
            for entry in types.iterfind(f"{{*}}Override[@PartName='/{package.workbook}']"):
                entry.set("ContentType", _ADD_IN)
            package.put(_TYPES, types)
        package.write(whole)
    whole.replace(path)
