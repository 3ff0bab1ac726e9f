"""The checks of the Checks tab and of CLV_CHECK: what was tested, the result, where, what to do."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from xlclv.customers.beside import negative_costs
from xlclv.customers.people import People, people
from xlclv.customers.sheet import twins
from xlclv.errors import InputError, NotEnoughData
from xlclv.rewards.rules.table import Rules, read_rules
from xlclv.segments.tier_rows import read_tier_rows
from xlclv.segments.tiers import Tiers
from xlclv.tables import Fault, Table
from xlclv.terms import BoolArray, Frame, TextArray
from xlclv.words import counted, has, number, percent, word

Level = Literal["ok", "info", "warning", "fault"]
LISTED = 5  # cells named per check; the count tells of the rest
OLD = np.timedelta64(31, "D")
CENT = 0.005


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check.

    Args:
        key: Its texts are `checks.KEY.title`, `checks.KEY.found` and `checks.KEY.fix`.
        level: ok; info (good to know); warning (look at it); fault (results are wrong or lack
            something).
        count: How many rows it concerns.
        cells: The first cells or rows it concerns.
        told: What to do or to know where the catalogue cannot say it; "" where it can.
    """

    key: str
    level: Level
    count: int = 0
    cells: tuple[str, ...] = ()
    told: str = ""

    @property
    def title(self) -> str:
        """Say what is true; what was found, where it is not."""
        found = f"checks.{self.key}.found"
        if self.is_problem and has(found):
            return counted(found, self.count)
        return word(f"checks.{self.key}.title")

    @property
    def is_problem(self) -> bool:
        """Say whether somebody has to do something: to review it, or to fix it."""
        return self.level in ("warning", "fault")

    @property
    def result(self) -> str:
        """Say how it came out."""
        return word(f"checks.level.{self.level}")

    @property
    def where(self) -> str:
        """Name the first cells, and how many there are in all."""
        if not self.count:
            return ""
        listed = ", ".join(self.cells)
        if self.count <= len(self.cells):
            return listed
        key = "more_cells" if self.cells else "rows"
        return word(f"checks.{key}", cells=listed, count=number(self.count))

    @property
    def fix(self) -> str:
        """Say what to do; nothing where all is well."""
        if self.told:
            return self.told
        return "" if self.level == "ok" else word(f"checks.{self.key}.fix")


def as_frame(checks: Sequence[Check]) -> Frame:
    """Return checks as columns check, result, rows, how_to_fix."""
    columns = {
        "check": [check.title for check in checks],
        "result": [check.result for check in checks],
        "rows": [check.where for check in checks],
        "how_to_fix": [check.fix for check in checks],
    }
    return {name: np.array(texts, dtype=object) for name, texts in columns.items()}


def problems(checks: Sequence[Check]) -> int:
    """Count the checks that ask for a look: warnings and faults."""
    return sum(check.is_problem for check in checks)


def check_table(
    orders: Table | None = None,
    customers: Table | None = None,
    rule_table: Table | None = None,
    tier_table: Table | None = None,
) -> Frame:
    """Data-quality report on orders, customers, reward rules and tiers: what to mend, and where.

    Every range is optional; pass each with its header row.

    Args:
        orders: Order table.
        customers: Customer table.
        rule_table: Reward rules.
        tier_table: Tiers.

    Returns:
        Columns check, result, rows, how_to_fix, one row per check.

    Raises:
        InputError: A table lacks a required column.
    """
    tiers, found = None, []
    if tier_table is not None:
        rule_ids = None if rule_table is None else list(rule_table.values("rule_id"))
        tiers, tier_checks = try_tiers(tier_table, rule_ids)
        found += tier_checks
    if rule_table is not None:
        names = [] if tiers is None else [str(name) for name in tiers.names]
        found += rule_checks(read_rules(rule_table, names))
    try:
        everybody = people(orders, customers)
    except NotEnoughData:
        everybody = None
    return as_frame([*table_checks(orders, customers, everybody), *found])


def try_tiers(
    table: Table, rule_ids: Collection[str] | None = None
) -> tuple[Tiers | None, list[Check]]:
    """Read a tier table; a table at fault becomes a check.

    Args:
        table: The tier table.
        rule_ids: Ids of the rules there are; left out: entry rewards are not checked.
    """
    if not table.rows:
        error = InputError("empty_table", name=word(f"tables.{table.spec.name}"))
        return None, [Check("tiers", "fault", 1, (str(error),))]
    read = read_tier_rows(table, rule_ids)
    faults = tuple(str(fault) for fault in read.faults)
    if read.tiers is None:
        return None, [Check("tiers", "fault", len(faults), faults[:LISTED])]
    checks = [Check("tiers", "ok")]
    if faults:
        checks.append(Check("entry_rewards", "fault", len(faults), faults[:LISTED]))
    return read.tiers, checks


def rule_checks(rules: Rules) -> list[Check]:
    """Check the reward rules: rows at fault, and rows that are not evaluated yet.

    A rule that rests does nothing; its status tells what it lacks.
    """
    waiting = tuple(row.rule_id for row in rules.rows if row.state == "pending" and row.active)
    faults = [fault for fault in rules.faults if rules.rows[fault.row].active]
    return [
        of_faults("rules", faults),
        Check("rules_waiting", "info" if waiting else "ok", len(waiting), waiting),
    ]


def table_checks(
    orders: Table | None, customers: Table | None, everybody: People | None
) -> list[Check]:
    """Check orders and customers, and that the sums over both agree."""
    checks: list[Check] = []
    if orders is not None:
        checks += _order_checks(orders, everybody)
    if customers is not None:
        checks += _customer_checks(customers)
    if everybody is not None:
        checks += _sums(everybody)
        checks += _about_people(everybody)
    return checks


def _order_checks(orders: Table, everybody: People | None) -> Iterator[Check]:
    yield of_faults("orders_unreadable", orders.faults)
    if everybody is None or everybody.lines is None:
        yield Check("orders_none", "fault", 1)
        return
    yield from _of_reading(orders)
    left_out = everybody.lines.left_out
    for key, level in (("repeated", "warning"), ("other_currency", "fault"), ("future", "warning")):
        mask = left_out.get(key)
        if mask is not None:
            yield _of_rows(f"orders_{key}", level, orders, mask)  # type: ignore[arg-type]
    yield _of_rows("refunds_alone", "info", orders, _refunds_alone(orders))
    yield _of_rows("ids_alike", "warning", orders, _alike(orders))
    yield from _costs(orders, everybody)
    newest = orders.values("order_date")[everybody.lines.counts].max()
    old = bool(everybody.as_of - newest > OLD)
    yield Check("as_of_late", "info" if old else "ok", int(old), (str(newest),) if old else ())


def _costs(orders: Table, everybody: People) -> Iterator[Check]:
    """Tell of how many orders and customers the cost is known, and what is no cost."""
    if not orders.has("cost"):
        return
    negative = negative_costs(orders)
    if everybody.lines is not None:
        negative &= everybody.lines.counts
    yield _of_rows("costs_negative", "warning", orders, negative, "cost")
    yield of_names("costs_missing", "warning", _without_costs(everybody))
    yield Check("costs_known", "info", told=costs_told(everybody))


def _without_costs(everybody: People) -> TextArray:
    """Return buyers whose revenue is all taken for profit, while there are costs of others."""
    if everybody.costs is None:
        return everybody.ids[:0]
    size = everybody.costs.orders.size
    bare = (everybody.margin[:size] >= 1) & ~everybody.by_cost[:size]
    return everybody.ids[:size][bare & (everybody.revenue[:size] > 0)]


def costs_told(everybody: People) -> str:
    """Say whose margin comes from the costs of the orders; nothing where no order has a cost."""
    lines, log, costs = everybody.lines, everybody.log, everybody.costs
    if lines is None or log is None or not lines.table.has("cost"):
        return ""
    if costs is None:
        return word("checks.costs_known.none")
    own = int((costs.orders > 0).sum() - everybody.by_cost.sum())
    revenue = costs.revenue.sum()
    told = word(
        "checks.costs_known.told",
        orders=number(costs.orders.sum(), 0),
        of_orders=number(log.amount.size),
        customers=number(int((costs.orders > 0).sum())),
        of_customers=number(log.ids.size),
        margin="–" if revenue <= 0 else percent((revenue - costs.cost.sum()) / revenue, 1),
    )
    return f"{told} {word('checks.costs_known.own', count=number(own))}" if own else told


def _of_reading(orders: Table) -> Iterator[Check]:
    """Tell what of the order table does not count, and what nobody understands."""
    rules = () if orders.reading is None else orders.reading.rules
    for rule in rules:
        if rule.level != "info" or rule.name.startswith("left_out"):
            yield Check(rule.name, rule.level, rule.rows, rule.cells, rule.text)


def _customer_checks(customers: Table) -> Iterator[Check]:
    yield of_faults("customers_unreadable", customers.faults)
    yield _of_rows("customers_twice", "fault", customers, twins(customers))


def of_faults(key: str, faults: Sequence[Fault]) -> Check:
    """Return the check that no cell of a table is at fault."""
    return of_names(key, "fault", faults)


def of_names(key: str, level: Level, named: Sequence[object] | TextArray) -> Check:
    """Return a check of a level that is not ok where it concerns something; names the first."""
    names = tuple(str(each) for each in named[:LISTED])
    return Check(key, level if len(named) else "ok", len(named), names)


def _of_rows(
    key: str, level: Level, table: Table, mask: BoolArray, name: str = "customer_id"
) -> Check:
    rows = np.flatnonzero(mask)
    column = table.index.get(name, 0)
    cells = tuple(table.raw.where.cell(column, int(table.used[row])) for row in rows[:LISTED])
    return Check(key, level if rows.size else "ok", int(rows.size), cells)


def _refunds_alone(orders: Table) -> BoolArray:
    """Say which refunds name an order that is not in the table."""
    if not (orders.has("ref_order") and orders.has("order_id")):
        return np.zeros(orders.rows, bool)
    named = orders.values("ref_order")
    known = pd.Series(named).isin(orders.values("order_id")).to_numpy()
    alone: BoolArray = (named != "") & ~known
    return alone


def _alike(orders: Table) -> BoolArray:
    """Say which customer ids differ from another only by leading zeros, case or spaces."""
    ids = pd.Series(orders.values("customer_id"), dtype=object)
    known = ids.drop_duplicates()
    bare = (
        known.str.casefold()
        .str.replace(r"\s+", "", regex=True)
        .str.replace(r"^0+(?=.)", "", regex=True)
    )
    suspects = known[bare.duplicated(keep=False) & (known != "")]
    return (ids.isin(suspects) & ~ids.duplicated()).to_numpy(bool)


def _sums(everybody: People) -> Iterator[Check]:
    """Compare sums over customers with sums over rows, each taken its own way."""
    if everybody.lines is None or everybody.log is None:
        return
    table, counts = everybody.lines.table, everybody.lines.counts
    buyers = len(set(table.values("customer_id")[counts]))
    same_count = buyers == everybody.log.ids.size
    yield Check("customers_add_up", "ok" if same_count else "fault", 0 if same_count else 1)
    of_rows = float(np.sum(everybody.log.line_amount))
    of_people = float(np.nansum(everybody.revenue[:buyers]))
    same_sum = abs(of_rows - of_people) < max(CENT, abs(of_rows) * 1e-9)
    yield Check("revenue_adds_up", "ok" if same_sum else "fault", 0 if same_sum else 1)


def _about_people(everybody: People) -> Iterator[Check]:
    negative = everybody.ids[everybody.clv < 0]
    yield of_names("negative_clv", "warning", negative)
    if everybody.table is not None and everybody.log is not None:
        strangers = everybody.ids[everybody.sheet_row < 0]
        yield of_names("not_on_sheet", "info", strangers)
    unvalued = everybody.ids[~everybody.valued]
    yield of_names("no_clv", "warning", unvalued)
