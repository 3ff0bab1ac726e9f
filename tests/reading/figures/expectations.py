"""Files with their right figures: what a table of expectations says, and how an answer meets it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from .product import Answer
from .shoplog import Figures

DATA = Path(__file__).parent / "data"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Expected:
    """A file and what it comes to.

    Args:
        path: The file.
        figures: The right ones, and others that the rules allow as well; none: it is not to be
            taken without a red check.
        red: A check has to be red although the figures are right.
        note: By which rule.
    """

    path: Path
    figures: tuple[Figures, ...]
    red: bool
    note: str


def expected(folder: str) -> Iterator[Expected]:
    """Read the table of expectations of a folder of data."""
    with (DATA / folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            note = row["note"]
            wanted = [(row["customers"], row["orders"], row["revenue"])]
            wanted += re.findall(r"ALT=(\d+)/(\d+)/(-?[\d.]+)", note)
            figures = tuple(
                Figures(int(customers), int(orders), Decimal(revenue).quantize(CENT))
                for customers, orders, revenue in wanted
                if customers != "-"
            )
            path = DATA / folder / row["file"]
            yield Expected(path, figures, note.startswith("(red)"), note)


def verdict(wanted: Expected, first: Answer, last: Answer) -> str:
    """Return "" where the answers are as they should be, else what is wrong with them."""
    if not wanted.figures:
        silent = first.figures is not None and not first.red
        return f"taken without a word: {first.figures}" if silent else ""
    if last.figures is None:
        return f"refused, though it could be read: {last.said}"
    if last.figures not in wanted.figures:
        how = f"flagged {last.red}" if last.red else "WRONG SILENTLY"
        step = f" after its own step {first.step}" if first.step else ""
        return f"{how}{step}: {last.figures}, right is {wanted.figures[0]}"
    if wanted.red != bool(last.red):
        return f"red {last.red}" if last.red else "no check is red"
    return ""
