"""Write a table to a file the way programs do: text in many dialects, or a workbook."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from hypothesis import strategies as st

from .layouts import MONEY, Case

SINGLE_BYTE = {"en-US", "en-GB", "de", "de-CH", "es", "it", "pt-BR", "nl"}
OLD = {"ja": "cp932", "zh-Hans": "gb18030", "zh-Hant": "big5", "ko": "cp949"}


@dataclass(frozen=True)
class Writing:
    """How the bytes are written.

    Args:
        kind: "csv", "xlsx" with numbers and days as such, or "xlsx text".
        separator: Of a csv.
        encoding: Of a csv; "old" is the one of the place before UTF-8.
        quote_all: Every cell of a csv in quotation marks.
        newline: Of a csv.
    """

    kind: str = "csv"
    separator: str = ","
    encoding: str = "utf-8"
    quote_all: bool = False
    newline: str = "\n"


WRITINGS = st.builds(
    Writing,
    kind=st.sampled_from(["csv", "csv", "csv", "xlsx", "xlsx text"]),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "old"]),
    quote_all=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
)


def write(case: Case, writing: Writing, folder: Path) -> Path:
    """Write a table and return its file."""
    if writing.kind == "csv":
        return write_csv(case.sheet(), folder / "orders.csv", writing, case.layout.place)
    return _write_workbook(case, folder / "orders.xlsx", typed=writing.kind == "xlsx")


def write_csv(
    rows: Sequence[Sequence[str]], path: Path, writing: Writing, place: str = "en-US"
) -> Path:
    """Write rows of text; letters that an old encoding lacks make it UTF-8."""
    quoting = csv.QUOTE_ALL if writing.quote_all else csv.QUOTE_MINIMAL
    text = io.StringIO()
    writer = csv.writer(
        text, delimiter=writing.separator, lineterminator=writing.newline, quoting=quoting
    )
    writer.writerows(rows)
    encoding = writing.encoding
    if encoding == "old":
        encoding = "cp1252" if place in SINGLE_BYTE else OLD.get(place, "utf-8")
    try:
        path.write_bytes(text.getvalue().encode(encoding))
    except UnicodeEncodeError:
        path.write_bytes(text.getvalue().encode("utf-8"))
    return path


def _write_workbook(case: Case, path: Path, *, typed: bool) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        sheet = book.add_worksheet("Orders")
        top = case.layout.titles
        roles = [case.roles.get(header, "") for header in case.rows[0]]
        for row, cells in enumerate(case.sheet()):
            of_table = top < row < top + len(case.rows)
            for column, cell in enumerate(cells):
                if cell == "":
                    continue
                value = _typed(case, roles[column], cell) if typed and of_table else cell
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(row, column, value)
                else:
                    sheet.write_number(row, column, value)
    return path


def _typed(case: Case, role: str, cell: str) -> str | float | datetime:
    """Return a number or a day as a spreadsheet program stores it, any other cell as text."""
    locale = case.layout.locale
    if role == "date":
        return datetime.strptime(cell, locale.day)  # noqa: DTZ007 - cells have no zone
    if role == "quantity":
        return float(cell)
    if role in MONEY and not case.layout.currency.endswith("sign"):
        text = cell.strip("()-").replace(locale.thousands, "").replace(locale.decimal, ".")
        return -float(text) if cell.strip("()-") != cell else float(text)
    return cell
