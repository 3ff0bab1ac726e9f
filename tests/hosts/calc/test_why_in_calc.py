"""CLV_WHY in a real Calc says why a cell shows an error."""

from pathlib import Path

import pytest

from tests.hosts.calc.bed import Calc

REMOTE = Path(__file__).with_name("remote.py")


def why(calc: Calc, cell: str) -> str:
    """Ask for the reason of a cell; the question stands in Z1."""
    calc.formula("Z1", f"=CLV_WHY({cell})")
    return str(calc.text("Z1"))


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ('=CLV("x";2;3)', "V102"),
        ("=CLV(A1;2;3)", "V102"),
        ("=CLV($A$1;A2;A2)+1", "V102"),
        ('=IF(A2>0;CLV("a;b";A2;3);0)', "V102"),
        ("=CLV(50)", "V101"),
        ("=CLV(50;-2%;3)", "V103"),
        ("=CLV($'My other'.A1;2;3)", "V102"),
    ],
)
def test_the_reason_of_an_error_is_told(calc: Calc, formula: str, code: str) -> None:
    calc.call(str(REMOTE), "add_sheet", "My other")
    calc.put("A1", [["oops"], [2]])
    calc.put("My other.A1", [["oops"]])
    calc.formula("C1", formula)
    told = why(calc, "C1")
    assert told.startswith("CLV: ")
    assert f"[{code}]" in told


def test_a_row_of_a_column_has_a_reason_of_its_own(calc: Calc) -> None:
    calc.put("A1", [[50], ["oops"], [-1]])
    calc.formula("C1:C3", "=CLV(A1:A3;2;3)")
    assert why(calc, "C1") == ""
    assert "oops" in why(calc, "C2")
    assert "-1" in why(calc, "C3")


def test_what_is_no_error_of_ours_is_said(calc: Calc) -> None:
    calc.formula("C1", "=1/0")
    calc.formula("C2", "=CLV(50;2;3)")
    calc.formula("C3", "=CLV(50/0;2;3)")
    assert "no function of xlclv" in why(calc, "C1")
    assert why(calc, "C2") == ""
    assert "50/0" in why(calc, "C3")
