"""The rule table read: every row becomes a rule, or says what is wrong with it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xlclv.rewards import figures
from xlclv.rewards.facts import clean
from xlclv.rewards.kinds import KINDS
from xlclv.rewards.kinds.in_kind import Note
from xlclv.rewards.periods import BUDGET_PER, MAX_PER, Period
from xlclv.rewards.rule import LAST, TOGETHER, Rule, TierRole, Together
from xlclv.rewards.rules import pending
from xlclv.rewards.rules.conditions import read_conditions
from xlclv.rewards.rules.fit import check_fit, read_cost, read_friend_cost
from xlclv.rewards.rules.row_reader import RowReader
from xlclv.rewards.triggers import TRIGGERS
from xlclv.rewards.triggers.manual import Manual
from xlclv.segments.ladder import Tiers
from xlclv.tables import Fault, Table
from xlclv.words import word

State = Literal["ok", "pending", "fault"]
NO_ENTRY: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row of the rule table.

    Args:
        rule_id: As typed.
        name: As typed.
        rule: None where the row has a fault.
        state: "ok": decided; "pending": read, but the book lacks what it needs; "fault": ignored.
        status: The same in words, for the sheet.
        active: False: the rule rests, whatever else is in its row.
    """

    rule_id: str
    name: str
    rule: Rule | None
    state: State
    status: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule table read.

    Args:
        rows: Each used row in the order of the table.
        faults: Every cell that cannot be used, in the order of the rows.
    """

    rows: tuple[RuleRow, ...]
    faults: tuple[Fault, ...]

    @property
    def decided(self) -> tuple[Rule, ...]:
        """Return the rules whose status is OK, in the order in which they are served."""
        ready = (row.rule for row in self.rows if row.state == "ok" and row.rule is not None)
        return tuple(sorted(ready, key=lambda rule: rule.place))

    @property
    def restarts(self) -> dict[str, int]:
        """Return the days until points expire of the rules whose expiry restarts, by rule id."""
        found = (row.rule for row in self.rows if row.rule is not None)
        return {
            rule.rule_id: rule.expires_days
            for rule in found
            if rule.expiry_restarts and rule.expires_days is not None
        }

    def count(self, state: State) -> int:
        """Return the number of rows in that state."""
        return sum(row.state == state for row in self.rows)


@dataclass(frozen=True, slots=True)
class Names:
    """The names a list may hold, in small letters; None: they are not checked.

    Args:
        tiers: Small letters to the name of the tier.
        labels: Segments, tags and customer ids.
        anything: Labels and tiers.
    """

    tiers: Mapping[str, str]
    labels: frozenset[str] | None
    anything: frozenset[str] | None


def read_rules(
    table: Table,
    tiers: Sequence[str],
    labels: Collection[str] | None = None,
    known: Collection[str] = pending.SOURCES,
    entry: Mapping[str, tuple[str, ...]] = NO_ENTRY,
) -> Rules:
    """Read every row of a rule table; a row with a fault is ignored and says why.

    Args:
        table: A table of the spec RULES.
        tiers: Names of the tiers that exist.
        labels: Segments, tags and customer ids that exist, such as `Facts.labels()`; left out:
            entries of Only segments / tags and Not for are taken as they are.
        known: What the book has of `pending.SOURCES`, such as `history.known_sources(…)`; a rule
            that needs something else is not evaluated. Left out: it has everything.
        entry: The tiers that name a rule as their entry reward, by rule id in small letters,
            such as `history.entry_tiers(…)`.
    """
    rows = [RowReader(table, number) for number in range(table.rows)]
    _refuse_twins(rows)
    names = _names(tiers, labels)
    read = tuple(_read_row(row, names, known, entry) for row in rows)
    column = table.index
    faults = sorted(
        (fault for row in rows for fault in row.faults),
        key=lambda fault: (fault.row, column.get(fault.name, len(column))),
    )
    return Rules(read, tuple(faults))


def restarts_of(rule_table: Table, tiers: Tiers) -> dict[str, int]:
    """Return the days until points expire of the rules whose expiry restarts, by rule id."""
    return read_rules(rule_table, [str(name) for name in tiers.names]).restarts


def _names(tiers: Sequence[str], labels: Collection[str] | None) -> Names:
    by_name = {clean(name): name for name in tiers}
    if labels is None:
        return Names(by_name, None, None)
    others = frozenset(clean(label) for label in labels)
    return Names(by_name, others, others | by_name.keys())


def _refuse_twins(rows: Sequence[RowReader]) -> None:
    """Refuse every row whose id stands in another row too: nobody can tell which one is meant."""
    same: dict[str, list[RowReader]] = defaultdict(list)
    for row in rows:
        if row.text("rule_id"):
            same[row.text("rule_id").casefold()].append(row)
    for twins in same.values():
        for row in twins if len(twins) > 1 else ():
            others = ", ".join(twin.cell("rule_id") for twin in twins if twin is not row)
            row.refuse("rule_id", "rule_twice", value=row.text("rule_id"), others=others)


def _read_row(
    row: RowReader, names: Names, known: Collection[str], entry: Mapping[str, tuple[str, ...]]
) -> RuleRow:
    rule_id, name = row.text("rule_id"), row.text("rule_name")
    rule = _read_rule(row, names, entry.get(rule_id.casefold(), ()))
    active = rule.active
    if row.faults:
        status = " ".join(dict.fromkeys(fault.error.message for fault in row.faults))
        return RuleRow(rule_id, name, None, "fault", status, active)
    needs = pending.needs(rule, known)
    if needs:
        status = word("rewards.status.pending", needs=figures.listed(needs, "and"))
        return RuleRow(rule_id, name, rule, "pending", status, active)
    return RuleRow(rule_id, name, rule, "ok", word("rewards.status.ok"), active)


def _read_rule(row: RowReader, names: Names, entry_tiers: tuple[str, ...]) -> Rule:
    """Return the rule of a row; meaningless where the row has faults."""
    trigger, reward = row.choice("trigger", TRIGGERS), row.choice("reward", KINDS)
    check_fit(row, trigger, reward, entry_tiers)
    group, priority = row.text("group"), row.number("priority")
    usual = Together.BEST_OF_GROUP if group else Together.STACK
    return Rule(
        rule_id=row.text("rule_id"),
        name=row.text("rule_name"),
        trigger=trigger or Manual(),
        reward=reward or Note(),
        active=row.flag("active", default=True),
        trigger_value=row.count("trigger_value"),
        window_after=row.count("window_after"),
        only_tiers=_tiers(row, names.tiers),
        entry_tiers=entry_tiers if trigger and trigger.tiers is TierRole.EVENT else (),
        only_segments=_labels(row, "only_segments", names.labels),
        not_for=_labels(row, "not_for", names.anything),
        conditions=read_conditions(row),
        min_order=row.decimal("min_order"),
        products=row.items("products"),
        reward_value=row.decimal("reward_value"),
        friend_reward=row.decimal("friend_reward"),
        max_per_order=row.decimal("max_per_order"),
        max_times=row.count("max_times"),
        max_per=row.choice("max_per", MAX_PER) or Period.EVER,
        cool_down=row.count("cool_down"),
        budget=row.decimal("budget"),
        budget_per=row.choice("budget_per", BUDGET_PER) or Period.WHOLE_RUN,
        cost=read_cost(row, reward),
        friend_cost=read_friend_cost(row, reward),
        waiting_days=row.count("waiting_days"),
        expires_days=row.count("expires_days"),
        expiry_restarts=row.flag("expiry_restarts", default=False),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
        priority=LAST if priority is None else priority,
        together=row.choice("together", TOGETHER) or usual,
        group=group,
    )


def _tiers(row: RowReader, tiers: Mapping[str, str]) -> tuple[str, ...]:
    entries = row.items("only_tiers")
    row.choose("only_tiers", entries, tiers)
    return tuple(tiers[entry.casefold()] for entry in entries if entry.casefold() in tiers)


def _labels(row: RowReader, name: str, known: frozenset[str] | None) -> tuple[str, ...]:
    entries = row.items(name)
    for entry in entries:
        if known is not None and clean(entry) not in known:
            row.refuse(name, "unknown_label", value=entry)
    return entries
