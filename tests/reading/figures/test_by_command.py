"""A few files through the real command line: a process of its own, options pasted as printed."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .expectations import DATA, expected, verdict
from .product import Answer, answer_of, check

pytestmark = pytest.mark.slow

ASKED = DATA / "kinds" / "f07-no-meaning-in-headers.csv"
AT_ONCE = ["shopify-orders.csv", "square-transactions.csv"]


def by_command(*arguments: str) -> Answer:
    command = [sys.executable, "-m", "xlclv", *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    return answer_of(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("name", AT_ONCE)
def test_the_command_says_what_the_python_call_says(name: str) -> None:
    (wanted,) = (one for one in expected("shops") if one.path.name == name)
    answer = by_command("check", str(wanted.path), "--json")
    assert verdict(wanted, answer, answer) == ""
    assert answer.facts == check(wanted.path).facts


def test_a_line_to_try_can_be_pasted(tmp_path: Path) -> None:
    path = tmp_path / "orders of mine.csv"
    path.write_bytes(ASKED.read_bytes())
    answer = by_command("check", str(path), "--json")
    assert answer.facts["try"], answer.said
    program, *rest = shlex.split(answer.facts["try"])
    assert program == "xlclv"
    command = [sys.executable, "-m", "xlclv", *rest]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, json.dumps(done.stderr.decode())
    assert list(tmp_path.glob("*refreshed.xlsx"))
