"""The tables of the product: which columns they have, and how a range with headers becomes one."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from xlclv import headers
from xlclv.columns import CellError, Cells, Column, as_objects, read_column
from xlclv.errors import InputError
from xlclv.readings import Reading
from xlclv.terms import TERMS, Array, BoolArray
from xlclv.words import has, word, words

SCHEMA = 1  # of the workbook: raised when a table or tab changes its meaning


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What a table holds.

    Args:
        name: Its key, also of its texts.
        columns: Terms, in the order of the template.
        required: Columns without which the table says nothing; a tuple in it: any one of these.
        filled: Columns of `required` that must not be blank in a used row.
        results: Columns that refresh writes, in order, at the right end.
    """

    name: str
    columns: tuple[str, ...]
    required: tuple[str | tuple[str, ...], ...]
    filled: tuple[str, ...] = ()
    results: tuple[str, ...] = ()


ORDERS = TableSpec(
    "orders",
    columns=(
        *("order_id", "customer_id", "order_date", "amount_net", "discount", "tax", "cost"),
        *("channel", "campaign", "product", "qty", "is_refund", "ref_order", "currency_code"),
        *("order_status", "customer_name", "customer_email", "newsletter", "opt_in"),
    ),
    required=("customer_id", "order_date", "amount_net"),
    filled=("customer_id", "order_date", "amount_net"),
)

CUSTOMERS = TableSpec(
    "customers",
    columns=(
        *("customer_id", "label", "segment", "avg_value", "frequency", "lifespan", "margin"),
        *("revenue", "order_count", "first_order", "last_order", "churn", "acq_cost"),
        *("birth_date", "joined", "acq_channel", "newsletter", "referred_by", "opt_in", "tags"),
        *("plan_usage", "current_tier", "tier_since", "last_contact"),
    ),
    required=("customer_id",),
    filled=("customer_id",),
    results=("clv", "tier", "tier_gap", "status", "granted", "reason"),
)

TIERS = TableSpec(
    "tiers",
    columns=(
        *("tier", "measure", "enter_at", "keep_at", "window", "valid_months", "round_up_to"),
        *("grace_days", "if_not_kept", "points_factor", "entry_reward", "skipped_tiers"),
        "treatment",
    ),
    required=("tier", "enter_at"),
    filled=("tier", "enter_at"),
    results=("reads_as", "row_status"),
)

RULES = TableSpec(
    "rules",
    columns=(
        *("rule_id", "active", "rule_name", "rule_type", "trigger", "trigger_value"),
        *("window_after", "only_tiers", "only_segments", "not_for"),
        *("field_1", "test_1", "value_1", "field_2", "test_2", "value_2"),
        *("field_3", "test_3", "value_3", "min_order", "products", "reward", "reward_value"),
        *("friend_reward", "max_per_order", "max_times", "max_per", "cool_down", "budget"),
        *("budget_per", "cost_each", "waiting_days", "expires_days", "expiry_restarts"),
        *("valid_from", "valid_to", "priority", "together", "group", "note"),
    ),
    required=("rule_id", "rule_name"),
    filled=("rule_id",),
    results=("reads_as", "row_status"),
)

LEDGER = TableSpec(
    "ledger",
    columns=(
        *("entry_date", "customer_id", "rule_id", "reference", "points", "face_value"),
        *("booked_cost", "entry_state", "usable_from", "expires_on", "note"),
    ),
    required=("entry_date", "customer_id", "entry_state"),
    filled=("entry_date", "customer_id", "entry_state"),
)

FEEDBACK = TableSpec(
    "feedback",
    columns=("feedback_date", "customer_id", "channel", "kind", "score", "comment"),
    required=("feedback_date", "customer_id"),
    filled=("feedback_date", "customer_id"),
)

REWARDS = TableSpec(
    "rewards",
    columns=("customer_id", "rule_id", "eligible", "cost"),
    required=("rule_id", "eligible", "cost"),
    filled=("rule_id",),
)

FIT = TableSpec(
    "fit",
    columns=("model_name", "parameter", "estimate", "std_error", "remark"),
    required=("model_name", "parameter", "estimate"),
    filled=("model_name", "parameter"),
)

# The table that an argument of a function holds.
ARGUMENT_TABLES = {
    "orders": ORDERS,
    "customers": CUSTOMERS,
    "tier_table": TIERS,
    "rule_table": RULES,
    "ledger": LEDGER,
    "feedback": FEEDBACK,
    "rewards": REWARDS,
    "fit": FIT,
}
SPECS = {
    spec.name: spec for spec in (ORDERS, CUSTOMERS, TIERS, RULES, LEDGER, FEEDBACK, REWARDS, FIT)
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: sheet or file, row of its headers, first column (both from 1)."""

    sheet: str = ""
    header_row: int = 1
    first_column: int = 1

    def cell(self, column: int, row: int) -> str:
        """Name the cell of a column (from 0) and a body row (from 0), such as Orders!C12."""
        address = f"{letters(self.first_column + column)}{self.header_row + 1 + row}"
        return f"{self.sheet}!{address}" if self.sheet else address


@dataclass(frozen=True, slots=True)
class RawTable:
    """A range of cells with a header row, as it stands on a sheet or in a file.

    Args:
        headers: Texts of the header row.
        columns: The cells below each header, all of one length.
        where: How messages name the place of a cell: sheet or file, header row and first column
            (both from 1).
    """

    headers: Sequence[str]
    columns: Sequence[Cells]
    where: Place = Place()

    @property
    def rows(self) -> int:
        """Return the number of rows below the header."""
        return len(self.columns[0]) if self.columns else 0


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that could not be used, and why."""

    cell: str
    row: int
    name: str
    error: CellError

    def __str__(self) -> str:
        """Write the fault the way a report lists it."""
        return f"{self.cell}: {self.error.message}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table read: typed columns of shape (n,), blank cells and faults known.

    Args:
        spec: What the table is.
        columns: Name to column; a name that is absent has no column on the sheet.
        used: Sheet rows (from 0, below the header) that are not wholly blank, shape (n,).
        raw: The range it was read from.
        index: Name to position (from 0) in the range.
        faults: Every cell that could not be read, in the order of the rows.
        reading: What an order table was taken to mean; None where nobody had to find out.
    """

    spec: TableSpec
    columns: Mapping[str, Column]
    used: NDArray[np.int64]
    raw: RawTable
    index: Mapping[str, int]
    faults: tuple[Fault, ...]
    reading: Reading | None = None

    @property
    def rows(self) -> int:
        """Return the number of used rows."""
        return int(self.used.size)

    @classmethod
    def empty(cls, name: str) -> Self:
        """Return a table of a spec by name, with neither columns nor rows."""
        return cls(SPECS[name], {}, np.array([], np.int64), RawTable([], []), {}, ())

    @staticmethod
    def nothing(name: str, size: int, default: object = None) -> Array:
        """Return a column that is not there, shape (size,), filled with the default."""
        return _filled(TERMS[name].kind, size, default)

    def has(self, name: str) -> bool:
        """Say whether the table has that column and anything in it."""
        return name in self.columns and not bool(self.columns[name].blank.all())

    def values(self, name: str, default: object = None) -> Array:
        """Return a column, shape (n,), with `default` where it is blank, faulty or absent."""
        if name not in self.columns:
            return self.nothing(name, self.rows, default)
        column = self.columns[name]
        values = column.values.copy()
        values[column.blank | column.bad] = self.nothing(name, 1, default)[0]
        return values

    def typed(self, place: int) -> Array:
        """Return the cells of a column by its position (from 0) as they were typed, shape (n,)."""
        cells = self.raw.columns[place]
        if isinstance(cells, np.ndarray) and cells.dtype != object:
            return cells[self.used]
        return as_objects(cells)[self.used]

    def blank(self, name: str) -> BoolArray:
        """Say where a column has nothing, shape (n,); everywhere if it is absent."""
        if name not in self.columns:
            return np.ones(self.rows, bool)
        return self.columns[name].blank

    def bad_rows(self, names: Collection[str] | None = None) -> BoolArray:
        """Say which rows have a fault in any of these columns, or in any at all, shape (n,)."""
        bad = np.zeros(self.rows, bool)
        for name, column in self.columns.items():
            if names is None or name in names:
                bad |= column.bad
        return bad


def _filled(kind: str, size: int, default: object) -> Array:
    if kind == "number":
        return np.full(size, np.nan if default is None else default, dtype=float)
    if kind == "date":
        return np.full(size, np.datetime64("NaT") if default is None else default, "datetime64[D]")
    if kind == "boolean":
        return np.full(size, bool(default), dtype=bool)
    return np.full(size, "" if default is None else default, dtype=object)


def letters(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def plain(header: object) -> str:
    """Reduce a header to what counts in a comparison: letters and digits, small.

    >>> plain("Enter at (≥)"), plain("order_date"), plain("Größe")
    ('enterat', 'orderdate', 'grösse')
    """
    text = "" if header is None else str(header)
    return re.sub(r"\([^)]*\)|[\W_]+", "", text).casefold()


def match_headers(
    headers: Sequence[object], spec: TableSpec, chosen: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Find the columns of a table among headers.

    A header stands for a column when it equals its name, its title or one of its other names
    (`headers.NAME` in the catalogue), small and capital letters, spaces and signs apart. The
    first name in the list that is found wins, so "Net amount" comes before "Total".

    Args:
        headers: Texts of the header row.
        spec: The table looked for.
        chosen: Column name to header text, where the user says it.

    Returns:
        Column name to position (from 0).

    Raises:
        InputError: A chosen header is not there, or a chosen name is no column of the table.
    """
    places: dict[str, int] = {}
    for position, header in enumerate(headers):
        places.setdefault(plain(header), position)
    places.pop("", None)
    taken: dict[str, int] = {}
    for name, header in (chosen or {}).items():
        if name in spec.columns:
            taken[name] = _chosen(name, header, places, headers)
    for name in spec.columns:
        if name not in taken:
            found = (places.get(plain(alias)) for alias in _aliases(name, spec))
            free = (place for place in found if place is not None and place not in taken.values())
            place = next(free, None)
            if place is not None:
                taken[name] = place
    return taken


def _aliases(name: str, spec: TableSpec) -> tuple[str, ...]:
    others = headers.names(spec.name, name) if spec in (ORDERS, CUSTOMERS) else ()
    return (name, *words(f"headers.{name}"), *others)


def _chosen(name: str, header: str, places: Mapping[str, int], headers: Sequence[object]) -> int:
    if plain(header) not in places:
        listed = ", ".join(str(text) for text in headers if text not in (None, ""))
        raise InputError("no_such_header", name=name, value=header, expected=listed)
    return places[plain(header)]


def missing(index: Mapping[str, int], spec: TableSpec) -> list[str]:
    """Return the titles of the required columns that were not found."""
    lacking = []
    for need in spec.required:
        names = need if isinstance(need, tuple) else (need,)
        if not any(name in index for name in names):
            lacking.append(" / ".join(title(name) for name in names))
    return lacking


def title(name: str) -> str:
    """Return the header that the template shows for a column; a mere argument keeps its name.

    >>> title("order_date"), title("order_dates")
    ('Order date', 'order_dates')
    """
    return words(f"headers.{name}")[0] if has(f"headers.{name}") else name


def read_table(raw: RawTable, spec: TableSpec, chosen: Mapping[str, str] | None = None) -> Table:
    """Read a range as a table; wholly blank rows are left out.

    Raises:
        InputError: A required column is missing; the message lists what is there.
    """
    index = match_headers(raw.headers, spec, chosen)
    lacking = missing(index, spec)
    if lacking:
        raise InputError(
            "missing_column",
            name=word(f"tables.{spec.name}"),
            missing=", ".join(lacking),
            expected=", ".join(str(text) for text in raw.headers if text not in (None, "")),
        )
    columns = {
        name: read_column(raw.columns[at], title(name), TERMS[name]) for name, at in index.items()
    }
    used = _used_rows(columns, raw.rows)
    columns = {name: _take(column, used) for name, column in columns.items()}
    for name in spec.filled:
        _refuse_blanks(columns[name], name)
    faults = _faults(columns, used, raw.where, index)
    return Table(spec, columns, used, raw, index, faults)


def _used_rows(columns: Mapping[str, Column], rows: int) -> NDArray[np.int64]:
    blank = np.ones(rows, bool)
    for column in columns.values():
        blank &= column.blank
    return np.flatnonzero(~blank)


def _take(column: Column, used: NDArray[np.int64]) -> Column:
    if used.size == column.blank.size:
        return column
    position = {int(row): new for new, row in enumerate(used)} if column.faults else {}
    faults = {position[row]: error for row, error in column.faults.items()}
    return Column(column.values[used], column.blank[used], faults)


def _refuse_blanks(column: Column, name: str) -> None:
    error = InputError("empty", name=title(name), expected=TERMS[name].expected)
    for row in np.flatnonzero(column.blank):
        column.faults[int(row)] = CellError.of(error)


def _faults(
    columns: Mapping[str, Column],
    used: NDArray[np.int64],
    where: Place,
    index: Mapping[str, int],
) -> tuple[Fault, ...]:
    found = [
        Fault(where.cell(index[name], int(used[row])), row, name, error)
        for name, column in columns.items()
        for row, error in column.faults.items()
    ]
    return tuple(sorted(found, key=lambda fault: (fault.row, index[fault.name])))
