"""The ledger, one customer, one entry after the other: what became of every point."""

from dataclasses import dataclass
from datetime import date

from tests.rewards.second.world import Entry, World

EARN, USE, TAKE_BACK = 0, 1, 2  # the order of one day


@dataclass
class Lot:
    """Points that came in together, and how many of them nobody has taken."""

    entry: Entry
    left: int

    @property
    def usable_from(self) -> date:
        """A lot typed pending without a day from which it can be used stays pending."""
        if self.entry.state == "pending" and self.entry.usable_from is None:
            return date.max
        return max(self.entry.day, self.entry.usable_from or self.entry.day)

    @property
    def last(self) -> date:
        return self.entry.expires_on or date.max

    @property
    def typed(self) -> str:
        """Return the state that does not change with the days, "" if it does."""
        return "" if self.entry.state in ("pending", "active") else self.entry.state

    def usable(self, day: date) -> bool:
        return not self.typed and self.usable_from <= day <= self.last

    @property
    def order(self) -> tuple[date, date, str]:
        """Oldest-expiring first."""
        return self.last, self.entry.day, self.entry.reference


@dataclass
class Balance:
    """The points of a customer on a day; earned is the sum of the others."""

    earned: int = 0
    available: int = 0
    pending: int = 0
    used: int = 0
    expired: int = 0
    reversed: int = 0


def balance(world: World, name: str) -> Balance:
    """Return the points of a customer on the day."""
    total = Balance()
    lots, debt = settled(world, name, total)
    for lot in lots:
        kind = _kind(lot, world.as_of)
        setattr(total, kind, getattr(total, kind) + lot.left)
    total.earned = sum(lot.entry.points or 0 for lot in lots)
    total.available -= debt
    return total


def settled(world: World, name: str, total: Balance) -> tuple[list[Lot], int]:
    """Return a customer's lots with what is left of each, and what is owed; count what went."""
    rows = [one for one in world.booked() if one.customer == name and one.points]
    lots = [Lot(one, one.points) for one in rows if one.points and one.points > 0]
    lots.sort(key=lambda lot: lot.order)
    events: list[tuple[date, int, Lot | None, Entry | None]] = []
    events += [(lot.usable_from, EARN, lot, None) for lot in lots if not lot.typed]
    events += [(one.day, _turn(one), None, one) for one in rows if one.points and one.points < 0]
    debt = 0
    for day, _, lot, row in sorted(events, key=lambda event: event[:2]):
        if lot is not None and day <= world.as_of and lot.usable(day):
            repaid = min(lot.left, debt)
            lot.left -= repaid
            debt -= repaid
        elif row is not None:
            debt += _go_out(row, lots, total)
    return lots, debt


def _kind(lot: Lot, today: date) -> str:
    """Return what has become of what is left of a lot."""
    if lot.typed:
        return lot.typed
    if lot.last < today:
        return "expired"
    return "pending" if lot.usable_from > today else "available"


def _turn(row: Entry) -> int:
    return TAKE_BACK if row.state == "reversed" else USE


def _go_out(row: Entry, lots: list[Lot], total: Balance) -> int:
    """Take points out of lots, the first to expire first; return what they lack: a debt."""
    points = -(row.points or 0)
    setattr(total, row.state, getattr(total, row.state) + points)
    usable = [lot for lot in lots if lot.usable(row.day)]
    own = [
        lot
        for lot in lots
        if row.state == "reversed"
        and lot.entry.key == row.key
        and lot.entry.day <= row.day
        and lot.typed in ("", "expired")
    ]
    for lot in [*own, *usable]:
        taken = min(lot.left, points)
        lot.left -= taken
        points -= taken
    return points


def is_live(world: World, entry: Entry) -> bool:
    """Say whether a customer has an entry's reward on the day, or got it on the very day."""
    if entry.day == world.as_of:
        return True
    if entry.points is None:
        return _kind(Lot(entry, 1), world.as_of) in ("pending", "available")
    lots, _ = settled(world, entry.customer, Balance())
    return any(
        lot.entry is entry and lot.left and _kind(lot, world.as_of) in ("pending", "available")
        for lot in lots
    )


def takes_back(entry: Entry) -> bool:
    """Say whether an entry takes another back."""
    if entry.points is not None:
        return entry.points < 0 and entry.state == "reversed"
    return entry.state == "reversed" and (entry.cost or 0) <= 0 and (entry.face or 0) <= 0


def grants(entry: Entry) -> bool:
    return entry.state != "reversed" and (entry.points is None or entry.points > 0)


def standing_entries(world: World) -> list[Entry]:
    """Return what was granted and has not been taken back whole: the earliest is hit first."""
    found = []
    for key in dict.fromkeys(entry.key for entry in world.booked()):
        found += standing([entry for entry in world.booked() if entry.key == key])
    return found


def standing(rows: list[Entry]) -> list[Entry]:
    """Return the entries of one occasion that still count."""
    found = []
    for points in (True, False):
        same = [row for row in rows if (row.points is not None) == points]
        gone = sum(abs(row.points or 1) for row in same if takes_back(row))
        for row in sorted((row for row in same if grants(row)), key=lambda row: row.day):
            gone -= abs(row.points or 1)
            if gone < 0:
                found.append(row)
    return found


def net_points(rows: list[Entry]) -> int:
    """Return what stands of the points of one occasion: what came in less what was reversed."""
    came = sum(row.points or 0 for row in rows if grants(row))
    return came + sum(row.points or 0 for row in rows if takes_back(row))
