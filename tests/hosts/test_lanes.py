"""A call gives one answer whichever way it takes: from one cell, a column, or through COM."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hosts.answers import call
from tests.hosts.excel.fake_windows import MISSING, Cells, windows
from tests.hosts.lanes import LANES, Lane
from xlclv.columns import CellError, serial_of
from xlclv.doors import excel as door
from xlclv.functions import BY_NAME
from xlclv.hosts.excel.functions.tag import END, TAG

DOOR = door.__name__

EVERY = pytest.mark.parametrize("lane", LANES, ids=lambda lane: f"{lane.name} {lane.answer}")


def shows(cell: object) -> object:
    """Return what a cell of the answer shows in a sheet."""
    if isinstance(cell, CellError):
        return cell.code
    return serial_of(cell) if hasattr(cell, "toordinal") else cell  # type: ignore[arg-type]


def approx(answer: object) -> object:
    return pytest.approx(answer, rel=1e-12) if isinstance(answer, float) else answer


@EVERY
def test_from_one_cell(lane: Lane) -> None:
    ((cell,),) = call(lane.name, *lane.cells)
    assert shows(cell) == approx(lane.answer)


@EVERY
def test_from_a_column(lane: Lane) -> None:
    many = call(lane.name, *lane.rows)
    whole = len(many) == 1  # a table or a choice at fault is a fault of the whole call
    assert [shows(row[0]) for row in many] == [approx(lane.answer)] * (1 if whole else 2)
    if isinstance(lane.answer, str) and lane.answer.startswith("#"):
        ((one,),) = call(lane.name, *lane.cells)
        assert [row[0] for row in many] == [one] * len(many)


@pytest.fixture(scope="module")
def excel() -> Iterator[object]:
    with windows() as xlwings:
        yield xlwings.com_server.XLPython()


@pytest.mark.parametrize("of_column", [False, True])
@EVERY
def test_through_com(excel: Any, lane: Lane, *, of_column: bool) -> None:  # noqa: ANN401 - of xlwings
    given = lane.rows if of_column else lane.cells
    cells = [MISSING if cell is None else Cells(as_value(cell)) for cell in given]
    missing = len(BY_NAME[lane.name].arguments) - len(cells)
    got = excel.CallUDF(DOOR, lane.name, (*cells, *[MISSING] * missing), None, Cells(None))
    for cell in [row[0] for row in got] if isinstance(got, list) else [got]:
        code, _, _ = cell.removeprefix(TAG).partition(END) if isinstance(cell, str) else (cell,) * 3
        assert code == approx(lane.answer)


def as_value(cells: object) -> object:
    return tuple(map(tuple, cells)) if isinstance(cells, list) else cells
