"""The lists: who is slipping away, about to lose a tier, has a birthday, is to be thanked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from xlclv.analysis.contacts.actions import (
    BIRTHDAY,
    LOSING_TIER,
    THANK_YOU,
    WIN_BACK,
    Actions,
)
from xlclv.analysis.contacts.offers import Granted
from xlclv.analysis.outlook import Outlook
from xlclv.analysis.slipping import at_stake, slipping
from xlclv.customers.dates import NO_DAY, next_birthday
from xlclv.customers.people import People
from xlclv.customers.status import AT_RISK
from xlclv.rewards.figures import money
from xlclv.segments.ladder import Tiers
from xlclv.segments.loyalty import NONE
from xlclv.segments.measures import CLV, NET_SPEND
from xlclv.segments.placing import Placing
from xlclv.settings import Settings
from xlclv.terms import BoolArray, DateArray, TextArray
from xlclv.words import counted, day, word

AHEAD = np.timedelta64(30, "D")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the lists look at.

    Args:
        people: All customers.
        tiers: The tiers.
        placing: Tier of each customer.
        outlook: The forecast.
        settings: When a customer is at risk, passive, lost.
        granted: What the rules grant.
    """

    people: People
    tiers: Tiers
    placing: Placing
    outlook: Outlook
    settings: Settings
    granted: Granted

    @property
    def reached(self) -> BoolArray:
        """Say who may be sent mail, shape (k,)."""
        return self.people.consent.may_be_mailed


def win_back(seen: Seen) -> Actions:
    """Return who is slipping away and worth something, until they slip further."""
    people, settings = seen.people, seen.settings
    worth = at_stake(people, seen.outlook.lost)
    with np.errstate(invalid="ignore"):
        who = np.flatnonzero(slipping(people) & seen.reached & (worth > 0))
    last = people.last[who]
    risky = people.status[who] == AT_RISK
    multiple = np.where(risky, settings.passive, settings.lost)
    # The first day of the next status, less one: status compares whole days with a multiple.
    until = np.ceil(people.gap[who] * multiple).astype("timedelta64[D]") - np.timedelta64(1, "D")
    why = _each(last, lambda on: word("contacts.why.win_back", day=day(on)))
    # Where a forecast decides the status, the day may have passed.
    due = np.maximum(last + until, people.as_of)
    return Actions.of(WIN_BACK, who, _dates(last), why, due, worth[who])


def losing_tier(seen: Seen) -> Actions:
    """Return who keeps a tier only because of the days of grace, and what is missing."""
    people, standing, tiers = seen.people, seen.placing.standing, seen.tiers
    who = np.flatnonzero(in_grace(seen.placing, people.as_of) & seen.reached)
    missing = np.maximum(tiers.keep_at[standing.rank[who]] - standing.value[who], 0)
    ends = standing.grace_until[who]
    names = tiers.named(standing.rank[who])
    why = _texts(
        _tier_text(tiers, str(name), lacking, until)
        for name, lacking, until in zip(names, missing, ends, strict=True)
    )
    return Actions.of(LOSING_TIER, who, _dates(standing.valid_until[who]), why, ends)


def in_grace(placing: Placing, today: np.datetime64) -> BoolArray:
    """Say who keeps a tier only because of the days of grace, shape (k,)."""
    standing = placing.standing
    waits: BoolArray = (standing.valid_until < today) & (today <= standing.grace_until)
    losing: BoolArray = waits & (standing.rank != NONE)
    return losing


def _tier_text(tiers: Tiers, name: str, missing: float, until: np.datetime64) -> str:
    """Say how the tier is kept; a CLV is nothing that one tells a customer."""
    facts = {"tier": name, "day": day(until)}
    if tiers.measure is CLV or np.isnan(missing):
        return word("contacts.why.tier", **facts)
    if tiers.measure is NET_SPEND:
        return word("contacts.why.tier_money", amount=money(missing), **facts)
    kind = "orders" if tiers.replayed else "points"
    return counted(f"contacts.why.tier_{kind}", float(np.ceil(missing)), **facts)


def birthdays(seen: Seen) -> Actions:
    """Return the birthdays of the next 30 days, and those with an offer that still counts."""
    people = seen.people
    today = np.asarray(people.as_of, "datetime64[D]")
    coming: DateArray = next_birthday(people.fact("birth_date"), today)
    with_offer, of_offer = seen.granted.birthdays()
    on: DateArray = np.where(coming - today <= AHEAD, coming, NO_DAY)
    on[with_offer] = of_offer
    who = np.flatnonzero(~np.isnat(on) & seen.reached)
    why = _each(on[who], lambda each: word("contacts.why.birthday", day=day(each)))
    return Actions.of(BIRTHDAY, who, _dates(on[who]), why, np.maximum(on[who], today))


def thank_yous(seen: Seen) -> Actions:
    """Return the rewards that rules of the type Thank-you grant, each with what it is for."""
    found = seen.granted.thanks()
    may = np.flatnonzero(seen.reached[found.customer])
    thanked = found.rows(may)
    why = _texts(map(_thanks, thanked.trigger))
    asked = Actions.of(THANK_YOU, thanked.customer, thanked.occasion, why, thanked.until)
    return Actions.joined([thanked.given_to(asked, np.arange(thanked.size))])


def _thanks(trigger: str) -> str:
    key = trigger.casefold().replace(" ", "_")
    return word(f"contacts.thanks.{key}")


def _dates(days: DateArray) -> TextArray:
    """Return days as the key of an occasion, the same in every language."""
    return days.astype("datetime64[D]").astype(str).astype(object)


def _each(days: DateArray, written: Callable[[np.datetime64], str]) -> TextArray:
    """Return a text per day, made once for each different one."""
    known, place = np.unique(days, return_inverse=True)
    return _texts(map(written, known))[place]


def _texts(texts: Iterable[str]) -> TextArray:
    made = list(texts)
    column = np.empty(len(made), dtype=object)
    column[:] = made
    return column
