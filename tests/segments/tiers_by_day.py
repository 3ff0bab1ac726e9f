"""Tiers over time a second time: one customer, day by day, with nothing clever in it."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
NONE = -1


@dataclass
class Row:
    """A row of the tier table."""

    enter_at: int
    keep_at: int
    months: int = 12
    rounding: str = "month end"
    grace: int = 30
    if_not_kept: str = "One tier down"


@dataclass
class Told:
    """What the replay should say of a customer."""

    rank: int = NONE
    since: date | None = None
    valid: date | None = None
    before: list[int] = field(default_factory=list)
    entered: dict[int, date | None] = field(default_factory=dict)
    landed: set[int] = field(default_factory=set)
    moves: list[tuple[date, int, int]] = field(default_factory=list)


@dataclass
class Story:
    """A customer's life.

    Args:
        rows: The tiers, lowest first.
        window: As in the tier table.
        orders: Day and amount of each, by day.
        refunds: Day and amount (below 0) of refunds without an order.
        current: Rank given, NONE for none.
        since: Day since which.
    """

    rows: list[Row]
    window: str
    orders: list[tuple[date, int]]
    refunds: list[tuple[date, int]]
    current: int = NONE
    since: date | None = None

    def tell(self, as_of: date) -> Told:
        told = Told()
        if self.current != NONE and self.since is None:
            told.rank, told.landed = self.current, {self.current}
            told.entered = dict.fromkeys(range(self.current + 1))
        known = [day for day, _ in (*self.orders, *self.refunds)] + [as_of]
        day = min(known if self.since is None else [*known, self.since])
        while day <= as_of:
            self._live(told, day)
            day += ONE_DAY
        return told

    def _live(self, told: Told, day: date) -> None:
        if told.valid is not None and day == told.valid + timedelta(self.rows[told.rank].grace + 1):
            self._lose(told, day)
        for number, (bought, _) in enumerate(self.orders):
            if bought == day:
                told.before.append(told.rank)
                self._after_order(told, day, self.measure(day, number + 1))
        if told.valid == day and self._is_kept(told, self.measure(day)):
            told.valid = self._renewed(told, day + ONE_DAY)
        if self.current != NONE and day == self.since:
            self._put(told, day)
            if told.valid == day and self._is_kept(told, self.measure(day)):
                told.valid = self._renewed(told, day + ONE_DAY)

    def _is_kept(self, told: Told, measure: int) -> bool:
        return measure >= self.rows[told.rank].keep_at

    def _after_order(self, told: Told, day: date, measure: int) -> None:
        reached = self._reached(measure)
        if reached > told.rank:
            for rank in range(told.rank + 1, reached + 1):
                told.entered[rank] = day
            told.landed = {rank for rank in told.landed if rank <= told.rank} | {reached}
            self._move(told, day, reached)
        elif told.valid is not None and told.valid < day and self._is_kept(told, measure):
            told.valid = self._renewed(told, day)

    def _lose(self, told: Told, day: date) -> None:
        policy = self.rows[told.rank].if_not_kept
        if policy == "Keep":
            told.valid = self._renewed(told, day)
            return
        rank = told.rank - 1
        if policy == "To earned tier":
            rank = min(self._reached(self.measure(day, 0, morning=True)), told.rank)
        if self.rows[0].enter_at <= 0:
            rank = max(rank, 0)
        if rank == told.rank:
            told.valid = self._first_validity(rank, day)
            return
        told.entered = {at: when for at, when in told.entered.items() if at <= rank}
        told.landed = {at for at in told.landed if at <= rank}
        self._move(told, day, rank)

    def _put(self, told: Told, day: date) -> None:
        rank = self.current
        lower = {at: when for at, when in told.entered.items() if at < rank}
        told.entered = dict.fromkeys(range(rank + 1), day) | lower
        told.landed = {at for at in told.landed if at < rank} | {rank}
        self._move(told, day, rank)

    def _move(self, told: Told, day: date, rank: int) -> None:
        if rank != told.rank:
            told.moves.append((day, told.rank, rank))
        told.rank, told.since = rank, day
        told.valid = self._first_validity(rank, day)

    def _first_validity(self, rank: int, day: date) -> date | None:
        if rank == NONE or (rank == 0 and self.rows[0].enter_at <= 0):
            return None
        return rounded(months_after(day, self.rows[rank].months), self.rows[rank].rounding)

    def _renewed(self, told: Told, until: date) -> date:
        row, valid = self.rows[told.rank], told.valid
        assert valid is not None
        while valid < until:
            first = valid if row.months else valid + ONE_DAY
            valid = rounded(months_after(first, row.months), row.rounding)
        return valid

    def _reached(self, measure: int) -> int:
        return sum(measure >= row.enter_at for row in self.rows) - 1

    def measure(self, day: date, orders: int | None = None, *, morning: bool = False) -> int:
        """Add up what counts on a day: all of it, or only so many orders, or what was before."""
        bought = self.orders if orders is None or morning else self.orders[:orders]
        last = day - ONE_DAY if morning else day
        return sum(
            amount for at, amount in (*bought, *self.refunds) if self._opened(day) < at <= last
        )

    def _opened(self, day: date) -> date:
        if self.window == "Rolling 12 months":
            return months_after(day, -12)
        return date(day.year - 1, 12, 31) if self.window == "Calendar year" else date.min


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rounded(day: date, rounding: str) -> date:
    if rounding == "month end":
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return date(day.year, 12, 31) if rounding == "year end" else day
