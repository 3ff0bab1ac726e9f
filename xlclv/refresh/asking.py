"""What is written into an open book when a refresh has to ask: the tab Columns, nothing else."""

from pathlib import Path

from xlclv.reading.answers import answers, questions
from xlclv.reading.gather import own_tabs
from xlclv.reading.question import Question
from xlclv.reading.source import Source
from xlclv.refresh.outcome import name_of
from xlclv.schema import COLUMNS
from xlclv.words import word
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.columns import draw_lines


def draw_questions(
    folder: Path, source: Source, question: Question, *, date_1904: bool = False
) -> tuple[Path, dict[str, str]]:
    """Draw the tab Columns with a question.

    Args:
        folder: Where it is drawn.
        source: The book, read.
        question: What keeps the refresh from going on.
        date_1904: Days count from 1904 in the book.

    Returns:
        The workbook that holds the tab, and the tab with the name of its sheet.
    """
    own = own_tabs(source)
    name = name_of(COLUMNS.name, source, own)
    there = own.get("Checks", name)  # where the line about the checks leads
    path = folder / "questions.xlsx"
    names, status = {COLUMNS.name: name, "Checks": there}, word("columns.why_asked")
    with Drawing(path, names, status, date_1904=date_1904) as drawing:
        draw_lines(drawing, questions(question, answers(source.sheets, own)))
    return path, {COLUMNS.name: name}


def asking(question: Question, tab: str) -> str:
    """Return the message for a user whose answer is asked for on a tab."""
    return word("columns.answer_and_refresh", message=question, tab=tab)
