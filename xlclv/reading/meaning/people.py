"""Whose order a row is: by id, else e-mail, else phone, else name; or nobody's."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from xlclv.reading.meaning.cells import Cells, Labels
from xlclv.reading.meaning.lexicon import is_nobody
from xlclv.reading.meaning.roles import Roles
from xlclv.reading.meaning.rows import Runs
from xlclv.terms import BoolArray, IntArray, TextArray

_LOSSY: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2}")
_NOT_PHONE: Final = re.compile(r"[^0-9+]")
# By which of these a row is somebody's, the surest first.
KINDS: Final = ("customer_id", "email", "phone", "customer_name", "company")


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose each row is; shape (n,) each.

    Args:
        codes: Position of the customer in `names`, -1: nobody's.
        names: Each customer once.
        by: Position in KINDS of what told it, -1: nothing.
        nobody: Rows that name somebody who is nobody, such as a guest.
        lossy: Rows whose id has lost digits.
        joined: Rows whose own id is blank and whose e-mail or phone led to somebody's id.
    """

    codes: IntArray
    names: TextArray
    by: IntArray
    nobody: BoolArray
    lossy: BoolArray
    joined: BoolArray


def owners(cells: Cells, roles: Roles, run: Runs, outgoing: BoolArray | None) -> Owners:
    """Say whose each row is.

    Args:
        cells: The table.
        roles: What its columns are.
        run: Rows of one order.
        outgoing: Rows of money paid out, where the other side is the customer; None: unknown.
    """
    size = cells.rows
    nobody, lossy = np.zeros(size, bool), np.zeros(size, bool)
    known: dict[str, Labels] = {}
    for kind in KINDS:
        labels = _labels(cells, roles, kind, outgoing)
        if labels is None:
            continue
        labels = run.filled(labels)
        if kind == "customer_id":
            lossy |= _lossy(labels)
            labels = Labels(np.where(lossy, -1, labels.codes), labels.names)
        is_none = labels.where(is_nobody)
        nobody |= is_none
        known[kind] = Labels(np.where(is_none, -1, labels.codes), labels.names)
    return _put_together(known, nobody, lossy, size)


def _labels(cells: Cells, roles: Roles, kind: str, outgoing: BoolArray | None) -> Labels | None:
    found = roles.all(kind)
    if kind == "customer_name" and not found and roles.has("last_name"):
        return _full_names(cells, roles)
    if not found:
        return None
    read = _READ[kind]
    labels = read(cells.ids(found[0]))
    for at in found[1:]:  # a second column of the kind fills the gaps of the first
        labels = _first_of(labels, read(cells.ids(at)))
    if kind == "email" and roles.has("email_to") and outgoing is not None:
        other = read(cells.ids(roles.all("email_to")[0]))
        labels = _first_of(
            Labels(np.where(outgoing, -1, labels.codes), labels.names),
            Labels(np.where(outgoing, other.codes, -1), other.names),
        )
    return labels


def _first_of(first: Labels, second: Labels) -> Labels:
    codes = np.where(first.codes >= 0, first.codes, second.codes + len(first.names))
    codes = np.where((first.codes < 0) & (second.codes < 0), -1, codes)
    return Labels.of(codes, [*first.names, *second.names])


def _full_names(cells: Cells, roles: Roles) -> Labels:
    last = cells.labels(roles.all("last_name")[0]).values()
    at = roles.first("first_name")
    names = (
        last
        if at is None
        else [
            f"{first} {name}".strip()
            for first, name in zip(cells.labels(at).values(), last, strict=True)
        ]
    )
    codes, different = pd.factorize(np.array(names, dtype=object))
    return _names(Labels.of(codes.astype(np.int64), list(different)))


def _ids(labels: Labels) -> Labels:
    if any("@" in name for name in labels.names):
        return labels.renamed(lambda name: name.casefold() if "@" in name else name)
    return labels


def _emails(labels: Labels) -> Labels:
    return labels.renamed(lambda name: name.casefold().replace(" ", ""))


def _phones(labels: Labels) -> Labels:
    return labels.renamed(lambda name: _NOT_PHONE.sub("", name))


def _names(labels: Labels) -> Labels:
    """Fold names to the first way each is written."""
    first: dict[str, str] = {}
    for name in labels.names:
        first.setdefault(_folded(name), name)
    return labels.renamed(lambda name: first.get(_folded(name), ""))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


_READ: Final[dict[str, Callable[[Labels], Labels]]] = {
    "customer_id": _ids,
    "email": _emails,
    "phone": _phones,
    "customer_name": _names,
    "company": _names,
}


def _lossy(labels: Labels) -> BoolArray:
    """Say which rows have an id such as 1.23E+12, if several rows share one of that kind."""
    rows = labels.where(lambda name: _LOSSY.fullmatch(name) is not None)
    shared = np.bincount(labels.codes[rows], minlength=1).max(initial=0) > 1
    return rows if shared else np.zeros(rows.shape, bool)


def _put_together(
    known: dict[str, Labels], nobody: BoolArray, lossy: BoolArray, size: int
) -> Owners:
    codes = np.full(size, -1, np.int64)
    by = np.full(size, -1, np.int64)
    joined = np.zeros(size, bool)
    names: list[str] = []
    for rank, kind in enumerate(KINDS):
        if kind not in known:
            continue
        labels = known[kind]
        missing = (codes < 0) & (labels.codes >= 0)
        if missing.any() and kind in ("email", "phone") and names:
            owner = _owner_of(labels, codes)
            led = missing & (owner[labels.codes] >= 0)
            codes = np.where(led, owner[labels.codes], codes)
            joined |= led
            by = np.where(led, rank, by)
            missing &= ~led
        codes = np.where(missing, labels.codes + len(names), codes)
        by = np.where(missing, rank, by)
        names += labels.names
    merged = Labels.of(codes, names)
    kept, positions = np.unique(merged.codes[merged.codes >= 0], return_inverse=True)
    dense = np.full(size, -1, np.int64)
    dense[merged.codes >= 0] = positions
    found = np.empty(kept.size, dtype=object)
    found[:] = [merged.names[at] for at in kept]
    return Owners(dense, found, by, nobody & (codes < 0), lossy & (codes < 0), joined)


def _owner_of(labels: Labels, codes: IntArray) -> IntArray:
    """Return whose each e-mail or phone is, by rows that have both; -1: nobody's or several'."""
    both = (labels.codes >= 0) & (codes >= 0)
    low = np.full(len(labels.names) + 1, np.iinfo(np.int64).max)
    high = np.full(len(labels.names) + 1, -1, np.int64)
    np.minimum.at(low, labels.codes[both], codes[both])
    np.maximum.at(high, labels.codes[both], codes[both])
    return np.where(low == high, high, -1)
