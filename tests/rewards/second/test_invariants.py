"""What holds whatever the rules: nothing comes from nothing, nothing is paid twice."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rewards.second.bridge import Real, real_balance
from tests.rewards.second.engine import PERIODS, on_day
from tests.rewards.second.histories import patient, shops
from tests.rewards.second.world import Rule, Tier, World
from xlclv.rewards.listing import customer_summary, reward_list

# A shop is decided several times here, so a third of the usual examples must do.
some = settings(patient, max_examples=settings().max_examples // 3)
DAYS = st.lists(st.integers(1, 40), min_size=1, max_size=3)
PARTS = ("available", "pending", "used", "expired", "reversed")


def posted(world: World) -> World:
    """Return the world after the real engine's decision of its day has been booked."""
    return replace(world, ledger=world.ledger + Real(world).postings())


@some
@given(shops())
def test_no_points_come_from_nothing(world: World) -> None:
    """What a customer has earned after posting is what was there and what was awarded."""
    real = Real(world)
    before = {one.name: real_balance(world, one.name) for one in world.customers}
    after = replace(world, ledger=world.ledger + real.postings())
    earned: Counter[str] = Counter()
    for award in real.awards():
        earned[award[1]] += award[4]
        if award[10]:
            earned[award[10]] += award[11]
    for name, old in before.items():
        new = real_balance(after, name)
        assert new.earned == old.earned + earned[name]
        assert new.earned == sum(getattr(new, part) for part in PARTS)


@some
@given(shops())
def test_every_award_of_an_order_has_that_order_behind_it(world: World) -> None:
    rules = {rule.rule_id: rule for rule in world.rules}
    for rule_id, name, reference, *_ in Real(world).awards():
        if rules[rule_id].trigger in ("Order", "First order", "Nth order"):
            assert reference in {order.reference for order in world.orders_of(name)}


@some
@given(shops(with_ledger=False), DAYS)
def test_a_budget_is_never_overspent_over_several_runs(world: World, steps: list[int]) -> None:
    """Awards count in the period of their own date; what was taken back is free again."""
    today = world
    for step in (0, *steps):
        today = posted(on_day(today, today.as_of + timedelta(step)))
        for rule in world.rules:
            if rule.budget is not None:
                for spent in _spent(today, rule).values():
                    assert spent <= rule.budget * 100


def _spent(world: World, rule: Rule) -> dict[Any, int]:
    """Return the cents booked of a rule in each period of its budget."""
    spent: Counter[Any] = Counter()
    for entry in world.ledger:
        if entry.rule_id == rule.rule_id and entry.state != "reversed":
            spent[PERIODS[rule.budget_per or "Whole run"](entry.day)] += entry.cost or 0
    return spent


@some
@given(shops(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(world: World, dice: Any) -> None:  # noqa: ANN401
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dice.sample(rows, len(rows)))

    tables = ("customers", "lines", "answers", "ledger", "tiers", "rules")
    # Tiers are named lowest first by the world; the sheet may have them in any order.
    other = replace(world, **{name: shuffled(getattr(world, name)) for name in tables[:-2]})
    other = replace(other, rules=shuffled(world.rules))
    one, two = Real(world), Real(other)
    assert one.awards() == two.awards()
    assert one.stages() == two.stages()
    assert one.taken_back() == two.taken_back()
    assert one.left() == two.left()


@some
@given(shops(with_ledger=False))
def test_a_rule_that_rests_changes_only_what_it_competes_with(world: World) -> None:
    """A rule may shut out rules of its group, and those beside which one of them stands alone.

    All rules share the contact cap, so who waits may change; without a cap nothing else does.
    """
    assume(len(world.rules) > 1)
    world = replace(world, contact_cap=None)
    first = world.rules[0]
    resting = replace(world, rules=(replace(first, active=False), *world.rules[1:]))
    concerned = _concerned(world.rules, first)
    before, after = (
        [award for award in Real(one).awards() if award[0] not in concerned]
        for one in (world, resting)
    )
    assert before == after


def _concerned(rules: tuple[Rule, ...], first: Rule) -> set[str]:
    """Return the rules that compete with one, or with one that does, and so on."""
    found = {first.rule_id}
    while True:
        inside = [rule for rule in rules if rule.rule_id in found]
        more = {rule.rule_id for rule in rules for other in inside if _compete(rule, other)} - found
        if not more:
            return found
        found |= more


def _compete(one: Rule, other: Rule) -> bool:
    if (one.trigger == "Order") != (other.trigger == "Order"):
        return False
    same = one.group != "" and one.group.casefold() == other.group.casefold()
    joins = [rule.together or ("Best of group" if rule.group else "") for rule in (one, other)]
    alone = any(
        join == "Only this" and not rule.group
        for join, rule in zip(joins, (one, other), strict=True)
    )
    return alone or same


@some
@given(shops())
def test_a_rule_that_rests_gives_nothing(world: World) -> None:
    resting = tuple(replace(rule, active=False) for rule in world.rules)
    real = Real(replace(world, rules=resting))
    assert real.awards() == []
    assert set(real.stages().values()) <= {"RESTS"}


@some
@given(shops())
def test_everybody_is_told_why(world: World) -> None:
    """Every award and every refusal has its words, and they name no number that is missing."""
    real = Real(world)
    listed = reward_list(real.decisions, "all")
    assert listed["eligible"].sum() == len(real.awards())
    refused = [stage for stage in real.stages().values() if stage != "GRANTED"]
    assert (~listed["eligible"]).sum() == len(refused)
    told = list(listed["reason"])
    if any(row.rule is not None and row.rule.active for row in real.rules.rows):
        # Where all rules rest, nobody has a reason.
        told += [*customer_summary(real.decisions)["reason"]]
    for text in told:
        assert text
        assert not re.search(r"\bNaT\b|\bnan\b|\bNone\b|[{}]", text), text


@some
@given(shops())
def test_posting_twice_on_one_day_posts_nothing_more(world: World) -> None:
    once = posted(world)
    assert Real(once).postings() == ()


@some
@given(shops(with_ledger=False))
def test_a_day_on_which_nothing_happens_posts_no_points_for_orders(world: World) -> None:
    """Nothing new was bought or refunded: every order has been paid the day before."""
    rules = tuple(rule for rule in world.rules if rule.trigger == "Order" and rule.gives_points)
    free = tuple(replace(rule, valid_from=None, conditions=()) for rule in rules)
    once = posted(replace(world, rules=free))
    tomorrow = on_day(once, once.as_of + timedelta(1))
    assume(not [line for line in world.lines if line.day == tomorrow.as_of])
    assert [entry for entry in Real(tomorrow).postings() if (entry.points or 0) > 0] == []


@some
@given(shops(with_ledger=False), st.integers(2, 6))
def test_points_of_orders_add_up_the_same_day_by_day_as_at_once(world: World, steps: int) -> None:
    """Without limits it makes no difference when points are booked.

    Refunds are left out here: what was booked before one is taken back again, which is the same
    in sum but not row by row.
    """
    rule = Rule("R1", "Order", "Points per money", reward_value=Decimal("0.3"))
    lines = tuple(line for line in world.lines if line.cents >= 0)
    plain = replace(world, rules=(rule,), lines=lines)
    at_once = posted(plain)
    daily = plain
    days = sorted({line.day for line in lines})[:: max(1, len(lines) // steps)]
    for day in (*days, world.as_of):
        daily = posted(on_day(daily, min(day, world.as_of)))
    for customer in world.customers:
        assert real_balance(daily, customer.name) == real_balance(at_once, customer.name)


@some
@given(shops(with_ledger=False))
def test_points_follow_refunds_day_by_day(world: World) -> None:
    """Where the tier makes no difference, points end at those of what is left of each order."""
    rule = Rule("R1", "Order", "Points per money", reward_value=Decimal("0.3"))
    plain = replace(world, rules=(rule,), tiers=(Tier("Low", 0),))
    daily = plain
    for day in sorted({line.day for line in world.lines if line.day < world.as_of}):
        daily = posted(on_day(daily, day))
    daily, at_once = posted(on_day(daily, world.as_of)), posted(plain)
    for customer in world.customers:
        one, other = (real_balance(each, customer.name) for each in (daily, at_once))
        assert one.available == other.available
