"""A list as rows for a mail tool: who may be written to, each address once, no formula."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlclv.analysis.contacts.actions import (
    BIRTHDAY,
    CHECK_IN,
    ESCALATION,
    LOSING_TIER,
    THANK_YOU,
    WIN_BACK,
)
from xlclv.analysis.contacts.tools import (
    TOOLS,
    Tool,
    harmless,
    hashed,
    hashed_name,
    is_address,
    split_name,
)
from xlclv.analysis.results import Results
from xlclv.columns import as_cells
from xlclv.errors import InputError
from xlclv.rewards.facts import Rows
from xlclv.tables import title
from xlclv.terms import TERMS, Frame, TextArray

LISTS: Final[Mapping[str, str]] = {
    "win-back": WIN_BACK,
    "tier-losses": LOSING_TIER,
    "birthdays": BIRTHDAY,
    "thank-yous": THANK_YOU,
    "check-ins": CHECK_IN,
    "escalations": ESCALATION,
}
CUSTOMERS, TIER = "customers", "tier="
TOLD: Final = ("contact_list", "contact_why", "offer", "offer_until", "due_by")
SHOWN: Final = ("contact_list", "customer_name", "customer_email", "customer_id", "tier")
MADE_FOR_STAFF: Final = (*SHOWN, "contact_why", "offer", "offer_cost", "offer_until", "due_by")


@dataclass(frozen=True, slots=True)
class Export:
    """A list, ready to be written.

    Args:
        headers: The header row.
        rows: A row of texts per person.
        without_address: How many people were left out, for no usable e-mail address is known.
        done: How many contacts were left out, for they are marked as done.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    without_address: int
    done: int


def names_of_lists(results: Results) -> list[str]:
    """Return the lists that can be exported."""
    return [*LISTS, CUSTOMERS, *(f"{TIER}{name}" for name in results.tiers.names)]


def export(results: Results, name: str, tool_name: str) -> Export:
    """Return a list for a tool.

    Nobody who may not be sent mail is on it, nor what is done or waits for the contact cap.

    Args:
        results: The results of a book.
        name: One of `names_of_lists`.
        tool_name: One of `TOOLS`.

    Raises:
        InputError: There is no such list or tool.
    """
    tool = TOOLS.get(tool_name)
    if tool is None:
        raise InputError("no_such_tool", value=tool_name, expected=", ".join(TOOLS))
    frame, done = _list(results, name)
    usable = np.array([is_address(text) for text in frame["customer_email"]], bool)
    kept = np.flatnonzero(usable) if tool.needs_address else np.arange(usable.size)
    frame = {column: values[kept] for column, values in frame.items()}
    if not tool.needs_address:
        headers = tuple(title(column) for column in frame)
        texts = [_texts(column, values) for column, values in frame.items()]
        return Export(headers, tuple(zip(*texts, strict=True)), 0, done)
    headers, rows = _for_tool(tool, _once(frame))
    return Export(headers, rows, int(usable.size - kept.size), done)


def _list(results: Results, name: str) -> tuple[Frame, int]:
    """Return the columns of a list, and how many of it are done."""
    if name in LISTS:
        return _contacts(results, LISTS[name])
    people = results.people
    may = people.consent.may_be_mailed
    if name == CUSTOMERS:
        return _people(results, np.flatnonzero(may)), 0
    wanted = name.removeprefix(TIER).strip().casefold()
    for tier in results.tiers.names:
        if name.startswith(TIER) and tier.casefold() == wanted:
            return _people(results, np.flatnonzero(may & (results.placing.tier == tier))), 0
    raise InputError("no_such_list", value=name, expected=", ".join(names_of_lists(results)))


def _contacts(results: Results, code: str) -> tuple[Frame, int]:
    contacts = results.contacts
    on_list = contacts.actions.contact_list == code
    open_ = np.flatnonzero(on_list & ~contacts.done)
    actions = contacts.actions.rows(open_)
    told = {name: getattr(actions, name) for name in (*TOLD, "offer_cost")}
    frame = {**_people(results, actions.customer), **told}
    done = int(np.count_nonzero(on_list & contacts.done))
    return {name: frame[name] for name in MADE_FOR_STAFF}, done


def _people(results: Results, who: Rows) -> Frame:
    people = results.people
    return {
        "customer_name": people.name[who],
        "customer_email": people.address[who],
        "customer_id": people.ids[who],
        "tier": results.placing.tier[who],
    }


def _once(frame: Frame) -> Frame:
    """Return each address once, with all that is offered to it."""
    first: dict[str, int] = {}
    offers: dict[str, list[str]] = {}
    for at, text in enumerate(frame["customer_email"]):
        address = str(text).strip().casefold()
        first.setdefault(address, at)
        offer = str(frame["offer"][at]) if "offer" in frame else ""
        if offer and offer not in offers.setdefault(address, []):
            offers[address].append(offer)
    rows = np.array(list(first.values()), dtype=np.intp)
    once = {name: values[rows] for name, values in frame.items()}
    if "offer" in frame:
        joined = ["; ".join(offers.get(address, ())) for address in first]
        once["offer"] = np.array(joined, dtype=object)
    return once


def _for_tool(tool: Tool, frame: Frame) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    names = [split_name(str(name)) for name in frame["customer_name"]]
    columns: dict[str, list[str]] = {
        "email": [str(text).strip() for text in frame["customer_email"]],
        "first_name": [first for first, _ in names],
        "last_name": [last for _, last in names],
        **{name: _texts(name, values) for name, values in frame.items()},
    }
    shown = {name: header for name, header in tool.headers.items() if name in columns}
    if tool.hashed:
        cells = [_hashed(name, columns) for name in shown]
    else:
        cells = [columns[name] if name == "email" else list(_safe(columns[name])) for name in shown]
    return tuple(shown.values()), tuple(zip(*cells, strict=True))


def _hashed(name: str, columns: Mapping[str, list[str]]) -> list[str]:
    """Return hashed cells; a name that could not be told apart would match nobody."""
    if name == "email":
        return [hashed(text) for text in columns[name]]
    return [
        hashed_name(text) if last else ""
        for text, last in zip(columns[name], columns["last_name"], strict=True)
    ]


def _texts(name: str, values: TextArray) -> list[str]:
    """Return a column as texts, each harmless."""
    said = as_cells(TERMS[name].all_said(np.asarray(values)))
    return list(_safe("" if cell is None or cell != cell else _text(cell) for cell in said))  # noqa: PLR0124 - NaN


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}"
    return cell if isinstance(cell, str) else day_of(cell)


def day_of(cell: object) -> str:
    """Return a day as every tool reads it."""
    return str(cell)[:10]


def _safe(texts: Iterator[str] | list[str]) -> Iterator[str]:
    return map(harmless, texts)
