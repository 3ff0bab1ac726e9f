"""Who each customer is and what each agreed to: by the customer sheet, else by the latest order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlclv.customers.addresses import addresses, among
from xlclv.customers.aliases import aliases
from xlclv.customers.beside import MISSING, latest, positions
from xlclv.tables import Table
from xlclv.terms import Array, BoolArray, IntArray, TextArray


@dataclass(frozen=True, slots=True)
class Consent:
    """What the customers agreed to, shape (k,) each.

    Args:
        member: False where somebody said No to the programme: such a one gets nothing.
        answered: Who said Yes or No to mail.
        agreed: Who said Yes to it.
        refused: Who said No to either on any row, or whose answer cannot be read, and whoever
            shares an e-mail address with one of these.
    """

    member: BoolArray
    answered: BoolArray
    agreed: BoolArray
    refused: BoolArray

    @property
    def asked(self) -> bool:
        """Say whether anybody was asked about mail; if not, consent is unknown."""
        return bool(self.answered.any())

    @property
    def may_be_mailed(self) -> BoolArray:
        """Say who may be sent mail: where anybody was asked, only who said Yes."""
        asked = self.agreed if self.asked else np.ones(self.member.size, bool)
        return self.member & asked & ~self.refused


@dataclass(frozen=True)
class Said:
    """Where to look for what is said of customers.

    Args:
        ids: The customers, shape (k,).
        sheet: The customer table, or None.
        sheet_row: Row of each customer in it, -1 where there is none, shape (k,).
        orders: The order table, or None.
        as_of: The day.
        private: Names and addresses are not to be told.
    """

    ids: TextArray
    sheet: Table | None
    sheet_row: NDArray[np.intp]
    orders: Table | None
    as_of: np.datetime64
    private: bool = False

    def consent(self) -> Consent:
        """Return what the customers agreed to; of two answers of one day No counts."""
        member, asked = self._answer("opt_in")
        agreed, answered = self._answer("newsletter")
        no = (asked & ~member) | (answered & ~agreed)
        return Consent(member | ~asked, answered, agreed & answered, self._refused(no))

    def name(self) -> TextArray:
        """Return what each is called, "" where nothing but the id is known."""
        return self._told((self.sheet, "label"), (self.orders, "customer_name"))

    def email(self) -> TextArray:
        """Return the e-mail address of each, "" where it is not known or is the id."""
        return self._told((self.sheet, "customer_email"), (self.orders, "customer_email"))

    def address(self) -> TextArray:
        """Return where to write to: the e-mail address, which may be the id, "" without one."""
        told = self.email()
        own = np.where(addresses(self.ids) != "", self.ids, "")
        return told if self.private else np.where(told == "", own, told)

    def _told(self, *places: tuple[Table | None, str]) -> TextArray:
        """Return a text of each customer, none where privacy is asked for."""
        return np.full(self.ids.size, "", dtype=object) if self.private else self._text(*places)

    def _refused(self, no: BoolArray) -> BoolArray:
        """Return who refused, also on a row that does not count, and who shares their address.

        Args:
            no: Whose answer is No, shape (k,).
        """
        names = [self.ids[no]]  # of some of them nothing else may be known
        for table in (self.sheet, self.orders):
            if table is not None:
                rows = _refusing(table) if table is self.sheet else _unreadable(table)
                names.append(self._owners(table)[rows])
        who: TextArray = np.concatenate(names)
        refused = among(self.ids, who)
        blocked = self._addresses(who)
        if blocked.size:
            places = ((self.sheet, "customer_email"), (self.orders, "customer_email"))
            for texts in (self.ids, *(self._text(place) for place in places)):
                refused |= among(addresses(texts), blocked)
        return refused

    def _addresses(self, who: TextArray) -> TextArray:
        """Return the e-mail addresses on all rows of some customers, and of who has no id."""
        found = [addresses(who)]
        for table in (self.sheet, self.orders):
            if table is not None and table.has("customer_email"):
                rows = among(self._owners(table), who)
                if table is self.sheet:
                    rows |= _refusing(table)
                found.append(addresses(table.columns["customer_email"].values[rows]))
        known: TextArray = np.concatenate(found)
        told: TextArray = known[known != ""]
        return told

    def _owners(self, table: Table) -> TextArray:
        """Return whose row each is, those merged into another one as that other."""
        stands = aliases(self.sheet)
        owners: TextArray = table.columns["customer_id"].values
        if stands:
            owners = np.array([stands.get(each, each) for each in owners], dtype=object)
        return owners

    @cached_property
    def _customer(self) -> IntArray:
        """Return the customer of each row of the order table."""
        return positions(self.orders or Table.empty("orders"), self.ids)

    def _answer(self, name: str) -> tuple[BoolArray, BoolArray]:
        """Return what is answered and by whom: on the sheet, else in the latest order."""
        yes = np.zeros(self.ids.size, bool)
        answered = np.zeros(self.ids.size, bool)
        for table in (self.orders, self.sheet):
            rows = self._rows(table, name)
            said = rows != MISSING
            if table is not None and said.any():
                yes[said] = table.columns[name].values[rows[said]]
                answered |= said
        return yes, answered

    def _text(self, *places: tuple[Table | None, str]) -> TextArray:
        """Return the first text that is found of each customer and is not the id."""
        found: TextArray = np.full(self.ids.size, "", dtype=object)
        for table, name in reversed(places):
            rows = self._rows(table, name)
            said = rows != MISSING
            if table is not None and said.any():
                found[said] = table.columns[name].values[rows[said]]
        found[found == self.ids] = ""
        return found

    def _rows(self, table: Table | None, name: str) -> Array:
        """Return the row of a table that speaks of each customer, MISSING without one."""
        if table is None or not table.has(name):
            return np.full(self.ids.size, MISSING)
        if table is self.orders:
            return latest(table, name, self._customer, self.ids.size, self.as_of)
        silent = table.blank(name) | table.columns[name].bad
        rows = np.where(self.sheet_row >= 0, self.sheet_row, 0)
        return np.where((self.sheet_row >= 0) & ~silent[rows], rows, MISSING)


ANSWERS = ("opt_in", "newsletter")


def _refusing(table: Table) -> BoolArray:
    """Say which rows of a table say No to anything, or cannot be read, shape (n,)."""
    no = _unreadable(table)
    for name in ANSWERS:
        if table.has(name):
            column = table.columns[name]
            no |= ~column.blank & ~column.bad & ~column.values.astype(bool)
    return no


def _unreadable(table: Table) -> BoolArray:
    """Say in which rows of a table an answer cannot be read, shape (n,)."""
    bad = np.zeros(table.rows, bool)
    for name in ANSWERS:
        if table.has(name):
            bad |= table.columns[name].bad
    return bad
