"""The pages people read, their fences and links, taken apart.

A fence of csv below a line that ends in `NAME`: is a file of that name. In a fence of console, what
stands behind a $ is typed and what stands below it is printed; ... stands for anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
_FENCE = re.compile(r"^```(?P<language>[\w{}-]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"`([\w.]+)`[^`\n]*:\n\n\Z")
_COMMAND = re.compile(r"\bxlclv ([a-z]+\b[^`&\n]*)")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of a page.

    Args:
        language: What stands behind the three ticks.
        name: The file it is, if the line before it names one.
        text: What is in it.
    """

    language: str
    name: str
    text: str


def text_of(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def fences(text: str) -> Iterator[Fence]:
    """Yield the blocks of a page."""
    for found in _FENCE.finditer(text):
        name = _NAME.search(text, 0, found.start())
        yield Fence(found["language"], name[1] if name else "", found["text"])


def prose(text: str) -> str:
    """Return a page without its blocks."""
    return _FENCE.sub("", text)


def sessions(fence: Fence) -> list[tuple[str, str]]:
    """Return what is typed in a fence of console, with what is printed below it."""
    return re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", fence.text, re.MULTILINE)


def commands(text: str) -> list[str]:
    """Return every command line of a page, wherever it stands, without the word xlclv."""
    spans = re.findall(r"`(xlclv [^`]+)`", prose(text))
    lines = [line for fence in fences(text) for line in fence.text.splitlines()]
    typed = [found for line in (*spans, *lines) for found in _COMMAND.findall(line)]
    lines = (re.split(r"\s{2,}|\.\.\.|\[", each)[0].strip() for each in typed)
    return [line[:-1] if line.count('"') % 2 else line for line in lines]  # of a quoted command


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings of a page, as sites of Markdown make them."""
    titles = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(text: str) -> list[str]:
    """Return where the links and pictures of a page lead."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(text))
