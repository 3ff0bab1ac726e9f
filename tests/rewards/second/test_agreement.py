"""The second engine stands on its own feet, and the real one agrees with it.

The first half are scenarios worked out by hand, one per rule of the programme; they show that the
second engine says what the programme means. The second half draws small shops at random and lets
both engines decide them.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given

from tests.rewards.second.amounts import Award
from tests.rewards.second.bridge import Real, real_balance
from tests.rewards.second.engine import Verdict, decide, on_day, posted, postings
from tests.rewards.second.histories import patient, shops
from tests.rewards.second.ledger import balance
from tests.rewards.second.world import Customer, Entry, Line, Rule, Tier, World

TODAY = date(2026, 3, 5)
ONE_TIER = (Tier("Low", 0),)
LADDER = (Tier("Low", 0), Tier("Mid", 20000, factor=Decimal("1.5")), Tier("Top", 100000))
POINTS = Rule("R1", "Order", "Points per money", reward_value=Decimal(1))
GIFT = Rule("R2", "Order", "Free gift", reward_value=Decimal(5))
NOTE = Rule("R3", "Date range", "Note")
FRIENDS = Rule(
    "R9", "Referral", "Fixed points", reward_value=Decimal(50), friend_reward=Decimal(20)
)


def bought(day: str, money: str, order: str, who: str = "A", **more: Any) -> Line:  # noqa: ANN401
    return Line(who, date.fromisoformat(day), int(Decimal(money) * 100), order, **more)


def refunded(day: str, money: str, order: str, who: str = "A") -> Line:
    return bought(day, f"-{money}", f"{order}-back", who, of_order=order)


def shop(*lines: Line, rules: tuple[Rule, ...], **more: Any) -> World:  # noqa: ANN401
    """Return a shop on TODAY whose customers are those of the lines."""
    known = {"as_of": TODAY, "tiers": ONE_TIER, **more}
    names = sorted({line.customer for line in lines} | {"A"})
    known.setdefault("customers", tuple(Customer(name) for name in names))
    return World(lines=lines, rules=rules, **known)


def granted(verdict: Verdict) -> list[tuple[str, str, str]]:
    return sorted(
        (one.rule.rule_id, one.occasion.customer.name, one.occasion.reference)
        for one in verdict.awards
    )


def points(verdict: Verdict) -> dict[str, int]:
    return {one.occasion.reference: one.points for one in verdict.awards}


# the second engine, by hand


def test_points_are_rounded_down_order_by_order_net_of_refunds() -> None:
    world = shop(
        bought("2026-01-10", "10.99", "O1"),
        bought("2026-01-11", "20.50", "O2"),
        refunded("2026-01-20", "0.60", "O2"),
        rules=(POINTS,),
    )
    assert points(decide(world)) == {"O1": 10, "O2": 19}


def test_a_cancelled_order_earns_nothing() -> None:
    world = shop(
        bought("2026-01-10", "50", "O1"), refunded("2026-01-12", "50", "O1"), rules=(POINTS,)
    )
    assert decide(world).stages == {("R1", "A"): "TRIGGER"}


def test_the_order_that_crosses_a_threshold_earns_at_the_old_tier() -> None:
    world = shop(
        bought("2026-01-10", "200", "O1"),
        bought("2026-01-11", "10", "O2"),
        rules=(POINTS,),
        tiers=LADDER,
    )
    assert points(decide(world)) == {"O1": 200, "O2": 15}
    assert decide(world).tiers == {"A": "Mid"}


@pytest.mark.parametrize(
    ("day", "tier"),
    [
        ("2025-06-15", "Mid"),
        ("2026-07-30", "Mid"),  # valid to 30 June, grace to 30 July
        ("2026-07-31", "Low"),
    ],
)
def test_a_tier_lasts_for_its_validity_and_grace(day: str, tier: str) -> None:
    world = shop(bought("2025-06-15", "200", "O1"), rules=(), tiers=LADDER)
    assert decide(on_day(world, date.fromisoformat(day))).tiers == {"A": tier}


@pytest.mark.parametrize(("day", "left"), [("2027-01-01", 100), ("2027-01-02", 0)])
def test_365_days_end_with_day_365(day: str, left: int) -> None:
    rule = replace(POINTS, expires_days=365)
    world = on_day(
        shop(bought("2026-01-01", "100", "O1"), rules=(rule,)), date.fromisoformat("2026-01-01")
    )
    assert balance(on_day(posted(world), date.fromisoformat(day)), "A").available == left


def test_an_order_pays_points_after_the_waiting_time() -> None:
    world = shop(bought("2026-03-01", "100", "O1"), rules=(replace(POINTS, waiting_days=14),))
    assert balance(posted(world), "A").pending == 100
    assert balance(on_day(posted(world), date(2026, 3, 15)), "A").available == 100


def test_the_base_rule_and_the_tier_rule_never_both_pay() -> None:
    base = replace(POINTS, group="earn", priority=2)
    tier = replace(
        POINTS, rule_id="R5", reward_value=Decimal(3), only_tiers=("Mid",), group="earn", priority=1
    )
    world = shop(
        bought("2026-01-10", "200", "O1"),
        bought("2026-01-11", "10", "O2"),
        rules=(base, tier),
        tiers=LADDER,
    )
    assert granted(decide(world)) == [("R1", "A", "O1"), ("R5", "A", "O2")]


def test_a_short_budget_goes_to_the_earliest_then_by_id() -> None:
    rule = replace(GIFT, budget=Decimal(10))
    lines = [bought("2026-01-10", "9", f"O{who}", who) for who in "CAB"]
    verdict = decide(shop(*lines, bought("2026-01-09", "9", "OD", "D"), rules=(rule,)))
    assert granted(verdict) == [("R2", "A", "OA"), ("R2", "D", "OD")]
    assert verdict.left == {"R2": 0}


def test_who_stands_behind_in_the_queue_gets_nothing_although_it_would_fit() -> None:
    rule = replace(POINTS, budget=Decimal(1))
    world = shop(
        bought("2026-03-01", "101", "O1"), bought("2026-03-02", "1", "O2", "B"), rules=(rule,)
    )
    assert granted(decide(world)) == []


@pytest.mark.parametrize(
    ("today", "birthday"),
    [
        (date(2026, 2, 28), "2026-02-28"),
        (date(2024, 2, 28), "2024-02-29"),
        (date(2024, 3, 1), None),
    ],
)
def test_a_birthday_on_29_february(today: date, birthday: str | None) -> None:
    rule = Rule("R4", "Birthday", "% off", reward_value=Decimal("0.2"), trigger_value=1)
    customers = (Customer("A", birth=date(2000, 2, 29)),)
    verdict = decide(shop(rules=(rule,), customers=customers, as_of=today))
    assert [one[2] for one in granted(verdict)] == ([birthday] if birthday else [])


def test_a_birthday_window_spans_new_year() -> None:
    rule = Rule("R4", "Birthday", "Note", trigger_value=7)
    customers = (Customer("A", birth=date(1990, 1, 2)),)
    world = shop(rules=(rule,), customers=customers, as_of=date(2025, 12, 29))
    assert granted(decide(world)) == [("R4", "A", "2026-01-02")]
    assert granted(decide(on_day(posted(world), date(2026, 1, 2)))) == []


PAIR = {("A", 50), ("B", 20)}
FIRST = ("2026-01-01", "2026-02-01")  # the referrer's first order, the friend's


@pytest.mark.parametrize(
    ("friend_of", "days", "money", "paid"),
    [
        ({"B": "A"}, FIRST, "50", PAIR),
        ({"B": "A"}, FIRST, "49.99", set()),
        ({"B": "A"}, ("2026-02-02", "2026-02-01"), "50", set()),
        ({"B": "A", "A": "B"}, ("2026-02-01", "2026-02-01"), "50", set()),
        ({"B": "A", "A": "B"}, FIRST, "50", PAIR),
        ({"A": "A"}, FIRST, "50", set()),
        ({"B": "A"}, ("2026-01-01", "2026-02-20"), "50", set()),  # waits to 6 March
    ],
)
def test_a_referral_pays_both_sides_once_the_friend_has_bought(
    friend_of: dict[str, str], days: tuple[str, str], money: str, paid: set[tuple[str, int]]
) -> None:
    rule = replace(FRIENDS, min_order=Decimal(50), waiting_days=14)
    customers = tuple(Customer(name, referred_by=friend_of.get(name, "")) for name in "AB")
    world = shop(
        bought(days[0], "60", "O1"),
        bought(days[1], money, "O2", "B"),
        rules=(rule,),
        customers=customers,
    )
    booked = {(one.customer, one.points) for one in postings(world, decide(world))}
    assert booked == paid


def test_a_chain_of_referrals_pays_the_direct_referrer_only() -> None:
    customers = tuple(
        Customer(name, referred_by=other) for name, other in zip("ABC", ("", "A", "B"), strict=True)
    )
    lines = [bought(f"2026-01-0{at}", "9", f"O{at}", who) for at, who in enumerate("ABC", 1)]
    verdict = decide(shop(*lines, rules=(FRIENDS,), customers=customers))
    assert granted(verdict) == [("R9", "A", "B"), ("R9", "B", "C")]


def test_exclusions_and_opt_in_win_over_everything() -> None:
    customers = (Customer("A", opt_in=False), Customer("B", tags="staff"), Customer("C"))
    rule = replace(NOTE, not_for=("staff",))
    verdict = decide(shop(rules=(rule,), customers=customers))
    assert list(verdict.stages.values()) == ["OPT_IN", "NOT_FOR", "GRANTED"]


def test_the_contact_cap_lets_the_third_offer_wait() -> None:
    rules = tuple(replace(NOTE, rule_id=f"R{number}") for number in (1, 2, 3, 4))
    customers = (Customer("A", last_contact=date(2026, 2, 10)),)
    verdict = decide(shop(rules=rules, customers=customers, contact_cap=2))
    waits = [one.wait_until for one in verdict.awards]
    assert waits == [None, date(2026, 3, 12), date(2026, 4, 4), date(2026, 4, 11)]


def test_a_refund_takes_the_points_of_its_order_back() -> None:
    world = shop(bought("2026-01-10", "100", "O1"), rules=(POINTS,), as_of=date(2026, 1, 10))
    later = replace(
        on_day(posted(world), TODAY), lines=(*world.lines, refunded("2026-02-01", "30.50", "O1"))
    )
    (back,) = decide(later).taken_back
    assert (back.customer, back.reference, back.points) == ("A", "O1", 31)
    assert balance(posted(later), "A").available == 69
    assert not postings(posted(later), decide(posted(later)))


def test_reversals_may_leave_a_debt() -> None:
    world = shop(bought("2026-01-10", "100", "O1"), rules=(POINTS,), as_of=date(2026, 1, 10))
    spent = Entry(date(2026, 1, 20), "A", "", "", -90, None, None, "used")
    later = replace(
        on_day(posted(world), TODAY),
        lines=(*world.lines, refunded("2026-02-01", "100", "O1")),
        ledger=(*posted(world).ledger, spent),
    )
    assert balance(posted(later), "A").available == -90


def test_twice_on_the_same_day_pays_nothing_twice() -> None:
    world = shop(bought("2026-01-10", "100", "O1"), rules=(POINTS, GIFT, NOTE))
    assert len(postings(world, decide(world))) == 3
    assert not postings(posted(world), decide(posted(world)))


def test_every_third_order() -> None:
    lines = [bought(f"2026-01-0{day}", "9", f"O{day}") for day in range(1, 8)]
    verdict = decide(shop(*lines, rules=(replace(GIFT, trigger_value=3),)))
    assert [one[2] for one in granted(verdict)] == ["O3", "O6"]


def test_a_tier_passed_counts_only_if_it_says_so() -> None:
    rule = Rule("R7", "Tier reached", "Free gift", only_tiers=("Mid",))
    line = bought("2026-01-10", "1000", "O1")
    passed = (LADDER[0], replace(LADDER[1], skipped="Each tier passed"), LADDER[2])
    assert granted(decide(shop(line, rules=(rule,), tiers=LADDER))) == []
    assert granted(decide(shop(line, rules=(rule,), tiers=passed))) == [("R7", "A", "2026-01-10")]


def friend_keeps_a_small_order() -> World:
    """The order that a referral was paid for is returned; a small one of the same time stays."""
    rule = replace(FRIENDS, min_order=Decimal(50))
    lines = (
        bought("2026-01-01", "60", "O1"),
        bought("2026-02-01", "100", "O2", "B"),
        bought("2026-02-02", "10", "O3", "B"),
    )
    customers = (Customer("A"), Customer("B", referred_by="A"))
    world = posted(shop(*lines, rules=(rule,), customers=customers, as_of=date(2026, 2, 3)))
    back = refunded("2026-02-10", "100", "O2", "B")
    return replace(on_day(world, TODAY), lines=(*lines, back))


def test_a_referral_is_taken_back_although_the_friend_keeps_a_small_order() -> None:
    back = decide(friend_keeps_a_small_order()).taken_back
    assert [(one.customer, one.points) for one in back] == [("A", 50), ("B", 20)]


def rises_above_the_tier_she_was_given() -> World:
    """The day of the tier given is not known; she has been in it, and is above it now."""
    rule = Rule("R7", "Tier reached", "Free gift", only_tiers=("Mid",))
    customers = (Customer("A", current_tier="Mid"),)
    return shop(
        bought("2026-01-10", "1000", "O1"), rules=(rule,), customers=customers, tiers=LADDER
    )


def test_a_tier_given_on_an_unknown_day_still_counts_above_it() -> None:
    assert granted(decide(rises_above_the_tier_she_was_given())) == [("R7", "A", "Mid")]


# both engines on the same shop


def plain_awards(verdict: Verdict) -> list[tuple[Any, ...]]:
    found = []
    for one in verdict.awards:
        occasion, friends = one.occasion, one.friends
        found.append(
            (
                one.rule.rule_id,
                occasion.customer.name,
                occasion.reference,
                one.dated,
                one.points,
                one.own.face or 0,
                one.whole_cost,
                one.usable_from,
                one.expires_on,
                one.wait_until,
                occasion.friend.name if friends and occasion.friend else "",
                (friends.points or 0) if friends else 0,
                _warns(one),
            )
        )
    return sorted(found, key=str)


def _warns(award: Award) -> bool:
    """A reward that costs as much as the customer is worth, or more."""
    worth = award.occasion.customer.clv
    return award.cost_known and worth is not None and award.whole_cost >= worth * 100


@patient
@given(shops())
@example(friend_keeps_a_small_order())
@example(rises_above_the_tier_she_was_given())
def test_both_engines_agree(world: World) -> None:
    plain, real = decide(world), Real(world)
    assert {row.state for row in real.rules.rows} == {"ok"}, [r.status for r in real.rules.rows]
    assert real.tier_of() == plain.tiers
    assert real.awards() == plain_awards(plain)
    assert real.stages() == plain.stages
    assert real.left() == plain.left
    back = [
        (one.customer, one.rule_id.casefold(), one.reference.casefold(), one.points, one.cost)
        for one in plain.taken_back
    ]
    assert real.taken_back() == sorted(back)


@patient
@given(shops())
def test_both_ledgers_agree_after_posting(world: World) -> None:
    by_plain, by_real = postings(world, decide(world)), Real(world).postings()
    assert sorted(map(plain_entry, by_real)) == sorted(map(plain_entry, by_plain))
    for customer in world.customers:
        one = real_balance(replace(world, ledger=world.ledger + by_real), customer.name)
        other = balance(replace(world, ledger=world.ledger + by_plain), customer.name)
        assert one == other


def plain_entry(entry: Entry) -> tuple[str, ...]:
    """Return a row of the ledger; a blank amount and 0 are the same."""
    life = () if entry.state == "reversed" else (entry.usable_from, entry.expires_on)
    amounts = (entry.points or 0, entry.face or 0, entry.cost or 0)
    return tuple(str(part) for part in (entry.day, *entry.key, *amounts, entry.state, *life))
