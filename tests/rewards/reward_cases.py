"""Rule tables and customers for the tests, written the way a user fills in cells."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from xlclv.rewards.conditions.fields import FIELDS
from xlclv.rewards.engine.eligibility import Decision, Decisions, decide
from xlclv.rewards.facts import Facts
from xlclv.rewards.rule import Rule
from xlclv.rewards.rules.pending import SOURCES
from xlclv.rewards.rules.table import Rules, read_rules
from xlclv.tables import RULES, Place, RawTable, read_table
from xlclv.terms import Array

TIERS = ("Budget", "Mid", "High-end")
TODAY = "2026-03-05"
WHERE = Place("RewardRules", header_row=3, first_column=2)

Cells = dict[str, Any]


def row(**cells: Any) -> Cells:  # noqa: ANN401 - a cell holds anything
    """Return a row that is OK as it stands: a note, for everybody, at any time."""
    return {
        "rule_id": "R01",
        "rule_name": "Thanks",
        "trigger": "Date range",
        "reward": "Note",
        **cells,
    }


def read(
    *rows: Cells,
    labels: Collection[str] | None = None,
    known: Collection[str] = SOURCES,
    entry: Mapping[str, tuple[str, ...]] | None = None,
) -> Rules:
    """Read rows in a table that has every column, for a book that has every source."""
    columns = [[cells.get(name) for cells in rows] for name in RULES.columns]
    table = read_table(RawTable(RULES.columns, columns, WHERE), RULES)
    return read_rules(table, TIERS, labels, known, entry or {})


def rule(**cells: Any) -> Rule:  # noqa: ANN401
    """Read one row that has no fault."""
    (only,) = read(row(**cells)).rows
    assert only.rule is not None, only.status
    return only.rule


def status(**cells: Any) -> str:  # noqa: ANN401
    """Return the status of one row."""
    return read(row(**cells)).rows[0].status


def cell(name: str, number: int = 0) -> str:
    """Name the cell of a column in a body row of the table."""
    return WHERE.cell(RULES.columns.index(name), number)


def people(*customers: Cells) -> Facts:
    """Return the facts of customers, each a dict of what is known; ids C1, C2, … if not given."""
    ids = [one.get("customer_id", f"C{number}") for number, one in enumerate(customers, 1)]
    known: Cells = {}
    for name in sorted({name for one in customers for name in one} - {"customer_id"}):
        column = unknown(ids, name)
        for place, one in enumerate(customers):
            if name in one:
                column[place] = one[name]
        known[name] = column
    return Facts.of(ids, **known)


def unknown(ids: Sequence[str], name: str) -> Array:
    """Return a column of the facts in which nothing is known."""
    empty = Facts.of(list(ids))
    if hasattr(empty, name):
        column: Array = getattr(empty, name).copy()
        return column
    return FIELDS[name].take(empty, np.datetime64(TODAY))


def decisions(facts: Facts, *rows: Cells, as_of: str = TODAY) -> Decisions:
    """Decide rows that are all OK."""
    rules = read(*rows)
    assert rules.count("ok") == len(rows), [one.status for one in rules.rows]
    return decide(facts, rules, np.datetime64(as_of))


def verdict(customer: Cells, as_of: str = TODAY, **cells: Any) -> tuple[bool, str]:  # noqa: ANN401
    """Decide one rule for one customer: eligible, and the reason."""
    (decision,) = decisions(people(customer), row(**cells), as_of=as_of).by_rule
    return bool(decision.eligible[0]), str(decision.reasons(np.array([0]))[0])


def winners(decision: Decision, facts: Facts) -> list[str]:
    """Return the ids of those who get the reward, sorted."""
    return sorted(facts.customer_id[decision.eligible])
