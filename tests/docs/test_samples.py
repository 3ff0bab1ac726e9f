"""Every sample of every page does what the page says."""

import doctest
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tests.docs.paper import NAMES, ROOT, Fence, commands, fences, sessions, text_of
from xlclv import call
from xlclv.functions import BY_NAME
from xlclv.hosts.shell.commands import cli

MAKE = (ROOT / "Makefile").read_text(encoding="utf-8")
# How a fence of each language is proved; `python` below is a doctest, or tested by its own file.
LANGUAGES = {"console", "csv", "python", "text", "ini", "{toctree}"}
OWN_TEST = {"docs/howto/excel-py.md"}
ROW = re.compile(r"^\| `=(CLV\w*\([^`]*\))` \| ([\d.]+) \|$", re.MULTILINE)
REFUSED = re.compile(r"\[[A-Z]\d{3}\]|✖")


@pytest.mark.parametrize("page", NAMES)
def test_what_is_typed_prints_what_the_page_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for fence in fences(text_of(page)):
        assert fence.language in LANGUAGES, fence.text
        if fence.language == "csv":
            assert fence.name.endswith(".csv"), fence.text
            Path(fence.name).write_text(fence.text, encoding="utf-8")
        elif fence.language == "console":
            _run(fence)


def _run(fence: Fence) -> None:
    typed = sessions(fence)
    for line, wanted in typed:
        program, *arguments = shlex.split(line)
        assert program == "xlclv"
        outcome = CliRunner().invoke(cli, arguments)
        printed = outcome.stdout + outcome.stderr
        assert outcome.exit_code == 0 or REFUSED.search(wanted), printed
        assert _same(wanted, outcome.stdout) or _same(wanted, printed), printed
    if not typed:  # typed once, by who installs
        for line in fence.text.splitlines():
            assert re.match(r"make (\w+)|pip install \.", line)
            target = re.match(r"make (\w+)", line)
            assert target is None or re.search(rf"^{target[1]}:", MAKE, re.MULTILINE)


def _same(wanted: str, printed: str) -> bool:
    return doctest.OutputChecker().check_output(wanted, printed, doctest.ELLIPSIS)


def test_a_wrong_sample_is_found() -> None:
    assert _same("Wrote ...\n", "Wrote a.xlsx\n")
    assert not _same("Wrote ...\n", "Read a.xlsx\n")
    assert sum(len(sessions(fence)) for page in NAMES for fence in fences(text_of(page))) > 20


@pytest.mark.parametrize("page", NAMES)
def test_python_gives_what_the_page_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "tests" / "data" / "cdnow_sample.csv", tmp_path)
    code = [fence.text for fence in fences(text_of(page)) if fence.language == "python"]
    assert all(text.startswith(">>> ") for text in code) != (page in OWN_TEST) or not code
    found = doctest.testfile(str(ROOT / page), module_relative=False, report=False)
    assert found.failed == 0
    assert (found.attempted > 0) == bool(code and page not in OWN_TEST)


def test_there_are_python_samples() -> None:
    assert sum(text_of(page).count(">>> ") for page in NAMES) > 30


@pytest.mark.parametrize("page", NAMES)
def test_every_command_named_has_these_options(page: str) -> None:
    for line in commands(text_of(page)):
        name, *arguments = shlex.split(line, posix="\\" not in line)
        assert name in cli.commands, line
        try:
            cli.commands[name].make_context(name, arguments)
        except click.MissingParameter:
            assert not arguments or "-" not in line, line  # only named, as `xlclv award` is


@pytest.mark.parametrize("page", NAMES)
def test_every_formula_is_one_of_ours(page: str) -> None:
    text = text_of(page)
    for name in re.findall(r"=(CLV\w*)\(", text):
        assert name in BY_NAME or name == "CLV_WHY"  # a function of the add-in alone
    for formula, result in re.findall(
        r"^\| `=(CLV\w*\([^`]*\))` \| ([\d.]+) \|$", text, re.MULTILINE
    ):
        name, _, given = formula.rstrip(")").partition("(")
        cells = [float(cell.rstrip("%")) / (100 if "%" in cell else 1) for cell in given.split(",")]
        [[answer]] = call(name, *cells)
        assert answer == pytest.approx(float(result), abs=1e-9)  # shown with nine digits
