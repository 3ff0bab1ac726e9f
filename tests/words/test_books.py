"""A book in another language: the same results, and no text that is not from the language."""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.words.pseudo import NAME, installed, left_over, outside, plain
from xlclv.functions import FUNCTIONS
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.schema import TABS
from xlclv.terms import TERMS
from xlclv.words import speaking
from xlclv.workbook.template import sample_results, write_book

pytestmark = pytest.mark.slow

STAMP = datetime(2026, 7, 1)  # noqa: DTZ001 - local time
CSV = """\
Customer id,Order date,Amount net,Channel
C1,2026-01-05,40,Web
C1,2026-02-07,55.5,Web
C1,2026-04-01,30,Shop
C2,2025-12-24,800,Shop
C2,2026-01-24,700,Shop
C3,2025-06-01,15,Web
C4,2026-05-30,120,Web
C4,2026-05-30,120,Web
"""
DATA = {"EUR", "yyyy-mm-dd", "xlclv", "Web", "Shop"}  # of the user, of formulas, our own name
NAMES = {model for model in TERMS["model"].choices if "/" in model}  # of models
Cells = dict[tuple[str, str], object]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write the sample in both languages, and refresh it from each into each."""
    path = tmp_path_factory.mktemp("books")
    (path / "orders.csv").write_text(CSV)
    with installed():
        for language in ("en", NAME):
            with speaking(language):
                write_book(path / f"{language}.xlsx", sample_results())
        for source, out in (
            ("en.xlsx", ("en", NAME)),
            (f"{NAME}.xlsx", ("en", NAME)),
            ("orders.csv", ("en", NAME)),
        ):
            for language in out:
                made = path / f"{Path(source).stem}_{language}.xlsx"
                refresh(RefreshRequest(path / source, made, language=language), STAMP)
        yield path


def sheets(path: Path) -> dict[str, Worksheet]:
    """Return the sheets by the tab each is, whatever it is called."""
    book = openpyxl.load_workbook(path)
    found = {}
    for tab in TABS:
        if tab.marker in book.defined_names:
            name, _ = next(iter(book.defined_names[tab.marker].destinations))
            found[tab.name] = book[name]
    return found


def cells(path: Path) -> Cells:
    """Return what the cells hold, texts as English says them."""
    return {
        (tab, cell.coordinate): plain(cell.value) if isinstance(cell.value, str) else cell.value
        for tab, sheet in sheets(path).items()
        if tab != "Glossary"  # in the order of the alphabet
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("en", NAME),
        ("en_en", f"en_{NAME}"),
        ("en_en", f"{NAME}_en"),
        ("en_en", f"{NAME}_{NAME}"),
        ("orders_en", f"orders_{NAME}"),
    ],
)
def test_every_cell_says_the_same(folder: Path, one: str, other: str) -> None:
    ours, theirs = cells(folder / f"{one}.xlsx"), cells(folder / f"{other}.xlsx")
    assert len(ours) > 1_000
    differing = [
        (place, ours.get(place), theirs.get(place))
        for place in sorted({*ours, *theirs})
        if ours.get(place) != theirs.get(place)
    ]
    assert differing == []


def test_the_glossary_says_the_same(folder: Path) -> None:
    said = [
        sorted(
            plain(str(cell.value))
            for row in sheets(folder / f"{name}.xlsx")["Glossary"].iter_rows()
            for cell in row
            if cell.value is not None
        )
        for name in ("en_en", f"en_{NAME}")
    ]
    assert said[0] == said[1]


def test_all_rules_work_and_grant_the_same(folder: Path) -> None:
    for name in (f"{NAME}_{NAME}", f"orders_{NAME}"):
        rules = sheets(folder / f"{name}.xlsx")["RewardRules"]
        headers = {plain(str(cell.value)): cell.column for cell in rules[5]}
        rows = range(6, 18)
        statuses = [rules.cell(row, headers["Status"]).value for row in rows]
        assert len(statuses) == 12
        if name.startswith(NAME):
            assert set(statuses) == {"«OK»"}
        assert not any("✖" in str(status) for status in statuses)
        assert all(str(rules.cell(row, headers["Reads as"]).value).startswith("«") for row in rows)


@pytest.mark.parametrize("name", [NAME, f"{NAME}_{NAME}", f"orders_{NAME}"])
def test_no_other_text_is_on_any_tab(folder: Path, name: str) -> None:
    path = folder / f"{name}.xlsx"
    names = {function.name for function in FUNCTIONS} | {*TERMS, *NAMES, *DATA}
    texts: list[str] = []
    for sheet in sheets(path).values():
        texts += [text for text in _texts(sheet) if text not in names]
    usage = [text for text in texts if re.fullmatch(r"CLV\w*\(.*\)", text, re.DOTALL)]
    assert left_over((text for text in texts if text not in usage), names) == []


def _texts(sheet: Worksheet) -> Iterator[str]:
    """Yield the texts of the cells, of the choices offered, of messages, header and footer."""
    yield sheet.title
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                yield cell.value
            if cell.comment:
                yield cell.comment.text
    for rule in sheet.data_validations.dataValidation:
        yield from filter(None, (rule.prompt, rule.promptTitle, rule.error, rule.errorTitle))
        if rule.type == "list" and '"' in str(rule.formula1):
            inside = str(rule.formula1).strip('"')
            yield from re.split(r",(?=«|[≥>≤<=≠])|,(?=[^ ])", inside)
    for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
        if part.text:
            yield part.text.replace("&P", "").replace("&N", "")


def test_charts_speak_too(folder: Path) -> None:
    with zipfile.ZipFile(folder / f"en_{NAME}.xlsx") as book:
        charts = [book.read(name).decode() for name in book.namelist() if "charts/chart" in name]
        drawings = [book.read(name).decode() for name in book.namelist() if "/drawing" in name]
    titles = [text for chart in charts for text in re.findall(r"<a:t>(.*?)</a:t>", chart)]
    alternative = [text for each in drawings for text in re.findall(r'descr="(.*?)"', each)]
    assert len(titles) >= 10
    assert len(alternative) >= 6
    assert left_over([*titles, *alternative]) == []


def test_names_that_formulas_use_are_the_same_in_every_language(folder: Path) -> None:
    books = [openpyxl.load_workbook(folder / f"{name}.xlsx") for name in ("en", NAME)]
    names = [sorted(book.defined_names) for book in books]
    tables = [sorted(table for sheet in book for table in sheet.tables) for book in books]
    assert names[0] == names[1]
    assert tables[0] == tables[1]
    assert all(outside(sheet.title) == "" for sheet in books[1])


def test_the_setting_of_a_book_decides(folder: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(folder / "en.xlsx")
    name = book.defined_names["cfg_language"].attr_text.replace("$", "")
    sheet, _, cell = name.rpartition("!")
    book[sheet.strip("'")][cell] = NAME.upper()
    book.save(tmp_path / "asks.xlsx")
    out = tmp_path / "out.xlsx"
    refresh(RefreshRequest(tmp_path / "asks.xlsx", out), STAMP)
    assert sheets(out)["Summary"]["A1"].value == "«Summary»"
    refresh(RefreshRequest(tmp_path / "asks.xlsx", out, replace_out=True, language="en"), STAMP)
    assert sheets(out)["Summary"]["A1"].value == "Summary"
