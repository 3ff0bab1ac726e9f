"""Everything a refresh computes, from the tables it read: no file, no sheet, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from xlclv.analysis.contacts.contacts import Contacts, contacts
from xlclv.analysis.contacts.kept import Kept
from xlclv.analysis.contacts.lists import Seen
from xlclv.analysis.contacts.offers import Granted
from xlclv.analysis.foreseen import how
from xlclv.analysis.kpis import Kpi, kpis
from xlclv.analysis.money import money_sign
from xlclv.analysis.outlook import Outlook, outlook
from xlclv.analysis.past import Book, Past, months_of, replayed
from xlclv.analysis.worth import Worth, worth
from xlclv.analysis.yearago import YearAgo, year_ago
from xlclv.customers.people import People, people
from xlclv.errors import InputError, NotEnoughData
from xlclv.models.trust.agree import agreed
from xlclv.quality.checks import (
    Check,
    costs_told,
    problems,
    rule_checks,
    table_checks,
    try_tiers,
)
from xlclv.quality.forecast import agreement_check, forecast_check, late_check
from xlclv.quality.privacy import privacy_checks
from xlclv.quality.rewards import reward_checks
from xlclv.readings import ColumnLine
from xlclv.rewards import figures
from xlclv.rewards.conditions.fields import facts_of
from xlclv.rewards.engine.decisions import Decisions
from xlclv.rewards.facts import Rows
from xlclv.rewards.functions import decide_all
from xlclv.rewards.known import Known, known_of
from xlclv.rewards.ledger.liability import liability
from xlclv.rewards.listing import customer_summary
from xlclv.rewards.rules.table import Rules, restarts_of
from xlclv.rewards.scene.history import Policy
from xlclv.segments.breakdown import segments
from xlclv.segments.measures import PREDICTED
from xlclv.segments.placing import Placing
from xlclv.segments.rfm import score_table
from xlclv.segments.tiers import Tiers, tier_cuts
from xlclv.settings import Settings
from xlclv.tables import Table
from xlclv.terms import Frame, TextArray
from xlclv.words import counted, day, word, words

DIGITS = 2  # of a proposed threshold
MOST_RANGES = 50  # segments whose ranges are told


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found in a book.

    Args:
        settings: Of the Input tab, or the defaults.
        orders: The order table, or None.
        customers: The customer table, or None.
        tiers: The tier table, or None.
        rules: The rule table, or None.
        ledger: The ledger, or None.
        feedback: The feedback table, or None.
        history: Rows of earlier refreshes, by column.
        contacts: What stands on the tab Contacts.
        notes: What was detected on reading, in words.
        columns: What the tab Columns says, where there is one.
        past: Months for which a refresh of their last day is computed too.
        money: The sign of the money that the cells of the amounts show, "" none.
    """

    settings: Settings
    orders: Table | None = None
    customers: Table | None = None
    tiers: Table | None = None
    rules: Table | None = None
    ledger: Table | None = None
    feedback: Table | None = None
    history: Mapping[str, Sequence[object]] = field(default_factory=dict)
    contacts: Kept = field(default_factory=Kept)
    notes: tuple[str, ...] = ()
    columns: tuple[ColumnLine, ...] = ()
    past: int = 0
    money: str = ""


@dataclass(frozen=True, slots=True)
class Results:
    """What the output tabs show.

    Args:
        inputs: What it was computed from.
        people: All customers.
        known: What else is known of them: single orders, ledger, feedback.
        owed: Points and rewards still open, by the month in which they expire.
        tiers: The tiers applied.
        proposed: The tiers were proposed from the data, for the book has none.
        placing: Tier of each customer.
        outlook: The forecast of every customer, or why there is none.
        worth: What customers are ranked and summed up by.
        rfm: RFM scores and segment of customers with orders, or None.
        rules: The reward rules with the state of each.
        decisions: Who gets which reward.
        reward_texts: Names and reason of each customer's rewards, columns granted and reason.
        contacts: Whom to write to, and why.
        kpis: The figures of the Summary.
        checks: The checks.
        notes: What was found and assumed, in words.
        stamp: When the refresh was run, for the History.
        past: The months gone by.
        year_ago: The same day a year ago.
        booked: Rows added to the ledger, where that was asked for.
    """

    inputs: Inputs
    people: People
    known: Known
    owed: Frame
    tiers: Tiers
    proposed: bool
    placing: Placing
    outlook: Outlook
    worth: Worth
    rfm: Frame | None
    rules: Rules
    decisions: Decisions
    reward_texts: Frame
    contacts: Contacts
    kpis: tuple[Kpi, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    stamp: datetime
    past: Past
    year_ago: YearAgo
    booked: Frame = field(default_factory=dict)

    def rfm_column(self, name: str) -> TextArray:
        """Return a column of the RFM table for all customers, "" for those without orders."""
        column: TextArray = np.full(self.people.size, "", dtype=object)
        if self.rfm is not None:
            column[_buyers(self.people)] = self.rfm[name]
        return column

    @property
    def money(self) -> str:
        """Return the sign of the money, "" where nothing tells it."""
        return money_sign(self.inputs.settings, self.people, self.inputs.money)

    @property
    def problems(self) -> int:
        """Return how many checks ask for a look."""
        return problems(self.checks)

    @property
    def status(self) -> str:
        """Return the line about the checks that every tab shows."""
        if not self.problems:
            return word("drawing.all_well")
        worst = "fix" if any(check.level == "fault" for check in self.checks) else "review"
        return counted(f"drawing.{worst}", self.problems)

    def by(self, labels: np.ndarray[tuple[int, ...], np.dtype[np.object_]]) -> Frame:
        """Return the worth of segments by any label, of customers whose worth is known.

        Where it is a forecast, columns value_low and value_high tell the 95% range of each sum.
        """
        known = self.worth.known
        shown = np.where(labels == "", word("choices.none"), labels)
        frame = segments(self.worth.values[known], shown[known])
        names = frame["segment"]
        if self.worth.kind != "predicted" or names.size > MOST_RANGES:
            return frame
        totals = self.outlook.totals(shown)
        ends = [(total.value_low, total.value_high) for total in map(totals.__getitem__, names)]
        low, high = np.array(ends, float).reshape(-1, 2).T
        return {**frame, "value_low": low, "value_high": high}


def compute(inputs: Inputs, stamp: datetime) -> Results:
    """Compute all results.

    Args:
        inputs: The tables of a book.
        stamp: When the refresh runs; it only goes to the History.

    Raises:
        NotEnoughData: There is no customer.
    """
    everybody = people(inputs.orders, inputs.customers, inputs.settings)
    seen = _outlook(everybody, inputs.settings)
    everybody = _foretold(everybody, seen)
    measured = worth(everybody)
    rule_table = Table.empty("rules") if inputs.rules is None else inputs.rules
    tiers, proposed, checks = _tiers(inputs, measured, rule_table)
    known = _known(inputs, everybody, tiers, rule_table)
    placing = known.placed(tiers)
    facts = facts_of(known, placing.tier, seen.columns.get("p_alive"))
    policy = _policy(inputs.settings)
    owed = liability(known.ledger, everybody.as_of, policy.points_value)
    decisions = decide_all(known, tiers, placing, rule_table, policy, facts)
    granted = Granted.of(decisions, rule_table)
    checks = [
        *table_checks(inputs.orders, inputs.customers, everybody),
        forecast_check(None if seen.foreseen is None else seen.trust, seen.sentence, seen.at_stake),
        agreement_check(seen.contradictions(everybody.status)),
        late_check(seen.older),
        *checks,
        *rule_checks(decisions.rules),
        *privacy_checks(everybody, inputs.settings),
        *reward_checks(placing, decisions, inputs.ledger, inputs.feedback),
    ]
    ingredients = _ingredients(inputs, tiers, seen)
    return Results(
        inputs=inputs,
        people=everybody,
        known=known,
        owed=owed,
        tiers=tiers,
        proposed=proposed,
        placing=placing,
        outlook=seen,
        worth=measured,
        rfm=_rfm(everybody),
        rules=decisions.rules,
        decisions=decisions,
        reward_texts=customer_summary(decisions),
        contacts=contacts(
            Seen(everybody, tiers, placing, seen, inputs.settings, granted),
            inputs.contacts,
            decisions.contacts,
            policy.contact_cap,
        ),
        kpis=kpis(known, decisions, seen, measured, owed),
        checks=tuple(checks),
        notes=(
            *inputs.notes,
            *_assumptions(inputs, everybody, measured, proposed=proposed),
            *filter(None, (seen.remark, seen.checked)),
        ),
        stamp=stamp,
        past=_past(ingredients, everybody, inputs.past),
        year_ago=YearAgo() if ingredients is None else year_ago(ingredients, everybody),
    )


def _ingredients(inputs: Inputs, tiers: Tiers, seen: Outlook) -> Book | None:
    """Return what a day gone by can be computed from; None without orders."""
    if inputs.orders is None:
        return None
    return Book(inputs.orders, inputs.customers, inputs.settings, tiers, seen)


def _past(ingredients: Book | None, everybody: People, months: int) -> Past:
    """Tell the months gone by, as far as that is asked for."""
    if not months or ingredients is None:
        return months_of(everybody)
    return replayed(ingredients, everybody, months)


def _policy(settings: Settings) -> Policy:
    """Return what the settings say about all rewards."""
    cap = None if settings.contact_cap is None else int(settings.contact_cap)
    return Policy(figures.exact(settings.points_value), cap)


def _known(inputs: Inputs, everybody: People, tiers: Tiers, rule_table: Table) -> Known:
    restarts = restarts_of(rule_table, tiers)
    with_tax = inputs.settings.count_tax
    return known_of(everybody, inputs.ledger, inputs.feedback, restarts, with_tax=with_tax)


def _tiers(inputs: Inputs, measured: Worth, rule_table: Table) -> tuple[Tiers, bool, list[Check]]:
    """Return the tiers of the book, or propose some from the data.

    Tiers by predicted value have nothing to go by where no forecast may be decided by; then too
    some are proposed, and a check says so.
    """
    checks: list[Check] = []
    if inputs.tiers is not None:
        tiers, checks = try_tiers(inputs.tiers, list(rule_table.values("rule_id")))
        if tiers is not None and (tiers.measure != PREDICTED or measured.kind == "predicted"):
            return tiers, False, checks
        if tiers is not None:
            checks.append(Check("tiers_without_forecast", "warning", told=_instead(measured)))
    return _proposed(measured), True, checks


def _instead(measured: Worth) -> str:
    return word("checks.tiers_without_forecast.told", worth=measured.name)


def _proposed(measured: Worth) -> Tiers:
    """Propose round thresholds for the best 20%, the next 30% and the rest."""
    names, treatments = words("choices.tiers"), words("choices.treatments")
    try:
        cuts = [_rounded(cut) for cut in tier_cuts(measured.values[measured.known])["cut_off"]]
        tiers = Tiers.of(names, cuts, treatments)
    except (InputError, NotEnoughData):  # too few customers, or too many alike
        tiers = Tiers.of(names, (1000, 200, 0), treatments)
    return replace(tiers, measure=measured.measure, window=measured.window)


def _rounded(value: float) -> float:
    """Round down to two digits, so that whoever made the cut stays above it."""
    if value <= 0:
        return float(np.floor(value))
    unit = 10.0 ** (np.floor(np.log10(value)) - DIGITS + 1)
    return float(np.floor(value / unit * (1 + 1e-12)) * unit)


def _outlook(everybody: People, settings: Settings) -> Outlook:
    """Forecast the customers that have orders."""
    joined = None if everybody.log is None else everybody.joined[: everybody.log.ids.size]
    return outlook(everybody.log, everybody.margin, how(settings), joined)


def _foretold(everybody: People, seen: Outlook) -> People:
    """Add to the customers what the forecast says of them; a status gives way to its chances."""
    if seen.predicted is None:
        return everybody
    status = agreed(everybody.status, seen.columns["p_alive"])
    told = replace(everybody, predicted=seen.predicted, status=status)
    found = seen.foreseen
    if found is None or found.next_order is None:
        return told
    day = everybody.next_order.copy()
    day[found.summary.customer] = found.next_order.day
    return replace(told, next_day=day)


def _rfm(everybody: People) -> Frame | None:
    """Score the customers that have orders; None without an order log."""
    if everybody.log is None:
        return None
    buyers = _buyers(everybody)
    if not buyers.size:
        return None
    return score_table(
        everybody.ids[buyers],
        everybody.days_since[buyers],
        everybody.orders[buyers],
        everybody.revenue[buyers],
    )


def _buyers(everybody: People) -> Rows:
    """Return the positions of the customers who have orders in the log."""
    size = 0 if everybody.log is None else everybody.log.ids.size
    has_order = ~np.isnat(everybody.last[:size]) & (everybody.orders[:size] > 0)
    return np.flatnonzero(has_order)


def _assumptions(
    inputs: Inputs, everybody: People, measured: Worth, *, proposed: bool
) -> list[str]:
    """Say what was assumed where the book does not say it."""
    found = []
    if inputs.settings.as_of is None and not np.isnat(everybody.as_of):
        found.append(word("notes.as_of_last_order", as_of=day(everybody.as_of)))
    if proposed:
        found.append(word("notes.tiers_proposed", worth=measured.name))
    if not everybody.counts_profit:
        found.append(word("notes.revenue"))
    costs = costs_told(everybody)
    if costs:
        found.append(costs)
    if everybody.lines is not None and everybody.lines.currency:
        found.append(word("notes.currency", currency=everybody.lines.currency))
    return found
