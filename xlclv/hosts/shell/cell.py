"""How the value of a cell is printed."""

from datetime import date

from xlclv.columns import CellError


def as_text(cell: object) -> str:
    """Write the value of a cell as it is printed.

    >>> as_text(300.0), as_text(True), as_text(date(2026, 1, 31))
    ('300', 'TRUE', '2026-01-31')
    """
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{cell:.15g}"  # as many digits as a spreadsheet keeps
    return cell.isoformat() if isinstance(cell, date) else str(cell)
