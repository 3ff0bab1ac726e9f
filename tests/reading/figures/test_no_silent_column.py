"""A column of money, states, quantities or consent that changes changes what the product says."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from .changes import CHANGES, COUNTING, changed, renamed, with_column
from .files import Writing, write_csv
from .layouts import PER_LINE, PER_ORDER, Case, Layout
from .product import Answer, check, results_of, settled
from .samples import sample

LAYOUTS = [
    *(Layout(money=kind, status=True, currency="column") for kind in [*PER_ORDER, *PER_LINE]),
    Layout(refunds="column", guests="word"),
    Layout(money="gross_tax_shipping", refunds="column", status=True),
    Layout(money="line_total", refunds="column", customer="id_or_email"),
    Layout(money="price_discount", refunds="rows", place="de", order=(4, 2, 9, 1)),
    Layout(money="all", refunds="storno", status=True, place="fr", titles=2, totals=True),
    Layout(money="order_first_all", refunds="column", status=True, place="zh-Hans"),
    Layout(money="price", status=True, place="ko", currency="column"),
    Layout(cancelled_at=True, currency="column"),
]


def columns() -> Iterator[object]:
    """Yield every layout with each column that holds something that counts."""
    for layout in LAYOUTS:
        for role in layout.columns:
            for name, change in CHANGES.get(role, {}).items():
                yield pytest.param(layout, role, change, id=f"{_named(layout)}-{role}-{name}")


def roles() -> Iterator[object]:
    """Yield every layout with each role that counts.

    Days alone do not say what happened on them, so a day of cancelling is known by its header
    only: a column of days that nobody knows is listed as not used.
    """
    for layout in LAYOUTS:
        for role in layout.columns:
            if role in COUNTING and role != "cancelled_at":
                yield pytest.param(layout, role, id=f"{_named(layout)}-{role}")


def _named(layout: Layout) -> str:
    ways = (layout.place, layout.money, layout.refunds)
    return "-".join(part for part in ways if part)


def told(answer: Answer) -> tuple[object, ...]:
    """Return what a reader is told: figures, checks, refusal, and rules with rows and money."""
    checks = [tuple(one.values()) for one in answer.facts.get("checks", ())]
    rules = [tuple(map(str, one.values())) for one in answer.facts.get("rules", ())]
    return answer.figures, answer.said, checks, rules


@pytest.mark.parametrize(("layout", "role", "change"), list(columns()))
def test_no_column_that_counts_is_silently_unused(
    layout: Layout, role: str, change: Callable[..., str]
) -> None:
    case = changed(sample(layout), role, change)
    assert case.rows != sample(layout).rows
    assert _told(case) != _told_before(layout), f"{role} says nothing"


@cache
def _told_before(layout: Layout) -> list[tuple[object, ...]]:
    return _told(sample(layout))


def _told(case: Case) -> list[tuple[object, ...]]:
    with TemporaryDirectory() as folder:
        path = write_csv(case.sheet(), Path(folder) / "orders.csv", Writing())
        return [told(answer) for answer in settled(path)]


@pytest.mark.parametrize(("layout", "role"), list(roles()))
def test_a_header_nobody_knows_is_not_passed_over(
    layout: Layout, role: str, tmp_path: Path
) -> None:
    case = renamed(sample(layout), role, "Field 7")
    answer = check(write_csv(case.sheet(), tmp_path / "orders.csv", Writing()))
    assert answer.refused or answer.red or answer.figures == case.truth, answer.figures


@pytest.mark.slow
@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Cost", ("5.00", "19.00")),
        ("Accepts marketing", ("yes", "no")),
        ("Newsletter", ("Yes", "No")),
        ("Opt-in", ("Yes", "No")),
    ],
)
@pytest.mark.parametrize("kind", ["net", "line_total"])
def test_cost_and_consent_change_what_is_written(
    header: str, values: tuple[str, str], kind: str, tmp_path: Path
) -> None:
    case = sample(replace(Layout(), money=kind))
    written = []
    for value in values:
        rows = with_column(case.sheet(), header, value)
        written.append(results_of(write_csv(rows, tmp_path / "orders.csv", Writing())))
    assert all(one != other for one, other in pairwise(written)), f"{header} says nothing"
