"""A call gives the same answer in a cell of Calc, filled down and over a column."""

import pytest

from tests.hosts.answers import LEDGER, Cells
from tests.hosts.calc.bed import Calc
from tests.hosts.calc.test_functions import RESULT, place
from tests.hosts.lanes import DAY, LANES, Lane
from tests.hosts.samples import Call
from xlclv.addresses import letters


@pytest.mark.parametrize("way", ["cell", "column"])
def test_every_case_in_calc(calc: Calc, way: str) -> None:
    wrong = []
    for lane in LANES:
        calc.open()
        cells = list(lane.rows) if way == "column" else lane.cells
        references = place(calc, Call(way, cells))
        area = f"{letters(RESULT)}1" + (f":{letters(RESULT)}2" if way == "column" else "")
        calc.formula(area, f"={lane.name}({references})")
        shown = [row[0] for row in calc.cells(area)]
        if any(cell != expected(lane) for cell in shown):
            wrong.append((lane, shown))
    assert not wrong


def expected(lane: Lane) -> object:
    if isinstance(lane.answer, str):
        return {"error": lane.answer} if lane.answer.startswith("#") else lane.answer
    return pytest.approx(lane.answer, rel=1e-12)


def booked(calc: Calc, points: float) -> Cells:
    """Return what cells show of a ledger of 300 rows, each of so many points, filled down."""
    calc.put(
        "D1", [LEDGER[0], *([46_000 + row % 200, "a", points, "active"] for row in range(300))]
    )
    for row in (1, 2, 3):
        calc.formula(f"A{row}", f'=CLV_POINTS("a";D$1:G$301;{DAY})')
    return [row[0] for row in calc.cells("A1:A3")]


def test_an_edit_in_the_middle_of_a_table_counts_in_every_cell(calc: Calc) -> None:
    assert booked(calc, 1) == [300.0] * 3
    calc.put("F150", [[101]])
    assert calc.cells("A1:A3") == [[400.0]] * 3
    calc.put("F150", [[1]])
    assert calc.cells("A1:A3") == [[300.0]] * 3


def test_a_table_at_the_same_place_of_another_document_is_another(calc: Calc) -> None:
    assert booked(calc, 1) == [300.0] * 3
    calc.open()
    assert booked(calc, 2) == [600.0] * 3
