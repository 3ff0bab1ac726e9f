"""Plain books of customers and of orders, and what a refresh makes of them."""

from datetime import date
from pathlib import Path

import xlsxwriter

from tests.refresh.books import (
    CUSTOMERS,
    a_book,
    customers,
    day,
    rows_of,
    sheets_of,
)

# What a refresh must touch: where sheets, styles and types are listed, and the sheet it fills.
LISTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "[Content_Types].xml"}


CLIENTS = [("C1", 50, 2, 3), ("C2", 80, 4, 4), ("C3", 25, 1, 2)]


def a_listed_sheet(path: Path, *, totals: bool) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Clients")
        sheet.write("B2", "Our clients")
        columns = [{"header": header} for header in CUSTOMERS]
        if totals:
            columns[0]["total_string"] = "Total"
            columns[1] |= {"total_function": "average", "total_value": 51.67}
        bottom = 7 if totals else 6
        options = {"name": "Clients", "columns": columns, "data": CLIENTS, "total_row": totals}
        sheet.add_table(3, 1, bottom, 4, options)
        sheet.write("B12", "a note below")
        sheet.write_formula("G12", "=SUM(Clients[Lifespan])", None, 9)
    return path


def clv_of(path: Path, sheet: str = "My customers") -> list[object]:
    return [row[rows_of(path, sheet)[0].index("CLV")] for row in rows_of(path, sheet)[1:]]


def all_cells(path: Path) -> dict[str, list[list[object]]]:
    """Return all values but those that tell of the refresh before."""
    cells = {name: rows_of(path, name) for name in sheets_of(path)}
    cells.pop("History")
    for row in cells["Details"]:
        row[3:4] = []  # since last refresh
    # A book that has tiers and rules needs none to be assumed.
    notes = [row[0] for row in cells["Checks"]].index("What was found and assumed")
    del cells["Checks"][notes:]
    return cells


def a_plain_sheet(path: Path) -> Path:
    headers = [*CUSTOMERS, "Status", "Birthday"]
    rows = [
        [f"C{at}", 10 * at, 1 + at % 3, 2, "open", day(f"1980-07-{at:02}")] for at in range(1, 9)
    ]
    return customers(path, *rows, headers=headers)


LOG = [
    ("C1", date(2025, 1, 10), 40.0),
    ("C1", date(2025, 7, 10), 60.0),
    ("C2", date(2025, 3, 1), 25.0),
    ("C1", date(2026, 1, 10), 50.0),
]


def an_order_book(path: Path) -> Path:
    rows = [["Export of our shop"], ["made on", date(2026, 2, 1)], []]
    rows += [["Receipt", "Member ID", "Paid at", "Net sales"]]
    rows += [[f"R{at}", *row] for at, row in enumerate(LOG, start=1)]
    return a_book(path, {"Notes": [["nothing here"]], "Sheet-Export 1": rows})
