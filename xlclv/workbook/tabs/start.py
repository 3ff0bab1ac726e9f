"""Start: six steps, the colours, where what stands. What it says is true of this very book."""

from typing import Literal

from xlclv import __version__
from xlclv.analysis.results import Inputs, Results
from xlclv.schema import BODY, TABS
from xlclv.tables import SCHEMA
from xlclv.words import every, word, words
from xlclv.workbook.drawing import HOSTS, Drawing, Host
from xlclv.workbook.sample.tables import is_sample

Origin = Literal["sample", "own", "empty"]
STEPS = 6
# A step that depends on the program has a text for each.
SAID: dict[Origin, tuple[str, ...]] = {
    "sample": ("look_sample", "fill", "settings", "refresh", "read", "post"),
    "own": ("look_own", "settings", "rules", "next", "refresh", "post"),
    "empty": ("paste", "settings", "rules", "refresh", "read", "post"),
}
BY_HOST = ("refresh", "post")
NUMBERS = [f"{number}." for number in range(1, STEPS + 1)]


def origin(inputs: Inputs) -> Origin:
    """Say whose data a book holds."""
    tables = (inputs.orders, inputs.customers)
    if not any(table is not None and table.rows for table in tables):
        return "empty"
    return "sample" if is_sample(inputs.orders) else "own"


def steps(inputs: Inputs, host: Host) -> list[str]:
    """Return what to do in this book, in the program in which it was written."""
    keys = (f"{key}_{host}" if key in BY_HOST else key for key in SAID[origin(inputs)])
    return [word(f"start.step.{key}") for key in keys]


def known_steps() -> set[str]:
    """Return every text that may stand as a step, of earlier versions too."""
    keys = {key for said in SAID.values() for key in said if key not in BY_HOST}
    keys |= {f"{key}_{host}" for key in BY_HOST for host in HOSTS}
    now = {text for key in keys for text in every(f"start.step.{key}")}
    return now | set(words("start.old_steps"))


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab."""
    sheet = drawing.tab("Start")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 96)
    row = BODY
    sheet.write_string(row, 0, word("start.steps"), drawing.style("heading"))
    said = steps(results.inputs, drawing.host)
    for at, (number, step) in enumerate(zip(NUMBERS, said, strict=True), start=row + 1):
        sheet.write_string(at, 0, number, drawing.style("label"))
        sheet.write_string(at, 1, step, drawing.style("wrap"))
    row += STEPS + 2
    sheet.write_string(row, 0, word("start.colours"), drawing.style("heading"))
    for at, style in enumerate(("input", "output", "good", "review", "bad"), start=row + 1):
        sheet.write_string(at, 0, word(f"start.colour.{style}.name"), drawing.style(style))
        sheet.write_string(at, 1, word(f"start.colour.{style}.meaning"), drawing.style())
    row += 7
    sheet.write_string(row, 0, word("start.tabs"), drawing.style("heading"))
    there = [tab for tab in TABS if drawing.has(tab.name)]
    for at, tab in enumerate(there, start=row + 1):
        drawing.link(sheet, at, 0, tab.name, drawing.name(tab.name))
        sheet.write_string(at, 1, word(f"{tab.key}.purpose"), drawing.style())
    row += len(there) + 2
    sheet.write_string(row, 0, word("start.about"), drawing.style("heading"))
    lines = [word("version", version=__version__, schema=SCHEMA), *words("start.about_list")]
    for at, line in enumerate(lines, start=row + 1):
        sheet.write_string(at, 1, line, drawing.style("wrap"))
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(BODY - 1, 0)
