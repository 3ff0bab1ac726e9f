"""The template: complete, right by the functions themselves, and built the same every time."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.refresh.book_rules import MAIN, faults, parse
from tests.refresh.books import parts, sheets_of, table_of
from xlclv.analysis.results import Results
from xlclv.functions import FUNCTIONS
from xlclv.schema import TABS
from xlclv.settings import NAMES
from xlclv.terms import TERMS
from xlclv.workbook.drawing import INK, STYLES
from xlclv.workbook.template import sample_results, write_book

pytestmark = pytest.mark.slow

SHIPPED = Path(__file__).parents[2] / "workbook_templates" / "xlclv.xlsx"
AS_OF = date(2026, 6, 30)
CHARTS = 9


@pytest.fixture(scope="module")
def results() -> Results:
    return sample_results()


@pytest.fixture(scope="module")
def template(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "xlclv.xlsx"
    write_book(path, results)
    return path


@pytest.fixture(scope="module")
def book(template: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(template)


@pytest.fixture(scope="module")
def values(template: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(template, data_only=True)


# --- what stands in it ------------------------------------------------------------------------


def test_a_spreadsheet_opens_it_without_repair(template: Path) -> None:
    assert faults(template) == []


def test_it_has_every_tab_in_order(template: Path) -> None:
    assert sheets_of(template) == [tab.name for tab in TABS]


def test_every_table_of_the_schema_stands_on_its_tab(book: openpyxl.Workbook) -> None:
    for tab in TABS:
        if tab.table:
            assert tab.table in book[tab.name].tables
    others = {"tblAssumptions", "tblRuleTotals", "tblByTier", "tblByStatus", "tblByRfm"}
    assert others < {name for sheet in book for name in sheet.tables}


def test_every_scalar_has_a_name(book: openpyxl.Workbook, results: Results) -> None:
    expected = {"chk_master", "out_quick_clv"}
    expected |= {tab.marker for tab in TABS}
    expected |= {f"cfg_{name}" for name in NAMES}
    expected |= {f"out_{kpi.key}" for kpi in results.kpis}
    expected |= {f"in_{name}" for name in ("avg_value", "frequency", "lifespan")}
    assert set(book.defined_names) == expected
    functions = {function.name.casefold() for function in FUNCTIONS}
    for name, defined in book.defined_names.items():
        assert re.fullmatch(r"(in|cfg|out|chk|tab)_[a-z0-9_]+", name)
        assert name not in functions
        (sheet, cell) = next(iter(defined.destinations))
        assert sheet in book.sheetnames
        if not name.startswith("tab_"):  # these lead to all that is ours on a tab
            assert re.fullmatch(r"\$[A-Z]+\$\d+", cell)  # a scalar, never a range


def test_names_hold_what_they_say(values: openpyxl.Workbook, results: Results) -> None:
    def named(name: str) -> Any:  # noqa: ANN401 - whatever the cell holds
        sheet, cell = next(iter(values.defined_names[name].destinations))
        return values[sheet][cell].value

    settings = results.inputs.settings
    assert (named("cfg_margin"), named("cfg_discount_rate")) == (0.42, 0.08)
    assert named("cfg_as_of").date() == settings.as_of == AS_OF
    assert named("out_quick_clv") == 300
    for kpi in results.kpis:
        assert named(f"out_{kpi.key}") == pytest.approx(kpi.value)
    assert named("chk_master") == results.status


def test_every_tab_shows_title_purpose_and_state_of_the_checks(
    book: openpyxl.Workbook, results: Results
) -> None:
    for sheet in book:
        assert sheet["A1"].value
        assert sheet["A2"].value.endswith(".")
        assert sheet["A3"].value == results.status
        assert sheet["A3"].hyperlink.location == "'Checks'!A1"


def test_every_tab_is_set_up_for_screen_and_paper(book: openpyxl.Workbook) -> None:
    for sheet, tab in zip(book, TABS, strict=True):
        assert sheet.freeze_panes, sheet.title
        assert sheet.sheet_view.showGridLines is False
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, tab.pages_wide)
        assert sheet.oddFooter.right.text == "&P / &N"
        assert sheet.sheet_state == "visible"
    for name in ("Orders", "Customers", "Tiers", "RewardRules", "CustomerValues"):
        assert book[name].print_title_rows == "$5:$5"


def test_charts_have_alt_text(template: Path) -> None:
    members = parts(template)
    charts = [name for name in members if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(charts) == CHARTS
    drawings = [parse(xml) for name, xml in members.items() if name.startswith("xl/drawings/draw")]
    frames = [one for each in drawings for one in each.iter("{*}cNvPr")]
    frames = [one for one in frames if one.get("name", "").startswith("xlclv ")]
    assert len(frames) == CHARTS
    for frame in frames:
        assert len(frame.get("descr", "")) > 20
    for name in charts:
        for reference in parse(members[name]).iter("{*}f"):
            assert re.match(r"'?(Summary|Details|Segments)'?!\$", reference.text or "")


def test_the_title_of_a_chart_is_a_finding_that_follows_its_cell(template: Path) -> None:
    values = openpyxl.load_workbook(template, data_only=True)
    for name, xml in parts(template).items():
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            (reference,) = parse(xml).iterfind("{*}chart/{*}title/{*}tx/{*}strRef/{*}f")
            sheet, _, cell = (reference.text or "").replace("$", "").partition("!")
            assert len(values[sheet.strip("'")][cell].value) > 20


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 counts it (relative luminance)."""

    def luminance(colour: str) -> float:
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("style", STYLES)
def test_every_text_can_be_read_on_its_ground(style: str) -> None:
    looks = {"font_color": INK, "bg_color": "#FFFFFF", **STYLES[style]}
    assert contrast(looks["font_color"], looks["bg_color"]) >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


# --- what may be typed in ---------------------------------------------------------------------


def test_inputs_are_validated(book: openpyxl.Workbook) -> None:
    for name in ("Input", "Orders", "Customers", "Tiers", "RewardRules"):
        assert book[name].data_validations.dataValidation, name
    rules = {str(rule.sqref): rule for rule in book["Input"].data_validations.dataValidation}
    margin = next(iter(book.defined_names["cfg_margin"].destinations))[1].replace("$", "")
    rule = rules[margin]
    assert (rule.type, float(rule.formula1), float(rule.formula2)) == ("decimal", -1, 1)
    assert "40%" in rule.error
    assert rule.prompt


def test_coded_columns_offer_what_their_term_allows(book: openpyxl.Workbook) -> None:
    sheet = book["RewardRules"]
    headers = {cell.value: cell.column_letter for cell in sheet[5]}
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        for place in str(rule.sqref).split():
            offered[re.sub(r"\d.*", "", place)] = rule
    for header, term in (
        ("Type", "rule_type"),
        ("When (trigger)", "trigger"),
        ("Reward", "reward"),
    ):
        rule = offered[headers[header]]
        assert rule.type == "list"
        assert rule.formula1.strip('"').split(",") == list(
            map(TERMS[term].said, TERMS[term].choices)
        )
    fields = offered[headers["Field 1"]].formula1
    sheet_name, _, reference = fields.lstrip("=").partition("!")
    listed = [cell.value for (cell,) in book[sheet_name.strip("'")][reference.replace("$", "")]]
    assert all(listed)
    assert "CLV" in listed


def test_only_inputs_are_unlocked(book: openpyxl.Workbook) -> None:
    assert not book["Input"]["B6"].protection.locked
    assert book["CustomerValues"]["B7"].protection.locked
    assert book["Input"]["B6"].font.color.rgb == "FF0000FF"


# --- formulas and their values ----------------------------------------------------------------


def live_formulas(path: Path) -> Iterator[tuple[str, str, str | None]]:
    """Yield part, formula and cached value of every cell with a formula."""
    for name, xml in parts(path).items():
        if name.startswith("xl/worksheets/sheet"):
            for formula in parse(xml).iter(f"{MAIN}f"):
                cell = formula.getparent()
                assert cell is not None
                yield name, formula.text or "", cell.findtext(f"{MAIN}v")


def test_every_formula_carries_its_value(template: Path) -> None:
    found = list(live_formulas(template))
    assert len(found) >= 2 * len(FUNCTIONS)
    for part, formula, value in found:
        assert value not in (None, ""), (part, formula)
        assert value not in ("#NAME?", "#REF!"), (part, formula)
    assert b"fullCalcOnLoad" not in parts(template)["xl/workbook.xml"]


def test_input_formulas_give_what_they_show(values: openpyxl.Workbook) -> None:
    sheet = values["Input"]
    table = sheet.tables["tblAssumptions"]
    _, *rows = ([cell.value for cell in row] for row in sheet[table.ref])
    for _, value, frequency, lifespan, margin, cost, clv in rows:
        assert clv == pytest.approx(value * frequency * lifespan * margin - cost)


def test_every_function_has_its_example(template: Path) -> None:
    examples = table_of(template, "Examples", "Function")
    assert examples["Function"] == [function.name for function in FUNCTIONS]
    for at, function in enumerate(FUNCTIONS):
        shown = function.example.shown
        assert examples["Formula"][at] == f"={function.formula}"
        assert examples["Result"][at] == examples["Expected"][at] == shown
        assert examples["✔"][at] == "✔"


def test_the_formula_of_an_example_is_live_and_shown_as_text_beside(
    book: openpyxl.Workbook,
) -> None:
    sheet = book["Examples"]
    for row in sheet.iter_rows(min_row=6, max_row=5 + len(FUNCTIONS)):
        assert row[2].value == row[3].value
        assert (row[2].data_type, row[3].data_type) == ("s", "f")


# --- the same every time ----------------------------------------------------------------------


def test_two_builds_are_equal(template: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_book(again, sample_results())
    first, second = parts(template), parts(again)
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def content(path: Path) -> dict[str, object]:
    """Return what a book holds, whichever version of a library wrote it."""
    book = openpyxl.load_workbook(path)
    found: dict[str, object] = {
        "names": {name: defined.attr_text for name, defined in book.defined_names.items()}
    }
    for sheet in book:
        cells = (cell for row in sheet.iter_rows() for cell in row)
        found[f"cells of {sheet.title}"] = {
            cell.coordinate: (cell.value, cell.number_format)
            for cell in cells
            if cell.value is not None
        }
        found[f"tables of {sheet.title}"] = {
            table.name: (table.ref, [column.name for column in table.tableColumns])
            for table in sheet.tables.values()
        }
        found[f"rules of {sheet.title}"] = sorted(
            (str(rule.sqref), rule.type, rule.formula1, rule.formula2, rule.prompt, rule.error)
            for rule in sheet.data_validations.dataValidation
        )
    return found


def test_the_template_in_the_repository_is_a_fresh_build(template: Path) -> None:
    shipped, fresh = content(SHIPPED), content(template)
    assert list(shipped) == list(fresh)
    differing = [name for name in fresh if shipped[name] != fresh[name]]
    assert differing == [], "build it anew: make generated"
    cached = [(formula, value) for _, formula, value in live_formulas(SHIPPED)]
    assert cached == [(formula, value) for _, formula, value in live_formulas(template)]
