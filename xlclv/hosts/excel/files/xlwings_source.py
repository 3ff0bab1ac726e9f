"""The VBA of xlwings, taken from the installed package so that its version and DLL agree.

Its licence notice stands at the head of the text and stays there.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from xlclv.errors import InputError
from xlclv.hosts.excel.files.macros import FileKind
from xlclv.xlsx.vba.project import Module

MODULE: Final = "xlwings"
# The name under which xlwings ships its module for an add-in of one's own; it names the sheet
# and the file of settings.
PLACEHOLDER: Final = 'PROJECT_NAME As String = "myaddin"'
ADD_IN_NAME: Final = "xlclv"
SOURCES: Final[dict[FileKind, str]] = {
    "workbook": "xlwings/xlwings.bas",
    "add-in": "xlwings/xlwings_custom_addin.bas",
}
DICTIONARY: Final = "xlwings/addin/Dictionary.cls"  # used on the Mac, which has none of its own


def xlwings_modules(kind: FileKind) -> list[Module]:
    """Return the modules that connect Excel and Python.

    Raises:
        InputError: xlwings is missing, or of a version that lacks them.
    """
    text = _source(SOURCES[kind])
    if kind == "add-in":
        if PLACEHOLDER not in text:
            raise _lacks(SOURCES[kind])
        text = text.replace(PLACEHOLDER, PLACEHOLDER.replace("myaddin", ADD_IN_NAME))
    return [Module(MODULE, text), Module("Dictionary", _source(DICTIONARY), "class")]


def _source(name: str) -> str:
    try:
        path = Path(str(distribution("xlwings").locate_file(name)))
        return path.read_text(encoding="utf-8")
    except PackageNotFoundError as error:
        raise InputError("excel_no_xlwings") from error
    except FileNotFoundError as error:
        raise _lacks(name) from error


def _lacks(name: str) -> InputError:
    version = distribution("xlwings").version
    return InputError("excel_old_xlwings", version=version, missing=name)
