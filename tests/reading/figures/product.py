"""The one place where these tests touch the product: `xlclv check FILE --json`, in process."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from xlclv.hosts.shell.commands import cli

from .shoplog import Figures

RED = ("warning", "fault")
OF_REWARDS = re.compile("rule|reward|tier|budget|point")


@dataclass(frozen=True)
class Answer:
    """What the product says of a file.

    Args:
        figures: None where the file is refused.
        red: Keys of the checks that are red, those of rewards aside.
        said: The refusal.
        facts: All of the answer.
    """

    figures: Figures | None
    red: tuple[str, ...]
    said: str
    facts: Mapping[str, Any]

    @property
    def refused(self) -> bool:
        return self.figures is None

    @property
    def step(self) -> list[str] | None:
        """Return the options of the line that a refusal proposes, None without one."""
        line = self.facts.get("try") if self.refused else None
        if not line:
            return None
        program, command, _file, *options = shlex.split(line)
        assert (program, command) == ("xlclv", "refresh"), line
        return options


def check(path: Path, *options: str) -> Answer:
    """Ask the product what a file comes to."""
    done = CliRunner().invoke(cli, ["check", str(path), "--json", *options])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return answer_of(done.exit_code, done.stdout, done.stderr)


def answer_of(code: int, out: str, said: str) -> Answer:
    """Read what the command printed."""
    assert code in (0, 1), f"exit code {code}: {out}{said}"
    facts = json.loads(out)
    if "refused" in facts:
        return Answer(None, (), facts["refused"], facts)
    red = [
        str(one["check"])
        for one in facts["checks"]
        if one["level"] in RED and not OF_REWARDS.search(one["check"])
    ]
    revenue = Decimal(str(facts["revenue"])).quantize(Decimal("0.01"))
    figures = Figures(int(facts["customers"]), int(facts["orders"]), revenue)
    return Answer(figures, tuple(red), "", facts)


def settled(path: Path) -> tuple[Answer, Answer]:
    """Ask; where the answer is a refusal with a line to try, ask again by that line.

    Returns:
        The first answer and the last.
    """
    first = check(path)
    return (first, first) if first.step is None else (first, check(path, *first.step))


def results_of(path: Path) -> dict[str, list[list[object]]]:
    """Refresh a file and return the cells of every tab that is written, but for the History.

    The Orders tab stays out too, as it echoes what was read.
    """
    out = path.with_name("out.xlsx")
    done = CliRunner().invoke(cli, ["refresh", str(path), "-o", str(out), "--replace", "--quiet"])
    assert done.exit_code == 0, done.stderr
    book = CalamineWorkbook.from_path(out)
    kept = [name for name in book.sheet_names if not name.startswith(("History", "Orders"))]
    return {name: book.get_sheet_by_name(name).to_python() for name in kept}


def written_figures(path: Path) -> Figures:
    """Refresh a file and add up the customers of the workbook."""
    rows = results_of(path)["CustomerValues"]
    top = next(at for at, row in enumerate(rows) if "Orders" in row and "Revenue" in row)
    orders, revenue = rows[top].index("Orders"), rows[top].index("Revenue")
    body = [row for row in rows[top + 1 :] if row[0] not in ("", None)]
    money = sum(Decimal(str(row[revenue])) for row in body)
    counted = sum(int(float(str(row[orders]))) for row in body)
    return Figures(len(body), counted, money.quantize(Decimal("0.01")))
