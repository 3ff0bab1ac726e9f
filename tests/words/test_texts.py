"""Outside of books, too, every text is from the language: hosts, commands, errors, findings."""

import ast
import contextlib
import importlib
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest

import xlclv
from tests.words.pseudo import NAME, installed, left_over, outside, spoken
from xlclv.errors import InputError
from xlclv.example import Listed
from xlclv.functions import FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.hosts.calc.files.extension import add_ins, description, menu
from xlclv.hosts.calc.files.extension import texts as texts_of_component
from xlclv.hosts.excel.files.macros import ribbon
from xlclv.hosts.excel.files.wrappers import own_modules
from xlclv.hosts.lite.book import main_module
from xlclv.hosts.setup import doctor
from xlclv.hosts.setup.doctor import Machine
from xlclv.hosts.shell import cli, commands
from xlclv.registry import Function
from xlclv.terms import TERMS
from xlclv.words import catalogue, install, languages, speaking, uninstall, use, word

pytestmark = pytest.mark.slow

CODES = {code for term in TERMS.values() for code in (*term.choices, *term.codes)}
NAMES = {function.name for function in FUNCTIONS} | {*TERMS}


# --- what hosts are made of ---------------------------------------------------------------------


def vba_texts(module: str) -> Iterator[str]:
    """Yield the literals of a VBA module, put together where a sign is given by its number."""
    code = "\n".join(line for line in module.splitlines() if not line.lstrip().startswith("'"))
    code = re.sub(r"ChrW\$\((\d+)\)", lambda found: f'"{chr(int(found[1]))}"', code)
    code = re.sub(r'"\s*&\s*(?:_\s*)?"', "", code)
    yield from (found.replace('""', '"') for found in re.findall(r'"((?:[^"\n]|"")*)"', code))


# Literals of VBA that nobody reads: sentences have a space between two words.
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize("kind", ["workbook", "add-in"])
def test_no_other_text_is_in_the_macros(kind: str) -> None:
    with spoken():
        modules = own_modules(kind)  # type: ignore[arg-type]
    said = [text for module in modules for text in vba_texts(module.text)]
    assert sum("«" in text for text in said) > 100
    sentences = (text for text in said if not text.startswith("import "))  # Python, run by VBA
    assert [text for text in sentences if SENTENCE.search(outside(text))] == []


@pytest.mark.parametrize("kind", ["workbook", "add-in"])
def test_the_ribbon_is_all_from_the_language(kind: str) -> None:
    with spoken():
        root = ribbon(kind)  # type: ignore[arg-type]
    shown = [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if name in ("label", "screentip", "supertip")
    ]
    assert len(shown) > 10
    assert left_over(map(str, shown)) == []


def test_the_extension_is_all_from_the_language() -> None:
    with spoken():
        add_in, about, commands_shown = add_ins(FUNCTIONS), description(), menu()
        component = json.loads(texts_of_component())
    titles = ("DisplayName", "CompatibilityName", "Category", "AddinFunction")
    told = [
        "".join(prop.itertext())
        for prop in ET.fromstring(add_in).iter("prop")  # noqa: S314 - our own text
        if prop.attrib[f"{{{OOR}}}name"] == "Description"
    ]
    assert titles
    assert len(told) > 100
    assert left_over(told) == []
    shown = re.findall(r'oor:name="Title"><value[^>]*>(.*?)<', commands_shown)
    assert shown
    assert left_over(shown, {"xlclv", "_xlclv"}) == []
    assert left_over(text for key, text in component.items() if key != "version") == []
    assert "«" in about


OOR = "http://openoffice.org/2001/registry"


def test_lite_is_all_from_the_language() -> None:
    with spoken():
        tree = ast.parse(main_module())
    told = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SENTENCE.search(outside(node.value))
    ]
    assert told == []


# --- functions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_help_of_a_function_is_from_the_language(function: Function) -> None:
    with spoken():
        told = [function.help, *(argument.meaning for argument in function.arguments)]
        allowed = [argument.term.expected for argument in function.arguments]
    assert left_over([*told, *allowed]) == []


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_english_help_is_what_the_docstring_says(function: Function) -> None:
    assert catalogue()[f"help.{function.name.casefold()}"] == function.told
    with speaking("en"):
        assert function.help == function.told


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_what_a_function_refuses_is_said_in_the_language(function: Function) -> None:
    size = len(function.arguments)
    with spoken():
        cells = [answer(function, ["?"] * size), answer(function, [-5.5] * size)]
        cells.append(answer(function, [1] * (size + 1)))
    said = [
        cell.message.removeprefix(f"{function.name}: ")
        for block in cells
        for row in block
        for cell in row
        if hasattr(cell, "message")
    ]
    assert said
    assert left_over(map(_cut_code, said), NAMES | CODES) == []


def _cut_code(text: str) -> str:
    """Leave out the code of an error, and mend a message that was cut in its middle."""
    text = re.sub(r" \[[A-Z]\d{3}\]$", "", text)
    return text + "»" * (text.count("«") - text.count("»"))


def test_an_answer_that_is_a_code_is_said() -> None:
    by_name = {function.name: function for function in FUNCTIONS}
    with spoken():
        assert answer(by_name["CLV_STATUS"], [46000, 46200, 30]) == [["«Lost»"]]
    assert answer(by_name["CLV_STATUS"], [46000, 46200, 30]) == [["Lost"]]


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [key for key in catalogue() if key.startswith("errors.")])
def test_every_error_is_from_the_language(key: str) -> None:
    fields = set(re.findall(r"{(\w+)}", str(catalogue()[key])))
    with spoken():
        text = str(InputError(key.removeprefix("errors."), **dict.fromkeys(fields, 7)))
    assert left_over([_cut_code(text)]) == []


TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(Path(xlclv.__file__).parent.rglob("*.py"))
}
MADE_FOR_PROGRAMS = {"hosts", "xlsx"}  # they write VBA, XML and logs
NO_TEXTS = {
    *("Table Style Light 1", "yyyy-mm-dd hh:mm", "tblAssumptions[[#This Row],[{}]]"),
    *("per period", " has no attribute "),  # a unit, and what Python says
}


def literals(tree: ast.Module) -> Iterator[str]:
    """Yield the texts of a module but docstrings and what only a programmer reads."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            skipped.update(ast.walk(node.body[0]) if isinstance(node.body[0], ast.Expr) else ())
        if isinstance(node, ast.Raise) and "ValueError" in ast.dump(node):
            skipped.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped:
            yield node.value


def test_no_sentence_stands_in_the_code() -> None:
    found = [
        (path.name, text)
        for path, tree in TREES.items()
        if path.relative_to(Path(xlclv.__file__).parent).parts[0] not in MADE_FOR_PROGRAMS
        for text in literals(tree)
        if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", text) and text not in CODES | NO_TEXTS
        if path.name != "registry.py"  # the reserved words of VBA
        if path.parent.name not in ("headers", "meaning")  # what files of others say
    ]
    assert found == []


# --- command line -------------------------------------------------------------------------------


@pytest.fixture
def cli_in_language() -> Iterator[click.Group]:
    """Return the commands made anew in the language, and back again."""
    with spoken():
        yield importlib.reload(commands).cli
    importlib.reload(commands)


def test_the_help_of_every_command_is_from_the_language(cli_in_language: click.Group) -> None:
    shown = []
    for name, command in {"": cli_in_language, **cli_in_language.commands}.items():
        context = command.make_context(name or "xlclv", [], resilient_parsing=True)
        shown.append(" ".join(command.get_help(context).split()))
    assert len(shown) > 8
    # Names of commands and options, and what stands for a value.
    typed = re.compile(r"--?[a-z][a-z-]*|\b[A-Z|]{3,}\b|\[[A-Za-z.|]+\]|\.\.\.")
    rest = [typed.sub("", text) for text in shown]
    assert all("«" in text for text in shown)
    words_typed = {"dmy", "mdy", "ymd", "minus", "none", "counts", "ignore", "DIR"}
    names = {*cli_in_language.commands, *words_typed, "xlclv"}
    assert left_over(rest, names) == []


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["xlclv", *arguments])
    out = io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
        pytest.raises(SystemExit) as end,
    ):
        cli.main()
    return int(end.value.code or 0), out.getvalue()


def test_what_commands_print_is_from_the_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cli_in_language: click.Group
) -> None:
    del cli_in_language
    monkeypatch.chdir(tmp_path)
    Path("o.csv").write_text("Customer id,Order date,Amount net\n1,2026-01-05,40\n2,2026-02-07,9\n")
    for arguments in (
        ("refresh", "o.csv"),
        ("check", "o.csv"),
        ("award", "o.csv"),
        ("functions", "CLV_TIER"),
        ("functions",),
        ("refresh", "none.csv"),
        ("call", "CLV_LUCK"),
        ("call", "CLV", "a"),
    ):
        _, said = run(monkeypatch, *arguments, "--language", NAME)
        said = said.replace("\n    ", " ")  # a long text runs on
        lines = [_cut_code(re.sub(r"\[[A-Z]\d{3}\]", "", line)) for line in said.splitlines()]
        rest = " ".join(lines)
        assert "«" in rest
        files = {"o.csv", "o-refreshed.xlsx", "none.csv", "csv", "utf-8"}
        shown = re.sub(r"tbl\w+\[[^]]*\]|#[A-Z/]+!", "", rest)
        assert left_over([shown], NAMES | CODES | files | RULES | {"CLV_LUCK"}) == []


RULES = {f"R{number:02d}" for number in range(1, 13)}


def test_an_unknown_language_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    with installed():
        code, said = run(monkeypatch, "functions", "--language", "klingon")
        assert code == 2
        assert "There is no language klingon. There are: en (English), zz («English»)." in said
        with pytest.raises(LookupError, match=r"no language klingon.*\[V150\]"):
            use("klingon")


# --- doctor -------------------------------------------------------------------------------------


def test_every_finding_of_the_doctor_is_from_the_language(tmp_path: Path) -> None:
    machine = Machine(home=tmp_path, folder=tmp_path, profile=tmp_path)
    with spoken():
        for each in (machine, replace(machine, platform="win32", xlwings=None, pywin32=False)):
            for finding in doctor.examine(None, each):
                assert finding.found.startswith("«")
                assert left_over([finding.fix]) == []
        findings = doctor.examine(None, machine)
        assert left_over([re.sub(r"\S*[/\\]\S*", "", doctor.report(findings))]) == []


# --- the language itself ------------------------------------------------------------------------


def test_a_key_that_is_missing_is_said_in_english() -> None:
    install("xx", {"sheets": {"start": {"title": "Hier"}}, "advice": {"grace": "{count}!"}})
    try:
        with speaking("xx"):
            assert word("sheets.start.title") == "Hier"
            assert word("sheets.summary.title") == "Summary"
        assert languages() == ("en", "xx")
    finally:
        uninstall("xx")
    assert languages() == ("en",)


def test_a_language_can_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[sheets.start]\ntitle = "Da"\n', encoding="utf-8")
    (tmp_path / "language.toml").write_text('[language]\nname = "Neu"\n', encoding="utf-8")
    install("nn", tmp_path)
    try:
        with speaking("NEU"):
            assert word("sheets.start.title") == "Da"
    finally:
        uninstall("nn")


def test_examples_read_in_the_language() -> None:
    with spoken():
        assert Listed("Orders", "customer_id").reference == "tblOrders[«Customer id»]"
