"""A new trigger, reward, measure, window or policy cannot leave anything unanswered."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mypy import api

from xlclv.codes import Coded, by_code
from xlclv.customers.windows import WINDOWS, Lifetime, Window
from xlclv.rewards.kinds import KINDS
from xlclv.rewards.kinds.in_kind import Note
from xlclv.rewards.rule import Reward, Trigger
from xlclv.rewards.triggers import TRIGGERS
from xlclv.rewards.triggers.manual import Manual
from xlclv.segments.measures import MEASURES, Measure, NetSpend, OrderMeasure
from xlclv.segments.policies import IF_NOT_KEPT, IfNotKept, OneDown
from xlclv.terms import TERMS

ROOT = Path(__file__).parents[3]
# What has to be answered, and somebody who answers all of it.
CONTRACTS = {
    Trigger: Manual,
    Reward: Note,
    Window: Lifetime,
    Measure: NetSpend,
    OrderMeasure: NetSpend,
    IfNotKept: OneDown,
}
CHOICES: dict[str, dict[str, Any]] = {
    "trigger": TRIGGERS,
    "reward": KINDS,
    "window": WINDOWS,
    "measure": MEASURES,
    "if_not_kept": IF_NOT_KEPT,
}


def toy(base: type, whole: type, lacking: str = "") -> str:
    """Write a class that takes its answers from another one, but for one of them."""
    name = f"{base.__name__}Lacks{lacking.title().replace('_', '')}"
    members = sorted(base.__abstractmethods__ - {lacking})  # type: ignore[attr-defined]
    body = "".join(f"    {member} = {whole.__name__}.{member}\n" for member in members)
    return f"class {name}({base.__name__}):\n{body}\n\n{name}()\n"


def toys() -> Iterator[tuple[str, str, str]]:
    """Return base, member and code of a toy for each member that it lacks, "" for none."""
    for base, whole in CONTRACTS.items():
        for lacking in ("", *sorted(base.__abstractmethods__)):  # type: ignore[attr-defined]
            yield base.__name__, lacking, toy(base, whole, lacking)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what mypy says of all toys."""
    modules = {one for pair in CONTRACTS.items() for one in pair}
    imports = [f"from {one.__module__} import {one.__name__}\n" for one in modules]
    path = tmp_path_factory.mktemp("toys") / "toys.py"
    path.write_text("".join(imports) + "\n".join(code for _, _, code in toys()))
    found, errors, _ = api.run(
        [
            f"--config-file={ROOT / 'pyproject.toml'}",
            f"--cache-dir={ROOT / '.mypy_cache'}",
            str(path),
        ]
    )
    assert not errors
    return [line for line in found.splitlines() if "toys.py" in line]


def test_mypy_refuses_each_answer_that_is_lacking_and_nothing_else(refused: list[str]) -> None:
    pattern = r'abstract class "(\w+)Lacks\w*" with abstract attribute "(\w+)"'
    told = [match.groups() for line in refused if (match := re.search(pattern, line))]
    assert told == [(base, lacking) for base, lacking, _ in toys() if lacking]
    assert len(told) == len(refused)  # nor is there anything else to say, of whole ones least


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_of_the_term_stands_for_an_object(name: str) -> None:
    objects = CHOICES[name]
    assert tuple(objects) == TERMS[name].choices
    assert all(one.code == code for code, one in objects.items())


def test_a_registry_refuses_what_is_missing_twice_or_unknown() -> None:
    down, earned, keep = IF_NOT_KEPT.values()
    for given in ([down, earned], [down, earned, keep, keep], [down, earned, Note()]):
        with pytest.raises(ValueError, match="if_not_kept may be One tier down, To earned tier"):
            by_code("if_not_kept", given)


@pytest.mark.parametrize("one", [*TRIGGERS.values(), *KINDS.values(), *MEASURES.values()])
def test_an_object_stays_as_it_is_and_equals_its_like(one: object) -> None:
    assert one == type(one)()
    assert hash(one) == hash(type(one)())
    with pytest.raises((AttributeError, TypeError)):
        one.code = "other"  # type: ignore[attr-defined]


WORDS = {
    choice
    for name in (*CHOICES, "together", "max_per", "budget_per", "round_up_to", "skipped_tiers")
    for choice in TERMS[name].choices
}


@pytest.mark.parametrize("room", ["customers", "rewards", "segments", "quality"])
def test_nothing_is_decided_by_the_text_of_a_choice(room: str) -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "xlclv" / room).rglob("*.py")]
    asked = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Compare))
    texts = (leaf for node in asked for leaf in ast.walk(node) if isinstance(leaf, ast.Constant))
    assert [leaf.value for leaf in texts if leaf.value in WORDS] == []


def test_the_keys_of_coded_choices_are_words() -> None:
    for kind in Coded.__subclasses__():
        assert all(re.fullmatch("[a-z_]+", one.key) for one in kind)


def test_a_trigger_says_in_a_docstring_what_it_is() -> None:
    for one in (*TRIGGERS.values(), *KINDS.values(), *MEASURES.values(), *WINDOWS.values()):
        assert inspect.getdoc(type(one)) not in (None, inspect.getdoc(type(one).__mro__[1]))
