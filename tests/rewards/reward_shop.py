"""A small shop for the tests: orders, tiers and a ledger, decided and booked day after day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np

from tests.rewards.reward_cases import Cells, read, row, unknown
from xlclv.customers.lines import read_lines
from xlclv.customers.orders import Orders, single_orders
from xlclv.customers.windows import ROLLING
from xlclv.rewards.engine.eligibility import Decision, Decisions, decide
from xlclv.rewards.facts import Facts
from xlclv.rewards.known import NOBODY, STRANGER, Surveys
from xlclv.rewards.ledger.balances import balances
from xlclv.rewards.ledger.entries import Ledger, read_ledger
from xlclv.rewards.posting import postings
from xlclv.rewards.scene.history import (
    NO_POLICY,
    History,
    Ladder,
    Policy,
)
from xlclv.segments.ladder import Tiers
from xlclv.segments.loyalty import standing
from xlclv.segments.measures import NET_SPEND
from xlclv.tables import LEDGER, ORDERS, RawTable, Table, read_table
from xlclv.terms import Frame

# customer, day, amount, then what else is known of the line
Line = tuple[str, str, float] | tuple[str, str, float, Cells]


def order_table(lines: Sequence[Line]) -> Table:
    """Return an order table; lines are numbered O1, O2, … unless they say otherwise."""
    rows: list[Cells] = []
    for number, line in enumerate(lines, 1):
        more = line[3] if len(line) > 3 else {}
        known = {"customer_id": line[0], "order_date": line[1], "amount_net": line[2]}
        rows.append({"order_id": f"O{number}", **known, **more})
    columns = [[cells.get(name) for cells in rows] for name in ORDERS.columns]
    return read_table(RawTable(ORDERS.columns, columns), ORDERS)


def ledger_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return a ledger of rows by column."""
    columns = [[cells.get(name) for cells in rows] for name in LEDGER.columns]
    return read_table(RawTable(LEDGER.columns, columns), LEDGER)


def rows_of(frame: Frame) -> list[Cells]:
    """Return a frame row by row, with None for what is blank."""
    size = len(next(iter(frame.values())))
    return [{name: _cell(column[row]) for name, column in frame.items()} for row in range(size)]


def _cell(value: Any) -> Any:  # noqa: ANN401 - a cell holds anything
    blank = value is None or value == "" or (isinstance(value, np.datetime64) and np.isnat(value))
    if blank or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value) if isinstance(value, np.datetime64) else value


@dataclass(frozen=True)
class Shop:
    """What a shop knows; customers without orders are named in `facts`."""

    lines: tuple[Line, ...] = ()
    facts: Mapping[str, Cells] = field(default_factory=dict)
    referred_by: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[tuple[str, str], ...] = ()
    last_contact: Mapping[str, str] = field(default_factory=dict)
    tiers: Tiers | None = None
    ledger: tuple[Cells, ...] = ()
    policy: Policy = NO_POLICY

    @property
    def ids(self) -> list[str]:
        """Return all customers, those with orders first, as the order log has them."""
        known = [line[0] for line in self.lines] + list(self.facts)
        known += [*self.referred_by, *(who for who, _ in self.answers), *self.last_contact]
        return list(dict.fromkeys(known))

    def with_lines(self, *lines: Line) -> "Shop":
        """Return the shop after further lines."""
        return replace(self, lines=(*self.lines, *lines))

    def with_entries(self, *rows: Cells) -> "Shop":
        """Return the shop after entries made by hand."""
        return replace(self, ledger=(*self.ledger, *rows))

    def orders(self, as_of: str) -> Orders | None:
        """Return the single orders up to a day."""
        if not any(line[1] <= as_of for line in self.lines):
            return None
        lines = read_lines(order_table(self.lines), np.datetime64(as_of))
        return single_orders(lines, lines.log())

    def customers(self, as_of: str) -> list[str]:
        """Return the customers as they are numbered on a day."""
        seen = [line[0] for line in self.lines if line[1] <= as_of]
        return list(dict.fromkeys([*seen, *self.ids]))

    def booked(self) -> Ledger:
        """Return the ledger."""
        return read_ledger(ledger_table(self.ledger)) if self.ledger else Ledger.empty()

    def decide(self, as_of: str, *rules: Cells, **reading: Any) -> Decisions:  # noqa: ANN401
        """Decide rules on a day."""
        ids, orders = self.customers(as_of), self.orders(as_of)
        place = {name: number for number, name in enumerate(ids)}
        day = np.datetime64(as_of)
        referrer = np.full(len(ids), NOBODY)
        for friend, who in self.referred_by.items():
            referrer[place[friend]] = place.get(who, STRANGER)
        last = np.full(len(ids), np.datetime64("NaT"), "datetime64[D]")
        for who, on in self.last_contact.items():
            last[place[who]] = np.datetime64(on)
        history = History(
            orders=orders,
            referrer=referrer,
            surveys=Surveys(
                np.array([place[who] for who, _ in self.answers], np.int64),
                np.array([on for _, on in self.answers], "datetime64[D]"),
            ),
            ledger=self.booked(),
            last_contact=last,
        )
        known = self._facts(ids)
        if self.tiers is not None:
            found = standing(self.tiers, orders, len(ids), day)
            history = replace(history, standing=found, ladder=Ladder.of(self.tiers))
            known["tier"] = np.append(self.tiers.names, "")[found.rank]
        table = read(*rules, **reading)
        assert table.count("ok") == len(rules), [one.status for one in table.rows]
        return decide(Facts.of(ids, **known), table, day, history, self.policy)

    def _facts(self, ids: Sequence[str]) -> dict[str, Any]:
        names = {name for cells in self.facts.values() for name in cells}
        columns = {name: unknown(ids, name) for name in names}
        for who, cells in self.facts.items():
            for name, value in cells.items():
                columns[name][ids.index(who)] = value
        return columns

    def book(self, as_of: str, *rules: Cells) -> "Shop":
        """Decide rules on a day and book the decision."""
        rows = rows_of(postings(self.decide(as_of, *rules)))
        return replace(self, ledger=(*self.ledger, *rows))

    def points(self, as_of: str) -> dict[str, int]:
        """Return the points of each customer that can be used on a day."""
        found = balances(self.booked(), np.datetime64(as_of))
        return dict(zip(found.customer_id, found.available.tolist(), strict=True))


def only(decided: Decisions) -> Decision:
    """Return the decision of the only rule."""
    (one,) = decided.by_rule
    return one


def awarded(decided: Decisions) -> list[tuple[str, str, str, int]]:
    """Return customer, rule, reference and points of each award, in the order served."""
    return [
        (str(decided.facts.customer_id[who]), one.rule.rule_id, str(reference), int(points))
        for one in decided.by_rule
        for who, reference, points in zip(
            one.awards.customer, one.awards.reference, one.awards.points, strict=True
        )
    ]


def said(decided: Decisions, customer: str, rule_id: str = "R01") -> str:
    """Return the reason one customer is given for one rule."""
    one = next(one for one in decided.by_rule if one.rule.rule_id == rule_id)
    (row,) = np.flatnonzero(decided.facts.customer_id == customer)
    return str(one.reasons(np.array([row]))[0])


def spend_tiers(**columns: Any) -> Tiers:  # noqa: ANN401
    """Return tiers by net spend of 12 months: Mid from 200, High-end from 1000."""
    factors = tuple(Decimal(text) for text in columns.pop("factors", ("1", "1.25", "1.5")))
    return Tiers(
        np.array(["Budget", "Mid", "High-end"], dtype=object),
        np.array([0.0, 200, 1000]),
        np.array(["", "", ""], dtype=object),
        NET_SPEND,
        ROLLING,
        points_factor=factors,
        **columns,
    )


def entry(day: str, **cells: Any) -> Cells:  # noqa: ANN401
    """Return a row of the ledger: a reward of R01 of C1, booked by hand."""
    usual = {"entry_date": day, "customer_id": "C1", "rule_id": "R01", "entry_state": "active"}
    return {**usual, **cells}


def points(**cells: Any) -> Cells:  # noqa: ANN401
    """Return a rule: 1 point per money of every order."""
    usual = {"trigger": "Order", "reward": "Points per money", "reward_value": 1}
    return row(**{**usual, **cells})


def orders(*days: str, amount: float = 10) -> Shop:
    """Return a shop with an order of C1 on each day."""
    return Shop(tuple(("C1", day, amount) for day in days))
