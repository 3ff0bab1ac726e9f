"""All actions together: with what people wrote beside them, within the contact cap."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xlclv.analysis.contacts import lists
from xlclv.analysis.contacts.actions import Actions
from xlclv.analysis.contacts.kept import KEY, MARKS, Kept, code_of, is_done, text_of
from xlclv.analysis.contacts.lists import Seen
from xlclv.customers.people import People
from xlclv.rewards.facts import Rows
from xlclv.rewards.scene.scene import running_count
from xlclv.terms import BoolArray, Frame, IntArray, TextArray
from xlclv.words import word


@dataclass(frozen=True, eq=False)
class Contacts:
    """The rows of the tab: a actions, then rows that stay for what somebody wrote into them.

    Args:
        people: All customers.
        actions: What can be done now, in order, a of them.
        place: Row of each action in what was kept, -1 where it is new, shape (a,).
        kept: The tab as somebody left it.
        waiting: Rows of `kept` whose action is due but waits for the contact cap.
        waits: How many actions wait for it.
    """

    people: People
    actions: Actions
    place: Rows
    kept: Kept
    waiting: Rows
    waits: int

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return self.actions.size + self.left.size

    @cached_property
    def left(self) -> Rows:
        """Return the rows of `kept` that stay though nothing is due there now."""
        shown = np.zeros(self.kept.size, bool)
        shown[self.place[self.place >= 0]] = True
        return np.flatnonzero(~shown & (self.kept.touched | ~self.kept.ours))

    @cached_property
    def done(self) -> BoolArray:
        """Say which actions are marked as done, shape (a,)."""
        return is_done(self.mark("done"))

    def mark(self, name: str) -> TextArray:
        """Return what somebody wrote into a column beside each action, None nothing, shape (a,)."""
        cells = self.kept.own[name] if name in self.kept.own else self.kept.column(name)
        return with_none(cells)[self.place]

    def frame(self) -> Frame:
        """Return the columns of the tab, without those that somebody added."""
        who = self.actions.customer
        ours: Frame = {
            "contact_list": self.actions.contact_list,
            "customer_name": self.people.name[who],
            "customer_email": self.people.address[who],
            "customer_id": self.people.ids[who],
            "contact_why": self.actions.contact_why,
            "offer": self.actions.offer,
            "offer_cost": self.actions.offer_cost,
            "at_stake": self.actions.at_stake,
            "due_by": self.actions.due_by,
            "offer_until": self.actions.offer_until,
            **{name: self.mark(name) for name in MARKS},
            "occasion": self.actions.occasion,
        }
        if not self.left.size:
            return ours
        return {
            name: np.concatenate([_cells(values), self._left(name)])
            for name, values in ours.items()
        }

    def own(self) -> dict[str, TextArray]:
        """Return the columns that somebody added, by header."""
        return {
            header: np.concatenate([self.mark(header), cells[self.left]])
            for header, cells in self.kept.own.items()
        }

    def _left(self, name: str) -> TextArray:
        """Return the cells of a column of ours in the rows that stay.

        In a row that a refresh wrote, only what tells it apart and what somebody wrote is still
        true, and who it is as long as that person may be written to.
        """
        cells = self.kept.column(name)[self.left].copy()
        ours = self.kept.ours[self.left]
        if name == "contact_list":
            cells[ours] = [code_of(cell) for cell in cells[ours]]
        if name in KEY or name in MARKS:
            return cells
        cells[ours] = None
        if name == "contact_why":
            waits = np.isin(self.left, self.waiting)
            cells[ours] = word("contacts.over")
            cells[ours & waits] = word("contacts.waits")
        if name in ("customer_name", "customer_email"):
            ids = np.array([*map(text_of, self.kept.column("customer_id")[self.left])], object)
            who = self.people.places(ids)
            known = ours & (who >= 0)
            known[known] = self.people.consent.may_be_mailed[who[known]]
            texts = self.people.name if name == "customer_name" else self.people.address
            cells[known] = texts[who[known]]
        return cells


def contacts(seen: Seen, kept: Kept, contacted: IntArray, cap: int | None) -> Contacts:
    """Return whom to write to, and why.

    Args:
        seen: What the lists look at.
        kept: The tab as somebody left it.
        contacted: Offers and messages that each customer had in the last 30 days, shape (k,).
        cap: Most of them; None: any number.
    """
    slipping = Actions.joined([lists.win_back(seen), lists.losing_tier(seen)])
    parts = [
        seen.granted.for_slipping().shared_out(slipping),
        seen.granted.for_birthdays().shared_out(lists.birthdays(seen)),
        lists.thank_yous(seen),
    ]
    actions = Actions.joined(parts).in_order()
    place = kept.places(actions, seen.people)
    fits = _fits(seen, actions, is_done(with_none(kept.column("done"))[place]), contacted, cap)
    now, later = np.flatnonzero(fits), np.flatnonzero(~fits)
    waiting = place[later]
    return Contacts(
        seen.people, actions.rows(now), place[now], kept, waiting[waiting >= 0], later.size
    )


def _fits(
    seen: Seen, actions: Actions, done: BoolArray, contacted: IntArray, cap: int | None
) -> BoolArray:
    """Say which actions fit within the contact cap, shape (a,).

    Every action is a message. What is done counts first, then what the rules offer, which they
    have counted already; other messages that they send have their place, too.
    """
    if cap is None or not actions.size:
        return np.ones(actions.size, bool)
    size = seen.people.size
    sent = np.bincount(seen.granted.customer[seen.granted.is_message], minlength=size)
    listed = np.bincount(actions.customer[actions.is_message], minlength=size)
    free = cap - contacted - np.maximum(sent - listed, 0)
    order = np.lexsort((actions.turn, ~actions.is_message, ~done, actions.customer))
    turn = np.empty(actions.size, np.int64)
    turn[order] = running_count(actions.customer[order])
    fits: BoolArray = done | (turn < free[actions.customer])
    return fits


def with_none(cells: TextArray) -> TextArray:
    """Return cells with None at the end, where the place -1 finds it."""
    longer: TextArray = np.empty(cells.size + 1, dtype=object)
    longer[:-1] = cells
    return longer


def _cells(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> TextArray:
    """Return a column as cells, None where it knows nothing."""
    cells = np.empty(values.size, dtype=object)
    known = values.astype("datetime64[D]").astype(object) if values.dtype.kind == "M" else values
    cells[:] = list(known)
    if values.dtype.kind == "f":
        cells[np.isnan(values)] = None
    return cells
