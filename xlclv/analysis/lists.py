"""Lists of customers to look at: tiers that changed, grace, birthdays, thank-yous."""

import numpy as np

from xlclv.analysis.customers import named
from xlclv.analysis.results import Results
from xlclv.customers.dates import next_birthday
from xlclv.rewards.listing import reward_list
from xlclv.segments.loyalty import NONE
from xlclv.terms import BoolArray, DateArray, Frame

RECENT = np.timedelta64(31, "D")
AHEAD = np.timedelta64(30, "D")
THANK_YOU = "Thank-you"


def movements(results: Results) -> Frame:
    """Return the tiers that changed in the last 31 days, the latest first.

    Tiers by CLV have no past: there, whoever has another tier than the current one on the
    customer sheet.
    """
    tiers, people = results.tiers, results.people
    if not tiers.replayed:
        return _against_sheet(results)
    moves = results.placing.standing.moves
    recent = np.flatnonzero(moves.day > people.as_of - RECENT)[::-1]
    who = moves.customer[recent]
    return {
        "customer_id": people.ids[who],
        "moved_on": moves.day[recent],
        "tier_before": tiers.named(moves.from_rank[recent]),
        "tier_after": tiers.named(moves.to_rank[recent]),
        **named(people, who),
    }


def _against_sheet(results: Results) -> Frame:
    people, tiers = results.people, results.tiers
    given = people.fact("current_tier")
    rank = {name.casefold(): place for place, name in enumerate(tiers.names)}
    before = np.array([rank.get(str(name).strip().casefold(), NONE) for name in given], np.intp)
    after = results.placing.standing.rank
    moved = np.flatnonzero((before != NONE) & (after != before))
    return {
        "customer_id": people.ids[moved],
        "moved_on": np.full(moved.size, people.as_of),
        "tier_before": tiers.named(before[moved]),
        "tier_after": tiers.named(after[moved]),
        **named(people, moved),
    }


def grace(results: Results) -> BoolArray:
    """Say who keeps a tier only because of the days of grace, shape (k,)."""
    standing, today = results.placing.standing, results.people.as_of
    waits: BoolArray = (standing.valid_until < today) & (today <= standing.grace_until)
    losing: BoolArray = waits & (standing.rank != NONE)
    return losing


def in_grace(results: Results) -> Frame:
    """Return who will lose a tier after the days of grace, the first to lose it first."""
    standing, people, tiers = results.placing.standing, results.people, results.tiers
    who = np.flatnonzero(grace(results))
    who = who[np.argsort(standing.grace_until[who], kind="stable")]
    needed = tiers.keep_at[standing.rank[who]] - standing.value[who]
    return {
        "customer_id": people.ids[who],
        "grace_until": standing.grace_until[who],
        "tier": tiers.named(standing.rank[who]),
        "status": people.status[who],
        "keep_gap": np.maximum(needed, 0),
        **named(people, who),
    }


def birthdays(results: Results) -> Frame:
    """Return the birthdays of the next 30 days of those who may be sent mail."""
    people, today = results.people, results.people.as_of
    if np.isnat(today):
        today = np.datetime64("NaT", "D")
    day: DateArray = next_birthday(people.fact("birth_date"), np.asarray(today))
    who = np.flatnonzero((day <= today + AHEAD) & people.consent.may_be_mailed)
    who = who[np.lexsort((people.ids[who].astype(str), day[who]))]
    return {
        "customer_id": people.ids[who],
        "birthday": day[who],
        "tier": results.placing.tier[who],
        "status": people.status[who],
        **named(people, who),
    }


def thank_yous(results: Results) -> Frame:
    """Return the rewards granted by rules of the type Thank-you to those who may be sent mail."""
    table = results.inputs.rules
    kinds: dict[str, str] = {}
    if table is not None:
        pairs = zip(table.values("rule_id"), table.values("rule_type"), strict=True)
        kinds = {str(rule_id): str(kind) for rule_id, kind in pairs}
    frame = reward_list(results.decisions)
    meant = np.array([kinds.get(str(one)) == THANK_YOU for one in frame["rule_id"]], bool)
    who = results.people.places(frame["customer_id"])
    meant &= results.people.consent.may_be_mailed[who]
    return {
        "customer_id": frame["customer_id"][meant],
        "expires": frame["expires"][meant],
        "rule_id": frame["rule_id"][meant],
        "reward": frame["reward"][meant],
        "cost": frame["cost"][meant],
        "reason": frame["reason"][meant],
        **named(results.people, who[meant]),
    }
