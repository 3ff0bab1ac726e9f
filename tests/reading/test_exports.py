"""Exports in the layouts people have: the right customers, orders and revenue, or a clear word."""

import csv
import re
from datetime import datetime
from pathlib import Path

import pytest

from xlclv.analysis.results import Results
from xlclv.errors import InputError
from xlclv.reading.cellcolumns import Conventions
from xlclv.reading.choices import Choices
from xlclv.reading.question import Question
from xlclv.refresh.refresh import RefreshRequest, look_at

FOLDER = Path(__file__).parent.parent / "data" / "exports"
EXPECTED = (FOLDER / "expected.csv").read_text(encoding="utf-8").splitlines()
CASES = {row["file"]: row for row in csv.DictReader(EXPECTED)}
STAMP = datetime(2026, 1, 31, 12, 0)  # noqa: DTZ001 - of no consequence
# Files whose right figures come with a red check by the stated rules: bad cells, copies, statuses
# that are numbers, lines that do not add up.
RED = {"63", "79", "82", "94", "107", "149"}
# Right only after the question is answered as the refusal proposes.
ASKS = {"59", "75", "143"}


def number_of(file: str) -> str:
    return file.partition("-")[0]


def read(file: str, choices: Choices | None = None) -> Results:
    return look_at(RefreshRequest(FOLDER / file, choices=choices or Choices()), STAMP)


def answered(question: Question) -> Choices:
    """Return the choices that the options of a question stand for."""
    told = dict(question.options)
    columns = dict(pair.split("=", 1) for option, pair in question.options if option == "--map")
    conventions = Conventions(told.get("--decimal"), told.get("--dates"))  # type: ignore[arg-type]
    return Choices(columns, conventions=conventions)


def figures(results: Results) -> tuple[int, int, float]:
    people, log = results.people, results.people.log
    if log is None:
        return people.size, int(people.orders.sum()), round(float(people.revenue.sum()), 2)
    return log.ids.size, log.amount.size, round(float(log.line_amount.sum()), 2)


def wanted(case: dict[str, str]) -> list[tuple[int, int, float]]:
    told = [(case["customers"], case["orders"], case["revenue"])]
    told += re.findall(r"ALT=(\d+)/(\d+)/(-?[\d.]+)\s*$", case["note"])
    return [(int(one), int(two), float(three)) for one, two, three in told]


READABLE = [file for file, case in CASES.items() if case["customers"] != "-"]


@pytest.mark.parametrize("file", READABLE)
def test_an_export_gives_the_right_figures(file: str) -> None:
    if number_of(file) in ASKS:
        with pytest.raises(Question) as asked:
            read(file)
        results = read(file, answered(asked.value))
    else:
        results = read(file)
    assert figures(results) in wanted(CASES[file])
    red = {check.key for check in results.checks if check.level in ("warning", "fault")}
    red = {key for key in red if "reward" not in key}  # starter rules are not what is read
    assert bool(red) == (number_of(file) in RED), red


@pytest.mark.parametrize("file", [file for file, case in CASES.items() if case["customers"] == "-"])
def test_what_cannot_be_told_is_never_taken_silently(file: str) -> None:
    try:
        results = read(file)
    except InputError:
        return
    assert any(check.level == "fault" for check in results.checks)
