"""A rule does what its sentence says.

A rule is drawn and written as a sentence. The numbers are then read out of the sentence, not out
of the rule, and the engine decides about customers that are exactly at each number, just below
it and just above.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rewards.second.bridge import Real, rule_table
from tests.rewards.second.world import Customer, Entry, Line, Rule, Tier, World, add_years
from xlclv.rewards.rules.sentence import reads_as
from xlclv.rewards.rules.table import read_rules

pytestmark = pytest.mark.slow

TODAY = date(2026, 6, 15)
TIERS = (Tier("Low", 0),)
NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
GIFT = Rule("R1", "Order", "Free gift", reward_value=Decimal(5), cost_each="4")


def sentence(rule: Rule) -> str:
    (row,) = read_rules(rule_table([rule]), ["Low"]).rows
    assert row.rule is not None, row.status
    return reads_as(row.rule)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


# a customer and what may be turned about her


@dataclass(frozen=True)
class Setting:
    """All that decides about one order of customer A; each part suits a rule without limits."""

    today: date = TODAY
    cents: int = 100_000
    ago: int = 0
    count: int = 1
    clv: int | None = 100
    booked: tuple[date, ...] = ()  # earlier rewards of A
    spent: tuple[tuple[date, int], ...] = ()  # cents of the budget that others had

    def world(self, rule: Rule) -> World:
        day = self.today - timedelta(self.ago)
        customers = (Customer("A", clv=self.clv), Customer("Z"))
        lines = tuple(Line("A", day, self.cents, f"O{at:03}") for at in range(self.count))
        entries = [_booked("A", on, 0, f"old{at}") for at, on in enumerate(self.booked)]
        entries += [_booked("Z", on, cents, f"z{at}") for at, (on, cents) in enumerate(self.spent)]
        ledger = tuple(entries)
        known = {"customers": customers, "lines": lines, "ledger": ledger, "tiers": TIERS}
        return World(self.today, rules=(rule,), **known)

    def grants(self, rule: Rule) -> bool:
        """Say whether the last order brings the reward."""
        granted = {award[2] for award in Real(self.world(rule)).awards() if award[1] == "A"}
        return f"O{self.count - 1:03}" in granted


def _booked(name: str, day: date, cost: int, reference: str) -> Entry:
    return Entry(day, name, "R1", reference, None, None, cost, "used", day)


Changes = dict[str, Any]


@dataclass(frozen=True)
class Limit:
    """A limit of a rule for orders.

    Args:
        cells: How it is drawn, as cells of the rule.
        pattern: Its words.
        suits: What of a setting suits it, by the numbers in the words.
        probes: Changes of a setting, and whether the reward is granted then.
        clashes: Limits that cannot be tried beside it.
    """

    cells: st.SearchStrategy[Changes]
    pattern: str
    probes: Callable[..., Iterator[tuple[Changes, bool]]]
    suits: Callable[..., Changes] = field(default=lambda *_: {})
    clashes: tuple[str, ...] = ()


def _min_order(least: str) -> Iterator[tuple[Changes, bool]]:
    cents = int(number(least) * 100)
    yield {"cents": cents}, True
    yield {"cents": cents + 1}, True
    if cents > 1:
        yield {"cents": cents - 1}, False


def _every(step: str) -> Iterator[tuple[Changes, bool]]:
    k = int(step)
    yield {"count": k}, True
    yield {"count": 2 * k}, True
    yield {"count": k - 1}, False
    yield {"count": k + 1}, False


def _placed(today: str | None, yesterday: str | None, days: str | None) -> Iterator[Any]:
    last = 0 if today else 1 if yesterday else int(number(days or ""))
    yield {"ago": last}, True
    yield {"ago": last + 1}, False
    if last:
        yield {"ago": last - 1}, True


MEANS: dict[str, Callable[[Decimal, Decimal, Decimal], bool]] = {
    "at least": lambda value, low, _: value >= low,
    "more than": lambda value, low, _: value > low,
    "at most": lambda value, low, _: value <= low,
    "less than": lambda value, low, _: value < low,
    "exactly": lambda value, low, _: value == low,
    "other than": lambda value, low, _: value != low,
    "from": lambda value, low, high: low <= value <= high,
}


def _clv(test: str, low: str, high: str | None) -> Iterator[tuple[Changes, bool]]:
    first, last = number(low), number(high or low)
    for value in (first - 1, first, first + 1, last - 1, last, last + 1):
        yield {"clv": int(value)}, MEANS[test](value, first, last)
    yield {"clv": None}, False


def _suiting_clv(test: str, low: str, high: str | None) -> Changes:
    return next(changes for changes, granted in _clv(test, low, high) if granted)


def _times(once: str | None, times: str | None, period: str) -> Iterator[tuple[Changes, bool]]:
    most = 1 if once else int(times or "")
    before = {
        "calendar month": TODAY.replace(day=1) - timedelta(1),
        "calendar year": date(TODAY.year - 1, 12, 31),
    }
    yield {"booked": (TODAY.replace(day=1),) * (most - 1)}, True
    yield {"booked": (TODAY.replace(day=1),) * most}, False
    yield {"booked": (TODAY,) * (most + 1)}, False
    if period in before:
        yield {"booked": (before[period],) * most}, True
    else:
        yield {"booked": (date(2020, 1, 1),) * most}, False


def _apart(days: str) -> Iterator[tuple[Changes, bool]]:
    for step, granted in ((-1, False), (0, True), (1, True)):
        yield {"booked": (TODAY - timedelta(int(number(days)) + step),)}, granted


def _budget(amount: str, period: str, cost: str) -> Iterator[tuple[Changes, bool]]:
    left = int((number(amount) - number(cost)) * 100)
    starts = {
        "a calendar month": date(2026, 6, 1),
        "a calendar quarter": date(2026, 4, 1),
        "a calendar year": date(2026, 1, 1),
        "in all": date(2020, 1, 1),
    }
    start = starts[period]
    yield {"spent": ((start, left),)}, True
    yield {"spent": ((start, left + 1),)}, False
    yield {"spent": ((TODAY, max(left - 1, 0)),)}, True
    if period != "in all":
        yield {"spent": ((start - timedelta(1), left + 1),)}, True


def _dates(first: str, last: str) -> Iterator[tuple[Changes, bool]]:
    begin, end, one = date.fromisoformat(first), date.fromisoformat(last), timedelta(1)
    for day, granted in ((begin - one, False), (begin, True), (end, True), (end + one, False)):
        yield {"today": day}, granted
    # What counts is the day of the order, not that of the decision.
    yield {"today": end + one, "ago": 1}, True
    yield {"today": begin, "ago": 1}, False


AMOUNTS = st.decimals(Decimal("0.01"), Decimal(2000), places=2) | st.integers(1, 1500).map(Decimal)
TESTS = ("≥", ">", "≤", "<", "=", "≠")
CLV_CELLS = st.one_of(
    st.tuples(st.just("CLV"), st.sampled_from(TESTS), st.integers(-5, 2000).map(str)),
    st.tuples(st.just("CLV"), st.just("between"), st.sampled_from(["5; 10", "-1; 1", "0; 1500"])),
)

LIMITS = {
    "min_order": Limit(
        AMOUNTS.map(lambda least: {"min_order": least}),
        rf"orders? from {NUMBER}",
        _min_order,
        lambda least: {"cents": int(number(least) * 100)},
    ),
    "step": Limit(
        st.integers(2, 9).map(lambda k: {"trigger_value": k}),
        r"order number (\d+), ",
        _every,
        lambda step: {"count": int(step)},
    ),
    "window": Limit(
        st.integers(0, 1100).map(lambda days: {"window_after": days}),
        rf"placed (?:(today)(?! or)|(today or yesterday)|in the last {NUMBER} days)",
        _placed,
    ),
    "clv": Limit(
        CLV_CELLS.map(lambda condition: {"conditions": (condition,)}),
        r"a CLV of ([a-z ]+) (-?\d[\d,]*)(?: to (-?\d[\d,]*))?",
        _clv,
        _suiting_clv,
    ),
    "times": Limit(
        st.tuples(st.integers(1, 4), st.sampled_from(["Month", "Year", "Ever"])).map(
            lambda drawn: {"max_times": drawn[0], "max_per": drawn[1]}
        ),
        r", (?:(once)|at most (\d+) times)(?: a)? (calendar month|calendar year|only|ever)",
        _times,
        clashes=("apart", "step"),
    ),
    "apart": Limit(
        st.integers(1, 900).map(lambda days: {"cool_down": days}),
        rf"at least {NUMBER} days? apart",
        _apart,
        clashes=("times", "step"),
    ),
    "budget": Limit(
        st.tuples(
            st.integers(4, 5000), st.sampled_from(["Month", "Quarter", "Year", "Whole run"])
        ).map(lambda drawn: {"budget": Decimal(drawn[0]), "budget_per": drawn[1]}),
        rf"Budget {NUMBER} (a calendar month|a calendar quarter|a calendar year|in all)\."
        rf".* Costs us {NUMBER} each",
        _budget,
        clashes=("step", "dates"),
    ),
    "dates": Limit(
        st.tuples(st.integers(0, 400), st.integers(0, 400)).map(
            lambda days: {
                "valid_from": TODAY - timedelta(days[0]),
                "valid_to": TODAY + timedelta(days[1]),
            }
        ),
        r"For orders from (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)",
        _dates,
        clashes=("times", "apart", "budget", "window"),
    ),
}


@st.composite
def chosen_limits(draw: Any) -> tuple[list[str], Rule]:  # noqa: ANN401
    """Draw up to three limits that can be tried side by side, and the rule that has them."""
    names: list[str] = []
    for name in draw(st.lists(st.sampled_from(sorted(LIMITS)), min_size=1, max_size=3)):
        if name not in names and not any(_clash(name, other) for other in names):
            names.append(name)
    cells: Changes = {}
    for name in names:
        cells |= draw(LIMITS[name].cells)
    return names, replace(GIFT, **cells)


def _clash(one: str, other: str) -> bool:
    return one in LIMITS[other].clashes or other in LIMITS[one].clashes


@given(chosen_limits())
def test_a_rule_for_orders_does_what_it_says(drawn: tuple[list[str], Rule]) -> None:
    names, rule = drawn
    text = sentence(rule)
    found = {}
    for name in names:
        words = re.search(LIMITS[name].pattern, text)
        assert words, f"{name} is not in: {text}"
        found[name] = words.groups()
    base: Changes = {}
    for name in names:
        base |= LIMITS[name].suits(*found[name])
    for name in names:
        for changes, granted in LIMITS[name].probes(*found[name]):
            setting = Setting(**{**base, **changes})
            assert setting.grants(rule) == granted, (text, setting)


# rules for other events: one number each


def shop(rule: Rule, *lines: Line, customers: tuple[Customer, ...] = ()) -> World:
    known = {"tiers": TIERS, "lines": lines, "customers": customers or (Customer("A"),)}
    return World(TODAY, rules=(rule,), **known)


def granted_to_a(world: World) -> bool:
    return any(award[1] == "A" for award in Real(world).awards())


def numbers_in(pattern: str, rule: Rule) -> list[int]:
    words = re.search(pattern, sentence(rule))
    assert words, f"{pattern} is not in: {sentence(rule)}"
    return [1 if text == "one" else int(number(text)) for text in words.groups()]


@given(st.integers(1, 180), st.integers(1, 180))
def test_a_birthday_counts_on_the_days_it_says(before: int, after: int) -> None:
    rule = Rule("R1", "Birthday", "Note", trigger_value=before, window_after=after)
    pattern = r"from (\d+) days? before to (\d+) days? after their birthday"
    first, last = numbers_in(pattern, rule)
    for days, granted in ((first, True), (first + 1, False), (-last, True), (-last - 1, False)):
        day = TODAY + timedelta(days)
        customers = (Customer("A", birth=day.replace(year=1992)),)
        assert granted_to_a(shop(rule, customers=customers)) == granted, days


@given(st.integers(1, 12))
def test_tenure_counts_the_years_it_says(value: int) -> None:
    rule = Rule("R1", "Tenure", "Note", trigger_value=value)
    (years,) = numbers_in(r"for (\d+|one) complete years?", rule)
    for later, granted in ((-1, True), (0, True), (1, False)):
        day = add_years(TODAY, -years) + timedelta(later)
        assert granted_to_a(shop(rule, Line("A", day, 100, "O1"))) == granted


@given(st.integers(1, 12))
def test_the_nth_order_is_the_one_it_says(value: int) -> None:
    rule = Rule("R1", "Nth order", "Note", trigger_value=value)
    (n,) = numbers_in(r"order number (\d+)", rule)
    for count, granted in ((n - 1, False), (n, True), (n + 1, True)):
        lines = [Line("A", TODAY, 100, f"O{at:02}") for at in range(count)]
        assert granted_to_a(shop(rule, *lines)) == granted


@given(st.integers(1, 800))
def test_a_pause_is_as_long_as_it_says(value: int) -> None:
    rule = Rule("R1", "Passive", "Note", trigger_value=value)
    (days,) = numbers_in(rf"not ordered for {NUMBER} days?", rule)
    for ago, granted in ((days - 1, False), (days, True), (days + 1, True)):
        line = Line("A", TODAY - timedelta(ago), 100, "O1")
        assert granted_to_a(shop(rule, line)) == granted


@given(AMOUNTS, st.integers(1, 60))
def test_a_referral_asks_for_what_it_says(least: Decimal, waiting: int) -> None:
    rule = Rule("R1", "Referral", "Note", min_order=least, waiting_days=waiting)
    words = re.search(rf"first order if it is from {NUMBER}", sentence(rule))
    assert words, sentence(rule)
    cents = int(number(words[1]) * 100)
    (days,) = numbers_in(rf"Issued {NUMBER} days? after the friend's first order", rule)
    probes = ((cents, days, True), (cents - 1, days, False), (cents, days - 1, False))
    for money, ago, granted in probes:
        customers = (Customer("A"), Customer("B", referred_by="A"))
        lines = (
            Line("A", TODAY - timedelta(100), 100, "O1"),
            Line("B", TODAY - timedelta(ago), money, "O2"),
        )
        assert granted_to_a(shop(rule, *lines, customers=customers)) == granted


@given(
    st.decimals(Decimal("0.01"), Decimal(7), places=2),
    st.integers(1, 60),
    st.integers(0, 90),
    st.integers(1, 500),
)
def test_points_are_as_many_as_it_says(rate: Decimal, most: int, waiting: int, lasts: int) -> None:
    rule = Rule(
        *("R1", "Order", "Points per money"),
        reward_value=rate,
        max_per_order=Decimal(most),
        waiting_days=waiting or None,
        expires_days=waiting + lasts,
    )
    words = re.search(rf"{NUMBER} points? per 1 spent \(max {NUMBER} points?\)", sentence(rule))
    assert words, sentence(rule)
    each, top = number(words[1]), int(number(words[2]))
    (expiry,) = numbers_in(rf"Expires {NUMBER} days? after the order", rule)
    pending = 0
    if waiting:
        (pending,) = numbers_in(rf"Pending until {NUMBER} days? after the order", rule)
    for points in (1, top, top + 1):
        cents = int((100 * points / each).to_integral_value(ROUND_CEILING))  # the least for so many
        for money, brought in ((cents, min(points, top)), (cents - 1, min(points - 1, top))):
            awards = Real(shop(rule, Line("A", TODAY, money, "O1"))).awards()
            assert [award[4] for award in awards] == [brought] * (brought > 0), money
            for award in awards:
                assert award[7] == TODAY + timedelta(pending)
                assert award[8] == TODAY + timedelta(expiry)


@pytest.mark.parametrize("waiting", [1, 14])
@pytest.mark.parametrize("lasts", [14, 60])
def test_a_gift_can_be_used_when_it_says(waiting: int, lasts: int) -> None:
    rule = replace(GIFT, waiting_days=waiting, expires_days=lasts)
    (pending,) = numbers_in(rf"Pending for {NUMBER} days?", rule)
    (expiry,) = numbers_in(rf"Expires after {NUMBER} days?", rule)
    (award,) = Real(shop(rule, Line("A", TODAY - timedelta(3), 100, "O1"))).awards()
    assert (award[7], award[8]) == (TODAY + timedelta(pending), TODAY + timedelta(expiry))
