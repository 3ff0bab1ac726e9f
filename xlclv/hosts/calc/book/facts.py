"""What of the user's stands on the sheets of an open document of Calc.

Objects of UNO come in as arguments, so nothing here imports it. UNO counts from 0, a `Box` from 1.
"""

from typing import Any

from xlclv.addresses import Box
from xlclv.xlsx.facts import StandingTable

Uno = Any
# Of com.sun.star.sheet.CellFlags: numbers, dates, texts, formulas.
FORMULAS = 16
CONTENTS = 1 | 2 | 4 | FORMULAS


class DocumentFacts:
    """What stands in the way in an open document."""

    date_1904 = False  # `read_document` refuses any day but that of Excel

    def __init__(self, document: Uno) -> None:
        self._document = document

    def is_protected(self, sheet: str) -> bool:
        """Say whether a sheet is protected."""
        return bool(self._sheet(sheet).isProtected())

    def holds_pivot(self, sheet: str) -> bool:
        """Say whether a pivot table stands on a sheet."""
        return bool(self._sheet(sheet).DataPilotTables.Count)

    def tables(self, sheet: str) -> list[StandingTable]:
        """Return the tables of a sheet, which are database ranges here."""
        ranges, number = self._document.DatabaseRanges, self._sheet(sheet).RangeAddress.Sheet
        listed = (ranges.getByName(name) for name in ranges.ElementNames)
        return [
            StandingTable(
                each.Name,
                box_of(each.DataArea),
                has_headers=each.ContainsHeader,
                totals_rows=int(each.TotalsRow),
            )
            for each in listed
            if each.DataArea.Sheet == number
        ]

    def number_format(self, sheet: str, row: int, column: int) -> str:
        """Return the code of the number format of a cell."""
        cell = self._sheet(sheet).getCellByPosition(column - 1, row - 1)
        return str(self._document.NumberFormats.getByKey(cell.NumberFormat).FormatString)

    def content(self, sheet: str, box: Box) -> str:
        """Return the address of the first cell in a box that holds something, "" without."""
        areas = self._area(sheet, box).queryContentCells(CONTENTS).RangeAddresses
        corners = sorted(box_of(area)[:2] for area in areas)
        return str(Box(*corners[0], *corners[0])) if corners else ""

    def merged(self, sheet: str, box: Box) -> str:
        """Return merged cells that reach into a box, "" without."""
        whole = self._whole(self._area(sheet, box))  # with what reaches in from outside
        # Where cells are merged is part of their format, and alike are told together.
        groups = self._area(sheet, whole).getUniqueCellFormatRanges()
        for index in range(groups.Count):
            for part in groups.getByIndex(index).RangeAddresses:
                corner = self._area(sheet, box_of(part)).getCellByPosition(0, 0)
                if corner.IsMerged and self._whole(corner).meets(box):
                    return str(self._whole(corner))
        return ""

    @staticmethod
    def _whole(cells: Uno) -> Box:
        """Return cells with all the merged cells that they are part of."""
        cursor = cells.Spreadsheet.createCursorByRange(cells)
        cursor.collapseToMergedArea()
        return box_of(cursor.RangeAddress)

    def one_formula(self, sheet: str, box: Box) -> str:
        """Return cells filled by one array formula that reach into a box, "" without."""
        for part in self._area(sheet, box).queryContentCells(FORMULAS).RangeAddresses:
            cells = self._area(sheet, box_of(part))
            for row in range(part.EndRow - part.StartRow + 1):
                for column in range(part.EndColumn - part.StartColumn + 1):
                    cell = cells.getCellByPosition(column, row)
                    filled = _filled(cell) if cell.ArrayFormula else ""
                    if ":" in filled:
                        return filled
        return ""

    def _sheet(self, name: str) -> Uno:
        return self._document.Sheets.getByName(name)

    def _area(self, sheet: str, box: Box) -> Uno:
        left, top = box.first_column - 1, box.first_row - 1
        right, bottom = box.last_column - 1, box.last_row - 1
        return self._sheet(sheet).getCellRangeByPosition(left, top, right, bottom)


def _filled(cell: Uno) -> str:
    """Return the cells that the array formula of a cell fills."""
    cursor = cell.Spreadsheet.createCursorByRange(cell)
    cursor.collapseToCurrentArray()
    return str(box_of(cursor.RangeAddress))


def box_of(area: Uno) -> Box:
    """Return the cells of an address of UNO."""
    return Box(area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)
