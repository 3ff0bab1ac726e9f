"""What is written into an open book when a refresh has to ask: the tab Columns, nothing else."""

from pathlib import Path

from xlclv.errors import InputError
from xlclv.reading.answers import answers, questions
from xlclv.reading.own import own_tabs
from xlclv.reading.question import Question
from xlclv.reading.source import Source
from xlclv.refresh.outcome import Drawn, name_of
from xlclv.schema import COLUMNS
from xlclv.words import word
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs.columns import draw_lines


class Asked(InputError):  # noqa: N818 - says what was done
    """A refresh has to ask, and the question was drawn for the tab Columns.

    Args:
        question: What keeps the refresh from going on.
        drawn: The tab, to be written into the book before the user is told.
    """

    def __init__(self, question: Question, drawn: Drawn) -> None:
        super().__init__("asked_on_tab", message=question, tab=drawn.tabs[COLUMNS.name])
        self.question = question
        self.drawn = drawn


def draw_questions(folder: Path, source: Source, question: Question, *, date_1904: bool) -> Drawn:
    """Draw the tab Columns with a question.

    Args:
        folder: Where it is drawn.
        source: The book, read.
        question: What keeps the refresh from going on.
        date_1904: Days count from 1904 in the book.
    """
    own = own_tabs(source)
    name = name_of(COLUMNS.name, source, own)
    there = own.get("Checks", name)  # where the line about the checks leads
    path = folder / "questions.xlsx"
    names, status = {COLUMNS.name: name, "Checks": there}, word("answers.why_asked")
    with Drawing(path, names, status, date_1904=date_1904) as drawing:
        draw_lines(drawing, questions(question, answers(source.sheets, own)))
    return Drawn(path, {COLUMNS.name: name}, ())
