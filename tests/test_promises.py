"""Names that stand in people's files: what was there once stays, more may come.

`data/promises.json` is the list of the first version that people were given.
"""

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlclv.functions import BY_NAME
from xlclv.hosts.shell.commands import cli
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.schema import TABS
from xlclv.words import catalogue
from xlclv.workbook.template import sample_results, write_book

PROMISES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "promises.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", PROMISES["functions"])
def test_a_function_keeps_its_arguments(name: str) -> None:
    promised, function = PROMISES["functions"][name], BY_NAME[name]
    names = [argument.name for argument in function.arguments]
    assert names[: len(promised["arguments"])] == promised["arguments"]
    assert sum(argument.required for argument in function.arguments) == promised["required"]
    assert function.shape == promised["shape"]
    defaults = {argument.name: argument.default for argument in function.arguments}
    for argument, default in promised["defaults"].items():
        now = defaults[argument]
        now = "endless" if now == float("inf") else now
        assert (list(now) if isinstance(now, tuple) else now) == default


def test_error_codes_stay() -> None:
    codes = {
        key.removeprefix("errors."): found[1]
        for key, text in catalogue().items()
        if key.startswith("errors.") and (found := re.search(r"\[([A-Z]\d{3})\]$", str(text)))
    }
    promised = PROMISES["errors"]
    assert set(promised.values()) <= set(codes.values())
    assert {key: code for key, code in promised.items() if codes.get(key, code) != code} == {}


def test_tabs_stay() -> None:
    assert set(PROMISES["tabs"]) <= {tab.name for tab in TABS}


def test_commands_keep_their_options() -> None:
    for name, options in PROMISES["commands"].items():
        now = {
            written
            for parameter in cli.commands[name].params
            for written in (parameter.name or "", *parameter.opts)
        }
        assert set(options) <= now, name


def test_defined_names_and_tables_stay(tmp_path: Path) -> None:
    write_book(tmp_path / "sample.xlsx", sample_results())
    out, _ = refresh(RefreshRequest(tmp_path / "sample.xlsx"), sample_results().stamp)
    book = openpyxl.load_workbook(out)
    assert set(PROMISES["defined_names"]) <= set(book.defined_names)
    for sheet, tables in PROMISES["tables"].items():
        assert set(tables) <= set(book[sheet].tables), sheet
