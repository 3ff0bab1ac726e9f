"""How the values of a column are changed, so that the figures, a check or a refusal must change."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from .layouts import MONEY, Case
from .locales import Locale
from .shoplog import FIRST_DAY
from .simple_reader import number

Change = Callable[[str, int, Locale], str]


def _all_larger(cell: str, _at: int, locale: Locale) -> str:
    return locale.number(int(number(cell, locale) / locale.unit) * 3 // 2) if cell else cell


def _one_larger(cell: str, at: int, locale: Locale) -> str:
    """Change the first row of the body alone; it counts in every sample."""
    return cell if at else locale.number(int(number(cell, locale) / locale.unit) + 700)


def _one_cancelled(cell: str, at: int, locale: Locale) -> str:
    return cell if at else locale.states["dead"][0]


def _one_unknown(cell: str, at: int, _locale: Locale) -> str:
    return cell if at else "left with the neighbours"


def _one_foreign(cell: str, at: int, _locale: Locale) -> str:
    return cell if at else "SEK"


def _one_date(cell: str, at: int, locale: Locale) -> str:
    return cell if at else locale.date(FIRST_DAY)


def _all_doubled(cell: str, _at: int, _locale: Locale) -> str:
    return str(2 * int(cell))


def _one_negative(cell: str, at: int, _locale: Locale) -> str:
    return cell if at else f"-{cell}"


def _half(cell: str, _at: int, _locale: Locale) -> str:
    return f"{int(cell.rstrip('%')) // 2}%"


CHANGES: Mapping[str, Mapping[str, Change]] = {
    **{role: {"all": _all_larger, "one": _one_larger} for role in MONEY},
    "status": {"cancelled": _one_cancelled, "unknown": _one_unknown},
    "currency": {"foreign": _one_foreign},
    "cancelled_at": {"cancelled": _one_date},
    "quantity": {"doubled": _all_doubled, "negative": _one_negative},
    "tax_rate": {"half": _half},
}


COUNTING = frozenset(CHANGES)


def changed(case: Case, role: str, change: Change) -> Case:
    """Return a case with the cells of a column changed."""
    column = [case.roles.get(header) for header in case.rows[0]].index(role)
    locale = case.layout.locale
    body = [
        (*row[:column], change(row[column], at, locale), *row[column + 1 :])
        for at, row in enumerate(case.rows[1:])
    ]
    return replace(case, rows=(case.rows[0], *body))


def renamed(case: Case, role: str, name: str) -> Case:
    """Return a case with another header over a column."""
    header = case.layout.locale.headers[role]
    headers = tuple(name if one == header else one for one in case.rows[0])
    roles = {name if one == header else one: what for one, what in case.roles.items()}
    return replace(case, rows=(headers, *case.rows[1:]), roles=roles)


def with_column(rows: list[list[str]], header: str, value: str) -> list[list[str]]:
    """Return a table with one more column, of one value."""
    return [[*row, header if at == 0 else value] for at, row in enumerate(rows)]
