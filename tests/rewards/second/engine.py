"""The reward engine once more: one rule, one customer, one occasion after the other.

Read it as the definition. Money is whole cents or Decimal, days are datetime.date.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tests.rewards.second.amounts import Award, award_for, cost_of
from tests.rewards.second.facts import condition_holds, labels, labels_of
from tests.rewards.second.ledger import is_live, standing_entries, takes_back
from tests.rewards.second.occasions import Occasion, Stories, excluded, occasions
from tests.rewards.second.reversals import TakenBack, reversals
from tests.rewards.second.tiers import NONE, tier_story
from tests.rewards.second.world import Customer, Entry, Rule, World, days

THIRTY = timedelta(days=30)
PERIODS = {
    "Month": lambda day: (day.year, day.month),
    "Quarter": lambda day: (day.year, (day.month - 1) // 3),
    "Year": lambda day: day.year,
    "Whole run": lambda _: None,
    "Ever": lambda _: None,
}

# The checks in order. A rule's stage for a customer is the furthest that an occasion got.
STAGES = (
    *("RESTS", "DATES", "OPT_IN", "NOT_FOR", "TIERS", "SEGMENTS", "TRIGGER", "WINDOW", "WAITING"),
    *("CONDITION_1", "CONDITION_2", "CONDITION_3", "BOOKED", "POINTS", "GROUP"),
    *("LIMIT", "COOL_DOWN", "BUDGET", "GRANTED"),
)


@dataclass
class Verdict:
    """What is decided: awards, how far each customer got with each rule, points taken back."""

    awards: list[Award] = field(default_factory=list)
    stages: dict[tuple[str, str], str] = field(default_factory=dict)  # (rule id, customer)
    used_before: dict[str, int] = field(default_factory=dict)  # cents, of rules with a budget
    left: dict[str, int] = field(default_factory=dict)
    taken_back: list[TakenBack] = field(default_factory=list)
    tiers: dict[str, str] = field(default_factory=dict)


def decide(world: World) -> Verdict:
    """Decide who gets what on the day, after taking back what refunds have undone."""
    stories = {one.name: tier_story(world, one) for one in world.customers}
    verdict = Verdict(taken_back=reversals(world, stories))
    for name, story in stories.items():
        verdict.tiers[name] = "" if story.rank == NONE else world.tiers[story.rank].name
    after = replace(world, ledger=world.ledger + undone(world, verdict))
    for rule in sorted(world.rules, key=lambda one: one.place):
        wanted = []
        for customer in world.customers:
            wanted += _wanted(world, after, stories, rule, customer, verdict)
        _serve(after, rule, wanted, verdict)
    verdict.awards = _spread(after, verdict.awards)
    return verdict


def _note(verdict: Verdict, rule: Rule, customer: Customer, stage: str) -> None:
    key = (rule.rule_id, customer.name)
    verdict.stages[key] = max(verdict.stages.get(key, STAGES[0]), stage, key=STAGES.index)


def _wanted(
    world: World,
    after: World,
    stories: Stories,
    rule: Rule,
    customer: Customer,
    verdict: Verdict,
) -> list[Award]:
    """Return what a customer would get of a rule if the budget were without end.

    Conditions ask about the world as it is, the ledger counts after what is taken back.
    """
    failed = _customer_fails(world, stories, rule, customer)
    found = occasions(world, stories, rule, customer)
    if failed is None and not found:
        failed = _nothing_happened(world, stories, rule, customer)
    if failed is not None:
        _note(verdict, rule, customer, failed)
        return []
    good: list[Award] = []
    for one in found:
        stage, award = _judge(world, after, rule, one)
        if award is not None and _shut_out(after, rule, award, verdict.awards):
            stage = "GROUP"
        elif award is not None:
            stage = _over_limit(after, rule, award, good)
        if award is not None and stage is None:
            good.append(award)
        _note(verdict, rule, customer, stage or "BUDGET")
    return good


def _customer_fails(world: World, stories: Stories, rule: Rule, customer: Customer) -> str | None:
    """Return the first check on rule and customer that fails, whatever the occasion."""
    today = world.as_of
    if not rule.active:
        return "RESTS"
    over = rule.trigger != "Order" and today > (rule.valid_to or today)
    if today < (rule.valid_from or today) or over:
        return "DATES"
    if not customer.opt_in:
        return "OPT_IN"
    return "NOT_FOR" if excluded(world, stories, rule, customer) else None


def _nothing_happened(world: World, stories: Stories, rule: Rule, customer: Customer) -> str:
    """Return the check that fails of a customer without an occasion."""
    if rule.trigger != "Order" and not _tier_fits(world, rule, stories[customer.name].rank):
        return "TIERS"
    return "TRIGGER" if _segment_fits(rule, customer) else "SEGMENTS"


def _tier_fits(world: World, rule: Rule, rank: int) -> bool:
    if not rule.only_tiers or rule.trigger == "Tier reached":
        return True
    return rank != NONE and world.tiers[rank].name in rule.only_tiers


def _segment_fits(rule: Rule, customer: Customer) -> bool:
    return not rule.only_segments or bool(labels(rule.only_segments) & labels_of(customer))


def _judge(
    world: World, after: World, rule: Rule, one: Occasion
) -> tuple[str | None, Award | None]:
    """Judge one occasion up to its amount: the check that fails, or the award."""
    failed = _fails(world, after, rule, one)
    if failed is not None:
        return failed, None
    award = award_for(world, rule, one)
    over = award.expires_on is not None and award.expires_on < world.as_of
    if rule.gives_points and (not award.points or over):
        return "POINTS", None
    return None, award


def _fails(world: World, after: World, rule: Rule, one: Occasion) -> str | None:
    """Return the first check that an occasion fails."""
    key = (one.customer.name, rule.rule_id.casefold(), one.reference.casefold())
    asked = {
        f"CONDITION_{number}": not condition_holds(world, one.customer, condition)
        for number, condition in enumerate(rule.conditions, 1)
    }
    checks = {
        "TIERS": not _tier_fits(world, rule, one.tier),
        "SEGMENTS": not _segment_fits(rule, one.customer),
        "TRIGGER": one.refused or (rule.trigger == "Order" and not _within(rule, one.day)),
        "WINDOW": _window_over(world, rule, one),
        "WAITING": one.waits,
        **asked,
        "BOOKED": any(entry.key == key for entry in standing_entries(after)),
    }
    return next((stage for stage, fails in checks.items() if fails), None)


def _within(rule: Rule, day: date | None) -> bool:
    """Say whether an order lies within the days of a rule."""
    return day is not None and (rule.valid_from or day) <= day <= (rule.valid_to or day)


def _window_over(world: World, rule: Rule, one: Occasion) -> bool:
    if rule.window_after is None or rule.trigger in ("Birthday", "Date range", "Manual"):
        return False
    return world.as_of > one.day + days(rule.window_after)


# limits of one customer


def _over_limit(world: World, rule: Rule, award: Award, earlier: list[Award]) -> str | None:
    """Say whether a customer has had enough of a rule."""
    name = award.occasion.customer.name
    had = [
        entry.day
        for entry in standing_entries(world)
        if entry.customer == name
        and entry.rule_id.casefold() == rule.rule_id.casefold()
        and not _is_friends(rule, entry)
    ]
    had += [one.dated for one in earlier]
    if rule.max_times is not None and rule.max_per != "Order":
        period = PERIODS[rule.max_per]
        if sum(period(day) == period(award.dated) for day in had) >= rule.max_times:
            return "LIMIT"
    if rule.cool_down and had and award.dated < max(had) + days(rule.cool_down):
        return "COOL_DOWN"
    return None


def _is_friends(rule: Rule, entry: Entry) -> bool:
    """Say whether an entry is the friend's part of a referral: its reference is the friend."""
    return rule.trigger == "Referral" and entry.reference.casefold() == entry.customer.casefold()


# other rewards of one customer


def _shut_out(world: World, rule: Rule, award: Award, granted: list[Award]) -> bool:
    """Say whether another reward, granted now or booked, leaves no room for this one."""
    one = award.occasion
    others = [
        other.rule
        for other in granted
        if other.occasion.customer.name == one.customer.name
        and _unit(other.rule, other.occasion.reference) == _unit(rule, one.reference)
    ]
    by_id = {other.rule_id.casefold(): other for other in world.rules}
    for entry in standing_entries(world):
        other = by_id.get(entry.rule_id.casefold())
        if other is None or entry.customer != one.customer.name or other.place >= rule.place:
            continue
        if _is_friends(other, entry):  # stands outside the friend's own limits and groups
            continue
        same_unit = _unit(other, entry.reference) == _unit(rule, one.reference)
        if same_unit and (other.trigger == "Order" or is_live(world, entry)):
            others.append(other)
    return any(_excludes(rule, other) for other in others)


def _unit(rule: Rule, reference: str) -> str | None:
    """Return within what rewards compete: one order, or all that is not for an order."""
    return reference.casefold() if rule.trigger == "Order" else None


def joining(rule: Rule) -> str:
    return rule.together or ("Best of group" if rule.group else "Stack")


def _excludes(rule: Rule, other: Rule) -> bool:
    """Say whether a reward granted earlier shuts this one out."""
    same_group = rule.group != "" and rule.group.casefold() == other.group.casefold()
    if joining(other) == "Only this" and (same_group or not other.group):
        return True
    if joining(rule) == "Only this" and (same_group or not rule.group):
        return True
    return same_group and joining(rule) == joining(other) == "Best of group"


# the budget of one rule


def _serve(world: World, rule: Rule, wanted: Iterable[Award], verdict: Verdict) -> None:
    """Serve the queue until the budget ends; who stands behind gets nothing either.

    An award counts in the period of its own date: points for orders are dated back.
    """
    queue = sorted(
        wanted,
        key=lambda one: (one.occasion.day, one.occasion.customer.name, one.occasion.reference),
    )
    period = PERIODS[rule.budget_per or "Whole run"]
    if rule.budget is not None:
        verdict.used_before[rule.rule_id] = used_before(world, rule, world.as_of)
        verdict.left[rule.rule_id] = _left(world, rule, world.as_of, [])
    served: list[Award] = []
    ended = set()
    for award in queue:
        same = [one for one in served if period(one.dated) == period(award.dated)]
        if rule.budget is not None and (
            period(award.dated) in ended
            or 0 < award.whole_cost > _left(world, rule, award.dated, same)
        ):
            ended.add(period(award.dated))
            continue
        served.append(award)
        _note(verdict, rule, award.occasion.customer, "GRANTED")
    verdict.awards += served
    if rule.budget is not None:
        same = [one for one in served if period(one.dated) == period(world.as_of)]
        verdict.left[rule.rule_id] = _left(world, rule, world.as_of, same)


def _left(world: World, rule: Rule, day: date, served: list[Award]) -> int:
    """Return the cents left of the budget of the period of a day."""
    budget = int((rule.budget or 0) * 100)
    return budget - used_before(world, rule, day) - sum(one.whole_cost for one in served)


def used_before(world: World, rule: Rule, day: date) -> int:
    """Return the cents that the ledger has used of the period of a day, less what came back."""
    period = PERIODS[rule.budget_per or "Whole run"]
    counted = standing_entries(world)
    keys = {entry.key for entry in counted}
    counted += [entry for entry in world.booked() if takes_back(entry) and entry.key in keys]
    return sum(
        cost_of(world, rule, entry)
        for entry in counted
        if entry.rule_id.casefold() == rule.rule_id.casefold() and period(entry.day) == period(day)
    )


# the contact cap


def _spread(world: World, awards: list[Award]) -> list[Award]:
    """Let those offers wait that would be too many in 30 days; points are no contact.

    Whoever has had too many waits until enough of the contacts are 30 days old; who waits will
    be a contact too, so the next one waits for that.
    """
    if world.contact_cap is None:
        return awards
    cap = world.contact_cap
    contacts = {one.name: contacts_of(world, one) for one in world.customers}
    result = []
    for award in awards:  # in the order served
        mine = contacts[award.occasion.customer.name]
        if award.rule.gives_points:
            result.append(award)
        elif sum(day > world.as_of - THIRTY for day in mine) < cap:
            mine.append(world.as_of)
            result.append(award)
        else:
            until = sorted(mine)[-cap] + THIRTY
            mine.append(until)
            result.append(replace(award, wait_until=until))
    return result


def contacts_of(world: World, customer: Customer) -> list[date]:
    """Return the days of the last 30 on which a customer heard of us."""
    begin = world.as_of - THIRTY
    found = [
        entry.day
        for entry in standing_entries(world)
        if entry.customer == customer.name and entry.points is None and entry.day > begin
    ]
    last = customer.last_contact
    if last is None or not begin < last <= world.as_of:
        return found
    # An entry of that day is that contact. Not so today: else deciding once more on the same day
    # would find more room than before.
    return found if last in found and last < world.as_of else [*found, last]


# posting


def postings(world: World, verdict: Verdict) -> tuple[Entry, ...]:
    """Return the rows that book a verdict: what goes now, and what is taken back."""
    rows = [
        entry
        for award in verdict.awards
        if award.wait_until is None
        for entry in award.entries(world.as_of)
    ]
    return (*undone(world, verdict), *rows)


def undone(world: World, verdict: Verdict) -> tuple[Entry, ...]:
    """Return the rows that take back."""
    return tuple(
        Entry(
            world.as_of,
            back.customer,
            back.rule_id,
            back.reference,
            -back.points or None,
            None if back.face is None else -back.face,
            -back.cost,
            "reversed",
        )
        for back in verdict.taken_back
    )


def posted(world: World) -> World:
    """Return the world after the decision of its day has been booked."""
    return replace(world, ledger=world.ledger + postings(world, decide(world)))


def on_day(world: World, day: date) -> World:
    """Return the same shop on another day; nothing later is known on it."""
    return replace(world, as_of=day)
