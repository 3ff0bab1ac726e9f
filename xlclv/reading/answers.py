"""The tab Columns: what the user answers there, and what it says after the next refresh.

Where there is no command line, this tab takes the place of its options: a line per column of the
user's table, per status and per way of writing, with what was understood and a cell for the answer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from xlclv import headers
from xlclv.errors import InputError
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.choices import Choices, Chosen
from xlclv.reading.grid import Sheet
from xlclv.reading.meaning.layouts import find_layout
from xlclv.reading.meaning.roles import BASES, ROLES, by_headers, role_of, role_title
from xlclv.reading.question import Question
from xlclv.readings import ColumnLine, Reading
from xlclv.schema import BODY, COLUMNS
from xlclv.tables import CUSTOMERS, Place, Table, own_title, title
from xlclv.words import every, language, languages, speaking, word

NOT_USED: Final = "-"
# What may be answered to lines that are about no column, by their key in the words.
STATUS_USES: Final = ("counts", "ignore")
WRITING: Final[Mapping[str, tuple[str, ...]]] = {
    "decimal": (".", ","),
    "dates": ("dmy", "mdy", "ymd"),
    "dash": ("minus", "none"),
}
_HEADER_ROWS: Final = 60
# What columns mostly are stands first in the list of what they can be.
_OFTEN: Final = (
    *("customer_id", "order_id", "order_date", "amount_net", "unit_price", "qty", "product"),
    *("status", "email", "customer_name", "tax", "shipping", "discount", "refund_amount"),
)
_NO_CHOICE: Final = frozenset(("neutral", "recipient", "supplier", "name"))


# --- words and keys ---------------------------------------------------------------------------


def meanings() -> Mapping[str, str]:
    """Return what a column can be, each by the word that the tab shows."""
    found = {word("answers.not_used"): NOT_USED}
    for name in (*_OFTEN, *CUSTOMERS.columns, *ROLES):
        if name not in _NO_CHOICE:
            found.setdefault(role_title(name), name)
    return found


def offered(about: str) -> Mapping[str, str]:
    """Return the answers to a line about something, each by the word that the tab shows."""
    if about == "column":
        return meanings()
    if about == "status":
        return {word(f"answers.{use}"): use for use in STATUS_USES}
    return {word(f"answers.{about}_{_letters(key)}"): key for key in WRITING.get(about, ())}


def _letters(key: str) -> str:
    return {".": "point", ",": "comma"}.get(key, key)


def shown(about: str, key: str) -> str:
    """Return the word for a key, "" without one."""
    if not key:
        return ""
    if about == "status" and key not in STATUS_USES:
        return word(f"answers.{key}")
    named = {value: text for text, value in offered(about).items()}
    return named.get(key) or (role_title(key) if about == "column" else key)


# --- what the user answers --------------------------------------------------------------------


def answers(sheets: Sequence[Sheet], own: Mapping[str, str]) -> Choices:
    """Return what the tab Columns of a book says, nothing without one.

    Raises:
        InputError: A cell holds what is no answer.
    """
    sheet = next((one for one in sheets if one.name == own.get(COLUMNS.name)), None)
    if sheet is None:
        return Choices()
    found = Choices()
    abouts = _in_every_language(_abouts)
    for row, cells in enumerate(sheet.cells[BODY + 1 :], start=BODY + 2):
        about, text, _, answer = [*map(_text, cells[:4]), "", "", "", ""][:4]
        subject = abouts.get(headers.key(about))
        if answer and subject is not None:
            place = Place(sheet.name).cell(3, row - 2)
            found = _with(found, subject, text, answer, place)
    return found


def _abouts() -> Mapping[str, str]:
    return {word(f"answers.about_{about}"): about for about in ("column", "status", *WRITING)}


def _in_every_language(named: Callable[[], Mapping[str, str]]) -> dict[str, str]:
    """Return keys by their words in all languages: a tab may have been written in any."""
    found: dict[str, str] = {}
    for name in (language(), *languages()):
        with speaking(name):
            for text, key in named().items():
                found.setdefault(headers.key(text), key)
    return found


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _formerly(answer: str) -> str | None:
    """Return the column that an earlier version called so."""
    short = headers.key(answer)
    names = (*CUSTOMERS.columns, *ROLES)
    return next(
        (name for name in names if short in map(headers.key, every(f"former.{name}"))), None
    )


def _with(found: Choices, about: str, text: str, answer: str, place: str) -> Choices:
    """Return choices with one more answer."""
    named = _in_every_language(lambda: offered(about))
    key = named.get(headers.key(answer))
    if key is None and about == "column":
        key = _formerly(answer)
    if key is None and about == "column":
        key = answer if answer in CUSTOMERS.columns else role_of(answer)
    if key is None:
        listed = ", ".join(offered(about))
        raise InputError("answer_unknown", cell=place, value=answer, expected=listed)
    if about == "status":
        return replace(found, status={**found.status, text: _use(key)})
    if about != "column":
        writing: dict[str, str] = {about: key}
        return replace(found, conventions=replace(found.conventions, **writing))  # type: ignore[arg-type] # checked above
    if key == NOT_USED:
        return replace(found, unused=(*found.unused, text))
    if key in found.columns:
        raise InputError("answer_twice", cell=place, name=role_title(key), value=found.columns[key])
    return replace(found, columns={**found.columns, key: text})


def _use(key: str) -> Chosen:
    return "counts" if key == "counts" else "ignore"


def together(told: Choices, options: Choices) -> Choices:
    """Return answers with the options of a command line, which come first."""
    named = {headers.key(header) for header in options.columns.values()}
    columns = {
        name: header
        for name, header in told.columns.items()
        if name not in options.columns and headers.key(header) not in named
    }
    conventions = Conventions(
        options.conventions.decimal or told.conventions.decimal,
        options.conventions.dates or told.conventions.dates,
        options.conventions.dash or told.conventions.dash,
    )
    return Choices(
        columns={**columns, **options.columns},
        sheet=options.sheet,
        conventions=conventions,
        status={**told.status, **options.status},
        unused=tuple(one for one in told.unused if headers.key(one) not in named),
    )


def of_these(told: Choices, sheets: Sequence[Sheet]) -> Choices:
    """Return the answers about columns that stand on some sheets; others are about other tables."""
    there = {
        headers.key(cell)
        for sheet in sheets
        for row in sheet.cells[:_HEADER_ROWS]
        for cell in row
        if isinstance(cell, str)
    }
    columns = {name: one for name, one in told.columns.items() if headers.key(one) in there}
    unused = tuple(one for one in told.unused if headers.key(one) in there)
    return replace(told, columns=columns, unused=unused)


# --- what the tab says ------------------------------------------------------------------------


def is_ours(orders: Table) -> bool:
    """Say whether an order table has our columns, so that there is nothing to ask about it."""
    reading = orders.reading or Reading()
    roles = {column.role: column.header for column in reading.columns if column.role}
    needed = ("customer_id", "order_date", "amount_net")
    bases = {role for role in roles if role in BASES}
    return bases == {"amount_net"} and all(
        headers.key(roles.get(name, "")) == headers.key(title(name)) for name in needed
    )


def lines(orders: Table | None, customers: Table | None, told: Choices) -> tuple[ColumnLine, ...]:
    """Return the lines for tables that were understood; none where all columns are ours."""
    found = [] if orders is None or is_ours(orders) else [*_of_orders(orders, told)]
    known = {headers.key(line.text) for line in found}
    if customers is not None and not _has_our_headers(customers):
        found += [
            line for line in _of_customers(customers, told) if headers.key(line.text) not in known
        ]
    return (*found, *_of_writing(told, {})) if found else ()


def questions(question: Question, told: Choices) -> tuple[ColumnLine, ...]:
    """Return the lines for a table that cannot be understood without an answer."""
    asked = dict(question.options)
    pairs = [value.partition("=") for option, value in question.options if option == "--map"]
    likely = {headers.key(header): name for name, _, header in pairs}
    texts = [] if question.table is None else [str(one or "") for one in question.table.headers]
    taken = by_headers(texts, find_layout(texts))
    about, why = word("answers.about_question"), word("answers.why_asked")
    found = [ColumnLine(about, "", why=why, effect=str(question), asked=True)]
    for at, header in enumerate(texts):
        name = likely.get(headers.key(header), "")
        role, told_by = (taken[at].role, taken[at].why) if at in taken and not name else ("", "")
        if header.strip():
            effect = word("answers.likeliest", meaning=role_title(name)) if name else ""
            answer = _answer(told, header)
            found.append(_line("column", header, role, answer, told_by, effect, asked=bool(name)))
    for option, value in question.options:
        if option == "--status":
            status = value.rpartition("=")[0]
            answer = told.status.get(status, "")
            found.append(_line("status", status, "", answer, "", "", asked=True))
    return (*found, *_of_writing(told, asked))


def _line(
    about: str,
    text: str,
    understood: str,
    answer: str,
    why: str,
    effect: str,
    *,
    asked: bool = False,
) -> ColumnLine:
    """Return a line in words from keys."""
    told_by = "asked" if asked else "option" if answer else why
    return ColumnLine(
        about=word(f"answers.about_{about}"),
        text=text,
        understood=shown(about, understood),
        answer=shown(about, answer),
        why=word(f"answers.why_{told_by}") if told_by else "",
        effect=effect,
        offered=tuple(offered(about)),
        asked=asked,
    )


def _of_orders(orders: Table, told: Choices) -> Iterator[ColumnLine]:
    reading = orders.reading or Reading()
    for column in reading.columns:
        role = "" if column.role == "neutral" else column.role
        answer = _answer(told, column.header)
        yield _line(
            "column", column.header, role, answer, column.why if role else "", column.effect
        )
    for status in reading.statuses:
        money, count = f"{status.money + 0.0:,.2f}", f"{status.orders:,}"
        effect = word("answers.status_worth", orders=count, money=money)
        answer = told.status.get(status.value, "")
        asked = not (status.use or answer)
        yield _line("status", status.value, status.use, answer, "content", effect, asked=asked)


def _has_our_headers(customers: Table) -> bool:
    return all(
        headers.key(str(customers.raw.headers[at])) == headers.key(title(name))
        for name, at in customers.index.items()
    )


def _of_customers(customers: Table, told: Choices) -> Iterator[ColumnLine]:
    taken = {at: name for name, at in customers.index.items()}
    ours = {
        headers.key(text)
        for name in CUSTOMERS.results
        for text in (title(name), own_title(title(name)))
    }
    for at, text in enumerate(customers.raw.headers):
        header = " ".join(str(text or "").split())
        if header and headers.key(header) not in ours:
            name = taken.get(at, "")
            yield _line("column", header, name, _answer(told, header), "header" if name else "", "")


def _of_writing(told: Choices, asked: Mapping[str, str]) -> Iterator[ColumnLine]:
    for about in WRITING:
        answer = getattr(told.conventions, about) or ""
        likely = asked.get(f"--{about}", "")
        effect = word("answers.likeliest", meaning=shown(about, likely)) if likely else ""
        yield _line(about, "", "", answer, "", effect, asked=bool(likely))


def _answer(told: Choices, header: str) -> str:
    key = headers.key(header)
    if any(headers.key(one) == key for one in told.unused):
        return NOT_USED
    return next((name for name, one in told.columns.items() if headers.key(one) == key), "")
