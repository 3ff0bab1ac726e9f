"""The catalogue of texts: every key used exists, every key there is used, codes are unique."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import xlclv
from xlclv.functions import BY_NAME
from xlclv.hosts.excel.files.wrappers import own_modules
from xlclv.tables import SPECS, TableSpec, names_of, plain
from xlclv.terms import TERMS
from xlclv.terms.term import slug
from xlclv.words import catalogue, has, in_book, word, words

TREES = [
    ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(Path(xlclv.__file__).parent.rglob("*.py"))
]
TEXT_FUNCTIONS = {"word", "words", "has"}
ERRORS = {"XlclvError", "InputError", "NotEnoughData", "UndefinedError", "Question"}
# Families of keys whose last part comes from data, each with what the data is.
BY_DATA = {
    "expected.": "kinds and limits of terms",
    "headers.": "columns of tables",
    "answers.": "answers and subjects of the tab Columns, by their key",
    "titles.": "columns and settings",
    "terms.": "all terms",
    "input.why.": "settings",
    "unit.": "units of terms",
    "sheets.": "tabs, by their name",
    "sample.": "what the sample shop sells, to whom, and what they say",
    "checks.": "checks, by their key",
    "kpi.": "tiles of the Summary, by their key",
    "chart.": "charts of the Summary, by their key",
    "glossary.figure.": "all of them, in order",
    "rewards.": "rules, by what their cells say",
    "contacts.thanks.": "thank-yous, by the event",
    "start.step.": "steps of the tab Start, by the program",
    "reading.": "rules by which an order table was read, and columns, by what they are",
    "errors.layout_": "layouts that cannot be read",
    "columns.": "columns of other people's tables, by what they are",
    "notes.dates_": "what the numbers in a column of days are",
    "excel.ribbon.": "buttons of the ribbon, by their key",
}


# The module of texts lists them all; the others must ask for each.
VBA = "".join(
    module.text
    for kind in ("workbook", "add-in")
    for module in own_modules(kind)  # type: ignore[arg-type]
    if module.name != "xlclv_texts"
)


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of a plain name in the code."""
    for node in chain.from_iterable(map(ast.walk, TREES)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


def pattern(node: ast.expr) -> str | None:
    """Return what a text may be as a pattern: a constant, or one with unknown parts."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else "(.+)"
            for part in node.values
        )
        return "".join(parts)
    return None


USED = sorted(
    {
        found
        for name, call in calls()
        if name in TEXT_FUNCTIONS - {"has"} and call.args and (found := pattern(call.args[0]))
    }
)
CONSTANTS = {
    node.value
    for node in chain.from_iterable(map(ast.walk, TREES))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}
PATTERNS = {
    found
    for node in chain.from_iterable(map(ast.walk, TREES))
    if isinstance(node, ast.JoinedStr) and (found := pattern(node)) and "\\." in found
}
RAISED = [
    (str(call.args[0].value), {keyword.arg for keyword in call.keywords})
    for name, call in calls()
    if name in ERRORS and call.args and isinstance(call.args[0], ast.Constant)
]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def texts() -> Iterator[tuple[str, str]]:
    for key, value in catalogue().items():
        for text in [value] if isinstance(value, str) else value:
            yield key, text


def test_the_code_was_found() -> None:
    assert len(USED) > 100
    assert len(RAISED) > 50


@pytest.mark.parametrize("used", USED)
def test_every_key_used_in_code_exists(used: str) -> None:
    assert any(re.fullmatch(used, key) for key in catalogue())


@pytest.mark.parametrize(
    ("key", "given"), RAISED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_error_raised_has_its_text_and_its_facts(key: str, given: set[str | None]) -> None:
    needed = placeholders(word(f"errors.{key}"))
    assert None in given or needed <= given  # None stands for **facts


REFUSED = [
    call.args[1].value
    for call in chain.from_iterable(map(ast.walk, TREES))
    if isinstance(call, ast.Call)
    and isinstance(call.func, ast.Attribute)
    and call.func.attr == "refuse"
    and len(call.args) > 1
    and isinstance(call.args[1], ast.Constant)
]


def test_every_cell_refused_has_its_text() -> None:
    assert REFUSED
    assert [key for key in REFUSED if not has(f"errors.{key}")] == []


def test_every_literal_fact_of_a_text_is_given() -> None:
    lacking = []
    for name, call in calls():
        first = call.args[0] if call.args else None
        if name != "word" or not isinstance(first, ast.Constant):
            continue
        given = {keyword.arg for keyword in call.keywords}
        # A text asked for without any fact is passed on as it is, to be filled in later.
        if given and None not in given and placeholders(word(first.value)) - given:
            lacking.append(first.value)
    assert lacking == []


SAID = {
    f"choice.{name}.{slug(code)}"
    for term in TERMS.values()
    for code in (*term.choices, *term.codes)
    for name in (term.name, "result")
}


def is_used(key: str) -> bool:
    for form in ("_one", "_in_book"):  # for a count of one, see words.plurals; for a spreadsheet
        if key.endswith(form):
            return is_used(key.removesuffix(form))
    if key.startswith(("choice.", "help.")):
        return key in SAID or key.removeprefix("help.").upper() in BY_NAME
    if key.startswith("excel.vba."):  # named in VBA, which no syntax tree of Python shows
        return f'"{key.removeprefix("excel.vba.")}"' in VBA
    if key in CONSTANTS or key.split(".", 1)[-1] in CONSTANTS:
        return True
    matches = [match for found in PATTERNS if (match := re.fullmatch(found, key))]
    if any(key.startswith(prefix) for prefix in BY_DATA):
        return bool(matches)
    # What is not in the pattern must at least be named in the code.
    return any(CONSTANTS.issuperset(match.groups()) for match in matches)


def test_no_text_of_the_catalogue_is_unused() -> None:
    assert [key for key in catalogue() if not is_used(key)] == []


@pytest.mark.parametrize("family", ["headers", "titles", "terms"])
def test_every_text_about_a_term_is_of_a_term(family: str) -> None:
    names = {key.removeprefix(f"{family}.") for key in catalogue() if key.startswith(f"{family}.")}
    assert sorted(names - set(TERMS)) == []


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_every_column_of_a_table_has_a_title(spec: TableSpec) -> None:
    for name in (*spec.columns, *spec.results):
        assert word(f"titles.{name}")
    assert word(f"tables.{spec.name}")


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)
def test_no_alias_stands_for_two_columns_of_a_table(spec: TableSpec) -> None:
    owners: dict[str, set[str]] = {}
    for name in (*spec.columns, *spec.results):
        for alias in names_of(name, spec):
            assert plain(alias)
            owners.setdefault(plain(alias), set()).add(name)
    assert {alias: names for alias, names in owners.items() if len(names) > 1} == {}


def test_codes_of_errors_are_unique() -> None:
    told = [text for key, text in texts() if not key.endswith("_in_book")]
    codes = Counter(code for text in told for code in re.findall(r"\[([A-Z]\d{3})\]", text))
    assert [code for code, count in codes.items() if count > 1] == []


# What no open workbook can be told: about files, folders and how a program was installed.
NOT_OF_A_BOOK = {
    *("ours_among_files", "not_in_place", "csv_not_text", "wrong_encoding", "csv_broken_letters"),
    *("calc_other_python", "excel_no_interpreter", "excel_add_in_unmarked"),
    *("export_private", "excel_install_elsewhere", "calc_unknown_command", "excel_old_xlwings"),
}


def test_nobody_in_a_spreadsheet_is_told_of_options_of_the_command_line() -> None:
    speaking_of = {key for key, text in texts() if re.search(r" --[a-z]", text)}
    errors = {key for key in speaking_of if key.startswith("errors.")}
    for key in errors - {f"errors.{name}" for name in NOT_OF_A_BOOK}:
        with in_book():
            here = word(key)
        assert "--" not in here
        assert here.rpartition(" [")[2] == word(key).rpartition(" [")[2]  # the same code


# Parts of a message, or a message that is handed on whole with its code.
WITHOUT_CODE = {"nothing", "row_of", "table_fault", "settings", "setting"}


@pytest.mark.parametrize(
    ("key", "text"),
    [(key.removeprefix("errors."), text) for key, text in texts() if key.startswith("errors.")],
)
def test_an_error_is_a_sentence_with_a_code(key: str, text: str) -> None:
    if key in WITHOUT_CODE:
        assert "[" not in text
    else:
        assert re.search(r"[.,:}] \[[A-Z]\d{3}\]$", text)
        assert "\n" not in text
    assert not re.search(r"\b(None|nan|NaN|ndarray|dtype|Traceback|KeyError|ValueError)\b", text)


@pytest.mark.parametrize(("key", "text"), list(texts()), ids=lambda value: value[:40])
def test_every_text_is_tidy(key: str, text: str) -> None:
    assert key == key.casefold()
    assert placeholders(text) >= set()  # its braces are closed
    if not key.startswith("start."):  # sets a command off by two spaces
        assert "  " not in text
    if not key.endswith("_hint") and not key.startswith(("rewards.", "notes.or")):
        assert text == text.strip()


def test_a_missing_key_is_an_error_of_the_programmer() -> None:
    assert not has("errors.luck")
    with pytest.raises(KeyError):
        word("errors.luck")
    with pytest.raises(TypeError):
        word("choices.yes")


def test_a_text_that_asks_for_a_fact_gets_it() -> None:
    assert word("errors.row_of", name="margin", row=7) == "margin row 7"
    assert words("choices.none") == ["(none)"]
