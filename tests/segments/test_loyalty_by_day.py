"""Tiers over time against a second implementation that lives through the days of one customer."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.segments.tiers_by_day import NONE, ONE_DAY, Row, Story, Told, months_after, rounded
from xlclv.codes import T
from xlclv.customers.orders import NO_ORDER, Orders
from xlclv.customers.windows import WINDOWS
from xlclv.segments.loyalty import Standing, standing
from xlclv.segments.measures import MEASURES
from xlclv.segments.policies import IF_NOT_KEPT, ROUNDINGS
from xlclv.segments.tiers import Tiers
from xlclv.terms import Array

FIRST = date(2023, 1, 20)
EDGES = [
    date(year, month, day)
    for year in (2023, 2024, 2025)
    for month, day in ((1, 1), (1, 31), (2, 28), (3, 1), (12, 31))
]
DAYS = st.sampled_from([*EDGES, *[date(2024, 2, 29)] * 3]) | st.integers(0, 1000).map(
    lambda days: FIRST + timedelta(days)
)
MONTHS = st.sampled_from([0, 1, 2, 12, 13])
GRACE = st.sampled_from([0, 1, 30, 100])


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    thresholds = sorted(draw(st.sets(st.integers(-1, 8), min_size=1, max_size=4)))
    return [
        Row(
            enter_at,
            enter_at - draw(st.sampled_from([0, 0, 1, 3])),
            draw(MONTHS),
            draw(st.sampled_from(["none", "month end", "year end"])),
            draw(GRACE),
            draw(st.sampled_from(["One tier down", "To earned tier", "Keep"])),
        )
        for enter_at in thresholds
    ]


def milestones(row: Row, day: date) -> list[date]:
    """Return the days on which something may be decided that began on a day."""
    valid = rounded(months_after(day, row.months), row.rounding)
    decided = [valid, valid + timedelta(row.grace), months_after(day, 12)]
    return [day, *decided, *(one + ONE_DAY for one in decided)]


@st.composite
def days(draw: st.DrawFn, ladder: list[Row], size: int) -> list[date]:
    """Return days, most of them milestones of an earlier one: there the rules differ."""
    found = [draw(DAYS)]
    while len(found) < size:
        edges = milestones(draw(st.sampled_from(ladder)), draw(st.sampled_from(found)))
        found.append(draw(st.sampled_from(edges) | DAYS))
    return found


@st.composite
def stories(draw: st.DrawFn, *, refunds: bool) -> tuple[Story, date]:
    """Return a story and a day to ask about."""
    ladder = draw(rows())
    bought, returned = draw(st.integers(0, 6)), draw(st.integers(0, 2 * refunds))
    as_of, since, *others = draw(days(ladder, bought + returned + 2))
    amount = st.integers(0, 6) if refunds else st.just(1)
    orders = sorted(((day, draw(amount)) for day in others[:bought]), key=lambda one: one[0])
    strays = [(day, draw(st.integers(-4, -1))) for day in others[bought:]]
    current = draw(st.just(NONE) | st.integers(0, len(ladder) - 1))
    dated = current != NONE and draw(st.booleans())
    window = draw(st.sampled_from(["Rolling 12 months", "Calendar year", "Lifetime"]))
    return Story(ladder, window, orders, strays, current, since if dated else None), as_of


def as_tiers(story: Story, measure: str) -> Tiers:
    unit = 100 if measure == "Net spend" else 1  # amounts of the stories are cents

    def column(name: str, kind: type) -> Array:
        return np.array([getattr(row, name) for row in story.rows], dtype=kind)

    def objects(name: str, choices: Mapping[str, T]) -> tuple[T, ...]:
        return tuple(choices[getattr(row, name)] for row in story.rows)

    return Tiers(
        np.array([f"T{rank}" for rank in range(len(story.rows))], dtype=object),
        column("enter_at", float) / unit,
        np.full(len(story.rows), "", dtype=object),
        MEASURES[measure],
        WINDOWS[story.window],
        keep_at=column("keep_at", float) / unit,
        valid_months=column("months", int),
        round_up_to=objects("rounding", ROUNDINGS),
        grace_days=column("grace", int),
        if_not_kept=objects("if_not_kept", IF_NOT_KEPT),
        points_factor=(Decimal(1),) * len(story.rows),
    )


def as_orders(stories: list[Story]) -> Orders:
    """Put the orders of several customers together, each with one line."""
    bought = [(who, *order) for who, story in enumerate(stories) for order in story.orders]
    strays = [(who, *refund) for who, story in enumerate(stories) for refund in story.refunds]
    lines = [*strays, *bought]
    return Orders(
        customer=np.array([who for who, _, _ in bought], dtype=np.int64),
        day=np.array([day for _, day, _ in bought], dtype="datetime64[D]"),
        reference=np.array([str(place) for place in range(len(bought))], dtype=object),
        line_order=np.array([NO_ORDER] * len(strays) + list(range(len(bought))), dtype=np.int64),
        line_customer=np.array([who for who, _, _ in lines], dtype=np.int64),
        line_day=np.array([day for _, day, _ in lines], dtype="datetime64[D]"),
        line_cents=np.array([amount for _, _, amount in lines], dtype=np.int64),
        line_product=np.full(len(lines), "", dtype=object),
    )


def at_least(examples: int) -> settings:
    """Return settings for so many examples, or more where the profile asks for more."""
    return settings(max_examples=max(examples, settings().max_examples))


def day_of(day: np.datetime64) -> date | None:
    found = day.astype(object)
    assert found is None or isinstance(found, date)
    return found


def told_by(found: Standing, orders: Orders, who: int, as_of: date) -> Told:
    """Return what the replay says of one customer, in the words of the second implementation."""
    own_moves = np.flatnonzero(found.moves.customer == who)
    own_orders = (orders.customer == who) & (orders.day <= np.datetime64(as_of))
    rank = int(found.rank[who])
    return Told(
        rank,
        day_of(found.since[who]),
        day_of(found.valid_until[who]),
        found.before_order[own_orders].tolist(),
        {at: day_of(found.entered[who, at]) for at in range(rank + 1)},
        set(np.flatnonzero(found.landed[who]).tolist()),
        [
            (found.moves.day[row].item(), *map(int, ends))
            for row in own_moves
            for ends in [(found.moves.from_rank[row], found.moves.to_rank[row])]
        ],
    )


def check(stories: list[Story], as_of: date, measure: str) -> None:
    """Compare both for several customers of one programme."""
    orders = as_orders(stories)
    current = [f"T{story.current}" if story.current != NONE else "" for story in stories]
    found = standing(
        as_tiers(stories[0], measure),
        orders,
        len(stories),
        np.datetime64(as_of),
        current=np.array(current, dtype=object),
        since=np.array([story.since for story in stories], dtype="datetime64[D]"),
    )
    for who, story in enumerate(stories):
        if story.since is not None and story.since > as_of:
            story.current, story.since = NONE, None
        expected = story.tell(as_of)
        assert told_by(found, orders, who, as_of) == expected
        unit = 100 if measure == "Net spend" else 1
        assert found.value[who] == story.measure(as_of) / unit
        beyond = found.entered[who, expected.rank + 1 :]
        assert np.isnat(beyond).all()
        if expected.valid is not None:
            grace = timedelta(story.rows[expected.rank].grace)
            assert day_of(found.grace_until[who]) == expected.valid + grace
        else:
            assert np.isnat(found.grace_until[who])


@at_least(800)
@given(stories(refunds=True))
def test_spend_is_played_as_day_by_day(given_story: tuple[Story, date]) -> None:
    story, as_of = given_story
    check([story], as_of, "Net spend")


@at_least(600)
@given(stories(refunds=False))
def test_orders_are_played_as_day_by_day(given_story: tuple[Story, date]) -> None:
    story, as_of = given_story
    check([story], as_of, "Orders")


@at_least(200)
@given(st.lists(stories(refunds=True), min_size=2, max_size=4))
def test_customers_do_not_touch_each_other(given_stories: list[tuple[Story, date]]) -> None:
    told_stories = [story for story, _ in given_stories]
    first, as_of = given_stories[0]
    for other in told_stories[1:]:
        other.rows, other.window = first.rows, first.window
        other.current = min(other.current, len(first.rows) - 1)
    check(told_stories, as_of, "Net spend")
