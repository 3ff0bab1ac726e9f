"""Small shops drawn at random, so dense that every edge is hit."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.rewards.second.engine import on_day, posted
from tests.rewards.second.world import Customer, Entry, Line, Rule, Tier, World

# To draw a shop with a past is slow: its past has to be decided.
patient = settings(suppress_health_check=list(HealthCheck))
Draw = Any  # what st.composite hands over
NAMES = ("A", "B", "C", "D", "E", "F")
TIER_NAMES = ("Low", "Mid", "Top")
# Days before as_of: near ones, and those on which windows, years and limits turn.
EDGES = (0, 1, 6, 7, 13, 14, 15, 29, 30, 31, 59, 60, 90, 92, 364, 365, 366, 367, 395, 396, 730, 731)
AGO = st.integers(0, 40) | st.sampled_from(EDGES)
TODAY = st.sampled_from(
    [
        *(date(2026, 3, 5), date(2026, 1, 1), date(2025, 12, 31), date(2024, 2, 29)),
        *(date(2026, 2, 28), date(2025, 3, 1), date(2025, 7, 31)),
    ]
)
CENTS = st.sampled_from([10000, 15000, 5000, 9999, 4999, 5001, 33333, 100, 99, 1, 0])
PRODUCTS = st.sampled_from(["", "Shoes", "shoes", "Hats"])
MONEY = st.sampled_from([Decimal(text) for text in ("1", "2.5", "5", "10", "12.34")])


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def rarely(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw mostly nothing, so that a rule keeps only a few of many limits."""
    return st.integers(0, 4).flatmap(lambda die: values if die == 0 else st.none())


# customers and their orders


@st.composite
def customers(
    draw: Draw, today: date, names: tuple[str, ...], tier_names: tuple[str, ...]
) -> tuple[Customer, ...]:
    return tuple(draw(customer(today, name, names, tier_names)) for name in names)


@st.composite
def given_tier(draw: Draw, today: date, tier_names: tuple[str, ...]) -> dict[str, Any]:
    """Draw the tier a customer was given, mostly none."""
    if not _one_in(draw, 8):
        return {}
    since = draw(maybe(AGO))
    return {
        "current_tier": draw(st.sampled_from(tier_names)),
        "tier_since": None if since is None else today - timedelta(since),
    }


@st.composite
def customer(
    draw: Draw, today: date, name: str, names: tuple[str, ...], tier_names: tuple[str, ...]
) -> Customer:
    near = today.replace(year=1990, day=min(today.day, 28)) + timedelta(draw(st.integers(-20, 20)))
    return Customer(
        name,
        birth=draw(st.sampled_from([None, near, near, date(1992, 2, 29)])),
        opt_in=draw(st.sampled_from([True] * 9 + [False])),
        segment=draw(st.sampled_from(["", "North", "South"])),
        tags=draw(st.sampled_from(["", "", "staff", "vip; staff", "vip"])),
        referred_by=draw(st.sampled_from(["", *names, *names, *names, "Nobody"])),
        last_contact=draw(rarely(AGO.map(lambda ago: today - timedelta(ago)))),
        **draw(given_tier(today, tier_names)),
        status=draw(st.sampled_from(["", "Active", "At risk", "Passive", "Lost"])),
        clv=draw(st.sampled_from([None, 0, 5, 99, 100, 101])),
    )


@st.composite
def orders(draw: Draw, today: date, names: tuple[str, ...], theme: str) -> tuple[Line, ...]:
    """Draw the order table: with order ids or, of a whole table, without."""
    with_ids = theme == "orders" or draw(st.sampled_from([True, True, False]))
    whose = [name for name in names for _ in range(draw(st.integers(0, 4)))]
    if theme == "referrals":
        whose += names
    lines: list[Line] = []
    for number, name in enumerate(whose):
        lines += draw(order(today, name, f"O{number:02}" if with_ids else ""))
    if _one_in(draw, 3):
        day = today - timedelta(draw(AGO))
        lines.append(
            Line(draw(st.sampled_from(names)), day, -draw(CENTS) - 1, "S" if with_ids else "")
        )
    return tuple(dict.fromkeys(lines))  # rows that repeat others would not count


@st.composite
def order(draw: Draw, today: date, name: str, order_id: str) -> list[Line]:
    day = today - timedelta(draw(AGO))
    drawn = draw(st.lists(st.tuples(CENTS, PRODUCTS), min_size=1, max_size=2))
    lines = [Line(name, day, cents, order_id, product=product) for cents, product in drawn]
    refunds = draw(st.sampled_from([0, 0, 0, 1, 1, 2])) if order_id else 0
    for number in range(refunds):
        whole = max(sum(line.cents for line in lines), 0)
        back = draw(st.sampled_from([whole, whole // 2, whole // 5, 1])) or 1
        later = day + timedelta(draw(st.sampled_from([0, 1, 3, 14, 30])))
        product = draw(st.sampled_from([line.product for line in lines]))
        lines.append(Line(name, later, -back, f"{order_id}R{number}", order_id, product))
    return lines


# tiers


@st.composite
def tiers(draw: Draw) -> tuple[str, tuple[Tier, ...]]:
    """Draw what is measured and the tiers, lowest first."""
    measure = draw(st.sampled_from(["Net spend", "Net spend", "Orders"]))
    steps = draw(st.sampled_from([(0, 1, 2), (1, 2, 4), (0, 2), (1, 3)]))
    unit = 1 if measure == "Orders" else 10000
    return measure, tuple(
        draw(tier(name, step * unit, unit)) for name, step in zip(TIER_NAMES, steps, strict=False)
    )


@st.composite
def tier(draw: Draw, name: str, enter_at: int, unit: int) -> Tier:
    return Tier(
        name,
        enter_at,
        keep_at=draw(st.sampled_from([None, None, max(enter_at - unit, 0)])),
        months=draw(st.sampled_from([1, 2, 12, 12])),
        round_up=draw(st.sampled_from(["none", "month end", "year end"])),
        grace=draw(st.sampled_from([0, 1, 30])),
        if_not_kept=draw(st.sampled_from(["One tier down", "To earned tier", "Keep"])),
        factor=draw(st.sampled_from([Decimal(text) for text in ("1", "1.25", "1.5", "0", "0.1")])),
        entry_reward=draw(st.sampled_from(["", "", "R1", "r2"])),
        skipped=draw(st.sampled_from(["Top only", "Each tier passed"])),
    )


# rules

TRIGGER_VALUES = {
    "Order": maybe(st.integers(1, 3)),
    "Nth order": st.integers(1, 3),
    "Birthday": maybe(st.integers(0, 20)),
    "Tenure": st.integers(1, 2),
    "Passive": st.integers(1, 60),
}
# What a shop is about: rules that have to do with each other meet more often.
THEMES = {
    "orders": ("Order", "Order", "Order", "First order", "Nth order"),
    "referrals": ("Referral", "Referral", "First order"),
    "events": ("Birthday", "Tenure", "Tier reached", "Passive", "Survey answered", "Date range"),
    "everything": (
        *("Order", "First order", "Nth order", "Birthday", "Tenure", "Tier reached", "Passive"),
        *("Referral", "Survey answered", "Date range", "Manual"),
    ),
}
NO_WINDOW = ("Date range", "Manual")
MONEY_TRIGGERS = ("Order", "First order", "Nth order", "Referral")
REWARD_VALUES = {
    "Points per money": st.sampled_from([Decimal(text) for text in ("1", "0.01", "0.3", "2.5")]),
    "Fixed points": st.sampled_from([Decimal(1), Decimal(50)]),
    "% off": st.sampled_from([Decimal("0.1"), Decimal("0.25")]),
    "Amount off": MONEY,
    "Free gift": maybe(MONEY),
    "Free shipping": maybe(MONEY),
    "Service": maybe(MONEY),
    "Note": st.none(),
}
NUMBER_FIELDS = {
    "Orders life": ("0", "1", "2", "3"),
    "Orders 12m": ("0", "1", "2"),
    "Net spend life": ("0", "99.99", "100", "150"),
    "Net spend 12m": ("50", "100"),
    "Days since last order": ("0", "1", "30"),
    "Tenure years": ("1", "2"),
    "CLV": ("0", "99", "100"),
    "Birthday in days": ("0", "7", "364"),
    "Points": ("0", "1", "100"),
}


@st.composite
def condition(draw: Draw) -> tuple[str, str, str]:
    if draw(st.integers(0, 5)) == 0:
        return "Status", draw(st.sampled_from(["=", "≠", "in list"])), "Passive"
    field = draw(st.sampled_from(sorted(NUMBER_FIELDS)))
    values = NUMBER_FIELDS[field]
    test = draw(st.sampled_from(["≥", ">", "≤", "<", "=", "≠", "between", "in list"]))
    if test == "between":
        return field, test, f"{values[0]}; {values[-1]}"
    return field, test, draw(st.sampled_from(values))


TOGETHER = (
    *(("Stack", "a"), ("", "a"), ("", "a"), ("Best of group", "a"), ("Best of group", "b")),
    *(("Only this", ""), ("Only this", "A")),
)


def limits(today: date, tier_names: tuple[str, ...]) -> dict[str, st.SearchStrategy[Any]]:
    """Return how each limit of a rule is drawn; a rule has a few of them."""
    named = st.lists(st.sampled_from(tier_names), min_size=1, max_size=2, unique=True)
    return {
        "window_after": st.integers(0, 40),
        "only_tiers": named.map(tuple),
        "only_segments": st.sampled_from([("North",), ("south", "vip")]),
        "not_for": st.sampled_from([("staff",), ("B", "North"), ("mid",)]),
        "conditions": st.lists(condition(), min_size=1, max_size=2).map(tuple),
        "min_order": st.sampled_from([Decimal(50), Decimal("49.99"), Decimal(100)]),
        "products": st.sampled_from([("+cat:Shoes",), ("-Hats",), ("+hats", "+sku:shoes")]),
        "max_per_order": st.sampled_from([Decimal(1), Decimal(30)]),
        "max_times": st.integers(1, 2),
        "cool_down": st.sampled_from([0, 1, 14, 365]),
        "waiting_days": st.sampled_from([0, 1, 14]),
        "expires_days": st.sampled_from([0, 1, 30, 365]),
        "valid_from": st.sampled_from([-1, 0, 1, 20, 60]).map(lambda count: later(today, -count)),
        "valid_to": st.sampled_from([-40, -5, -1, 0, 1]).map(lambda count: later(today, count)),
        "together": st.sampled_from(TOGETHER),
        "budget": st.sampled_from([Decimal(text) for text in ("0", "4", "8", "20", "1.98")]),
    }


@st.composite
def rule(
    draw: Draw, today: date, rule_id: str, tier_names: tuple[str, ...], theme: str = "everything"
) -> Rule:
    """Draw a rule whose cells belong together."""
    trigger = draw(st.sampled_from(THEMES[theme]))
    reward = draw(st.sampled_from(sorted(REWARD_VALUES)))
    if reward == "Points per money" and trigger not in MONEY_TRIGGERS:
        reward = "Fixed points"
    known = limits(today, tier_names)
    often = ("budget", "together", "max_times", "cool_down", "expires_days")
    chosen = draw(st.lists(st.sampled_from([*often, *sorted(known)]), max_size=3, unique=True))
    cells = {name: draw(known[name]) for name in sorted(chosen)}
    if trigger == "Tier reached":
        cells["only_tiers"] = draw(known["only_tiers"])
    if trigger in NO_WINDOW:
        cells.pop("window_after", None)
    if "max_times" in cells:
        cells["max_per"] = draw(st.sampled_from(["Order", "Month", "Year", "Ever"]))
    if "together" in cells:
        cells["together"], cells["group"] = cells["together"]
    if cells.get("valid_from", today) > cells.get("valid_to", today):
        cells.pop("valid_to", None)
    if cells.get("expires_days", 365) < cells.get("waiting_days", 0) and trigger != "Referral":
        cells.pop("waiting_days")
    made = Rule(
        rule_id,
        trigger,
        reward,
        trigger_value=draw(TRIGGER_VALUES.get(trigger, st.none())),
        active=not _one_in(draw, 20),
        reward_value=draw(REWARD_VALUES[reward]),
        priority=draw(maybe(st.integers(1, 3))),
        **cells,
    )
    return _with_cost(draw, _with_friend(draw, made))


def later(day: date, count: int) -> date:
    return day + timedelta(count)


def _one_in(draw: Draw, count: int) -> bool:
    return bool(draw(st.sampled_from([False] * (count - 1) + [True])))


def _with_friend(draw: Draw, made: Rule) -> Rule:
    if made.trigger != "Referral" or _one_in(draw, 3):
        return made
    values = REWARD_VALUES[made.reward]
    return replace(made, friend_reward=draw(values))


def _with_cost(draw: Draw, made: Rule) -> Rule:
    """Draw a cost, and the time of a budget; a budget needs a cost."""
    face = made.max_per_order if made.reward == "% off" else made.reward_value
    costs = ["4", "0.333"]
    if made.gives_points:
        costs.append("")
    elif face is not None:
        costs += ["", "55%", "33.3%"]
    elif made.budget is None:
        costs.append("")
    made = replace(made, cost_each=draw(st.sampled_from(costs)))
    if made.budget is None:
        return made
    return replace(made, budget_per=draw(st.sampled_from(["", "Month", "Quarter", "Year"])))


# the whole shop


@st.composite
def shops(draw: Draw, *, most_rules: int = 6, with_ledger: bool = True) -> World:
    """Draw a shop, with the rewards that its rules have granted on earlier days."""
    today = draw(TODAY)
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    measure, ladder = draw(tiers())
    theme = draw(st.sampled_from(sorted(THEMES)))
    tier_names = tuple(one.name for one in ladder)
    world = World(
        today,
        draw(customers(today, names, tier_names)),
        draw(orders(today, names, theme)),
        tuple(draw(answers(today, names))),
        measure=measure,
        window=draw(st.sampled_from(["Rolling 12 months", "Calendar year", "Lifetime"])),
        tiers=ladder,
        rules=tuple(
            draw(rule(today, f"R{number}", tier_names, theme))
            for number in range(1, 1 + draw(st.integers(1, most_rules)))
        ),
        points_value=draw(st.sampled_from([Decimal("0.01"), Decimal("0.005"), Decimal("0.0333")])),
        contact_cap=draw(st.sampled_from([None, None, 1, 2])),
    )
    return draw(with_past(world)) if with_ledger else world


def answers(today: date, names: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, date]]]:
    days = AGO.map(lambda ago: today - timedelta(ago))
    return st.lists(st.tuples(st.sampled_from(names), days), max_size=4)


@st.composite
def with_past(draw: Draw, world: World) -> World:
    """Book what was decided on some earlier days, and what customers made of it."""
    past = replace(world, rules=tuple(draw(earlier(one)) for one in world.rules))
    moments = st.sampled_from(_moments(world))
    fewest = draw(st.sampled_from([1, 2, 0]))
    for day in sorted(draw(st.lists(moments, min_size=fewest, max_size=2))):
        past = posted(on_day(past, day))
    rows = [draw(fate(entry)) for entry in past.ledger]
    rows += draw(st.lists(by_hand(world), max_size=2))
    return replace(world, ledger=tuple(rows))


@st.composite
def earlier(draw: Draw, made: Rule) -> Rule:
    """A rule may have been another one when it was booked: larger, or for fewer orders."""
    if made.reward_value is None or not _one_in(draw, 4):
        return made
    asked = draw(st.sampled_from([None, Decimal(100)]))
    return replace(made, reward_value=made.reward_value / 2, min_order=asked)


def _moments(world: World) -> list[date]:
    """Return days worth deciding on: of orders, before refunds, and a few others."""
    before_refunds = [line.day - timedelta(1) for line in world.lines if line.cents < 0]
    others = [world.as_of - timedelta(ago) for ago in (0, 1, 14, 29, 30, 31, 366)]
    ordered = [line.day for line in world.lines if line.cents >= 0]
    return [day for day in (*before_refunds * 3, *others, *ordered) if day <= world.as_of]


@st.composite
def fate(draw: Draw, entry: Entry) -> Entry:
    """A reward may have been used since."""
    if entry.points is None and entry.state != "reversed" and _one_in(draw, 5):
        return replace(entry, state="used")
    return entry


@st.composite
def by_hand(draw: Draw, world: World) -> Entry:
    """An entry somebody typed: points used, given or expired, a gift."""
    name = draw(st.sampled_from(world.customers)).name
    day = world.as_of - timedelta(draw(AGO))
    points, state = draw(
        st.sampled_from([(-10, "used"), (-50, "expired"), (25, "active"), (None, "active")])
    )
    rule_id = draw(st.sampled_from(["", "R1", "R2", "manual"]))
    return Entry(day, name, rule_id, draw(st.sampled_from(["", "x"])), points, None, None, state)
