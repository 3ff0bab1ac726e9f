"""What a terminal shows, what a pipe gets, and how odd paths are answered."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hosts.shell.runs import Run

pytestmark = pytest.mark.slow


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is printed be seen by somebody."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(getattr(sys, name), "isatty", lambda: True)


def test_steps_and_colours_are_for_a_terminal(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch)
    monkeypatch.delenv("NO_COLOR", raising=False)
    ran = run("refresh", log)
    for step in ("Reading orders.csv", "Computing", "Writing orders-refreshed.xlsx"):
        assert re.search(rf"{step} …\r{step} … \d+\.\d s\n", ran.err)
    assert "\x1b[32m✔ All checks passed\x1b[0m" in ran.out
    ran = run("refresh", log.with_name("nowhere.csv"))
    assert "\x1b[31mError: " in ran.err
    assert run("refresh", log, "--quiet").err == ""
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("refresh", log).out


def test_what_was_written_is_told_as_json(run: Run, log: Path) -> None:
    told = json.loads(run("refresh", log, "--json").out)
    assert told["written"] == str(log.with_name("orders-refreshed.xlsx"))
    assert (told["figures"]["customers"], told["problems"]) == (2, 0)
    assert told["figures"]["owed"] is None  # not known
    refused = run("refresh", log.with_name("nowhere.csv"), "--json")
    assert (refused.code, json.loads(refused.out)["code"]) == (1, "F201")


def test_the_result_is_opened_where_that_is_asked_for(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    out = run("refresh", log, "--open", "--quiet").out.strip()
    template = run("template", "--open").out.strip()
    assert opened == [out, template]


@pytest.mark.parametrize("command", ["refresh", "check", "award", "freeze", "template", "export"])
@pytest.mark.parametrize("path", [".", "/", ""])
def test_folders_and_nothing_are_wrong_paths_like_any(run: Run, path: str, command: str) -> None:
    ran = run(command, path, *(["win-back"] if command == "export" else []))
    assert ran.code in (1, 2)
    assert ran.err.splitlines()[-1].startswith("Error: ")


def test_nothing_asked_for_shows_the_help(run: Run) -> None:
    ran = run()
    assert ran.code != 3
    assert "export" in ran.out + ran.err


def test_a_shell_can_complete_the_commands() -> None:
    command = [sys.executable, "-c", "from xlclv.hosts.shell.cli import main; main()"]
    words = {"COMP_WORDS": "xlclv ex", "COMP_CWORD": "1", "_XLCLV_COMPLETE": "bash_complete"}
    done = subprocess.run(
        command, env={**os.environ, **words}, capture_output=True, text=True, check=False
    )
    assert done.stdout == "plain,export\n"
