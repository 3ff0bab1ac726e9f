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

from xlclv.hosts.cli import cli

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
        """Return the options of the line that the refusal proposes, None without one."""
        found = re.search(r"Try:\s*xlclv \w+ (.+)", " ".join(self.said.split()))
        return shlex.split(found[1])[1:] if found else None


def check(path: Path, *options: str) -> Answer:
    """Ask the product what a file comes to."""
    done = CliRunner().invoke(cli, ["check", str(path), "--json", *options])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return answer_of(done.exit_code, done.stdout, done.stderr)


def answer_of(code: int, out: str, said: str) -> Answer:
    """Read what the command printed."""
    if code not in (0, 1):
        raise AssertionError(f"exit code {code}: {out}{said}")
    if not out.lstrip().startswith("{"):
        return Answer(None, (), said or out, {})
    facts = json.loads(out)
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
    if first.refused and first.step is not None:
        return first, check(path, *first.step)
    return first, first
