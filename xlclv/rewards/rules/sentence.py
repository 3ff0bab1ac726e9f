"""A rule as a plain sentence, so that its author can read back what it will do."""

from collections.abc import Iterator
from decimal import Decimal

from xlclv.rewards import figures
from xlclv.rewards.figures import counted, day, listed, money
from xlclv.rewards.rules.rule import (
    BEST_OF_GROUP,
    FIXED_POINTS,
    LAST,
    ONLY_THIS,
    POINTS_PER_MONEY,
    Rule,
)
from xlclv.words import word

FOLLOWING = (1, 2, 3)  # multiples that show how a count goes on


def reads_as(rule: Rule) -> str:
    """Say what a rule does: who gets what, when, how often, on which orders; then its limits.

    Every cell of the row that changes what happens is in it, whether or not the rule is
    decided yet.
    """
    clauses = [_who(rule) + _what(rule) + _when(rule), *_how_often(rule), *_on_orders(rule)]
    first = word("rewards.sentence.stop", text=", ".join(clauses))
    return " ".join([first, *_more(rule)])


def reward_text(rule: Rule) -> str:
    """Say what is granted, the way a list shows it: "20 % off, at most 30"."""
    reward, most = _reward(rule), _most(rule)
    return word("rewards.reward.at_most", reward=reward, most=most) if most else reward


def birthday_span(rule: Rule) -> str:
    """Say around a birthday when the reward counts."""
    before, after = rule.trigger_value or 0, rule.window_after or 0
    form = f"{'before' if before else ''}{'after' if after else ''}" or "day"
    return word(f"rewards.birthday.{form}", before=before, after=after)


def _who(rule: Rule) -> str:
    tiers = () if rule.trigger == "Tier reached" else rule.only_tiers  # there they are the event
    named = listed(tiers, "and")
    who = word("rewards.sentence.tiers", tiers=named) if tiers else word("rewards.sentence.all")
    if rule.only_segments:
        who += word("rewards.sentence.segments", labels=listed(rule.only_segments, "or"))
    if rule.conditions:
        asked = [condition.asked() for condition in rule.conditions]
        who += word("rewards.sentence.with", conditions=listed(asked, "and"))
    return who


def _what(rule: Rule) -> str:
    reward, most, form = _reward(rule), _most(rule), "max"
    if rule.friend_reward is not None:
        friend = _amount(rule.reward, rule.friend_reward)
        reward, form = word("rewards.sentence.friend", reward=reward, friend=friend), "max_each"
    if most:
        reward = word(f"rewards.sentence.{form}", reward=reward, most=most)
    return word("rewards.sentence.get", reward=reward)


def _reward(rule: Rule) -> str:
    return _amount(rule.reward, rule.reward_value)


def _most(rule: Rule) -> str:
    """Say the most that one order earns: points, or money; "" without a limit."""
    if rule.max_per_order is None or rule.reward == FIXED_POINTS:
        return ""
    if rule.reward == POINTS_PER_MONEY:
        return counted("rewards.reward.points", rule.max_per_order)
    return money(rule.max_per_order)


_REWARDS = {
    "Points per money": "points_per_money",
    "Fixed points": "points",
    "% off": "percent_off",
    "Amount off": "amount_off",
    "Free gift": "gift",
    "Free shipping": "shipping",
    "Service": "service",
    "Note": "note",
}


def _amount(reward: str, value: Decimal | None) -> str:
    """Say a reward of a size; a gift, shipping, service or note may have none."""
    key = f"rewards.reward.{_REWARDS[reward]}"
    if reward == "% off" and value is not None:
        return word(key, percent=figures.percent(value))
    if reward == "Amount off" and value is not None:
        return word(key, amount=money(value))
    if reward in (POINTS_PER_MONEY, FIXED_POINTS) and value is not None:
        return counted(key, value)
    plain = word(key)
    return (
        plain if value is None else word("rewards.reward.worth", reward=plain, worth=money(value))
    )


_OCCASIONS = {
    "First order": "first_order",
    "Nth order": "nth_order",
    "Tenure": "tenure",
    "Passive": "passive",
    "Referral": "referral",
    "Survey answered": "survey",
    "Date range": "date_range",
    "Manual": "manual",
}


def _when(rule: Rule) -> str:
    if rule.trigger == "Birthday":
        return word("rewards.occasion.birthday", span=birthday_span(rule))
    if rule.trigger == "Order":
        return _with_order(rule) + _window(rule)
    if rule.trigger == "Tier reached":
        tiers = listed(rule.tiers_to_reach, "or")
        return word("rewards.occasion.tier", tiers=tiers) + _window(rule)
    key = f"rewards.occasion.{_OCCASIONS[rule.trigger]}"
    if rule.trigger == "Referral" and rule.min_order is not None:
        when = word(f"{key}_from", amount=money(rule.min_order))
    elif rule.trigger_value is None:
        when = word(f"{key}_any" if rule.trigger == "Passive" else key)
    else:
        when = counted(key, rule.trigger_value)
    return when + _window(rule)


def _with_order(rule: Rule) -> str:
    """Say which orders grant the reward; Min order decides that here."""
    step = rule.trigger_value or 1
    form = "order" if step == 1 else "order_kth"
    numbers = {f"number_{times}": figures.number(times * step) for times in FOLLOWING}
    if rule.min_order is None:
        return word(f"rewards.occasion.{form}", **numbers)
    return word(f"rewards.occasion.{form}_from", amount=money(rule.min_order), **numbers)


def _window(rule: Rule) -> str:
    """Say how long after its day the event counts."""
    days = rule.window_after
    if days is None:
        return ""
    form = "after"
    if rule.trigger == "Order":
        form = "placed" if (rule.trigger_value or 1) == 1 else "if_placed"
    elif rule.trigger == "Passive" and rule.trigger_value is None:
        form = "after_last_order"
    elif rule.trigger in ("Passive", "Tenure"):  # the day on which a time is full
        form = "after_that"
    key = f"rewards.window.{form}"
    return word(f"{key}_none") if days == 0 else counted(key, days)


def _how_often(rule: Rule) -> Iterator[str]:
    # No order grants a reward of one rule twice, whatever the most times per Order.
    if rule.max_times is not None and rule.max_per != "Order":
        yield counted(f"rewards.times.{rule.max_per.casefold()}", rule.max_times)
    elif rule.trigger == "Birthday":
        yield word("rewards.times.birthday")
    if rule.cool_down:
        yield counted("rewards.sentence.cool_down", rule.cool_down)


def _by_order(rule: Rule) -> bool:
    """Say whether Min order and Products decide about the event, not about using the reward."""
    return rule.trigger in ("Order", "Referral")


def _on_orders(rule: Rule) -> Iterator[str]:
    """Say on which orders the reward can be used."""
    if _by_order(rule):
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
    if _by_order(rule):
        for key, named in _products(rule):
            plain = [name.rpartition(":")[2].strip() for name in named]  # what is compared
            yield word(f"rewards.sentence.{key}_count", products=listed(plain, "and"))
    if rule.trigger == "Order" and rule.only_tiers:
        yield word("rewards.sentence.tier_before")
    if rule.reward == POINTS_PER_MONEY:
        form = "points_order" if rule.trigger == "Order" else "points"
        yield word(f"rewards.sentence.{form}")
    if rule.budget is not None:
        per = rule.budget_per.casefold().replace(" ", "_")
        yield word(f"rewards.budget.{per}", amount=money(rule.budget))
    if rule.not_for:
        form = "not_for_both" if rule.trigger == "Referral" else "not_for"
        yield word(f"rewards.sentence.{form}", labels=listed(rule.not_for, "or"))
    yield from _use(rule)
    yield from _validity(rule)
    yield from _rank(rule)
    yield from _cost(rule)
    if not rule.active:
        yield word("rewards.sentence.rests")


def _use(rule: Rule) -> Iterator[str]:
    """Say when the reward can be used, and for how long."""
    of_order = rule.trigger == "Order" and rule.gives_points  # dated on the order's day
    if rule.waiting_days:
        form = "waiting_order" if of_order else "waiting"
        if rule.trigger == "Referral":
            form = "waiting_friend" if rule.friend_reward is None else "waiting_both"
        yield counted(f"rewards.sentence.{form}", rule.waiting_days)
    if rule.expires_days is None:
        return
    form = "expires_order" if of_order else "expires"
    if rule.expiry_restarts:
        form = "restarts"
    elif rule.trigger == "Birthday" and rule.trigger_value:
        form = "expires_birthday"
    key = f"rewards.sentence.{form}"
    yield word(f"{key}_none") if rule.expires_days == 0 else counted(key, rule.expires_days)


def _validity(rule: Rule) -> Iterator[str]:
    of_orders = "_orders" if rule.trigger == "Order" else ""
    if rule.valid_from is not None and rule.valid_to is not None:
        days = {"first": day(rule.valid_from), "last": day(rule.valid_to)}
        yield word(f"rewards.sentence.valid{of_orders}", **days)
    elif rule.valid_from is not None:
        yield word(f"rewards.sentence.valid_from{of_orders}", first=day(rule.valid_from))
    elif rule.valid_to is not None:
        yield word(f"rewards.sentence.valid_to{of_orders}", last=day(rule.valid_to))


def _rank(rule: Rule) -> Iterator[str]:
    per_order = "_per_order" if rule.trigger == "Order" else ""  # they compete for each order
    if rule.together == BEST_OF_GROUP:
        yield word(f"rewards.sentence.best{per_order}", group=rule.group)
    elif rule.together == ONLY_THIS:
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
