"""Every function of the list, called from cells of a real Calc, answers as it does in Python."""

import pytest

from tests.hosts.calc.bed import Calc
from tests.hosts.samples import BLANK_ROW, FAULTY_ROW, Call, calls, shown
from xlclv.addresses import letters
from xlclv.functions import BY_NAME, FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.hosts.calc.files.extension import WHY
from xlclv.registry import Function
from xlclv.words import word

RESULT = 180  # column of the answer, right of all arguments


def place(calc: Calc, call: Call) -> str:
    """Write the arguments side by side; return the references to them."""
    column, references = 1, []
    for cells in call.cells:
        block = cells if isinstance(cells, list) else [[cells]]
        last = column + len(block[0]) - 1
        start = f"{letters(column)}1"
        if cells is not None:
            calc.put(start, block)
        end = f":{letters(last)}{len(block)}" if isinstance(cells, list) else ""
        references.append("" if cells is None else f"{start}{end}")
        column = last + 2
    assert column < RESULT
    return ";".join(references)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_answers_in_cells_as_in_python(calc: Calc, function: Function) -> None:
    for call in calls(function):
        calc.open()
        references = place(calc, call)
        expected = [[shown(cell) for cell in row] for row in answer(function, call.cells)]
        area = f"{letters(RESULT)}1:{letters(RESULT + len(expected[0]) - 1)}{len(expected)}"
        calc.formula(area, f"={function.name}({references})")
        assert calc.cells(area) == expected, f"{function.name} with {call.way}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_sample_of_a_function_is_no_error(function: Function) -> None:
    # else the comparison above would compare errors; choose a value that suits in samples.py
    sample = next(calls(function))
    assert not isinstance(shown(answer(function, sample.cells)[0][0]), dict)


def test_rows_of_a_column_fail_alone() -> None:
    column = next(call for call in calls(BY_NAME["CLV"]) if call.way == "columns")
    rows = [shown(row[0]) for row in answer(BY_NAME["CLV"], column.cells)]
    assert rows[BLANK_ROW] is None
    assert rows[FAULTY_ROW] == {"error": "#VALUE!"}
    assert sum(isinstance(cell, float) for cell in rows) == len(rows) - 2


def test_the_wizard_shows_names_and_help_of_the_list(calc: Calc) -> None:
    expected = {
        function.name: [
            function.help,
            [[argument.name, argument.meaning[:255]] for argument in function.arguments],
        ]
        for function in FUNCTIONS
    }
    expected[WHY] = [word("calc.why_help"), [[word("calc.why_cell_name"), word("calc.why_cell")]]]
    assert calc.functions() == expected
