"""The files for Excel: the template with its macros, and the add-in."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from xlclv.analysis.results import Results
from xlclv.hosts.excel.files.macros import FileKind, write_add_in, write_macro_workbook
from xlclv.hosts.excel.files.wrappers import DOOR, fixed, own_modules
from xlclv.hosts.excel.files.xlwings_source import ADD_IN_NAME, xlwings_modules
from xlclv.workbook.template import sample_results
from xlclv.xlsx.vba.project import Module, vba_project

ADD_IN_FILE: Final = f"{ADD_IN_NAME}.xlam"  # known to the macros by this name


def write_macro_book(
    path: Path, results: Results | None = None, interpreter: Path | None = None
) -> None:
    """Write the template as a workbook with macros.

    Args:
        path: Where; the name of the final file ends in .xlsm.
        results: What to show; None: the sample shop.
        interpreter: The Python that runs the functions; None: the one xlwings is set to, or that
            of the PATH.

    Raises:
        InputError: xlwings is missing or too old.
    """
    project = partial(project_of, "workbook")
    write_macro_workbook(path, results or sample_results(), project, settings(interpreter))


def write_addin(path: Path, interpreter: Path) -> None:
    """Write the add-in, with which every workbook has the functions and the ribbon tab.

    Args:
        path: Where; the final file is called ADD_IN_FILE.
        interpreter: Full path of the Python that runs the functions.

    Raises:
        InputError: xlwings is missing or too old.
    """
    project = partial(project_of, "add-in")
    write_add_in(path, f"{ADD_IN_NAME}.conf", settings(interpreter), project)


def settings(interpreter: Path | None) -> dict[str, str]:
    """Return how xlwings starts Python; a setting left out is looked up in the user's own.

    The folder of a workbook is no place to import from: whoever sends the workbook could send
    code beside it.
    """
    chosen = {"ADD_WORKBOOK_TO_PYTHONPATH": "False", "UDF MODULES": DOOR}
    if interpreter:
        chosen |= dict.fromkeys(("INTERPRETER_WIN", "INTERPRETER_MAC"), str(interpreter))
    return chosen


def project_of(kind: FileKind, workbook: str, sheets: Sequence[str]) -> bytes:
    """Return the VBA project of a file, given the code names of its workbook and sheets."""
    return vba_project(modules_of(kind, workbook, sheets))


def modules_of(kind: FileKind, workbook: str, sheets: Sequence[str]) -> list[Module]:
    """Return all modules of a file."""
    return [
        Module(workbook, fixed("ThisWorkbook"), "workbook"),
        *(Module(sheet, "Option Explicit\n", "sheet") for sheet in sheets),
        *xlwings_modules(kind),
        *own_modules(kind),
    ]
