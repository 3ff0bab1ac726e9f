"""What cells hand over and show in a real Calc: blanks, errors, dates, saved files."""

import re
import zipfile
from pathlib import Path

import pytest

from tests.hosts.calc.bed import Calc, running
from xlclv.hosts.setup import calc as install

ERRORS = {"#N/A": "NA()", "#DIV/0!": "1/0", "#VALUE!": '"x"+1'}


def test_a_formula_as_typed_computes(calc: Calc) -> None:
    calc.type("D1", "=CLV(50,2,3)")
    assert calc.cells("D1") == [[300]]


def test_editing_an_input_recalculates(calc: Calc) -> None:
    calc.put("A1", [[50, 2, 3]])
    calc.formula("D1", "=CLV(A1;B1;C1)")
    calc.formula("E1", "=D1*2")
    calc.put("A1", [[10]])
    assert calc.cells("D1:E1") == [[60, 120]]


def test_functions_nest_and_take_results(calc: Calc) -> None:
    calc.formula("A1", '=IF(CLV(CLV(5;2;1);2;3)>50;"big";"small")')
    assert calc.cells("A1") == [["big"]]


@pytest.mark.parametrize(("code", "formula"), ERRORS.items())
def test_an_error_handed_in_comes_out(calc: Calc, code: str, formula: str) -> None:
    calc.formula("A1", f"={formula}")
    calc.formula("B1", "=CLV(A1;2;3)")
    calc.formula("C1", f"=CLV({formula};2;3)")
    assert calc.cells("B1:C1") == [[{"error": code}] * 2]


def test_an_error_within_a_range_is_never_lost(calc: Calc) -> None:
    # Calc does not call a function then, so no row has a value: too much, but never too little.
    calc.put("A1", [[50], [60], [70]])
    calc.formula("A2", "=NA()")
    calc.formula("C1:C3", "=CLV(A1:A3;2;3)")
    assert calc.cells("C1:C3") == [[{"error": "Err:504"}]] * 3


def test_a_bad_row_shows_in_the_sum(calc: Calc) -> None:
    calc.put("A1", [[50], [-60], [""], [70]])
    calc.formula("C1:C4", "=CLV(A1:A4;2;3)")
    calc.formula("D1", "=SUM(C1:C4)")
    assert calc.cells("C1:C4") == [[300], [{"error": "#VALUE!"}], [None], [420]]
    assert calc.cells("D1") == [[{"error": "#VALUE!"}]]


def test_errors_are_those_of_excel(calc: Calc) -> None:
    calc.formula("A1", "=CLV(-1;2;3)")
    calc.formula("B1", "=CLV_LIFESPAN(0)")
    calc.formula("C1", "=ISNA(CLV_TIER_CUTS({1;2}))")
    calc.formula("D1", '=IFERROR(CLV("x";2;3);"caught")')
    assert calc.cells("A1:D1") == [[{"error": "#VALUE!"}, {"error": "#NUM!"}, 1, "caught"]]


def test_a_blank_of_a_range_is_blank_and_a_single_one_zero(calc: Calc) -> None:
    # Calc hands a single empty cell over as 0, so an optional argument must be left out instead.
    calc.put("A1", [[50, 2, 3]])
    calc.formula("E1", "=CLV(A1;B1;C1;D1)")
    calc.formula("F1", "=CLV(A1;B1;C1;D1:D1)")
    calc.formula("G1", "=CLV(A1;B1;C1)")
    assert calc.cells("E1:G1") == [[0, 300, 300]]


def test_dates_and_truth_values_are_understood(calc: Calc) -> None:
    calc.type("A1", "2026-01-31")
    calc.formula("B1", "=CLV_NEXT_ORDER(A1;30)-DATE(2026;3;2)")
    calc.formula("C1", "=CLV_RETENTION(100;0.8;0.1;;TRUE())=CLV_RETENTION(100;0.8;0.1;;1)")
    calc.formula("D1", '=CLV_NEXT_ORDER("2026-01-31";30)-DATE(2026;3;2)')
    assert calc.cells("B1:D1") == [[0, 1, 0]]


def test_other_first_days_are_refused_rather_than_miscounted(calc: Calc) -> None:
    calc.set_null_date(1904, 1, 1)
    calc.formula("A1", "=CLV_NEXT_ORDER(DATE(2026;1;31);30)")
    calc.formula("B1", "=CLV(50;2;3)")
    assert calc.cells("A1:B1") == [[{"error": "#VALUE!"}, 300]]


def test_whole_columns_are_cut_to_the_rows_in_use(calc: Calc) -> None:
    calc.put("A1", [[50], [30], [20]])
    calc.formula("B1", "=CLV_TOP_SHARE(A1:A1048576;0.5)")
    assert calc.cells("B1") == [[pytest.approx(0.8)]]


def formulas(path: Path) -> list[str]:
    """Return the formulas in the XML of the first sheet of an .xlsx."""
    with zipfile.ZipFile(path) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
    return re.findall(r"<f[^>]*>([^<]*)</f>", xml)


def test_an_xlsx_keeps_the_formulas(calc: Calc, tmp_path: Path) -> None:
    calc.put("A1", [[50, 2, 3], [60, 2, 3]])
    calc.formula("D1", "=CLV(A1;B1;C1)")
    calc.formula("E1:E2", "=CLV(A1:A2;B1:B2;C1:C2)")
    calc.save(str(tmp_path / "saved.xlsx"))
    assert formulas(tmp_path / "saved.xlsx") == ["CLV(A1,B1,C1)", "CLV(A1:A2,B1:B2,C1:C2)"]
    calc.open(str(tmp_path / "saved.xlsx"))
    calc.put("A1", [[10]])
    assert calc.cells("D1:E2") == [[60, 60], [None, 360]]


def test_an_ods_keeps_the_formulas(calc: Calc, tmp_path: Path) -> None:
    calc.formula("D1", "=CLV(50;2;3)")
    calc.save(str(tmp_path / "saved.ods"))
    calc.open(str(tmp_path / "saved.ods"))
    calc.recalculate()
    assert calc.cells("D1") == [[300]]


def test_without_its_environment_the_cell_and_the_log_say_so(
    libreoffice: install.Office, profile_copy: Path
) -> None:
    user = install.user_folder(profile_copy)
    (user / install.SETTINGS).unlink()
    (user / install.LOG).unlink(missing_ok=True)
    with running(libreoffice, profile_copy) as calc:
        calc.open()
        calc.formula("A1", "=CLV(50;2;3)")
        calc.formula("A2", "=CLV(50;2;3)")
        calc.dispatch("vnd.xlclv:refresh")
        assert calc.cells("A1:A2") == [[{"error": "#N/A"}]] * 2
    log = (user / install.LOG).read_text(encoding="utf-8")
    assert "Run xlclv install --calc again" in log
    assert log.count("Traceback") == 1
