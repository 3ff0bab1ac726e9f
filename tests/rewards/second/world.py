"""A shop small enough to be looked at with bare eyes: what the second engine decides about.

Everything is a plain value: datetime.date, whole cents, text. Customers are named by their id.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A row of the order table; a refund has negative cents and may name its order."""

    customer: str
    day: date
    cents: int
    order: str = ""
    of_order: str = ""
    product: str = ""


@dataclass(frozen=True)
class Order:
    """The lines that share an order id (or a day), net of the refunds among them."""

    customer: str
    reference: str
    day: date
    lines: tuple[Line, ...]

    @property
    def cents(self) -> int:
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True)
class Customer:
    """A row of the customer table, with the facts that other models compute."""

    name: str
    birth: date | None = None
    opt_in: bool = True
    segment: str = ""
    tags: str = ""
    referred_by: str = ""
    last_contact: date | None = None
    current_tier: str = ""
    tier_since: date | None = None
    status: str = ""
    clv: int | None = None  # whole money


@dataclass(frozen=True)
class Tier:
    """A row of the tier table; thresholds are cents, or orders."""

    name: str
    enter_at: int
    keep_at: int | None = None
    months: int = 12
    round_up: str = "month end"
    grace: int = 30
    if_not_kept: str = "One tier down"
    factor: Decimal = Decimal(1)
    entry_reward: str = ""
    skipped: str = "Top only"


@dataclass(frozen=True)
class Rule:
    """A row of the rule table, as typed; None: the cell is blank."""

    rule_id: str
    trigger: str
    reward: str
    active: bool = True
    trigger_value: int | None = None
    window_after: int | None = None
    only_tiers: tuple[str, ...] = ()
    only_segments: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str, str], ...] = ()
    min_order: Decimal | None = None
    products: tuple[str, ...] = ()
    reward_value: Decimal | None = None
    friend_reward: Decimal | None = None
    max_per_order: Decimal | None = None
    max_times: int | None = None
    max_per: str = ""
    cool_down: int | None = None
    budget: Decimal | None = None
    budget_per: str = ""
    cost_each: str = ""
    waiting_days: int | None = None
    expires_days: int | None = None
    expiry_restarts: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    priority: int | None = None
    together: str = ""
    group: str = ""

    @property
    def place(self) -> tuple[float, str]:
        return (float("inf") if self.priority is None else self.priority, self.rule_id)

    @property
    def gives_points(self) -> bool:
        return self.reward in ("Points per money", "Fixed points")


@dataclass(frozen=True)
class Entry:
    """A row of the ledger; None: the cell is blank."""

    day: date
    customer: str
    rule_id: str
    reference: str
    points: int | None
    face: int | None  # cents
    cost: int | None  # cents
    state: str
    usable_from: date | None = None
    expires_on: date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.customer, self.rule_id.casefold(), self.reference.casefold()


@dataclass(frozen=True)
class World:
    """All that is known on a day."""

    as_of: date
    customers: tuple[Customer, ...]
    lines: tuple[Line, ...] = ()
    answers: tuple[tuple[str, date], ...] = ()
    ledger: tuple[Entry, ...] = ()
    measure: str = "Net spend"
    window: str = "Rolling 12 months"
    tiers: tuple[Tier, ...] = ()  # lowest first
    rules: tuple[Rule, ...] = ()
    points_value: Decimal = Decimal("0.01")
    contact_cap: int | None = None
    _orders: dict[str, tuple[Order, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def booked(self) -> tuple[Entry, ...]:
        """Return the entries up to the day; later ones do not count."""
        return tuple(entry for entry in self.ledger if entry.day <= self.as_of)

    def tier_names(self) -> list[str]:
        return [tier.name for tier in self.tiers]

    def orders_of(self, name: str) -> tuple[Order, ...]:
        """Return a customer's orders by day, then reference."""
        if name not in self._orders:
            self._orders[name] = tuple(one for one in self._keys_of(name) if is_order(one))
        return self._orders[name]

    def cancelled(self, name: str) -> dict[str, date]:
        """Return what was bought and is no order any more, to the day of its last refund."""
        return {
            one.reference: max(line.day for line in one.lines)
            for one in self._keys_of(name)
            if was_bought(one) and not is_order(one)
        }

    def strays_of(self, name: str) -> list[Line]:
        """Return a customer's refunds that belong to no purchase."""
        return [line for one in self._keys_of(name) if not was_bought(one) for line in one.lines]

    def status_of(self, customer: Customer) -> str:
        """Return the status drawn; only who has ordered has one."""
        return customer.status if self.orders_of(customer.name) else ""

    def _keys_of(self, name: str) -> list[Order]:
        """Put the lines of a customer together by the order they belong to."""
        together: dict[str, list[Line]] = {}
        for line in self.lines:
            if line.customer == name and line.day <= self.as_of:
                reference = line.of_order or line.order or line.day.isoformat()
                together.setdefault(reference, []).append(line)
        found = [
            Order(name, reference, order_day(lines), tuple(lines))
            for reference, lines in together.items()
        ]
        return sorted(found, key=lambda one: (one.day, one.reference))


def order_day(lines: Sequence[Line]) -> date:
    """Return the day of the first purchase among lines, of refunds alone their first day."""
    bought = [line.day for line in lines if line.cents >= 0]
    return min(bought or [line.day for line in lines])


def was_bought(order: Order) -> bool:
    return any(line.cents >= 0 for line in order.lines)


def is_order(order: Order) -> bool:
    """A purchase, unless refunds eat it up; a free one without a refund is an order."""
    refunded = any(line.cents < 0 for line in order.lines)
    return was_bought(order) and (order.cents > 0 or not refunded)


def add_months(day: date, months: int) -> date:
    """Return the same day that many months later, or the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    return add_months(day, 12 * years)


def days(count: int | None) -> timedelta:
    return timedelta(days=count or 0)
