"""From a small shop to the tables of the product, through the real engine, and back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from tests.rewards.second.ledger import Balance
from tests.rewards.second.world import Entry, Rule, World
from xlclv.customers.orders import Orders
from xlclv.customers.people import People, people
from xlclv.rewards.conditions.fields import facts_of
from xlclv.rewards.engine.eligibility import decide
from xlclv.rewards.facts import Facts
from xlclv.rewards.known import known_of
from xlclv.rewards.ledger.balances import balances
from xlclv.rewards.ledger.entries import Ledger, read_ledger
from xlclv.rewards.posting import postings
from xlclv.rewards.rules.table import Rules, read_rules
from xlclv.rewards.scene.history import History, Policy, entry_tiers
from xlclv.rewards.scene.hurdles import Stage
from xlclv.segments.tiers import read_tiers
from xlclv.settings import Settings
from xlclv.tables import (
    CUSTOMERS,
    FEEDBACK,
    LEDGER,
    ORDERS,
    RULES,
    TIERS,
    Place,
    RawTable,
    Table,
    TableSpec,
    read_table,
)
from xlclv.terms import Frame

Cells = dict[str, Any]


class Real:
    """The real engine's decision of a world, with what it was made from."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.day = np.datetime64(world.as_of, "D")
        known = known_of(_people(world), ledger_table(world.ledger), feedback_table(world))
        self.known = replace(known, orders=known.orders or no_orders())
        self.tiers = read_tiers(tier_table(world))
        self.placing = self.known.placed(self.tiers)
        self.facts = self._facts()
        self.names = [str(name) for name in self.facts.customer_id]
        self.rules = self._rules()
        policy = Policy(world.points_value, world.contact_cap)
        history = History.of(self.known, self.tiers, self.placing)
        self.decisions = decide(self.facts, self.rules, self.day, history, policy)

    def _facts(self) -> Facts:
        """Return the facts, with status and CLV as drawn: they come from models elsewhere."""
        by_name = {one.name: one for one in self.world.customers}
        facts = facts_of(self.known, self.placing.tier)
        drawn = [by_name[str(name)] for name in facts.customer_id]
        clv = np.array([np.nan if one.clv is None else one.clv for one in drawn], dtype=float)
        status = np.array([self.world.status_of(one) for one in drawn], dtype=object)
        asked = {**facts.asked, "clv": clv, "net_clv": clv}
        return replace(facts, status=status, asked=asked)

    def _rules(self) -> Rules:
        tiers = [str(name) for name in self.tiers.names]
        return read_rules(rule_table(self.world.rules), tiers, entry=entry_tiers(self.tiers))

    # what came out, as plain values

    def awards(self) -> list[tuple[Any, ...]]:
        """Return what is granted: see `plain_awards` of the other engine."""
        found = []
        for one in self.decisions.by_rule:
            awards = one.awards
            for at in range(awards.size):
                friend = int(awards.friend[at])
                found.append(
                    (
                        one.rule.rule_id,
                        self.names[awards.customer[at]],
                        str(awards.reference[at]),
                        _day(awards.dated[at]),
                        int(awards.points[at]),
                        int(awards.face_cents[at]),
                        int(awards.cost_cents[at]),
                        _day(awards.usable_from[at]),
                        _day(awards.expires_on[at]),
                        _day(awards.wait_until[at]),
                        "" if friend < 0 else self.names[friend],
                        int(awards.friend_points[at]),
                        bool(awards.warning[at]),
                    )
                )
        return sorted(found, key=str)

    def stages(self) -> dict[tuple[str, str], str]:
        return {
            (one.rule.rule_id, self.names[place]): Stage(stage).name
            for one in self.decisions.by_rule
            for place, stage in enumerate(one.stage)
        }

    def taken_back(self) -> list[tuple[Any, ...]]:
        back = self.decisions.reversals
        return sorted(
            (
                self.names[back.customer[at]],
                str(back.rule_id[at]).casefold(),
                str(back.reference[at]).casefold(),
                -int(back.points[at]),
                -int(back.cost_cents[at]),
            )
            for at in range(back.size)
            if back.books[at]
        )

    def left(self) -> dict[str, int]:
        """Return the cents left of each budget."""
        return {
            one.rule.rule_id: int(one.left * 100)
            for one in self.decisions.by_rule
            if one.left is not None
        }

    def tier_of(self) -> dict[str, str]:
        ranks = self.placing.standing.rank
        names = [*self.world.tier_names(), ""]
        return {name: names[rank] for name, rank in zip(self.names, ranks, strict=True)}

    def postings(self) -> tuple[Entry, ...]:
        return entries_of(postings(self.decisions))


def real_balance(world: World, name: str) -> Balance:
    """Return the points of a customer by the real ledger."""
    ledger = read_ledger(ledger_table(world.ledger))
    found = balances(ledger, np.datetime64(world.as_of, "D"), [name])
    parts = ("earned", "available", "pending", "used", "expired", "reversed")
    return Balance(*(int(getattr(found, part)[0]) for part in parts))


def entries_of(frame: Frame) -> tuple[Entry, ...]:
    """Return rows of the ledger, read back through its table."""
    ledger = read_ledger(_table(LEDGER, _rows_of(frame)))
    return tuple(_entry(ledger, at) for at in range(ledger.size))


def _rows_of(frame: Frame) -> list[Cells]:
    size = len(next(iter(frame.values())))
    return [{name: _cell(column[at]) for name, column in frame.items()} for at in range(size)]


def _cell(value: Any) -> Any:  # noqa: ANN401 - a cell holds anything
    if isinstance(value, np.datetime64):
        return _day(value)
    return value.item() if isinstance(value, np.generic) else value


def _entry(ledger: Ledger, at: int) -> Entry:
    day = _day(ledger.day[at])
    assert day is not None
    return Entry(
        day,
        str(ledger.customer_id[at]),
        str(ledger.rule_id[at]),
        str(ledger.reference[at]),
        int(ledger.points[at]) if ledger.has_points[at] else None,
        int(ledger.face_cents[at]) or None,
        int(ledger.cost_cents[at]) if ledger.has_cost[at] else None,
        str(ledger.state[at]),
        _day(ledger.usable_from[at]),
        _day(ledger.expires_on[at]),
    )


def _day(value: np.datetime64) -> date | None:
    return None if np.isnat(value) else value.astype("datetime64[D]").item()


def _people(world: World) -> People:
    settings = Settings(as_of=world.as_of)
    known = any(line.day <= world.as_of for line in world.lines)
    return people(order_table(world) if known else None, customer_table(world), settings)


def no_orders() -> Orders:
    """Return the orders of a shop that has sold nothing yet."""
    none, day, text = np.empty(0, np.int64), np.empty(0, "M8[D]"), np.empty(0, dtype=object)
    return Orders(none, day, text, none, none, day, none, text)


# the tables


def _table(spec: TableSpec, rows: Sequence[Cells]) -> Table:
    columns = [[cells.get(name) for cells in rows] for name in spec.columns]
    table = read_table(RawTable(spec.columns, columns, Place(spec.name)), spec)
    assert not table.faults, table.faults
    return table


def order_table(world: World) -> Table:
    rows = [
        {
            "order_id": line.order or None,
            "customer_id": line.customer,
            "order_date": line.day,
            "amount_net": line.cents / 100,
            "product": line.product or None,
            "ref_order": line.of_order or None,
        }
        for line in world.lines
    ]
    return _table(ORDERS, rows)


def customer_table(world: World) -> Table:
    rows = [
        {
            "customer_id": one.name,
            "birth_date": one.birth,
            "opt_in": "Yes" if one.opt_in else "No",
            "segment": one.segment or None,
            "tags": one.tags or None,
            "referred_by": one.referred_by or None,
            "last_contact": one.last_contact,
            "current_tier": one.current_tier or None,
            "tier_since": one.tier_since,
        }
        for one in world.customers
    ]
    return _table(CUSTOMERS, rows)


def feedback_table(world: World) -> Table:
    rows = [
        {"feedback_date": day, "customer_id": name, "kind": "NPS", "score": 9}
        for name, day in world.answers
    ]
    return _table(FEEDBACK, rows)


def tier_table(world: World) -> Table:
    unit = 1 if world.measure == "Orders" else 100
    rows = [
        {
            "tier": one.name,
            "measure": world.measure,
            "enter_at": one.enter_at / unit,
            "keep_at": None if one.keep_at is None else one.keep_at / unit,
            "window": world.window,
            "valid_months": one.months,
            "round_up_to": one.round_up,
            "grace_days": one.grace,
            "if_not_kept": one.if_not_kept,
            "points_factor": float(one.factor),
            "entry_reward": one.entry_reward or None,
            "skipped_tiers": one.skipped,
        }
        for one in world.tiers
    ]
    return _table(TIERS, rows)


def rule_table(rules: Sequence[Rule]) -> Table:
    return _table(RULES, [rule_cells(rule) for rule in rules])


def rule_cells(rule: Rule) -> Cells:
    """Return the cells of a rule as somebody would fill them in."""
    cells: Cells = {"rule_name": rule.rule_id.lower()}
    for name, value in vars(rule).items():
        if name == "conditions":
            for number, parts in enumerate(value, 1):
                keys = (f"{part}_{number}" for part in ("field", "test", "value"))
                cells |= dict(zip(keys, parts, strict=True))
        elif isinstance(value, bool):
            cells[name] = "Yes" if value else "No"
        elif isinstance(value, tuple):
            cells[name] = "; ".join(value) or None
        else:
            cells[name] = None if value == "" else value
    return cells


def ledger_table(entries: Sequence[Entry]) -> Table:
    rows = [
        {
            "entry_date": one.day,
            "customer_id": one.customer,
            "rule_id": one.rule_id or None,
            "reference": one.reference or None,
            "points": one.points,
            "face_value": None if one.face is None else one.face / 100,
            "booked_cost": None if one.cost is None else one.cost / 100,
            "entry_state": one.state,
            "usable_from": one.usable_from,
            "expires_on": one.expires_on,
        }
        for one in entries
    ]
    return _table(LEDGER, rows)
