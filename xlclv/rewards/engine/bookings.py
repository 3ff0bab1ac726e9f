"""What the ledger says has been granted: which rewards still count, and what they cost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xlclv.rewards.amounts import cents_of_points, whole_cents
from xlclv.rewards.facts import Rows
from xlclv.rewards.ledger.balances import states
from xlclv.rewards.ledger.entries import ACTIVE, PENDING, REVERSED, Ledger, sums
from xlclv.rewards.rule import PaidFor, Rule
from xlclv.rewards.scene.scene import NONE, Scene, running_sum
from xlclv.terms import BoolArray, DateArray, IntArray, TextArray

# What depends on what a decision takes back.
CHANGED = ("taken", "net", "counts", "unused")


@dataclass(frozen=True, slots=True, eq=False)
class TakenBack:
    """What is taken back of groups of entries, t of them.

    Args:
        group: The group of each, each once, shape (t,).
        amount: Points, or a number of rewards, above 0, shape (t,).
        cost_cents: The cost that comes back, in cents, 0 or more, shape (t,).
    """

    group: IntArray
    amount: IntArray
    cost_cents: IntArray


@dataclass(frozen=True, eq=False)
class Bookings:
    """The entries of a ledger up to a day, b of them, with what was taken back.

    A reward is booked by the entries of one customer, rule and reference, capital letters of the
    latter two apart. What takes it back names the same and hits the earliest first; what is
    taken back whole does not count any more.

    Args:
        scene: The decision they are for.
        ledger: The entries.
        taken: What the decision takes back itself.
    """

    scene: Scene
    ledger: Ledger
    taken: TakenBack | None = None

    @classmethod
    def of(cls, scene: Scene) -> "Bookings":
        """Return what is booked up to the day of a decision."""
        given = scene.history.ledger
        return cls(scene, Ledger.empty() if given is None else given.up_to(scene.as_of))

    def less(self, taken: TakenBack) -> "Bookings":
        """Return the bookings after something more is taken back."""
        if not taken.group.size:
            return self
        less = Bookings(self.scene, self.ledger, taken)
        # What has been worked out of the entries alone holds for both.
        vars(less).update({name: of for name, of in vars(self).items() if name not in CHANGED})
        return less

    @cached_property
    def customer(self) -> Rows:
        """Return the position of whose entry it is, NONE if no customer, shape (b,)."""
        return self._positions(self.ledger.customer_id)

    @cached_property
    def rule(self) -> TextArray:
        """Return the rule of each entry in small letters, shape (b,)."""
        return small(self.ledger.rule_id)

    @cached_property
    def _references(self) -> tuple[Rows, pd.Index]:
        """Return the place of each entry's reference, and all references in small letters."""
        codes, known = pd.factorize(self.ledger.reference)
        alike, names = pd.factorize(small(np.asarray(known, dtype=object)))
        return alike[codes], pd.Index(names, dtype=object)

    @property
    def reference(self) -> Rows:
        """Return the place of each entry's reference among all references, shape (b,)."""
        return self._references[0]

    def codes(self, texts: TextArray) -> Rows:
        """Return the place of texts among all references, NONE if none, shape of texts."""
        if not self.ledger.size:
            return np.full(texts.size, NONE, dtype=np.intp)
        return np.asarray(self._references[1].get_indexer(pd.Index(small(texts), dtype=object)))

    def key(self, customer: Rows | IntArray, reference: Rows) -> IntArray:
        """Return one number for customer and reference; NONE where either is not known."""
        known = (customer != NONE) & (reference != NONE)
        return np.where(known, customer * max(len(self._references[1]), 1) + reference, NONE)

    @cached_property
    def order(self) -> IntArray:
        """Return the group of the order that each entry is for, NONE if no order, shape (b,).

        Orders of a customer whose references differ by capital letters only are one group.
        """
        entries = self.key(self.customer, self.reference)
        found = np.asarray(pd.Index(self._orders[1]).get_indexer(pd.Index(entries)), np.int64)
        return np.where(entries == NONE, NONE, found)

    @property
    def order_group(self) -> IntArray:
        """Return the group of each order, shape (o,)."""
        return self._orders[0]

    @cached_property
    def order_at(self) -> IntArray:
        """Return the position of the order that each entry is for, NONE if no order, (b,)."""
        first = np.full(len(self._orders[1]) + 1, NONE, np.int64)
        first[self.order_group[::-1]] = np.arange(self.order_group.size)[::-1]
        first[NONE] = NONE
        return first[self.order]

    @cached_property
    def _orders(self) -> tuple[IntArray, IntArray]:
        """Return the group of each order, and the key of each group."""
        orders = self.scene.orders
        groups, known = pd.factorize(self.key(orders.customer, self.codes(orders.reference)))
        return groups.astype(np.int64), np.asarray(known, np.int64)

    def _positions(self, customer_ids: TextArray) -> Rows:
        if not customer_ids.size:
            return np.empty(0, dtype=np.intp)
        known = pd.Index(self.scene.facts.customer_id, dtype=object)
        return np.asarray(known.get_indexer(pd.Index(customer_ids, dtype=object)), dtype=np.intp)

    @cached_property
    def friend(self) -> Rows:
        """Return the position of the customer that each reference names, shape (b,)."""
        ids = self.scene.facts.customer_id
        known = pd.Index(small(ids), dtype=object)
        if not known.is_unique:  # ids that differ by capital letters only
            known = pd.Index(ids, dtype=object)
        return np.asarray(known.get_indexer(self._references[1]), dtype=np.intp)[self.reference]

    @cached_property
    def is_points(self) -> BoolArray:
        """Say which entries are of points, the others are rewards, shape (b,)."""
        found: BoolArray = self.ledger.points != 0
        return found

    @cached_property
    def takes_back(self) -> BoolArray:
        """Say which entries take another back, shape (b,)."""
        return self.ledger.takes_back

    @cached_property
    def grants(self) -> BoolArray:
        """Say which entries grant something, whether or not it is taken back later, (b,)."""
        granted: BoolArray = (self.ledger.points >= 0) & (self.ledger.state != REVERSED)
        return granted

    @cached_property
    def group(self) -> IntArray:
        """Return one number per customer, rule, reference, and points or not, shape (b,)."""
        whose, rule = pd.factorize(self.ledger.customer_id)[0], pd.factorize(self.rule)[0]
        key = whose * (int(rule.max(initial=0)) + 1) + rule
        key = (key * (len(self._references[1]) + 1) + self.reference) * 2 + self.is_points
        return np.asarray(pd.factorize(key)[0], dtype=np.int64)

    @cached_property
    def amount(self) -> IntArray:
        """Return what each entry adds to or takes from its group: points, or 1, shape (b,)."""
        size = np.where(self.is_points, np.abs(self.ledger.points), 1)
        return size * (self.grants.astype(np.int64) - self.takes_back)

    @cached_property
    def net(self) -> IntArray:
        """Return what is left of each group, shape (groups,): points, or a number of rewards."""
        left = self.total(self.amount)
        if self.taken is not None:
            left[self.taken.group] -= self.taken.amount
        return left

    @property
    def groups(self) -> int:
        """Return the number of groups."""
        return int(self.group.max(initial=NONE)) + 1

    def total(self, numbers: IntArray) -> IntArray:
        """Return the sum of whole numbers, shape (b,), by group, shape (groups,)."""
        return sums(numbers, self.group, self.groups)

    @cached_property
    def counts(self) -> BoolArray:
        """Say which entries grant something that still counts, shape (b,)."""
        given = np.where(self.grants, self.amount, 0)
        gone = self.total(given) - self.net
        counted = self.grants.copy()
        hit = np.flatnonzero(gone[self.group] != 0)
        place = hit[np.lexsort((given[hit], self.ledger.day[hit], self.group[hit]))]
        group = self.group[place]
        counted[place] &= running_sum(given[place], group) > gone[group]
        return counted

    @cached_property
    def unused(self) -> BoolArray:
        """Say which entries that count are still pending or active on the day, shape (b,)."""
        if not self.ledger.size:
            return np.empty(0, dtype=bool)
        state = states(self.ledger, self.scene.as_of)
        found: BoolArray = self.counts & ((state == PENDING) | (state == ACTIVE))
        return found

    @property
    def live(self) -> BoolArray:
        """Say which entries are a reward the customer has on the day, or got on it, (b,)."""
        found: BoolArray = self.unused | (self.counts & (self.ledger.day == self.scene.as_of))
        return found

    def rows_of(self, rule: Rule) -> Rows:
        """Return the positions of the entries of a rule."""
        return self._by_rule.get(rule.rule_id.casefold(), np.empty(0, dtype=np.intp))

    @cached_property
    def _by_rule(self) -> dict[str, Rows]:
        codes, names = pd.factorize(self.rule)
        order = np.argsort(codes, kind="stable")
        parts = np.split(order, np.searchsorted(codes[order], np.arange(1, len(names))))
        return dict(zip([str(name) for name in names], parts, strict=False))

    def of_rule(self, rule: Rule) -> "Booked":
        """Return what is booked of a rule."""
        rows = self.rows_of(rule)
        return Booked(self, rule, rows[self.counts[rows]])


@dataclass(frozen=True, eq=False)
class Booked:
    """The entries of one rule that still count.

    Args:
        bookings: All entries.
        rule: The rule.
        rows: Positions of those that count, shape (r,).
    """

    bookings: Bookings
    rule: Rule
    rows: Rows

    @property
    def day(self) -> DateArray:
        """Return the day of each entry, shape (r,)."""
        return self.bookings.ledger.day[self.rows]

    @property
    def customer(self) -> Rows:
        """Return whose entry it is, shape (r,)."""
        return self.bookings.customer[self.rows]

    def of_orders(self) -> DateArray:
        """Return the day on which each order was booked, NaT where it is not, shape (o,)."""
        group = self.bookings.order_group
        days = np.full(int(group.max(initial=NONE)) + 2, "NaT", "datetime64[D]")
        days[self.bookings.order[self.rows]] = self.day
        days[NONE] = np.datetime64("NaT")
        return days[group]

    def of_keys(self, customer: Rows, named: Callable[[], TextArray]) -> DateArray:
        """Return the day on which occasions were booked, NaT where not, shape of customer.

        Args:
            customer: Whose occasions.
            named: Their references; only asked for where anything is booked.
        """
        days = np.full(customer.size, "NaT", "datetime64[D]")
        if not self.rows.size or not customer.size:
            return days
        keys = self.bookings.key(self.customer, self.bookings.reference[self.rows])
        booked = pd.Series(self.day, index=keys)
        booked = booked[~booked.index.duplicated(keep="last") & (booked.index != NONE)]
        own = self.bookings.key(customer, self.bookings.codes(named()))
        return booked.reindex(own).to_numpy().astype("datetime64[D]")

    @cached_property
    def own(self) -> BoolArray:
        """Say which entries are a customer's own, not the friend's side of a referral, (r,)."""
        own: BoolArray = self.customer != NONE
        if self.rule.trigger.paid_for is PaidFor.FRIEND:  # the friend's side names the friend
            own &= self.bookings.friend[self.rows] != self.customer
        return own

    def limited(self) -> tuple[Rows, DateArray]:
        """Return customer and day of the entries that use up the customer's own limits."""
        return self.customer[self.own], self.day[self.own]

    def live_customers(self) -> BoolArray:
        """Say which customers have such a reward of their own on the day, shape (n,)."""
        has = np.zeros(self.bookings.scene.facts.size, dtype=bool)
        if self.rows.size:
            rows = self.rows[self.own & self.bookings.live[self.rows]]
            has[self.bookings.customer[rows]] = True
        return has

    def costs(self) -> tuple[DateArray, IntArray]:
        """Return day and cost in cents of what was spent, and of what came back of it."""
        rows, cents = self.entry_costs()
        days, taken = self.bookings.ledger.day[rows], self.bookings.taken
        if taken is None or not rows.size:
            return days, cents
        part = np.isin(taken.group, self.bookings.group[rows])
        today = np.full(int(part.sum()), self.bookings.scene.as_of)
        return np.concatenate([days, today]), np.concatenate([cents, -taken.cost_cents[part]])

    def entry_costs(self) -> tuple[Rows, IntArray]:
        """Return the entries of groups that count, and what each cost, below 0 if it took back."""
        bookings = self.bookings
        rows = bookings.rows_of(self.rule)
        stands = bookings.net[bookings.group[rows]] > 0
        rows = rows[bookings.counts[rows] | (bookings.takes_back[rows] & stands)]
        typed, known = bookings.ledger.cost_cents[rows], bookings.ledger.has_cost[rows]
        return rows, np.where(known, typed, self._usual_cost(rows))

    def _usual_cost(self, rows: Rows) -> IntArray:
        """Return what entries without a cost must have cost, shape of rows."""
        bookings, rule = self.bookings, self.rule
        if rule.cost is None and rule.gives_points:
            points = np.maximum(bookings.ledger.points[rows], 0)
            return cents_of_points(points, bookings.scene.policy.points_value)
        customer = bookings.customer[rows]
        friend = (bookings.friend[rows] == customer) & (customer != NONE)
        cost = np.where(friend, whole_cents(rule.friend_cost), whole_cents(rule.cost))
        return np.where(bookings.grants[rows], cost, 0)


def small(texts: TextArray) -> TextArray:
    """Return texts in small letters, shape (m,)."""
    if not texts.size:
        return texts
    codes, known = pd.factorize(texts)
    return np.array([str(text).strip().casefold() for text in known], dtype=object)[codes]
