"""A rule as a plain sentence, so that its author can read back what it will do."""

from collections.abc import Iterator
from decimal import Decimal

from xlclv.rewards import figures
from xlclv.rewards.figures import counted, day, listed, money
from xlclv.rewards.rule import BEST_OF_GROUP, LAST, ONLY_THIS, Rule
from xlclv.rewards.triggers import birthday_span
from xlclv.words import word


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
    if rule.max_per_order is None:
        return _reward(rule)
    return word("rewards.reward.at_most", reward=_reward(rule), most=money(rule.max_per_order))


def _who(rule: Rule) -> str:
    tiers = listed(rule.only_tiers, "and")
    who = word("rewards.sentence.tiers", tiers=tiers) if tiers else word("rewards.sentence.all")
    if rule.only_segments:
        who += word("rewards.sentence.segments", labels=listed(rule.only_segments, "or"))
    if rule.conditions:
        asked = [condition.asked() for condition in rule.conditions]
        who += word("rewards.sentence.with", conditions=listed(asked, "and"))
    return who


def _what(rule: Rule) -> str:
    reward = _reward(rule)
    if rule.max_per_order is not None:
        reward = word("rewards.sentence.max", reward=reward, most=money(rule.max_per_order))
    if rule.friend_reward is not None:
        friend = _amount(rule.reward, rule.friend_reward)
        reward = word("rewards.sentence.friend", reward=reward, friend=friend)
    return word("rewards.sentence.get", reward=reward)


def _reward(rule: Rule) -> str:
    return _amount(rule.reward, rule.reward_value)


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
    if reward in ("Points per money", "Fixed points") and value is not None:
        return counted(key, value)
    plain = word(key)
    return (
        plain if value is None else word("rewards.reward.worth", reward=plain, worth=money(value))
    )


_OCCASIONS = {
    "Order": "order",
    "First order": "first_order",
    "Nth order": "nth_order",
    "Tenure": "tenure",
    "Tier reached": "tier",
    "Passive": "passive",
    "Referral": "referral",
    "Survey answered": "survey",
    "Date range": "date_range",
    "Manual": "manual",
}


def _when(rule: Rule) -> str:
    if rule.trigger == "Birthday":
        return word("rewards.occasion.birthday", span=birthday_span(rule))
    if rule.trigger == "Date range" and (rule.valid_from, rule.valid_to) != (None, None):
        return ""  # the days follow in a sentence of their own
    key = f"rewards.occasion.{_OCCASIONS[rule.trigger]}"
    if rule.trigger_value is None:
        when = word(f"{key}_any" if rule.trigger in ("Order", "Passive") else key)
    else:
        when = counted(key, rule.trigger_value)
    if rule.window_after is not None:
        when += counted("rewards.sentence.window", rule.window_after)
    return when


def _how_often(rule: Rule) -> Iterator[str]:
    if rule.max_times is not None:
        yield counted(f"rewards.times.{rule.max_per.casefold()}", rule.max_times)
    elif rule.trigger == "Birthday":
        yield word("rewards.times.year_one")
    if rule.cool_down is not None:
        yield counted("rewards.sentence.cool_down", rule.cool_down)


def _on_orders(rule: Rule) -> Iterator[str]:
    if rule.min_order is not None:
        yield word("rewards.sentence.min_order", amount=money(rule.min_order))
    for sign, key in (("+", "products_in"), ("-", "products_out")):
        named = [entry[1:].strip() for entry in rule.products if entry[0] == sign]
        if named:
            yield word(f"rewards.sentence.{key}", products=listed(named, "or"))


def _more(rule: Rule) -> Iterator[str]:
    """Write the sentences that follow the first, each about one limit."""
    if rule.budget is not None:
        per = rule.budget_per.casefold().replace(" ", "_")
        yield word(f"rewards.budget.{per}", amount=money(rule.budget))
    if rule.not_for:
        yield word("rewards.sentence.not_for", labels=listed(rule.not_for, "or"))
    yield from _use(rule)
    yield from _validity(rule)
    yield from _rank(rule)
    if rule.cost is not None:
        yield word("rewards.sentence.cost", amount=money(rule.cost))
    if not rule.active:
        yield word("rewards.sentence.rests")


def _use(rule: Rule) -> Iterator[str]:
    if rule.waiting_days is not None:
        yield counted("rewards.sentence.waiting", rule.waiting_days)
    if rule.expires_days is not None:
        form = "restarts" if rule.expiry_restarts else "expires"
        yield counted(f"rewards.sentence.{form}", rule.expires_days)


def _validity(rule: Rule) -> Iterator[str]:
    if rule.valid_from is not None and rule.valid_to is not None:
        days = {"first": day(rule.valid_from), "last": day(rule.valid_to)}
        yield word("rewards.sentence.valid", **days)
    elif rule.valid_from is not None:
        yield word("rewards.sentence.valid_from", first=day(rule.valid_from))
    elif rule.valid_to is not None:
        yield word("rewards.sentence.valid_to", last=day(rule.valid_to))


def _rank(rule: Rule) -> Iterator[str]:
    if rule.together == BEST_OF_GROUP:
        yield word("rewards.sentence.best", group=rule.group)
    elif rule.together == ONLY_THIS:
        form = "only_in_group" if rule.group else "only"
        yield word(f"rewards.sentence.{form}", group=rule.group)
    elif rule.group:
        yield word("rewards.sentence.stack", group=rule.group)
    if rule.priority != LAST:
        yield word("rewards.sentence.priority", priority=figures.number(rule.priority))
