"""How long a real Calc takes for many customers: a call per cell against one call per column.

    python benchmarks/calc_calls.py [ROWS …]

Starts a private LibreOffice with a profile of its own; nothing of the user's is touched.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import xlsxwriter
from calc.bed import Calc, running

from xlclv.hosts.setup import calc as install

ROWS = (10_000, 100_000)
# Function and its arguments in row {0}; the column call takes the same columns whole.
FORMULAS = {
    "CLV": "CLV(A{0};B{0};C{0})",
    "CLV_NEXT_ORDER": "CLV_NEXT_ORDER(D{0};A{0})",
}


def main(sizes: list[int]) -> None:
    """Print one line per function and number of rows."""
    office = install.find_office()
    print(f"LibreOffice {office.shown_version}, recalculation of all formulas, seconds\n")
    print(f"{'function':16}{'rows':>9}{'per cell':>10}{'µs/cell':>9}{'column':>9}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder, "profile")
        install.install_calc(profile=profile)
        with running(office, profile) as calc:
            for name, formula in FORMULAS.items():
                for rows in sizes:
                    single, column = per_cell(calc, formula, rows), per_column(calc, formula, rows)
                    print(
                        f"{name:16}{rows:>9,}{single:>10.2f}{single / rows * 1e6:>9.0f}"
                        f"{column:>9.2f}{single / column:>8.1f}"
                    )


def per_cell(calc: Calc, formula: str, rows: int) -> float:
    """Return the seconds for a formula in each row."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/rows.xlsx"  # entering them one by one takes Calc far longer
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(customers(rows)):
                sheet.write_row(row, 0, cells)
                sheet.write_formula(row, 5, "=" + formula.format(row + 1).replace(";", ","))
        calc.open(path)
        return float(calc.recalculate())


def per_column(calc: Calc, formula: str, rows: int) -> float:
    """Return the seconds for one array formula over all rows."""
    calc.open()
    calc.put("A1", list(customers(rows)))
    whole = formula
    for letter in "ABCD":
        whole = whole.replace(f"{letter}{{0}}", f"{letter}1:{letter}{rows}")
    calc.formula(f"F1:F{rows}", "=" + whole)
    return float(calc.recalculate())


def customers(rows: int) -> Iterator[list[float]]:
    """Yield average value, frequency, lifespan and last order of made-up customers."""
    for row in range(rows):
        yield [20 + row % 80, 1 + row % 12, 3, 46_000 + row % 400]


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(ROWS))
