"""The README says what is true: its table is the function list, its examples run."""

import doctest
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from xlclv.hosts.shell.commands import cli
from xlclv.hosts.shell.functions import markdown_functions

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def _examples() -> list[tuple[str, str]]:
    """Return every command behind a `$` with the output printed below it."""
    blocks = re.findall(r"```console\n(\$ .*?)```", README, re.DOTALL)
    pairs = [re.findall(r"\$ xlclv (.*)\n((?:(?!\$ ).*\n)*)", block) for block in blocks]
    return [pair for block in pairs for pair in block]


def test_the_function_tables_are_the_function_list() -> None:
    _, _, rest = README.partition("<!-- functions -->\n")
    tables, _, _ = rest.partition("\n<!-- /functions -->")
    assert tables == markdown_functions()


def test_there_are_examples() -> None:
    assert len(_examples()) >= 4


@pytest.mark.parametrize(("command", "printed"), _examples())
def test_example_prints_what_the_readme_says(command: str, printed: str) -> None:
    outcome = CliRunner().invoke(cli, command.split())
    assert outcome.exit_code == 0
    assert outcome.stdout == printed


def test_the_python_examples_give_what_the_readme_says() -> None:
    found = doctest.testfile("../README.md", report=False)
    assert found.attempted >= 4
    assert found.failed == 0


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (Path(__file__).parent.parent / target).exists(), target


def test_every_command_named_exists() -> None:
    for name in re.findall(r"^xlclv (\w+)", README, re.MULTILINE):
        assert name in cli.commands
