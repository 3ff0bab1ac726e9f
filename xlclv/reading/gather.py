"""What a book holds for a refresh: settings, tables, rules, history; ours or anybody's."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from xlclv.analysis.contacts.kept import Kept
from xlclv.analysis.results import Inputs
from xlclv.customers.sheet import says_value
from xlclv.errors import InputError, NotEnoughData
from xlclv.reading.answers import answers, lines, of_these, together
from xlclv.reading.choices import Choices
from xlclv.reading.find import find_table
from xlclv.reading.found import Found
from xlclv.reading.meaning.roles import role_of
from xlclv.reading.meaning.understand import understand
from xlclv.reading.notes import order_notes
from xlclv.reading.own import own_tabs
from xlclv.reading.question import Question
from xlclv.reading.rates import converted, find_rates
from xlclv.reading.several.lines import with_lines
from xlclv.reading.several.once import counted_once
from xlclv.reading.source import Sheet, Source
from xlclv.reading.textcells import typed
from xlclv.readings import Reading, Rule
from xlclv.rewards.rules.starter import starter_table
from xlclv.schema import BODY, COLUMNS, TAB
from xlclv.settings import NOTHING, Row, Settings, is_setting
from xlclv.tables import (
    CUSTOMERS,
    ORDERS,
    RULES,
    SPECS,
    Place,
    RawTable,
    Table,
    TableSpec,
    read_table,
)
from xlclv.words import catalogue, meanings, word

# Columns that make a sheet worth reading beside an order log.
FACTS = frozenset(
    (
        "acq_cost",
        "birth_date",
        "joined",
        "acq_channel",
        "newsletter",
        "referred_by",
        "opt_in",
        "merged_into",
    )
)
FACTS |= {"segment", "tags", "margin", "lifespan", "churn", "merged_into"}
# Tables that are read from our tabs only: elsewhere nothing is taken for one.
OWN_TABLES = {
    "tiers": "Tiers",
    "rules": "RewardRules",
    "ledger": "Ledger",
    "feedback": "Feedback",
}


@dataclass(frozen=True, slots=True)
class Book:
    """A source with what was found in it.

    Args:
        source: The file.
        own: Tab name to the name of its sheet, of the tabs that are ours.
        found: Table name, such as "orders", to where it stands.
        inputs: All of it, read.
        redrawn: Input tabs that are written anew, as something was booked in them.
    """

    source: Source
    own: Mapping[str, str]
    found: Mapping[str, Found]
    inputs: Inputs
    redrawn: tuple[str, ...] = ()


def gather(
    source: Source, choices: Choices | None = None, usual: Mapping[str, object] = NOTHING
) -> Book:
    """Find and read everything in a book.

    Args:
        source: The file.
        choices: What the user says about it.
        usual: Settings that hold where the tab Input says nothing.

    Raises:
        InputError: Nothing fits, several tables fit, a required column is missing, or a setting
            is out of range.
    """
    own = own_tabs(source)
    told = answers(source.sheets, own)
    asked = together(of_these(told, _data_sheets(source, own)), choices or Choices())
    _refuse_unknown_names(asked.columns)
    found = _find_data(source, own, asked)
    if not found:
        raise _nothing_found(source, asked)
    for name, tab in OWN_TABLES.items():
        place = _find_own(source, own, tab)
        if place is not None:
            found[name] = place
    unused = tuple(_unused(source, found))
    if "orders" in found:
        orders = found["orders"]
        found["orders"] = replace(orders, rules=(*orders.rules, *unused))
    notes = [*source.notes, *(rule.text for rule in unused if "orders" not in found)]
    tables = {name: _read(source, place, name, asked, notes) for name, place in found.items()}
    if "rules" not in found:
        tables["rules"] = read_table(starter_table(RULES, active=False), RULES)
        notes.append(word("notes.starter_rules"))
    inputs = Inputs(
        settings=Settings.from_rows(_setting_rows(source, own), usual),
        orders=tables.get("orders"),
        customers=tables.get("customers"),
        tiers=tables.get("tiers"),
        rules=tables["rules"],
        ledger=tables.get("ledger"),
        feedback=tables.get("feedback"),
        history=_history(source, own),
        contacts=_contacts(source, own),
        notes=tuple(notes),
        columns=lines(tables.get("orders"), tables.get("customers"), asked),
    )
    return Book(source, own, found, inputs, (COLUMNS.name,) if inputs.columns else ())


def _data_sheets(source: Source, own: Mapping[str, str]) -> list[Sheet]:
    """Return the sheets on which tables of the user's may stand."""
    ours = {name for tab, name in own.items() if tab not in ("Orders", "Customers")}
    return [sheet for sheet in source.sheets if sheet.name not in ours]


def with_rules(book: Book, rules: Sequence[Rule]) -> Book:
    """Return a book whose order table tells further rules; they come first."""
    orders = book.inputs.orders
    if not rules or orders is None:
        return book
    notes = (*book.inputs.notes, *(rule.text for rule in rules))
    inputs = replace(book.inputs, orders=_with_rules(orders, rules), notes=notes)
    return replace(book, inputs=inputs)


def _unused(source: Source, found: Mapping[str, Found]) -> Iterator[Rule]:
    """Name the files of several that hold nothing that is used."""
    used = {source.files.get(sheet) for place in found.values() for sheet in place.sheets}
    for path in dict.fromkeys(source.files.values()):
        if path not in used:
            yield Rule("source_unused", "warning", word("reading.source_unused", path=path), 1)


def _refuse_unknown_names(columns: Mapping[str, str]) -> None:
    for name in columns:
        if name not in CUSTOMERS.columns:
            role_of(name)


def _find_data(source: Source, own: Mapping[str, str], asked: Choices) -> dict[str, Found]:
    """Find the order table and the customer table; our other tabs are never taken for one."""
    ours = {name for tab, name in own.items() if tab not in ("Orders", "Customers")}
    found: dict[str, Found] = {}
    orders = _find_orders(source, own, asked, ours)
    if orders is not None:
        found["orders"] = orders
        ours = ours | (orders.sheets if "Orders" not in own else set())
    customers = _find(source, CUSTOMERS, "Customers", own, asked, ours, has_orders=bool(found))
    if customers is not None:
        found["customers"] = customers
    return found


def _find_orders(
    source: Source, own: Mapping[str, str], asked: Choices, ours: set[str]
) -> Found | None:
    """Find the order log: one table, several of one layout, or orders and their lines."""

    def find(spec: TableSpec, skip: Collection[str]) -> Found | None:
        found = _find(source, spec, "Orders", own, asked, set(skip))
        return counted_once(found, asked.conventions) if found is not None else None

    orders = find(ORDERS, ours)
    return orders if "Orders" in own else with_lines(orders, find, ours)


def _find(
    source: Source,
    spec: TableSpec,
    tab: str,
    own: Mapping[str, str],
    asked: Choices,
    skip: set[str],
    *,
    has_orders: bool = False,
) -> Found | None:
    def enough(index: Mapping[str, int]) -> bool:
        return says_value(index) or (has_orders and not FACTS.isdisjoint(index))

    return find_table(
        source,
        spec,
        chosen=asked.columns,
        sheet=asked.sheet or own.get(tab),
        skip=skip | {name for other, name in own.items() if other != tab},
        listed=TAB[tab].table,
        enough=enough if spec is CUSTOMERS and tab not in own else None,
    )


def _find_own(source: Source, own: Mapping[str, str], tab: str) -> Found | None:
    """Find the table of one of our tabs; elsewhere nothing is taken for a tier or rule table."""
    spec = TAB[tab].spec
    if tab not in own or spec is None:
        return None
    return find_table(source, spec, sheet=own[tab], listed=TAB[tab].table)


def _nothing_found(source: Source, asked: Choices) -> InputError:
    """Say what a table needs, which headers there are, and which columns are the likeliest."""
    own = own_tabs(source)
    if _are_empty(source, own):
        orders, customers = own["Orders"], own["Customers"]
        return InputError("tables_empty", orders=orders, customers=customers, row=BODY + 2)
    seen = []
    best: RawTable | None = None
    for sheet in _data_sheets(source, own):
        texts = [
            [cell for cell in row if isinstance(cell, str) and cell.strip()]
            for row in sheet.cells[:60]
        ]
        most = max(map(len, texts), default=0)
        if not most:
            continue
        row = next(at for at, found in enumerate(texts) if len(found) == most)
        seen.append(f"{sheet.name}: {', '.join(texts[row][:12])}")
        if best is None or most > len(best.headers):
            best = RawTable(texts[row], [], Place(sheet.name, row + 1))
        if most >= len(ORDERS.required):
            question = _likeliest(sheet, row, asked)
            if question is not None:
                return question
    headers = "; ".join(seen[:5]) or "–"
    question = Question("no_table", (), path=source.path.name, headers=headers)
    question.table = best
    return question


def _are_empty(source: Source, own: Mapping[str, str]) -> bool:
    """Say whether nothing stands below the headers of the tabs Orders and Customers."""
    if not {"Orders", "Customers"} <= own.keys():
        return False
    names = {own["Orders"], own["Customers"]}
    bodies = [sheet.cells[BODY + 1 :] for sheet in source.sheets if sheet.name in names]
    return all(cell in (None, "") for body in bodies for row in body for cell in row)


def _likeliest(sheet: Sheet, row: int, asked: Choices) -> InputError | None:
    """Return what keeps a sheet from being an order table, if it looks like one."""
    headers = [cell if isinstance(cell, str) else "" for cell in sheet.cells[row]]
    columns = [sheet.column(at, row + 2, len(sheet.cells)) for at in range(1, len(headers) + 1)]
    try:
        understand(RawTable(headers, columns, Place(sheet.name, row + 1, 1)), asked)
    except Question as question:
        lacking = question.key == "order_columns_missing"
        return None if lacking and not question.options and not question.facts["one"] else question
    except InputError as error:
        return error if error.key.startswith("layout_") else None
    except NotEnoughData:
        return None
    return None


def _read(source: Source, place: Found, name: str, asked: Choices, notes: list[str]) -> Table:
    spec, raw = SPECS[name], place.raw
    if name == "orders":
        table = understand(raw, _those_there(asked, place))
        rates = find_rates(source.sheets)
        if rates is not None:
            table = converted(table, rates)
        table = _with_rules(table, place.rules)
        notes += order_notes(place, table)
        return table
    if name == "customers":
        notes += place.notes
    if source.kind == "csv" or name == "customers":
        raw, detected = typed(raw, place.index, asked.conventions)
        notes += detected
    return read_table(raw, spec, place.chosen)


def _with_rules(table: Table, rules: Sequence[Rule]) -> Table:
    """Return an order table whose reading tells first how it was put together."""
    reading = table.reading or Reading()
    return replace(table, reading=replace(reading, rules=(*rules, *reading.rules)))


def _those_there(asked: Choices, place: Found) -> Choices:
    """Return what is said of this table: a header of another one is not meant for it."""
    dropped = {name: header for name, header in asked.columns.items() if not header}
    return replace(asked, columns={**place.chosen, **dropped})


def language_of(source: Source) -> str:
    """Return the language that the Input tab of a book asks for, "" if none.

    Raises:
        InputError: There are no words in it.
    """
    rows = (row for row in _setting_rows(source, own_tabs(source)) if row[1] not in (None, ""))
    return Settings.from_rows(row for row in rows if is_setting(row[0], "language")).language


def _setting_rows(source: Source, own: Mapping[str, str]) -> Iterator[Row]:
    sheet = next((one for one in source.sheets if one.name == own.get("Input")), None)
    if sheet is None:
        return
    listed = next((table for table in sheet.tables if table.name == TAB["Input"].table), None)
    first, last = (listed.header_row, listed.last_row) if listed else (0, len(sheet.cells))
    left = listed.first_column if listed else 1
    place = Place(sheet.name, header_row=1, first_column=left)
    for row in range(first, min(last, len(sheet.cells))):
        cells = [*sheet.cells[row], None, None][left - 1 : left + 1]
        yield cells[0], cells[1], place.cell(1, row - 1)


def _history(source: Source, own: Mapping[str, str]) -> dict[str, list[object]]:
    """Return the rows of our History tab, by key; headers may be in any language."""
    sheet: Sheet | None = next((s for s in source.sheets if s.name == own.get("History")), None)
    if sheet is None or len(sheet.cells) <= BODY:
        return {}
    first = takewhile(lambda cell: cell not in (None, ""), sheet.cells[BODY])
    headers = [str(cell) for cell in first]  # what stands further right is no refresh
    rows = [
        list(row[: len(headers)])
        for row in sheet.cells[BODY + 1 :]
        if any(cell not in (None, "") for cell in row[: len(headers)])
    ]
    return {_figure(header): [row[at] for row in rows] for at, header in enumerate(headers) if rows}


def _contacts(source: Source, own: Mapping[str, str]) -> Kept:
    """Return what stands on our Contacts tab; rows may have been put in above its table."""
    sheet = next((one for one in source.sheets if one.name == own.get("Contacts")), None)
    if sheet is None:
        return Kept()
    named = (table for table in sheet.tables if table.name == TAB["Contacts"].table)
    listed = next(named, None)
    header = listed.header_row - 1 if listed else BODY
    rows = [row for row in sheet.cells[header + 1 :] if any(cell not in (None, "") for cell in row)]
    return Kept.of(sheet.cells[header], rows) if len(sheet.cells) > header else Kept()


def _figure(header: str) -> str:
    """Return the key of a header of the History tab; one that is unknown stays as it is."""
    for key in catalogue():
        family, _, rest = key.partition(".")
        name, _, part = rest.rpartition(".")
        of_figure = family == "history" or (family == "kpi" and part in ("title", "was"))
        if of_figure and any(_names(text, header.casefold()) for text in meanings(key)):
            return name or rest
    return header


def _names(text: str, header: str) -> bool:
    """Say whether a header is a text; a placeholder in it stands for any number."""
    if "{" not in text:
        return text == header
    parts = map(re.escape, re.split(r"\{\w+\}", text))
    return re.fullmatch(r"\d+".join(parts), header) is not None
