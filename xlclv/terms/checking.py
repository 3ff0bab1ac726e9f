"""Arguments of the sums checked against their terms."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError
from xlclv.terms.arrays import BoolArray, DateArray, FloatArray, TextArray
from xlclv.terms.listed import TERMS
from xlclv.terms.term import Term


def numbers(**arguments: ArrayLike) -> tuple[FloatArray, ...]:
    """Check each argument against its term and return them as float arrays of one shape.

    Raises:
        InputError: A value is outside its range; `rows` tells which.

    >>> numbers(avg_value=[50, 60], frequency=2)
    (array([50., 60.]), array([2., 2.]))
    """
    if all(isinstance(given, float | int) for given in arguments.values()):
        return _single(arguments)
    arrays = []
    for name, given in arguments.items():
        values = np.asarray(given, dtype=float)
        refused = TERMS[name].refuses(values)
        if refused.any():
            raise out_of_range(name, TERMS[name], values, refused)
        arrays.append(values)
    return tuple(np.broadcast_arrays(*arrays))


def _single(given: Mapping[str, ArrayLike]) -> tuple[FloatArray, ...]:
    """Check one number for each term; a scalar of numpy is an array of shape () that costs less."""
    for name, value in given.items():
        number = float(value)  # type: ignore[arg-type]
        if TERMS[name].refuses(number):
            one = np.asarray(number)
            raise out_of_range(name, TERMS[name], one, TERMS[name].refuses(one))
    return tuple(map(np.float64, given.values()))  # type: ignore[arg-type]


def out_of_range(name: str, term: Term, values: FloatArray, refused: BoolArray) -> InputError:
    """Return the error for the values that a term refuses."""
    hints = np.array([term.hint(float(value)) for value in values[refused].flat], dtype=object)
    hint = np.full(values.shape, "", dtype=object)
    hint[refused] = hints
    key = "not_whole" if term.whole and _all_but_whole(term, values[refused]) else "out_of_range"
    rows = refused if values.ndim else None
    return InputError(key, rows=rows, name=name, value=values, expected=term.expected, hint=hint)


def _all_but_whole(term: Term, values: FloatArray) -> bool:
    return not term.refuses(np.floor(values)).any()


def dates(**arguments: ArrayLike) -> tuple[DateArray, ...]:
    """Return the arguments as arrays of days of one shape.

    >>> dates(as_of="2026-01-31")
    (array('2026-01-31', dtype='datetime64[D]'),)
    """
    if all(isinstance(given, np.datetime64) for given in arguments.values()):
        return tuple(given.astype("datetime64[D]") for given in arguments.values())  # type: ignore[union-attr]
    days = [np.asarray(given, dtype="datetime64[D]") for given in arguments.values()]
    return tuple(np.broadcast_arrays(*days))


def one_day(**argument: ArrayLike) -> np.datetime64:
    """Return the day of an argument that must be the same in every row.

    Raises:
        InputError: It is not.

    >>> one_day(as_of=["2026-01-31"])
    np.datetime64('2026-01-31')
    """
    ((name, given),) = argument.items()
    days = np.unique(np.asarray(given, dtype="datetime64[D]"))
    if days.size != 1:
        raise InputError("one_cell", name=name, size=np.size(given))
    return np.datetime64(days[0], "D")


def texts(value: ArrayLike) -> TextArray:
    """Return labels as an object array of text."""
    return np.asarray(value, dtype=object)


def choice(name: str, value: str | TextArray) -> str:
    """Return the choice that `value` means, by its code or its word in any language.

    Args:
        name: The term.
        value: A text, or a column of one and the same.

    Raises:
        InputError: There is none, or the column holds several.

    >>> choice("unit", "Months")
    'months'
    """
    if not isinstance(value, str):
        given = {*np.asarray(value, dtype=object).flat}
        if len(given) != 1:
            raise InputError("one_cell", name=name, size=np.size(value))
        (value,) = given
    code = TERMS[name].code(str(value))
    if code is not None:
        return code
    raise InputError("not_a_choice", name=name, value=value, expected=TERMS[name].expected)
