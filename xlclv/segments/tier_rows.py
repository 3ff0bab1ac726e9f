"""The tier table read: every row becomes a tier, or says what is wrong with it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from xlclv.codes import T
from xlclv.columns import CellError
from xlclv.customers.windows import LIFETIME, WINDOWS
from xlclv.errors import InputError
from xlclv.segments.ladder import FACTOR, GRACE_DAYS, VALID_MONTHS, Tiers
from xlclv.segments.measures import CLV, MEASURES
from xlclv.segments.policies import (
    IF_NOT_KEPT,
    ONE_DOWN,
    ROUNDINGS,
    SKIPPED,
    Rounding,
    Skipped,
)
from xlclv.segments.tier_sentence import reads_as
from xlclv.tables import Fault, Table, title
from xlclv.terms import IntArray, Term
from xlclv.words import word

# A century: no programme looks further ahead, and a slip of the keyboard soon does.
LONGEST = {
    "valid_months": Term("valid_months", "count", at_least=0, at_most=1200, whole=True),
    "grace_days": Term("grace_days", "days", at_least=0, at_most=36_525, whole=True),
}
SHARED = {"measure": CLV.code, "window": LIFETIME.code}


@dataclass(frozen=True, slots=True)
class TierRow:
    """One row of the tier table.

    Args:
        name: As typed.
        reads_as: What the row does, in words; "" while the table has a fault.
        status: OK, or what is wrong.
    """

    name: str
    reads_as: str
    status: str


@dataclass(frozen=True, slots=True)
class TierTable:
    """A tier table read.

    Args:
        tiers: The tiers; None where a fault leaves it open what they are.
        rows: Each used row in the order of the table.
        faults: Every cell that cannot be used, in the order of the rows. An entry reward that is
            no rule is one, though it costs nobody a tier: it is left out.
    """

    tiers: Tiers | None
    rows: tuple[TierRow, ...]
    faults: tuple[Fault, ...]


def read_tier_rows(table: Table, rule_ids: Collection[str] | None = None) -> TierTable:
    """Read every row of a tier table.

    Args:
        table: A table of the spec TIERS.
        rule_ids: Ids of the rules there are; left out: entry rewards are taken as they are.
    """
    grave = tuple({*table.faults, *_faults(table)})
    harmless = tuple(_no_rules(table, rule_ids))
    column = table.index
    faults = sorted(
        (*grave, *harmless), key=lambda fault: (fault.row, column.get(fault.name, len(column)))
    )
    tiers = None if grave or not table.rows else _tiers(table, {fault.row for fault in harmless})
    rank = np.argsort(np.argsort(table.values("enter_at"), kind="stable"), kind="stable")
    rows = (
        TierRow(
            str(table.values("tier")[row]),
            "" if tiers is None else reads_as(tiers, int(rank[row])),
            _status(fault for fault in faults if fault.row == row),
        )
        for row in range(table.rows)
    )
    return TierTable(tiers, tuple(rows), tuple(faults))


def _status(faults: Iterable[Fault]) -> str:
    messages = dict.fromkeys(fault.error.message for fault in faults)
    return " ".join(messages) or word("tiers.status.ok")


def _tiers(table: Table, unrewarded: Collection[int]) -> Tiers:
    """Return the tiers of a table without faults, lowest first."""
    enter_at = table.values("enter_at")
    order = np.argsort(enter_at, kind="stable")
    keep_at = table.values("keep_at")
    reward = table.values("entry_reward")
    reward[list(unrewarded)] = ""
    factors = [_factor(value) for value in table.values("points_factor")[order]]
    return Tiers(
        table.values("tier")[order],
        enter_at[order],
        table.values("treatment")[order],
        MEASURES[table.values("measure", CLV.code)[0]],
        WINDOWS[table.values("window", LIFETIME.code)[0]],
        keep_at=np.where(np.isnan(keep_at), enter_at, keep_at)[order],
        valid_months=table.values("valid_months", VALID_MONTHS)[order].astype(np.int64),
        round_up_to=_objects(table, order, "round_up_to", ROUNDINGS, Rounding.MONTH),
        grace_days=table.values("grace_days", GRACE_DAYS)[order].astype(np.int64),
        if_not_kept=_objects(table, order, "if_not_kept", IF_NOT_KEPT, ONE_DOWN),
        points_factor=tuple(factors),
        entry_reward=reward[order],
        skipped_tiers=_objects(table, order, "skipped_tiers", SKIPPED, Skipped.TOP_ONLY),
    )


def _objects(
    table: Table, order: IntArray, name: str, objects: Mapping[str, T], usual: T
) -> tuple[T, ...]:
    """Return what the choices of a column stand for, in an order of the rows."""
    return tuple(objects[code] for code in table.values(name, usual.code)[order])


def _factor(value: float) -> Decimal:
    """Return the factor a cell shows: 1.1 is eleven tenths, not its nearest binary fraction."""
    return FACTOR if np.isnan(value) else Decimal(repr(float(value)))


def _faults(table: Table) -> Iterator[Fault]:
    """Find what is wrong with cells that could be read one by one."""
    yield from _twins(table)
    for name, usual in SHARED.items():
        yield from _differing(table, name, usual)
    keep_at, enter_at = table.values("keep_at"), table.values("enter_at")
    for row in np.flatnonzero(keep_at > enter_at):
        facts = {"value": keep_at[row], "limit": enter_at[row]}
        yield _fault(table, int(row), "keep_at", "keep_above_enter", **facts)
    for name, term in LONGEST.items():
        values = table.values(name, 0)
        for row in np.flatnonzero(term.refuses(values)):
            facts = {"value": values[row], "expected": term.expected, "hint": ""}
            yield _fault(table, int(row), name, "out_of_range", **facts)


def _twins(table: Table) -> Iterator[Fault]:
    """Find tiers of one name and tiers of one threshold."""
    names, thresholds = table.values("tier"), table.values("enter_at")
    by_name: dict[str, list[int]] = defaultdict(list)
    by_threshold: dict[float, list[int]] = defaultdict(list)
    for row in range(table.rows):
        if names[row]:
            by_name[names[row].casefold()].append(row)
        if not np.isnan(thresholds[row]):
            by_threshold[thresholds[row]].append(row)
    for rows in by_name.values():
        for row in rows[1:]:
            yield _fault(table, row, "tier", "tier_name_twice", value=names[row])
    for threshold, rows in by_threshold.items():
        named = ", ".join(names[row] for row in rows)
        for row in rows[1:]:
            yield _fault(table, row, "enter_at", "tier_twins", value=threshold, names=named)


def _differing(table: Table, name: str, usual: str) -> Iterator[Fault]:
    """Find the rows whose text is not that of the first row; all tiers share one."""
    shared = table.values(name, usual)
    good = ~table.columns[name].bad if name in table.columns else np.ones(table.rows, bool)
    rows = np.flatnonzero(good & (shared != shared[np.argmax(good)])) if good.any() else ()
    listed = ", ".join(sorted({str(text) for text in shared[good]}))
    for row in rows:
        yield _fault(table, int(row), name, "tiers_differ", value=listed)


def _no_rules(table: Table, rule_ids: Collection[str] | None) -> Iterator[Fault]:
    """Find entry rewards that are none of the rules."""
    if rule_ids is None:
        return
    known = {rule_id.strip().casefold() for rule_id in rule_ids}
    for row, reward in enumerate(table.values("entry_reward")):
        if reward and reward.casefold() not in known:
            yield _fault(table, row, "entry_reward", "no_entry_rule", value=reward)


def _fault(table: Table, row: int, name: str, key: str, **facts: object) -> Fault:
    """Say that a cell cannot be used; a column the table lacks is shown at the name."""
    column = table.index.get(name, table.index["tier"])
    cell = table.raw.where.cell(column, int(table.used[row]))
    error = InputError(key, rows=None, name=title(name), **facts)
    return Fault(cell, row, name, CellError.of(error))
