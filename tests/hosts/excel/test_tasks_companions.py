"""The other macros: freeze for sharing, load and clear the sample, doctor."""

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from tests.hosts.excel.engine import app_of, host, open_book
from xlclv.hosts.excel.book import tasks
from xlclv.hosts.excel.files.books import write_macro_book
from xlclv.hosts.excel.files.wrappers import IN_CELLS
from xlclv.schema import TABS
from xlclv.workbook.template import sample_results, write_book
from xlclv.xlsx.freeze import freeze, frozen_by

pytestmark = pytest.mark.slow

EXAMPLES = f"xl/worksheets/sheet{[tab.name for tab in TABS].index('Examples') + 1}.xml"


@pytest.fixture(autouse=True)
def _hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let xlwings find the host of the tests, and the log be written aside."""
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "shop.xlsx"
    write_book(path, sample_results())
    return path


@pytest.fixture
def template(drawn: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(drawn, tmp_path))


def told(task: Callable[[xw.Book], None], book: xw.Book) -> str:
    """Run a macro; return the one thing it says."""
    app_of(book).alerts.clear()
    task(book)
    (said,) = app_of(book).alerts
    return said


def inputs(path: Path) -> dict[str, Any]:
    file = openpyxl.load_workbook(path)
    widths = {"Orders": 14, "Customers": 18, "Feedback": 6, "Ledger": 11}
    return {
        name: [
            row
            for row in file[name].iter_rows(min_row=5, max_col=width, values_only=True)
            if any(cell is not None for cell in row)
        ]
        for name, width in widths.items()
    }


# --- freeze -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "frozen"),
    [
        ("CLV(B2,C2,D2)", True),
        ("SUM(A1)+clv (A1,2,3)", True),
        ("_xldudf_CLV(1,2,3)", True),
        ("'C:\\x\\xlclv.xlam'!CLV(1,2,3)", True),
        ("[1]Other!$A$1", True),
        ("SUM('[2]My sheet'!A1)", True),
        ('"CLV(" & A1', False),
        ("MYCLV(A1)", False),
        ("CLVX(A1)+Sheet1!A1", False),
        ("tblOrders[[#This Row],[2026]]*2", False),
        ("SUM(tbl[1])", False),
    ],
)
def test_what_a_reader_without_xlclv_cannot_compute(formula: str, frozen: bool) -> None:  # noqa: FBT001
    assert frozen_by(IN_CELLS)(formula) is frozen


def test_our_formulas_become_their_values_and_others_stay(template: Path) -> None:
    before = openpyxl.load_workbook(template)
    values = openpyxl.load_workbook(template, data_only=True)
    said = told(tasks.freeze_for_sharing, open_book(template))
    path = template.with_name("shop-frozen.xlsx")
    assert str(path) in said
    after = openpyxl.load_workbook(path)
    is_frozen, frozen = frozen_by(IN_CELLS), 0
    for tab in before.worksheets:
        for cell in (cell for row in tab.iter_rows() for cell in row):
            ours = cell.data_type == "f" and is_frozen(str(cell.value))
            wanted = values[tab.title][cell.coordinate].value if ours else cell.value
            assert after[tab.title][cell.coordinate].value == wanted
            frozen += ours
    assert frozen > 10
    assert after["Input"]["B9"].value.startswith("=in_")


def test_a_macro_workbook_becomes_one_without(tmp_path: Path) -> None:
    book = tmp_path / "shop.xlsm"
    write_macro_book(book)
    with zipfile.ZipFile(freeze(book, IN_CELLS)) as package:
        names = package.namelist()
        text = b"".join(package.read(name) for name in names).decode("utf-8", "replace")
    assert [name for name in names if "vba" in name or "customUI" in name] == []
    assert "macroEnabled" not in text
    assert "FmlaMacro" not in text
    assert "customUI" not in text


def test_links_to_other_files_are_cut(template: Path) -> None:
    linked = template.with_name("linked.xlsx")
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(linked, "w") as new:
        for name in old.namelist():
            new.writestr(name, with_link(name, old.read(name).decode("utf-8")))
        new.writestr(
            "xl/externalLinks/externalLink1.xml",
            '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>',
        )
    assert "[1]Other" in all_text(linked)
    assert not re.search(
        r"externalLink|externalReference|\[1\]Other", all_text(freeze(linked, IN_CELLS))
    )


def with_link(name: str, text: str) -> str:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    if name == "xl/_rels/workbook.xml.rels":
        link = f'<Relationship Id="rId99" Type="{office}/externalLink" '
        link += 'Target="externalLinks/externalLink1.xml"/>'
        return text.replace("</Relationships>", link + "</Relationships>")
    if name == "xl/workbook.xml":
        references = f'<externalReferences><externalReference xmlns:r="{office}" r:id="rId99"/>'
        return text.replace("<definedNames>", f"{references}</externalReferences><definedNames>")
    if name == EXAMPLES:
        return re.sub(r"(<f[^>]*>)[^<]*CLV\(", r"\1[1]Other!A1+CLV(", text, count=1)
    return text


def all_text(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        parts = [name.encode() + package.read(name) for name in package.namelist()]
    return b"".join(parts).decode("utf-8", "replace")


def test_no_file_is_replaced(template: Path) -> None:
    taken = template.with_name("shop-frozen.xlsx")
    taken.write_text("mine", encoding="utf-8")
    told(tasks.freeze_for_sharing, open_book(template))
    assert taken.read_text(encoding="utf-8") == "mine"
    assert template.with_name("shop-frozen-2.xlsx").exists()


def test_what_is_not_saved_is_not_shared(template: Path) -> None:
    book = open_book(template)
    book.sheets["Input"].range("B6").value = 5
    assert "Save" in told(tasks.freeze_for_sharing, book)
    assert not template.with_name("shop-frozen.xlsx").exists()


# --- sample -----------------------------------------------------------------------------------


def test_the_sample_goes_and_comes_back(template: Path, tmp_path: Path) -> None:
    before = inputs(template)
    book = open_book(template)
    told(tasks.clear_sample, book)
    book.save(tmp_path / "cleared.xlsx")
    cleared = inputs(tmp_path / "cleared.xlsx")
    assert cleared == {name: rows[:1] for name, rows in before.items()}
    assert book.sheets["Orders"].tables["tblOrders"].range.shape[0] == 2
    told(tasks.load_sample, book)
    book.save(tmp_path / "loaded.xlsx")
    assert inputs(tmp_path / "loaded.xlsx") == before
    rows = book.sheets["Orders"].tables["tblOrders"].range.shape[0]
    assert rows == len(before["Orders"])


@pytest.mark.parametrize("task", [tasks.load_sample, tasks.clear_sample])
@pytest.mark.parametrize(
    ("sheet", "cell"), [("Orders", "F9"), ("Customers", "B7"), ("Customers", "A400")]
)
def test_data_of_the_user_stay(
    template: Path, task: Callable[[xw.Book], None], sheet: str, cell: str, tmp_path: Path
) -> None:
    book = open_book(template)
    book.sheets[sheet].tables[f"tbl{sheet}"].resize(book.sheets[sheet].range("A5:U400"))
    book.sheets[sheet].range(cell).value = 99
    book.save(tmp_path / "before.xlsx")
    assert sheet in told(task, book)
    book.save(tmp_path / "after.xlsx")
    assert inputs(tmp_path / "after.xlsx") == inputs(tmp_path / "before.xlsx")


def test_a_failure_leaves_the_sample(template: Path, tmp_path: Path) -> None:
    before = inputs(template)
    book = open_book(template)
    app_of(book).fail_at = 3
    assert "as they were before" in told(tasks.clear_sample, book)
    book.save(tmp_path / "after.xlsx")
    assert inputs(tmp_path / "after.xlsx") == before


def test_only_the_template_has_a_sample(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "mine.xlsx")
    assert "template" in told(tasks.load_sample, open_book(tmp_path / "mine.xlsx"))


# --- doctor -----------------------------------------------------------------------------------


def test_doctor_shows_its_report(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlclv.hosts.setup.doctor.report", lambda: "All is well.")
    assert told(tasks.doctor, open_book(template)) == "All is well."
