"""Workbooks of the stand-in for Excel, saved and looked at."""

from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.worksheet.formula import ArrayFormula


def saved(book: xw.Book, folder: Path) -> Path:
    path = folder / "ours.xlsx"
    book.save(path)
    return path


def everything(path: Path) -> dict[str, Any]:
    """Return every cell, table and name of a workbook."""
    file = openpyxl.load_workbook(path)
    found: dict[str, Any] = {
        tab.title: (
            {
                cell.coordinate: (entered(cell.value), cell.data_type, cell.number_format)
                for row in tab.iter_rows()
                for cell in row
                if cell.value is not None
            },
            {table.name: table.ref for table in tab.tables.values()},
        )
        for tab in file.worksheets
    }
    return found | {"names": {name: each.value for name, each in file.defined_names.items()}}


def entered(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Return what was entered into a cell, an array formula with the cells it fills."""
    return (value.ref, value.text) if isinstance(value, ArrayFormula) else value
