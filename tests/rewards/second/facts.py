"""What a rule may ask about a customer on the day, worked out from the rows of the tables."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from tests.rewards.second.ledger import balance
from tests.rewards.second.world import ONE_DAY, Customer, World, add_months, add_years, days

Value = Decimal | str | None


def labels(texts: Iterable[str]) -> set[str]:
    return {text.strip().casefold() for text in texts} - {""}


def labels_of(customer: Customer) -> set[str]:
    """Return a customer's segment and tags."""
    return labels([customer.segment, *customer.tags.split(";")])


def birthday_in(birth: date, year: int) -> date:
    """29 February is kept on the 28th in common years."""
    return add_years(birth, year - birth.year)


def birthday_near(birth: date, today: date, before: int, after: int) -> date | None:
    """Return the birthday at most `before` days ahead or `after` days ago; of two the first."""
    window = [today + days(step) for step in range(-after, before + 1)]
    found = [day for day in window if day == birthday_in(birth, day.year)]
    return found[0] if found else None


def tenure_years(first: date, today: date) -> int:
    years = today.year - first.year
    return years - (add_years(first, years) > today)


def fact(world: World, customer: Customer, title: str) -> Value:
    """Return the value of a field by its title; None: unknown."""
    if title == "Status":
        return world.status_of(customer) or None
    if title == "CLV":
        return None if customer.clv is None else Decimal(customer.clv)
    if title == "Points":
        return Decimal(balance(world, customer.name).available)
    if title == "Birthday in days":
        return _days_to_birthday(customer.birth, world.as_of)
    return _of_orders(world, customer.name, title)


def _of_orders(world: World, name: str, title: str) -> Decimal | None:
    """Return what orders say; nothing of who has none, no count of who is not in the table."""
    orders = world.orders_of(name)
    lines = [line for line in world.lines if line.customer == name and line.day <= world.as_of]
    begin = add_months(world.as_of, -12) + ONE_DAY
    found: dict[str, int | Decimal] = {}
    if orders:
        found["Days since last order"] = (world.as_of - orders[-1].day).days
        found["Tenure years"] = tenure_years(orders[0].day, world.as_of)
    if lines:
        found["Orders life"] = len(orders)
        found["Orders 12m"] = sum(order.day >= begin for order in orders)
        found["Net spend life"] = Decimal(sum(line.cents for line in lines)) / 100
        recent = sum(line.cents for line in lines if line.day >= begin)
        found["Net spend 12m"] = Decimal(recent) / 100
    return Decimal(found[title]) if title in found else None


def _days_to_birthday(birth: date | None, today: date) -> Decimal | None:
    if birth is None:
        return None
    this = birthday_in(birth, today.year)
    coming = birthday_in(birth, today.year + 1) if this < today else this
    return Decimal((coming - today).days)


def condition_holds(world: World, customer: Customer, condition: tuple[str, str, str]) -> bool:
    """Say whether a condition (field, test, value) holds; of an unknown value nothing does."""
    title, test, text = condition
    value = fact(world, customer, title)
    if value is None:
        return False
    if isinstance(value, str):
        named = value.casefold() in labels(text.split(";"))
        return not named if test == "≠" else named
    asked = [Decimal(part.strip()) for part in text.split(";")]
    if test == "between":
        return asked[0] <= value <= asked[1]
    if test == "in list":
        return value in asked
    sign = (value > asked[0]) - (value < asked[0])
    return sign in {"≥": (0, 1), ">": (1,), "≤": (0, -1), "<": (-1,), "=": (0,), "≠": (-1, 1)}[test]
