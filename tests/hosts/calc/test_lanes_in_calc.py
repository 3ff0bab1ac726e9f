"""A call gives the same answer in a cell of Calc, filled down and over a column."""

import pytest

from tests.hosts.calc.bed import Calc
from tests.hosts.calc.test_functions import RESULT, place
from tests.hosts.lanes import LANES, Lane
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
