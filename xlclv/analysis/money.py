"""The sign of the money: of the orders, of the settings, or none."""

from typing import Final

from xlclv.customers.people import People
from xlclv.settings import Settings
from xlclv.words import number, word

SIGNS: Final = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "JPY": "¥",
    "CNY": "¥",
    "KRW": "₩",
    "INR": "₹",
    "PLN": "zł",
    "CZK": "Kč",
    "BRL": "R$",
}
FORMER: Final = "$"  # what Input said of itself in books of earlier versions


def money_sign(settings: Settings, people: People, of_cells: str = "") -> str:
    """Return the sign of the money, "" where nothing tells it.

    What Input says comes first, unless it is the sign that was once put there for everybody.

    Args:
        settings: Those of Input, or of the command.
        people: The customers, with their orders.
        of_cells: What the formats of the amounts show.
    """
    lines = people.lines
    code = "" if lines is None else lines.currency
    if not code and lines is not None and lines.table.reading is not None:
        code = lines.table.reading.currency
    found = SIGNS.get(code, code) or of_cells
    given = settings.money_symbol
    return found or given if given in ("", FORMER) else given


def whole(sign: str, value: float) -> str:
    """Write money with its sign and without cents.

    >>> whole("€", 1234.5), whole("", 60.0), whole("$", -5.0)
    ('€1,234', '60', '-$5')
    """
    text = word("money.signed", sign=sign, number=number(abs(value), 0)) if sign else ""
    text = text or number(abs(value), 0)
    return f"-{text}" if round(value) < 0 else text


def cell_format(sign: str) -> str:
    r"""Return the number format of money with its sign and without cents.

    One letter is marked as Calc does, so that a book saved by it keeps the format.

    >>> print(cell_format("€"), cell_format("zł"), cell_format(""))
    \€#,##0 "zł"#,##0 #,##0
    """
    quoted = sign.replace('"', "")
    marked = f"\\{quoted}" if len(quoted) == 1 else f'"{quoted}"'
    return word("money.signed", sign=marked, number="#,##0") if quoted else "#,##0"
