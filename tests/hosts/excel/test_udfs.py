"""The functions through the real COM layer of xlwings, as a cell of Excel calls them."""

import datetime as dt
import io
import logging
import math
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import made
from tests.hosts.excel.fake_windows import MISSING, NOT_AVAILABLE, SPILL, Cells, TimeType, windows
from tests.hosts.samples import Call, calls
from xlclv.columns import CellError
from xlclv.doors import excel as door
from xlclv.functions import BY_NAME, FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.hosts.excel.functions import udfs
from xlclv.registry import Function
from xlclv.value.simple import clv

pytestmark = pytest.mark.slow

DOOR, MODULE = door.__name__, udfs.__name__
FIRST_DAY = dt.date(1899, 12, 30)
Answer = Callable[..., Any]
IDS = [function.name for function in FUNCTIONS]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("settings")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(click, "get_app_dir", lambda _: str(folder))
        yield folder / "xlclv.log"
    logger = logging.getLogger("xlclv")
    for handler in logger.handlers[:]:
        if str(folder) in getattr(handler, "baseFilename", ""):
            logger.removeHandler(handler)
            handler.close()


@pytest.fixture(scope="module")
def call(log: Path) -> Iterator[Answer]:
    assert not log.exists()
    with windows() as xlwings:
        server = xlwings.com_server.XLPython()

        def called(name: str, *cells: object) -> object:
            return server.CallUDF(DOOR, name, cells, None, Cells(None))

        yield called


def handed(cell: object) -> object:
    """Return a cell as pywin32 hands it over: a blank as None, an error by its number."""
    return None if cell == "" else cell


def as_range(cells: object) -> object:
    if cells is None:
        return MISSING
    if not isinstance(cells, list):
        return Cells(handed(cells))
    rows = tuple(tuple(map(handed, row)) for row in cells)
    return Cells(rows[0][0] if len(rows) == len(rows[0]) == 1 else rows)


def as_values(cells: object) -> object:
    """Return cells as what a formula computes hands them over: an array, not a range."""
    if cells is None:
        return MISSING
    if not isinstance(cells, list):
        return cells
    return tuple(tuple(map(handed, row)) for row in cells)


def leaving(cell: object) -> object:
    """Return what must leave for Excel where a function answers with this cell."""
    if isinstance(cell, CellError):
        return f"\x02{cell.code}\x03{cell.message}"
    if isinstance(cell, dt.date):
        return float((cell - FIRST_DAY).days)
    return "" if cell is None else cell


def expected(function: Function, cells: list[object]) -> object:
    rows = [list(map(leaving, row)) for row in answer(function, cells)]
    if len(rows) > 1:
        return rows
    return rows[0] if len(rows[0]) > 1 else rows[0][0]


def every_call() -> Iterator[Any]:
    for function in FUNCTIONS:
        for sample in calls(function):
            yield pytest.param(function, sample, id=f"{function.name}: {sample.way}")


@pytest.mark.parametrize("hand", [as_range, as_values])
@pytest.mark.parametrize(("function", "sample"), list(every_call()))
def test_a_cell_gets_what_python_answers(
    call: Answer, function: Function, sample: Call, hand: Callable[[object], object]
) -> None:
    got = call(function.name, *map(hand, sample.cells))
    assert got == expected(function, sample.cells)
    assert typed(got) == typed(expected(function, sample.cells))


def typed(answered: object) -> object:
    """Return the types of an answer: 1.0, 1 and TRUE are equal in Python, not in a cell."""
    return [typed(cell) for cell in answered] if isinstance(answered, list) else type(answered)


@pytest.mark.parametrize("function", FUNCTIONS, ids=IDS)
def test_arguments_left_out_are_as_blank_cells(call: Answer, function: Function) -> None:
    sample = next(calls(function)).cells
    required = sum(argument.required for argument in function.arguments)
    optional = len(function.arguments) - required
    given = list(map(as_range, sample[:required]))
    missing = call(function.name, *given, *[MISSING] * optional)
    assert missing == expected(function, sample[:required])
    assert missing == call(function.name, *given, *[Cells(None)] * optional)
    assert missing == call(function.name, *given, *[Cells("")] * optional)


WANTING = [function for function in FUNCTIONS if any(a.required for a in function.arguments)]


@pytest.mark.parametrize("function", WANTING, ids=lambda function: function.name)
def test_nothing_at_all_is_an_error_not_a_text(call: Answer, function: Function) -> None:
    nothing = [MISSING] * len(function.arguments)
    assert call(function.name, *nothing).startswith(f"\x02#VALUE!\x03{function.name}: ")


@pytest.mark.parametrize("hand", [as_range, as_values])
@pytest.mark.parametrize("function", FUNCTIONS, ids=IDS)
def test_days_and_amounts_come_in_the_types_of_excel(
    call: Answer, function: Function, hand: Callable[[object], object]
) -> None:
    # a cell formatted as a date comes as a time, one formatted as a currency as a Decimal
    sample = next(calls(function)).cells
    given = []
    for argument, cells in zip(function.arguments, sample, strict=True):
        block = cells if isinstance(cells, list) else [[cells]]
        change = {"date": as_time, "number": as_decimal}.get(argument.term.kind)
        changed = [[change(cell) if change else cell for cell in row] for row in block]
        given.append(hand(changed))
    assert call(function.name, *given) == expected(function, sample)


def as_time(cell: object) -> object:
    if not isinstance(cell, int | float):
        return cell
    zone = dt.timezone(dt.timedelta(hours=-11))  # whatever pywin32 says, the day is the cell's
    day = FIRST_DAY + dt.timedelta(days=cell)
    return TimeType(day.year, day.month, day.day, tzinfo=zone)


def as_decimal(cell: object) -> object:
    if not isinstance(cell, int | float) or round(cell, 4) != cell:  # Excel keeps four digits
        return cell
    return Decimal(str(cell))


@pytest.mark.parametrize("function", [f for f in FUNCTIONS if f.arguments], ids=lambda f: f.name)
@pytest.mark.parametrize(("number", "code"), [(NOT_AVAILABLE, "#N/A"), (SPILL, "#SPILL!")])
@pytest.mark.parametrize("hand", [Cells, lambda cell: cell], ids=["range", "value"])
def test_an_error_cell_handed_in_comes_out_as_that_error(
    call: Answer, function: Function, number: int, code: str, hand: Callable[[object], object]
) -> None:
    sample = next(calls(function)).cells
    at = next((at for at, each in enumerate(function.arguments) if each.term.kind != "table"), None)
    if at is None:  # a table with an error for its header has no such header
        assert call(function.name, hand(number), *map(as_range, sample[1:])).startswith("\x02#")
        return
    given = list(map(as_range, sample))
    if isinstance(sample[at], list):
        given[at] = Cells(tuple((number,) for _ in sample[at]))
    else:
        given[at] = hand(number)
    assert call(function.name, *given).startswith(f"\x02{code}\x03{function.name}: ")


def test_each_row_of_a_column_stands_for_itself(call: Answer) -> None:
    cells = ((50.0,), (Decimal("60.5"),), (None,), (NOT_AVAILABLE,), ("x",), (True,), (-1.0,))
    rows = [row for (row,) in call("CLV", Cells(cells), Cells(2.0), 3.0)]
    assert rows[:3] == [300.0, 363.0, ""]
    assert [row[: row.index("\x03")] for row in rows[3:]] == ["\x02#N/A", *["\x02#VALUE!"] * 3]


def test_a_row_of_cells_gives_a_row(call: Answer) -> None:
    assert call("CLV", Cells(((50.0, 60.0, 70.0),)), 2.0, 3.0) == [300.0, 360.0, 420.0]


def test_true_and_false_stay_what_they_are(call: Answer) -> None:
    day = TimeType(2026, 6, 30)
    assert call("CLV_BIRTHDAY", Cells(TimeType(1988, 7, 2)), Cells(day)) is True
    assert call("CLV_BIRTHDAY", Cells(TimeType(1988, 1, 2)), Cells(day)) is False


def test_an_impossible_number_is_a_numeric_error(call: Answer) -> None:
    assert call("CLV_LIFESPAN", 0.0).startswith("\x02#NUM!\x03CLV_LIFESPAN: ")


def test_a_bug_shows_as_an_error_and_stands_in_the_log(
    call: Answer, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(avg_value: float, frequency: float) -> float:
        """Break."""
        raise RuntimeError(avg_value, frequency)

    wrong = made("CLV_BROKEN", broken)
    monkeypatch.setattr(sys.modules[DOOR], "CLV_BROKEN", udf := on_windows(wrong), raising=False)
    assert vars(udf)["__xlfunc__"]["name"] == "CLV_BROKEN"
    assert call("CLV_BROKEN", 1.0, 2.0).startswith("\x02#VALUE!\x03CLV_BROKEN")
    assert "RuntimeError: (np.float64(1.0), np.float64(2.0))" in log.read_text(encoding="utf-8")


def on_windows(function: Function) -> Callable[..., object]:
    return sys.modules[MODULE].as_udf(function)


def test_no_result_is_no_number_and_no_text_of_the_user_is_an_error(
    call: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = [[math.nan, math.inf, None], ["\x02#N/A\x03made up", "\x02\x02", "="], [1.5, True, ""]]
    monkeypatch.setattr(sys.modules[MODULE], "answer", lambda *_: block)
    first, *others = call("CLV", 1.0)
    assert [cell[:7] for cell in first] == ["\x02#NUM!\x03", "\x02#NUM!\x03", ""]
    assert others == [["#N/A\x03made up", "", "="], [1.5, True, ""]]


CELL = st.one_of(
    *(st.floats(), st.text(), st.booleans(), st.none(), st.dates(dt.date(1900, 3, 1))),
    st.builds(CellError, st.sampled_from(["#N/A", "#NUM!", "#VALUE!", "#REF!"]), st.text()),
)


@given(CELL)
def test_hypothesis_only_errors_leave_as_errors(cell: object) -> None:
    left = udfs.outgoing(cell)
    wrong = isinstance(cell, CellError) or (isinstance(cell, float) and not math.isfinite(cell))
    assert (isinstance(left, str) and left.startswith("\x02")) == wrong
    assert isinstance(left, str | bool | float)
    assert (left == "") <= (cell is None or (isinstance(cell, str) and not cell.strip("\x02")))


# --- what xlwings records -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded(call: Answer) -> dict[str, Any]:
    assert call("CLV", 1.0, 1.0, 1.0) == 1.0
    module = vars(sys.modules[DOOR])
    return {name: item for name, item in module.items() if hasattr(item, "__xlfunc__")}


def test_xlwings_finds_every_function_and_no_other(recorded: dict[str, Any]) -> None:
    assert list(recorded) == IDS
    assert [item.__xlfunc__["name"] for item in recorded.values()] == IDS


def test_the_help_of_arguments_fits_excel(recorded: dict[str, Any]) -> None:
    for function in FUNCTIONS:
        told = recorded[function.name].__xlfunc__
        assert [each["name"] for each in told["args"]] == [a.name for a in function.arguments]
        assert [each["doc"] for each in told["args"]] == [a.meaning for a in function.arguments]
        assert all(0 < len(each["doc"]) <= 255 for each in told["args"])
        assert all(each["optional"] is None for each in told["args"])
        assert told["ret"]["doc"] == function.help
        assert (told["category"], told["call_in_wizard"]) == ("xlclv", False)


def test_xlwings_would_call_with_the_arguments_of_our_wrappers(recorded: dict[str, Any]) -> None:
    from xlclv.hosts.excel.files.wrappers import udf_module  # noqa: PLC0415 - the text of VBA

    assert recorded
    written = io.StringIO()
    generate = sys.modules["xlwings.udfs"].generate_vba_wrapper
    generate(DOOR, sys.modules[DOOR], written, SimpleNamespace(Name="xlclv.xlam"))
    theirs = dict(re.findall(r'CallUDF\("[\w.]+", "(\w+)", Array\(([^)]*)\)', written.getvalue()))
    joined = re.sub(r" _\n\s+", "", udf_module())
    ours = dict(re.findall(r'CallUDF\(UDF_MODULE, "(\w+)", Array\(([^)]*)\)', joined))
    assert {name: names.replace(" ", "") for name, names in theirs.items()} == {
        name: names.replace(" ", "") for name, names in ours.items()
    }
    assert set(ours) == set(BY_NAME)


def test_the_windows_of_the_tests_leaves_no_trace() -> None:
    before, platform = dict(sys.modules), sys.platform
    with windows():
        assert sys.modules[MODULE] is not before[MODULE]
    assert (sys.modules, sys.platform) == (before, platform)


def test_a_function_keeps_its_own_name_and_signature() -> None:
    udf = udfs.as_udf(made("CLV_OWN", clv))
    assert udf.__name__ == "CLV_OWN"
    assert udf.__annotations__ == {}
