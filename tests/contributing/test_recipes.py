"""Every recipe of CONTRIBUTING.md does what it says, carried out on a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contributing.recipes import GUIDE, ROOT, Recipe, Step, recipes

RECIPES = list(recipes())
TOPICS = ("function", "figure", "chart", "tab", "model", "field", "trigger", "header", "language")
DOCTEST = """
import doctest, sys
failed, tried = doctest.testfile(sys.argv[1], module_relative=False)
sys.exit(failed or not tried)
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package, to be changed."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "xlclv", tmp_path / "xlclv", ignore=unwanted)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tree, env=environment
    )


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_works(recipe: Recipe, tree: Path) -> None:
    session = tree / "session.txt"
    session.write_text(recipe.shown, encoding="utf-8")
    assert run(tree, "-c", DOCTEST, str(session)).returncode, "it works without the recipe"
    for step in recipe.steps:
        step.apply(tree)
    done = run(tree, "-c", DOCTEST, str(session))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title)
def test_a_recipe_keeps_to_the_style(recipe: Recipe, tree: Path) -> None:
    for step in recipe.steps:
        step.apply(tree)
    code = [path for path in sorted(recipe.files) if path.endswith(".py")]
    if code:
        checked = run(tree, "-m", "ruff", "check", "--no-cache", *code)
        assert checked.returncode == 0, checked.stdout
        tidy = run(tree, "-m", "ruff", "format", "--no-cache", "--diff", *code)
        assert tidy.returncode == 0, tidy.stdout
    linted = run(tree, "-c", "from importlinter.cli import lint_imports_command as c; c()")
    assert linted.returncode == 0, linted.stdout


def test_there_is_a_recipe_for_each_thing_one_adds() -> None:
    titles = " ".join(recipe.title for recipe in RECIPES).casefold()
    assert [topic for topic in TOPICS if topic not in titles] == []
    assert all(recipe.steps for recipe in RECIPES)


def test_every_code_block_of_a_recipe_is_a_step_or_shows_that_it_works() -> None:
    _, _, text = GUIDE.partition("\n## Recipes\n")
    body, *_ = re.split(r"^## ", text, flags=re.MULTILINE)
    fences = len(re.findall(r"^```\w", body, re.MULTILINE))
    assert fences == sum(len(recipe.steps) + 1 for recipe in RECIPES)


def test_a_step_says_when_its_place_is_gone(tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text("one = 1\ntwo = 2\none = 1\n")
    for line in ("three", "one = 1"):
        step = Step("some.py", f"after `{line}`", line, None, "more = 3\n")
        with pytest.raises(ValueError, match=line):
            step.apply(tmp_path)
    Step("some.py", "after `two`", "two", None, "more = 3\n").apply(tmp_path)
    Step("some.py", "`two` becomes", None, "two = 2", "two = 22\n").apply(tmp_path)
    assert (tmp_path / "some.py").read_text() == "one = 1\ntwo = 22\nmore = 3\none = 1\n"


def test_the_map_is_the_list_of_folders() -> None:
    _, _, text = GUIDE.partition("## Where things are\n")
    block = re.search(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    drawn: set[str] = set()
    parents: list[str] = []
    for line in block[1].splitlines():
        found = re.match(r"( *)([\w./]+)", line)
        assert found is not None, line
        depth, name = len(found[1]) // 2, found[2]
        parents[depth:] = [name.rstrip("/")]
        drawn.add("/".join(parents) + ("/" if name.endswith("/") else ""))
    folders = {
        f"{path.parent.relative_to(ROOT).as_posix()}/" for path in (ROOT / "xlclv").rglob("*.py")
    }
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "xlclv").glob("*.py")}
    hidden = {"xlclv/__init__.py", "xlclv/__main__.py"}
    wanted = {*folders, *(files - hidden), "xlclv/words/en/"}
    assert wanted - drawn == set()
    assert drawn - wanted == set()
