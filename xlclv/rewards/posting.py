"""A decision as rows of the ledger."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from xlclv.customers.orders import CENTS
from xlclv.rewards.engine.decisions import Decision, Decisions, Reversals
from xlclv.rewards.engine.granted import award_texts, points_texts
from xlclv.rewards.ledger.entries import ACTIVE, PENDING, REVERSED
from xlclv.rewards.rule import PaidFor, Rule
from xlclv.rewards.rules.sentence import reward_text
from xlclv.rewards.scene.scene import NONE
from xlclv.tables import LEDGER, Table
from xlclv.terms import BoolArray, FloatArray, Frame, IntArray, TextArray
from xlclv.words import word


def postings(decisions: Decisions) -> Frame:
    """Return the rows that book a decision: what is taken back, then every award that goes now.

    Returns:
        The columns of a ledger. A referral with a reward for both is two rows of one reference,
        the friend's id: one of the referrer, one of the friend.
    """
    parts = [
        _reversed(decisions),
        *(part for one in decisions.by_rule for part in _of(decisions, one)),
    ]
    return {
        name: np.concatenate([Table.nothing(name, 0), *(part[name] for part in parts)])
        for name in LEDGER.columns
    }


def _reversed(decisions: Decisions) -> Frame:
    back: Reversals = decisions.reversals
    rows = np.flatnonzero(back.books)
    today = np.full(rows.size, decisions.as_of)
    never = np.full(rows.size, np.datetime64("NaT"), "datetime64[D]")
    return {
        "entry_date": today,
        "customer_id": decisions.facts.customer_id[back.customer[rows]],
        "rule_id": back.rule_id[rows],
        "reference": back.reference[rows],
        "points": _or_blank(back.points[rows], back.points[rows] != 0),
        "face_value": _money(back.face_cents[rows], back.face_cents[rows] != 0),
        "booked_cost": _money(back.cost_cents[rows], back.cost_cents[rows] != 0),
        "entry_state": np.full(rows.size, REVERSED, dtype=object),
        "usable_from": never,
        "expires_on": never,
        "note": back.why[rows],
    }


def _of(decisions: Decisions, one: Decision) -> Iterator[Frame]:
    """Return the rows of one rule: of the customers, and of the friends of a referral."""
    awards, ids = one.awards, decisions.facts.customer_id
    go = ~awards.waits
    own_cost = awards.cost_cents - awards.friend_cost_cents
    texts = award_texts(one)
    friends = go & (awards.friend != NONE)
    if one.rule.trigger.paid_for is PaidFor.FRIEND:
        texts = _for("rewards.note.referring", texts, awards.reference)
    own = {
        "customer_id": ids[awards.customer],
        "points": _or_blank(awards.points, _all(awards.size, one.rule.gives_points)),
        "face_value": _money(awards.face_cents, awards.face_cents != 0),
        "booked_cost": _money(own_cost, _all(awards.size, one.rule.cost_is_known)),
        "note": texts,
    }
    yield _rows(decisions, one, own, go)
    if friends.any():
        other = {
            "customer_id": ids[awards.friend],
            "points": _or_blank(awards.friend_points, awards.friend_points != 0),
            "face_value": _money(awards.friend_face_cents, awards.friend_face_cents != 0),
            "booked_cost": _money(
                awards.friend_cost_cents, _all(awards.size, one.rule.friend_cost_is_known)
            ),
            "note": _for("rewards.note.referred", _friend_texts(one), ids[awards.customer]),
        }
        if one.rule.gives_points:
            friends &= awards.friend_points > 0
        yield _rows(decisions, one, other, friends)


def _rows(decisions: Decisions, one: Decision, columns: dict[str, Any], kept: BoolArray) -> Frame:
    awards = one.awards
    later = awards.usable_from > decisions.as_of
    shared: dict[str, Any] = {
        "entry_date": awards.dated,
        "rule_id": np.full(awards.size, one.rule.rule_id, dtype=object),
        "reference": awards.reference,
        "entry_state": np.where(later, PENDING, ACTIVE).astype(object),
        "usable_from": awards.usable_from,
        "expires_on": awards.expires_on,
    }
    return {name: column[kept] for name, column in {**shared, **columns}.items()}


def _friend_texts(one: Decision) -> TextArray:
    """Say what the friend of each award gets, shape (a,)."""
    if one.rule.gives_points:
        return points_texts(one.awards.friend_points)
    theirs: Rule = replace(one.rule, reward_value=one.rule.friend_reward)
    return np.full(one.awards.size, reward_text(theirs), dtype=object)


def _for(key: str, texts: TextArray, others: TextArray) -> TextArray:
    pairs = zip(texts, others, strict=True)
    said = (word(key, reward=text, customer=other) for text, other in pairs)
    return np.fromiter(said, dtype=object, count=texts.size)


def _all(size: int, known: bool) -> BoolArray:  # noqa: FBT001 - one fact about every row
    return np.full(size, known)


def _or_blank(numbers: IntArray, known: BoolArray) -> FloatArray:
    return np.where(known, numbers.astype(float), np.nan)


def _money(cents: IntArray, known: BoolArray) -> FloatArray:
    return _or_blank(cents, known) / CENTS
