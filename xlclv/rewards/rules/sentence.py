"""A rule as a plain sentence, so that its author can read back what it will do."""

from collections.abc import Iterator
from decimal import Decimal

from xlclv.rewards import figures
from xlclv.rewards.figures import counted, day, listed, money
from xlclv.rewards.rule import LAST, PaidFor, Rule, TierRole, Together
from xlclv.words import word


def reads_as(rule: Rule) -> str:
    """Say what a rule does: who gets what, when, how often, on which orders; then its limits.

    Every cell of the row that changes what happens is in it, whether or not the rule is
    decided yet.
    """
    granted = _who(rule) + _what(rule) + rule.trigger.when(rule)
    clauses = [granted, *_how_often(rule), *_on_orders(rule)]
    first = word("rewards.sentence.stop", text=", ".join(clauses))
    return " ".join([first, *_more(rule)])


def reward_text(rule: Rule) -> str:
    """Say what is granted, the way a list shows it: "20 % off, at most 30"."""
    reward, most = rule.reward.written(rule.reward_value), _most(rule)
    return word("rewards.reward.at_most", reward=reward, most=most) if most else reward


def _who(rule: Rule) -> str:
    tiers = () if rule.trigger.tiers is TierRole.EVENT else rule.only_tiers
    named = listed(tiers, "and")
    who = word("rewards.sentence.tiers", tiers=named) if tiers else word("rewards.sentence.all")
    if rule.only_segments:
        who += word("rewards.sentence.segments", labels=listed(rule.only_segments, "or"))
    if rule.conditions:
        asked = [condition.asked() for condition in rule.conditions]
        who += word("rewards.sentence.with", conditions=listed(asked, "and"))
    return who


def _what(rule: Rule) -> str:
    reward, most, form = rule.reward.written(rule.reward_value), _most(rule), "max"
    if rule.friend_reward is not None:
        friend = rule.reward.written(rule.friend_reward)
        reward, form = word("rewards.sentence.friend", reward=reward, friend=friend), "max_each"
    if most:
        reward = word(f"rewards.sentence.{form}", reward=reward, most=most)
    return word("rewards.sentence.get", reward=reward)


def _most(rule: Rule) -> str:
    """Say the most that one order earns: points, or money; "" without a limit."""
    return "" if rule.max_per_order is None else rule.reward.most(rule.max_per_order)


def _how_often(rule: Rule) -> Iterator[str]:
    usual = rule.trigger.how_often()
    if rule.limited and rule.max_times is not None:
        yield counted(f"rewards.times.{rule.max_per.key}", rule.max_times)
    elif usual:
        yield usual
    if rule.cool_down:
        yield counted("rewards.sentence.cool_down", rule.cool_down)


def _on_orders(rule: Rule) -> Iterator[str]:
    """Say on which orders the reward can be used."""
    if rule.trigger.decided_by_order:
        return
    if rule.min_order is not None:
        yield word("rewards.sentence.min_order", amount=money(rule.min_order))
    for key, named in _products(rule):
        yield word(f"rewards.sentence.{key}", products=listed(named, "or"))


def _products(rule: Rule) -> Iterator[tuple[str, list[str]]]:
    for sign, key in (("+", "products_in"), ("-", "products_out")):
        named = [entry[1:].strip() for entry in rule.products if entry[0] == sign]
        if named:
            yield key, named


def _more(rule: Rule) -> Iterator[str]:
    """Write the sentences that follow the first, each about one limit."""
    if rule.trigger.decided_by_order:
        for key, named in _products(rule):
            plain = [name.rpartition(":")[2].strip() for name in named]  # what is compared
            yield word(f"rewards.sentence.{key}_count", products=listed(plain, "and"))
    if rule.trigger.tiers is TierRole.ORDER and rule.only_tiers:
        yield word("rewards.sentence.tier_before")
    if rule.reward.per_money:
        form = "points_order" if rule.trigger.per_order else "points"
        yield word(f"rewards.sentence.{form}")
    if rule.budget is not None:
        yield word(f"rewards.budget.{rule.budget_per.key}", amount=money(rule.budget))
    if rule.not_for:
        form = "not_for_both" if rule.trigger.paid_for is PaidFor.FRIEND else "not_for"
        yield word(f"rewards.sentence.{form}", labels=listed(rule.not_for, "or"))
    yield from _use(rule)
    yield from _validity(rule)
    yield from _rank(rule)
    yield from _cost(rule)
    if not rule.active:
        yield word("rewards.sentence.rests")


def _use(rule: Rule) -> Iterator[str]:
    """Say when the reward can be used, and for how long."""
    if rule.waiting_days:
        form = rule.trigger.waiting(rule)
        yield counted(f"rewards.sentence.{form}", rule.waiting_days)
    if rule.expires_days is None:
        return
    form = "restarts" if rule.expiry_restarts else rule.trigger.expiry(rule)
    key = f"rewards.sentence.{form}"
    yield word(f"{key}_none") if rule.expires_days == 0 else counted(key, rule.expires_days)


def _validity(rule: Rule) -> Iterator[str]:
    of_orders = "_orders" if rule.trigger.per_order else ""
    if rule.valid_from is not None and rule.valid_to is not None:
        days = {"first": day(rule.valid_from), "last": day(rule.valid_to)}
        yield word(f"rewards.sentence.valid{of_orders}", **days)
    elif rule.valid_from is not None:
        yield word(f"rewards.sentence.valid_from{of_orders}", first=day(rule.valid_from))
    elif rule.valid_to is not None:
        yield word(f"rewards.sentence.valid_to{of_orders}", last=day(rule.valid_to))


def _rank(rule: Rule) -> Iterator[str]:
    per_order = "_per_order" if rule.trigger.per_order else ""  # they compete for each order
    if rule.together is Together.BEST_OF_GROUP:
        yield word(f"rewards.sentence.best{per_order}", group=rule.group)
    elif rule.together is Together.ONLY_THIS:
        form = "only_in_group" if rule.group else "only"
        yield word(f"rewards.sentence.{form}{per_order}", group=rule.group)
    elif rule.group:
        yield word("rewards.sentence.stack", group=rule.group)
    if rule.priority != LAST:
        yield word("rewards.sentence.priority", priority=figures.number(rule.priority))


def _cost(rule: Rule) -> Iterator[str]:
    if rule.friend_cost is not None:
        own = money(rule.cost or Decimal())
        yield word("rewards.sentence.cost_both", amount=own, friend=money(rule.friend_cost))
    elif rule.cost is not None:
        yield word("rewards.sentence.cost", amount=money(rule.cost))
    elif rule.gives_points:
        yield word("rewards.sentence.cost_points")
