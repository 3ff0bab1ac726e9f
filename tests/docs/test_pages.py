"""The pages hang together: links, what is made from code, the README's length."""

import json
import re

import pytest
from click.testing import CliRunner

from tests.docs.paper import NAMES, PAGES, ROOT, anchors, links, text_of
from tools import pages
from xlclv import __all__ as offered
from xlclv.hosts.shell.commands import cli

SCREENS = 110  # lines: one screen and a half


@pytest.mark.parametrize("page", NAMES)
def test_every_link_leads_somewhere(page: str) -> None:
    for link in links(text_of(page)):
        if link.startswith("https://"):
            continue  # of others; no test asks the web
        target, _, anchor = link.partition("#")
        path = (ROOT / page).parent / target if target else ROOT / page
        assert path.is_file(), link
        assert ROOT in path.resolve().parents, link
        if anchor:
            assert anchor in anchors(path.read_text(encoding="utf-8")), link


def test_a_broken_link_would_be_found() -> None:
    assert links("[a](b.md#c) and ![d](e.png)\n\n```text\n[f](g)\n```\n") == ["b.md#c", "e.png"]
    assert anchors("# What it is\n\n## The rules, all\n") == {"what-it-is", "the-rules-all"}


@pytest.mark.parametrize("page", NAMES)
def test_what_is_made_from_code_is_what_the_code_says(page: str) -> None:
    text = text_of(page)
    assert pages.filled(text) == text, "run make generated"


def test_everything_made_stands_on_a_page() -> None:
    used = {found[1] for page in NAMES for found in pages.REGION.findall(text_of(page))}
    assert used == set(pages.MADE)


def test_every_page_is_in_the_contents() -> None:
    index = ROOT / "docs" / "index.md"
    listed = {
        f"docs/{line}.md"
        for line in re.findall(r"^([a-z]+/[\w-]+)$", index.read_text(), re.MULTILINE)
    }
    assert {*listed, "README.md", "docs/index.md"} == set(NAMES)


def test_every_page_begins_with_its_title() -> None:
    for page in PAGES:
        assert page.read_text(encoding="utf-8").startswith("# "), page


def test_the_readme_is_short_and_has_its_doors() -> None:
    readme = text_of("README.md")
    assert len(readme.splitlines()) <= SCREENS
    for door in ("I live in a spreadsheet", "I have a shop export", "I schedule it"):
        assert f"**{door}.**" in readme
    assert "Not yet seen in a real Excel" in readme


def test_the_page_of_python_names_all_that_is_offered() -> None:
    page = text_of("docs/reference/python.md")
    missing = [name for name in offered if f"`{name}`" not in page and name != "__version__"]
    assert missing == []


def test_the_page_of_json_names_every_key(tmp_path: object) -> None:
    page = text_of("docs/reference/json.md")
    log = f"{tmp_path}/log.csv"
    with open(log, "w", encoding="utf-8") as file:  # noqa: PTH123 - tmp_path as text
        file.write("Customer id,Order date,Amount net\na,2026-01-05,10\n")
    said = json.loads(CliRunner().invoke(cli, ["check", log, "--json"]).stdout)
    refused = json.loads(CliRunner().invoke(cli, ["check", f"{log}x", "--json"]).stdout)
    parts = [said, refused, said["checks"][0], said["columns"][0], *said["rules"][:1]]
    parts += [said["forecast"]] if "forecast" in said else []
    missing = {key for part in parts for key in part if f"`{key}`" not in page}
    assert missing == set()
