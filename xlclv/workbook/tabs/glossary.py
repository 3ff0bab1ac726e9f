"""Glossary: every function, every term, and figures often quoted, with where they come from."""

import numpy as np

from xlclv.analysis.results import Results
from xlclv.functions import FUNCTIONS
from xlclv.schema import BODY, Look
from xlclv.tables import title
from xlclv.terms import TERMS
from xlclv.words import catalogue, word, words
from xlclv.workbook.drawing import Drawing

WIDTHS = (30, 78, 40)


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    del results
    sheet = drawing.tab("Glossary")
    row = BODY
    for key, rows in (("functions", _functions()), ("quoted", _quoted()), ("terms", _terms())):
        sheet.write_string(row, 0, word(f"glossary.{key}"), drawing.style("heading"))
        columns = dict(zip(words("glossary.columns"), zip(*rows, strict=True), strict=True))
        frame = {name: np.array(texts, dtype=object) for name, texts in columns.items()}
        headers: dict[str, tuple[str, Look]] = {name: (name, "text") for name in frame}
        name = f"tblGlossary{key.title()}"
        _, last = drawing.table(sheet, name, frame, row=row + 1, others=headers, fixed_widths=True)
        row = last + 2
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, drawing.style("wrap"))
    sheet.freeze_panes(BODY - 1, 1)


def _functions() -> list[tuple[str, str, str]]:
    return [(function.name, function.help, function.usage) for function in FUNCTIONS]


def _terms() -> list[tuple[str, str, str]]:
    """Return every name of an argument or column, its meaning, and what it allows."""
    names = sorted(TERMS, key=lambda name: title(name).casefold())
    return [(title(name), TERMS[name].meaning, TERMS[name].expected) for name in names]


def _quoted() -> list[tuple[str, str, str]]:
    """Return figures that articles quote: as benchmarks to look at, never part of a formula."""
    keys = sorted(key for key in catalogue() if key.startswith("glossary.figure."))
    return [(first, second, third) for first, second, third in map(words, keys)]
