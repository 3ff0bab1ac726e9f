"""The decisions as columns: a list of rewards, a row per rule, a row per customer."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np

from xlclv.customers.orders import CENTS
from xlclv.rewards.engine.decisions import Decision, Decisions
from xlclv.rewards.engine.granted import award_texts, points_texts
from xlclv.rewards.facts import Rows
from xlclv.rewards.rules.sentence import reward_text
from xlclv.terms import Frame, TextArray, choice
from xlclv.words import counted, word

LAST_DAY = np.datetime64("9999-12-31", "D")
EMPTY: Frame = {
    "customer_id": np.empty(0, dtype=object),
    "rule_id": np.empty(0, dtype=object),
    "eligible": np.empty(0, dtype=bool),
    "reason": np.empty(0, dtype=object),
    "reward": np.empty(0, dtype=object),
    "cost": np.empty(0),
    "expires": np.empty(0, dtype="datetime64[D]"),
}


def reward_list(decisions: Decisions, show: str = "eligible") -> Frame:
    """List the decisions: customers in their order, the rules of each in the order served.

    Args:
        decisions: What was decided.
        show: "eligible" lists the rewards granted, "all" also who is refused, with the reason.

    Returns:
        customer_id, rule_id, eligible (bool), reason, reward, cost (money; 0 where refused,
        NaN where not known), expires (last day; NaT: never, or refused). A row per award, and
        for "all" a row per rule and customer without one.

    Raises:
        InputError: `show` is neither of the two.
    """
    shown = choice("show", show)
    parts = [_awarded(decisions, one) for one in decisions.by_rule]
    customers = [one.awards.customer for one in decisions.by_rule]
    place = [np.full(rows.size, number) for number, rows in enumerate(customers)]
    if shown != "eligible":
        refused = [np.flatnonzero(~one.eligible) for one in decisions.by_rule]
        pairs = zip(decisions.by_rule, refused, strict=True)
        parts += [_refused(decisions, one, rows) for one, rows in pairs]
        customers += refused
        place += [np.full(rows.size, number) for number, rows in enumerate(refused)]
    nobody = [np.empty(0, dtype=np.intp)]
    # Stable: the awards of one rule stay in the order of their occasions.
    order = np.lexsort((np.concatenate(nobody + place), np.concatenate(nobody + customers)))
    return {
        name: np.concatenate([none, *(part[name] for part in parts)])[order]
        for name, none in EMPTY.items()
    }


def shown_list(decisions: Decisions) -> Frame:
    """List the rewards granted for the eye: offers first, then the points of each customer.

    Returns:
        The columns of `reward_list`. Points that one customer gets for several things stand in
        one row: their sum and cost, the rules, the first day on which some expire.
    """
    offers = [one for one in decisions.by_rule if not one.rule.gives_points]
    points = replace(decisions, by_rule=tuple(_others(decisions.by_rule, offers)))
    parts = [reward_list(replace(decisions, by_rule=tuple(offers))), _summed(points)]
    return {name: np.concatenate([part[name] for part in parts]) for name in EMPTY}


def _others(every: Sequence[Decision], some: Sequence[Decision]) -> list[Decision]:
    """Return the others, in order."""
    ids = {id(one) for one in some}
    return [one for one in every if id(one) not in ids]


def _summed(decisions: Decisions) -> Frame:
    """Return a row per customer with points."""
    frame = reward_list(decisions)
    if not frame["customer_id"].size:
        return frame
    who = np.concatenate([one.awards.customer for one in decisions.by_rule])
    granted = np.concatenate([one.awards.points for one in decisions.by_rule])
    rule = np.repeat(
        np.arange(len(decisions.by_rule)), [one.awards.size for one in decisions.by_rule]
    )
    sums = granted[np.lexsort((rule, who))]  # in the order of the list
    _, first, place, count = np.unique(
        who[np.lexsort((rule, who))], return_index=True, return_inverse=True, return_counts=True
    )
    several = count > 1
    result = {name: values[first] for name, values in frame.items()}
    totals = np.bincount(place, sums, first.size).astype(np.int64)
    result["reward"] = points_texts(totals)
    result["cost"] = np.round(np.bincount(place, frame["cost"], first.size), 2)
    days = np.where(np.isnat(frame["expires"]), LAST_DAY, frame["expires"])
    earliest = np.minimum.reduceat(days, first)
    result["expires"] = np.where(earliest == LAST_DAY, np.datetime64("NaT"), earliest)
    bounds = [*first.tolist(), place.size]
    for at in np.flatnonzero(several).tolist():
        rules = dict.fromkeys(frame["rule_id"][bounds[at] : bounds[at + 1]])
        result["rule_id"][at] = ", ".join(map(str, rules))
        result["reason"][at] = counted("rewards.reason.together", int(count[at]))
    return result


def _awarded(decisions: Decisions, one: Decision) -> Frame:
    awards = one.awards
    known = np.full(awards.size, one.rule.cost_is_known)
    return {
        "customer_id": decisions.facts.customer_id[awards.customer],
        "rule_id": np.full(awards.size, one.rule.rule_id, dtype=object),
        "eligible": np.ones(awards.size, dtype=bool),
        "reason": one.award_reasons(np.arange(awards.size)),
        "reward": award_texts(one),
        "cost": np.where(known, awards.cost_cents / CENTS, np.nan),
        "expires": awards.expires_on,
    }


def _refused(decisions: Decisions, one: Decision, rows: Rows) -> Frame:
    return {
        "customer_id": decisions.facts.customer_id[rows],
        "rule_id": np.full(rows.size, one.rule.rule_id, dtype=object),
        "eligible": np.zeros(rows.size, dtype=bool),
        "reason": reasons_of(one, rows),
        "reward": np.full(rows.size, reward_text(one.rule), dtype=object),
        "cost": np.zeros(rows.size),
        "expires": np.full(rows.size, np.datetime64("NaT"), "datetime64[D]"),
    }


def reasons_of(one: Decision, rows: Rows) -> TextArray:
    """Return why these customers get the reward, or "Not eligible: " and why not."""
    reasons = one.reasons(rows)
    refused = ~one.eligible[rows]
    reasons[refused] = _wrapped("rewards.reason.no", reasons[refused])
    return reasons


def rule_totals(decisions: Decisions) -> Frame:
    """Return a row per row of the rule table, in its order, with those that were not decided.

    Returns:
        rule_id, rule_name, eligible_count (awards), cost (money; NaN where one award's cost
        is not known), budget, used_before and left (money; NaN where there is no budget): what
        was spent earlier in the budget's present period, and what is left of it; row_status.
    """
    decided = {one.rule.rule_id: one for one in decisions.by_rule}
    rows = decisions.rules.rows
    ones = [decided.get(row.rule_id) if row.state == "ok" else None for row in rows]
    budgets = [row.rule.budget if row.rule else None for row in rows]
    return {
        "rule_id": _texts([row.rule_id for row in rows]),
        "rule_name": _texts([row.name for row in rows]),
        "eligible_count": np.array([one.count if one else 0 for one in ones], dtype=float),
        "cost": np.array([_money(one.cost) if one else 0.0 for one in ones], dtype=float),
        "budget": np.array([_money(budget) for budget in budgets], dtype=float),
        "used_before": np.array([_used(one) for one in ones], dtype=float),
        "left": np.array([_money(one.left if one else None) for one in ones], dtype=float),
        "row_status": _texts([row.status for row in rows]),
    }


def _used(one: Decision | None) -> float:
    """Return what was spent earlier of a rule's budget; NaN where there is none."""
    return float("nan") if one is None or one.left is None else one.used_before / CENTS


def customer_summary(decisions: Decisions) -> Frame:
    """Return the two texts of the customer sheet, a row per customer.

    Returns:
        granted: names of the rewards granted, joined by "; ".
        reason: why the first of them is granted; where none is, what the rule that comes
            nearest lacks: the one that passed most checks, the first served of these. A rule that
            rests lacks nothing of the customer.
    """
    size = decisions.facts.size
    granted = np.full(size, "", dtype=object)
    reason = np.full(size, "", dtype=object)
    nearest = _nearest(decisions)
    for place, one in enumerate(decisions.by_rule):
        rows = np.flatnonzero(one.eligible)
        granted[rows] = granted[rows] + np.where(granted[rows] == "", "", "; ") + _name(one)
        named = np.flatnonzero(nearest == place)
        reason[named] = _named_reasons(one, named)
    return {"granted": granted, "reason": reason}


def _nearest(decisions: Decisions) -> Rows:
    """Return for each customer the place of the rule that got furthest, the first of these."""
    nearest = np.full(decisions.facts.size, -1, dtype=np.intp)
    furthest = np.full(decisions.facts.size, -1, dtype=np.int8)
    for place, one in enumerate(decisions.by_rule):
        further = (one.stage > furthest) & one.rule.active
        nearest[further] = place
        furthest[further] = one.stage[further]
    return nearest


def _named_reasons(one: Decision, rows: Rows) -> TextArray:
    reasons = one.reasons(rows)
    yes = one.eligible[rows]
    reasons[yes] = _wrapped("rewards.reason.yes_for", reasons[yes], rule=_name(one))
    reasons[~yes] = _wrapped("rewards.reason.no_for", reasons[~yes], rule=_name(one))
    return reasons


def _wrapped(key: str, texts: TextArray, **facts: str) -> TextArray:
    """Put each text into the place {why} of a catalogue text; at once, there may be a million."""
    before, after = word(key, why="\0", **facts).split("\0")
    wrapped: TextArray = before + texts + after
    return wrapped


def _name(one: Decision) -> str:
    return one.rule.name or one.rule.rule_id


def _money(amount: Decimal | None) -> float:
    return float("nan") if amount is None else float(amount)


def _texts(texts: list[str]) -> TextArray:
    return np.array(texts, dtype=object)
