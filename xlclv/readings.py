"""What an order table was taken to mean: a value that is made once and read by everybody below.

The sums take the rows in the normal form that comes with a reading; the report prints it, Checks
shows it, `check --json` returns it. Nobody guesses again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Why = Literal["header", "layout", "content", "arithmetic", "option"]
RuleLevel = Literal["info", "warning", "fault"]
# Why a row of an order table does not count. The first that holds is the one that is told.
LEFT_OUT = (
    *("unreadable", "total", "ignored", "not_yet", "test", "refunded", "transfer", "gift_card"),
    "nobody",
)


@dataclass(frozen=True, slots=True)
class TakenColumn:
    """A column of a table and what it was taken for.

    Args:
        header: Its header.
        cell: The cell of the header.
        role: What it is, such as "unit_price"; "" where nothing tells.
        why: What told it.
        effect: What it does to the figures, in words.
        total: The sum of a column of numbers, None of another.
    """

    header: str
    cell: str
    role: str
    why: Why
    effect: str
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was applied, or something that was assumed.

    Args:
        name: Its key.
        level: info: good to know; warning and fault: a check is red.
        text: What was done and what shows that it is right, in words.
        rows: How many rows it concerns.
        orders: How many orders, None where that makes no sense.
        money: How much money, None where that makes no sense.
        cells: The first cells it concerns.
    """

    name: str
    level: RuleLevel
    text: str
    rows: int = 0
    orders: int | None = None
    money: float | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldStatus:
    """A status as it stands in the cells, and what it says of an order.

    Args:
        value: The status.
        use: "counts", "not_yet", "refunded" or "ignore"; "" where nobody knows it.
        orders: How many orders have it.
        money: Their money.
    """

    value: str
    use: str
    orders: int
    money: float


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A line of the tab Columns in the words it shows.

    Args:
        about: What the line is about: a column, a status, a way of writing, or a question.
        text: The header or the status, as it stands in the table.
        understood: What it was taken for, "" where nothing tells.
        answer: What the user says, "" without an answer.
        why: What told it.
        effect: What it does to the figures, or the question.
        offered: What may be answered; nothing to a question itself.
        asked: The refresh cannot go on without an answer.
    """

    about: str
    text: str
    understood: str = ""
    answer: str = ""
    why: str = ""
    effect: str = ""
    offered: Sequence[str] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The understanding of one order table.

    Args:
        layout: What program it comes from, "" where it is no known layout.
        columns: Every column that has a header, in order.
        rules: Every rule applied, in that order.
        statuses: Every status of its status column.
        notes: How the cells are written, in plain sentences.
        currency: The one currency that is told for all rows, "" where none or several are.
    """

    layout: str = ""
    columns: Sequence[TakenColumn] = ()
    rules: Sequence[Rule] = ()
    statuses: Sequence[ToldStatus] = ()
    notes: Sequence[str] = ()
    currency: str = ""
