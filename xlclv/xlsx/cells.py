"""One value as the XML of a cell."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from openpyxl.utils.datetime import WINDOWS_EPOCH, to_excel

from xlclv.columns import LONGEST_TEXT, CellError
from xlclv.xlsx.rows import escaped

# The attribute that tells the type of a cell, and what stands in it; "" where it is empty.
Inside = tuple[str, str]
EMPTY: Final[Inside] = ("", "")


def cell_xml(address: str, style: int, value: object, epoch: datetime = WINDOWS_EPOCH) -> str:
    """Write a cell; one that is empty and has no format is left out.

    Args:
        address: Such as "A1".
        style: Number of its format.
        value: Number, text, true or false, date, error; None, "" or NaN is an empty cell. Text is
            never a formula, and is cut to what a cell holds.
        epoch: The day from which the book counts.

    >>> cell_xml("A1", 3, "=1+1"), cell_xml("A2", 0, 2.0), cell_xml("A3", 3, None)
    ('<c r="A1" s="3" t="inlineStr"><is><t>=1+1</t></is></c>', '<c r="A2"><v>2</v></c>', \
'<c r="A3" s="3"/>')
    """
    inside: Callable[..., Inside] = _INSIDE.get(type(value), _other)
    kind, content = inside(value, epoch)
    look = f' s="{style}"' if style else ""
    if not content:
        return f'<c r="{address}"{look}/>' if style else ""
    return f'<c r="{address}"{look}{kind}>{content}</c>'


def _text(text: str, _epoch: datetime) -> Inside:
    if not text:
        return EMPTY
    text = text[:LONGEST_TEXT]
    kept = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    if not (text.isalnum() and text.isascii()):
        text = escaped(text)
    return ' t="inlineStr"', f"<is><t{kept}>{text}</t></is>"


def _number(number: float, _epoch: datetime) -> Inside:
    if math.isfinite(number):
        return "", f"<v>{repr(float(number)).removesuffix('.0')}</v>"
    return EMPTY if math.isnan(number) else (' t="e"', "<v>#NUM!</v>")


def _boolean(value: object, _epoch: datetime) -> Inside:
    return ' t="b"', f"<v>{int(bool(value))}</v>"


def _day(day: date, epoch: datetime) -> Inside:
    if isinstance(day, datetime):
        day = day.replace(tzinfo=None)  # a cell shows the clock of the place
    serial: float = to_excel(day, epoch)  # type: ignore[no-untyped-call] # its stubs lack it
    return _number(serial, epoch)


def _error(error: CellError, _epoch: datetime) -> Inside:
    return ' t="e"', f"<v>{escaped(error.code)}</v>"


def _other(value: Any, epoch: datetime) -> Inside:  # noqa: ANN401 - whatever a frame holds
    """Write what comes from numpy or pandas."""
    if isinstance(value, str):
        return _text(value, epoch)
    if value is None or pd.isna(value):
        return EMPTY
    if isinstance(value, np.bool_):
        return _boolean(value, epoch)
    if isinstance(value, date | np.datetime64):
        return _day(pd.Timestamp(value).to_pydatetime(), epoch)
    return _number(float(value), epoch)


_INSIDE: Final[dict[type, Callable[..., Inside]]] = {
    type(None): lambda _value, _epoch: EMPTY,
    str: _text,
    float: _number,
    int: _number,
    bool: _boolean,
    date: _day,
    datetime: _day,
    CellError: _error,
}
