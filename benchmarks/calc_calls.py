"""How long a real Calc takes for many customers: today's version against an earlier one.

    python benchmarks/calc_calls.py [--before COMMIT] [ROWS …]

Three ways of use: a formula per row, filled down; one formula for the whole column; a table as an
argument. "bare" is the extension without xlclv behind it: what Calc itself takes for a call and for
handing a range over.
Starts a private LibreOffice with a profile of its own; nothing of the user's is touched.
"""

import json
import subprocess
import sys
import tarfile
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import xlsxwriter

from tests.hosts.calc.bed import Calc, running
from xlclv.addresses import letters
from xlclv.hosts.setup import calc as install

ROOT = Path(__file__).parents[1]
ROWS = (10_000, 100_000)
FILLED = 10_000  # rows of the sheet with several functions side by side
BEFORE = "5907fb7"  # made arrays for every cell
FIRST_FORMULA = 6  # column, from 0, right of the inputs
# {0} is the row; the column call takes the same columns whole.
FORMULAS = {
    "CLV": "CLV(A{0},B{0},C{0})",
    "CLV_RETENTION": "CLV_RETENTION(A{0},0.8,0.1)",
    "CLV_NEXT_ORDER": "CLV_NEXT_ORDER(D{0},E{0})",
    "CLV_STATUS": "CLV_STATUS(D{0},47000,E{0})",
    "CLV_TIER": "CLV_TIER(A{0},Tables!$A$1:$B$4)",
}
TIERS = [["Tier", "Enter at"], ["Mid", 40], ["High-end", 80], ["Budget", 0]]
LOYAL = [["Tier", "Measure", "Enter at"], ["Mid", "Net spend", 50], ["Budget", "Net spend", 0]]
# A table of {1} rows in every cell.
OF_TABLES = {
    "CLV_POINTS": 'CLV_POINTS("C"&A{0},Tables!$D$1:$G${1},47000)',
    "CLV_LOYALTY_TIER": 'CLV_LOYALTY_TIER("C"&A{0},Tables!$I$1:$K${1},Tables!$M$1:$O$3,47000)',
}


def main() -> None:
    """Time both versions."""
    parser = ArgumentParser()
    parser.add_argument("--before", default=BEFORE)
    parser.add_argument("rows", nargs="*", type=int, default=list(ROWS))
    asked = parser.parse_args()
    office = install.find_office()
    print(f"LibreOffice {office.shown_version}, recalculation of all formulas")
    with tempfile.TemporaryDirectory() as folder:
        exported(asked.before, Path(folder, asked.before))
        for name, source in (
            ("bare", Path(folder)),
            (asked.before, Path(folder, asked.before)),
            ("this version", ROOT),
        ):
            profile = Path(folder, "profile", name)
            install.install_calc(profile=profile)
            use(profile, source)
            with running(office, profile) as calc:
                print(f"\n{name}")
                report(calc, asked.rows)


def exported(commit: str, folder: Path) -> None:
    """Write the files of an earlier version into a folder."""
    command = ["git", "archive", commit, "xlclv"]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")


def use(profile: Path, source: Path) -> None:
    """Let the extension of a profile import xlclv from a folder."""
    settings = install.user_folder(profile) / install.SETTINGS
    paths = json.loads(settings.read_text(encoding="utf-8"))["paths"]
    others = [path for path in paths if not Path(path, "xlclv").is_dir()]
    found = [str(source), *others] if (source / "xlclv").is_dir() else []
    settings.write_text(json.dumps({"paths": found}), encoding="utf-8")


def report(calc: Calc, sizes: Sequence[int]) -> None:
    """Print a line per function and number of rows."""
    heads = f"{'rows':>9}{'filled s':>10}{'µs/cell':>9}{'column s':>10}{'µs/row':>8}"
    print(f"  {'one function':22}{heads}")
    for name in ("CLV", "CLV_NEXT_ORDER"):
        for rows in sizes:
            filled(calc, rows, {name: FORMULAS[name]})
            single, column = calc.recalculate(), per_column(calc, FORMULAS[name], rows)
            print(
                f"  {name:22}{rows:>9,}{single:>10.2f}{single / rows * 1e6:>9.1f}"
                f"{column:>10.2f}{column / rows * 1e6:>8.1f}"
            )
    filled(calc, FILLED, FORMULAS)
    took = calc.recalculate()
    row = FILLED // 2
    edit = calc.call(str(ROOT / "benchmarks/in_calc.py"), "edit", f"A{row}", 77, f"G{row}")
    print(
        f"  {len(FORMULAS)} functions, {FILLED:,} rows: {took:.2f} s; an edit {edit * 1e3:.1f} ms"
    )
    print(f"  {'table of 20,000 rows in each cell':40}{'ms/cell':>9}")
    for name, formula in OF_TABLES.items():
        cells = 20
        filled(calc, cells, {name: formula}, table=20_000)
        print(f"  {name:40}{calc.recalculate() / cells * 1e3:>9.1f}")


def filled(calc: Calc, rows: int, formulas: dict[str, str], table: int = 10) -> None:
    """Open a book with formulas in each row."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/rows.xlsx"  # entering them one by one takes Calc far longer
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(customers(rows)):
                sheet.write_row(row, 0, cells)
                for at, formula in enumerate(formulas.values(), start=FIRST_FORMULA):
                    sheet.write_formula(row, at, "=" + formula.format(row + 1, table + 1))
            tables = book.add_worksheet("Tables")
            for first, lines in ((0, TIERS), (12, LOYAL)):
                for row, line in enumerate(lines):
                    tables.write_row(row, first, line)
            for row, line in enumerate(ledger(table)):
                tables.write_row(row, 3, line)
            for row, line in enumerate(orders(table)):
                tables.write_row(row, 8, line)
        calc.open(path)


def per_column(calc: Calc, formula: str, rows: int) -> float:
    """Return the seconds for one array formula over all rows."""
    calc.open()
    calc.put("A1", list(customers(rows)))
    whole = formula.replace(",", ";")
    for letter in map(letters, range(1, FIRST_FORMULA)):
        whole = whole.replace(f"{letter}{{0}}", f"{letter}1:{letter}{rows}")
    calc.formula(f"G1:G{rows}", "=" + whole)
    return float(calc.recalculate())


def customers(rows: int) -> Iterator[list[float]]:
    """Yield average value, frequency, lifespan, last order and gap of made-up customers."""
    for row in range(rows):
        yield [20 + row % 80, 1 + row % 12, 3, 46_000 + row % 400, 20 + row % 30]


def ledger(rows: int) -> Iterator[list[object]]:
    """Yield the lines of a ledger, headers first."""
    yield ["Date", "Customer id", "Points", "State"]
    for row in range(rows):
        yield [46_000 + row % 400, f"C{row % 5000}", 10 + row % 90, "active"]


def orders(rows: int) -> Iterator[list[object]]:
    """Yield the lines of an order table, headers first."""
    yield ["Customer id", "Order date", "Amount net"]
    for row in range(rows):
        yield [f"C{row % 5000}", 46_000 + row % 400, 10 + row % 90]


if __name__ == "__main__":
    main()
