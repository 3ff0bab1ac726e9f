"""The template in a real Calc: it computes, recomputes, keeps its formulas, prints whole."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.examples import as_number
from tests.hosts.calc.bed import Calc
from xlclv.functions import FUNCTIONS
from xlclv.hosts.excel.files.books import write_macro_book
from xlclv.schema import TABS
from xlclv.workbook.template import sample_results, write_book

REMOTE = str(Path(__file__).with_name("remote.py"))
FIRST, LAST = 6, 5 + len(FUNCTIONS)  # rows of Examples, from 1
ROWS_PRINTED = 12  # of a tab, that are looked for on paper
LAST_PRINTED = {"Summary": "I", "Details": "J", "Segments": "O"}  # right of it are chart data


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "xlclv.xlsx"
    write_book(path, sample_results())
    return path


@pytest.fixture
def book(calc: Calc, template: Path) -> Calc:
    """Calc with the template open, every formula computed by Calc itself."""
    calc.open(str(template))
    calc.recalculate()
    return calc


def test_it_opens_without_an_error_cell(calc: Calc, template: Path) -> None:
    calc.open(str(template))
    assert calc.call(REMOTE, "errors") == []
    calc.recalculate()
    assert calc.call(REMOTE, "errors") == []


def test_every_example_gives_what_it_must(book: Calc) -> None:
    rows = book.cells(f"Examples.A{FIRST}:F{LAST}")
    for row, function in zip(rows, FUNCTIONS, strict=True):
        name, _, formula, result, expected, verdict = row
        assert (name, formula) == (function.name, f"={function.formula}")
        assert expected == as_number(function.example.shown)
        assert result == (
            expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-6)
        ), name
        assert verdict == "✔", name


def test_the_macro_workbook_computes_the_same_examples(calc: Calc, tmp_path: Path) -> None:
    path = tmp_path / "xlclv.xlsm"
    write_macro_book(path)
    calc.open(str(path))
    calc.recalculate()
    assert calc.cells(f"Examples.F{FIRST}:F{LAST}") == [["✔"]] * len(FUNCTIONS)


def test_the_formulas_of_input_follow_their_inputs(book: Calc) -> None:
    places = {name: at.replace("$", "") for name, at in book.call(REMOTE, "names").items()}
    assert book.cells(places["out_quick_clv"]) == [[300]]
    book.put(places["in_frequency"], [[7]])
    assert book.cells(places["out_quick_clv"]) == [[1050]]
    first = next(row for row in range(20, 40) if book.cells(f"Input.A{row}") == [["A"]])
    drivers = [100, 2, 3, 0.5, 40]
    book.put(f"Input.B{first}", [drivers])
    assert book.cells(f"Input.G{first}") == [[pytest.approx(100 * 2 * 3 * 0.5 - 40)]]


def test_the_examples_follow_the_sample(book: Calc) -> None:
    at = next(row for row, one in enumerate(FUNCTIONS, FIRST) if one.name == "CLV_TOP_SHARE")
    book.put(book.call(REMOTE, "below", "Orders", "Amount net"), [[10_000_000]])
    assert book.cells(f"Examples.D{at}") == [[pytest.approx(1, abs=0.01)]]
    assert book.cells(f"Examples.F{at}") == [["✖"]]


def test_an_xlsx_keeps_formulas_and_values(book: Calc, tmp_path: Path) -> None:
    cells = f"Examples.A{FIRST}:F{LAST}"
    before = book.cells(cells)
    book.save(str(tmp_path / "saved.xlsx"))
    saved = formulas(tmp_path / "saved.xlsx")
    for function in FUNCTIONS:
        assert any(re.search(rf"(?<![.\w]){function.name}\(", text) for text in saved)
    book.open(str(tmp_path / "saved.xlsx"))
    assert alike(book.cells(cells), before)
    book.recalculate()
    assert alike(book.cells(cells), before)
    assert book.call(REMOTE, "errors") == []


def formulas(path: Path) -> list[str]:
    """Return the formulas in the XML of all sheets."""
    with zipfile.ZipFile(path) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        text = "".join(book.read(name).decode() for name in sheets)
    return re.findall(r"<f[^>]*>([^<]*)</f>", text)


def alike(some: list[list[Any]], others: list[list[Any]]) -> bool:
    """Say whether cells are equal to the 15 digits that a file keeps of a number."""
    flat = [(a, b) for x, y in zip(some, others, strict=True) for a, b in zip(x, y, strict=True)]
    return all(a == (b if isinstance(b, str) else pytest.approx(b, rel=1e-14)) for a, b in flat)


# --- on paper ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdftotext() -> str:
    found = shutil.which("pdftotext")
    if found is None:
        pytest.skip("pdftotext is not installed (package poppler-utils)")
    return found


@pytest.mark.parametrize("tab", [tab.name for tab in TABS])
def test_a_tab_prints_whole(
    calc: Calc, template: Path, tmp_path: Path, pdftotext: str, tab: str
) -> None:
    calc.open(str(template))
    texts = printed_texts(calc, tab)
    calc.call(REMOTE, "print_only", tab)
    calc.save(str(tmp_path / "tab.pdf"))
    command = [pdftotext, "-layout", str(tmp_path / "tab.pdf"), "-"]
    paper = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert "###" not in paper
    words = set(paper.replace("-", "- ").split())  # a line may break after a hyphen
    lost = {text for text in texts if not words.issuperset(text.replace("-", "- ").split())}
    assert lost == set()


def printed_texts(calc: Calc, tab: str) -> list[str]:
    """Return the texts of the first rows, without the chart data that stand beside the page."""
    rows = calc.cells(f"{tab}.A1:{LAST_PRINTED.get(tab, 'AZ')}{ROWS_PRINTED}")
    return [cell for row in rows for cell in row if isinstance(cell, str)]
