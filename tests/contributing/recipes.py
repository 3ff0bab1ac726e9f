"""The recipes of CONTRIBUTING.md, read as what they tell people to do.

A recipe is a section "### A ..." below "## Recipes". A line that names a file, such as

    `xlclv/functions.py`, after `FUNCTIONS = (`:

says where the code block below it goes; the block that begins with `>>>` shows that it works.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEP = re.compile(
    r"^`(?P<path>[\w./]+)`, (?P<how>a new file|at the end|after `(?P<line>[^`\n]+)`"
    r"|`(?P<old>[^`\n]+)` becomes):\n\n```\w+\n(?P<block>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SHOWN = re.compile(r"^```python\n(>>> .*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One block of code and where it goes."""

    path: str
    how: str
    line: str | None
    old: str | None
    block: str

    def apply(self, tree: Path) -> None:
        """Put the block into the file of a tree.

        Raises:
            ValueError: The place is not there, or is there twice.
        """
        path = tree / self.path
        if self.how == "a new file":
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                raise ValueError(f"{self.path} is there already")
            path.write_text(self.block, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        path.write_text(self._changed(text), encoding="utf-8")

    def _changed(self, text: str) -> str:
        if self.how == "at the end":
            return text + self.block
        place = self.line or self.old or ""
        if text.count(place) != 1:
            raise ValueError(f"{place} is in {self.path} {text.count(place)} times")
        if self.old:
            return text.replace(place, self.block.rstrip("\n"))
        before, _, after = text.partition(place)
        rest, _, below = after.partition("\n")
        return f"{before}{place}{rest}\n{self.block}{below}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe: what it is for, its steps, the session that shows that it works."""

    title: str
    steps: tuple[Step, ...]
    shown: str

    @property
    def files(self) -> set[str]:
        """Return the files it touches."""
        return {step.path for step in self.steps}


def recipes() -> Iterator[Recipe]:
    """Yield the recipes of the guide."""
    _, _, rest = GUIDE.partition("\n## Recipes\n")
    body, *_ = re.split(r"^## ", rest, flags=re.MULTILINE)
    for section in re.split(r"^### ", body, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        steps = tuple(Step(**found.groupdict()) for found in STEP.finditer(text))
        (shown,) = SHOWN.findall(text)
        yield Recipe(title, steps, shown)
