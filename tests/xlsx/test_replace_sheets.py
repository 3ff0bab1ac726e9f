"""Tabs made by XlsxWriter arrive whole in a user's book, which loses nothing."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from python_calamine import CalamineWorkbook

from xlclv.errors import InputError
from xlclv.xlsx.package import MAIN, REL, Package
from xlclv.xlsx.replace_sheets import graft

# openpyxl says what it would lose; here it only reads.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

M = f"{{{MAIN}}}"
# A red dot; XlsxWriter reads its size from the header.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
SAME = {"Summary": "Summary", "Values": "Values"}
Fill = Callable[[xlsxwriter.Workbook], None]


def a_book(path: Path, fill: Fill) -> Path:
    with xlsxwriter.Workbook(path) as book:
        fill(book)
    return path


def users_tabs(book: xlsxwriter.Workbook) -> None:
    """Give a user's book tables, charts, names, pictures and formats of its own."""
    italic = book.add_format({"italic": True, "num_format": "0.000", "font_name": "Arial"})
    orders = book.add_worksheet("Orders")
    columns = [{"header": "id"}, {"header": "amount", "format": italic}]
    orders.add_table(0, 0, 3, 1, {"name": "tblOrders", "columns": columns, "data": [["a", 1.5]]})
    orders.write_formula("D1", "=SUM(tblOrders[amount])", italic, 1.5)
    orders.conditional_format(
        "B2:B4", {"type": "cell", "criteria": ">", "value": 1, "format": italic}
    )
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Orders!$B$2:$B$4"})
    orders.insert_chart("F2", chart)
    orders.write_comment("A1", "mine")
    book.add_worksheet("Values").write("A1", "old values")
    notes = book.add_worksheet("Notes")
    notes.write("A1", "keep me")
    notes.print_area("A1:B2")
    book.define_name("rate", "=0.1")
    book.define_name("Values!mine", "=Values!$A$1")
    notes.activate()


def our_tabs(book: xlsxwriter.Workbook) -> None:
    """Use on two tabs whatever the results use."""
    bold = book.add_format({"bold": True, "num_format": "0.0%", "bg_color": "#DDEEFF"})
    money = book.add_format({"num_format": "#,##0.00", "border": 1})
    summary, values = book.add_worksheet("Summary"), book.add_worksheet("Values")
    summary.write("A1", "Total & <sum>", bold)
    summary.write_rich_string("A2", " a ", bold, "b ")
    summary.write_formula("A3", "=SUM(Values!B2:B3)", money, 4.0)
    summary.write_url("A4", "internal:'Values'!A1")
    summary.write_url("A5", "https://example.com/?a=1&b=2")
    summary.write_comment("A1", "ours")
    summary.set_column("C:D", 20, bold)
    summary.set_row(8, 30, money)
    summary.insert_image("H1", "dot.png", {"image_data": BytesIO(PNG)})
    summary.add_sparkline("B1", {"range": "Values!B2:B3"})
    summary.data_validation("B2", {"validate": "list", "source": "=Values!$A$2:$A$3"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Values!$B$2:$B$3"})
    summary.insert_chart("D2", chart)
    summary.activate()
    columns = [{"header": "id"}, {"header": "clv", "format": money}]
    data = [["=1+1", 1.5], ["b", 2.5]]
    options = {"name": "tblValues", "columns": columns}
    values.add_table(0, 0, 2, 1, options)
    for row, (text, number) in enumerate(data, 1):
        values.write_string(row, 0, text)
        values.write_number(row, 1, number, money)
    values.conditional_format(
        "B2:B3", {"type": "cell", "criteria": ">", "value": 2, "format": bold}
    )
    values.conditional_format("B2:B3", {"type": "data_bar", "data_bar_2010": True})
    values.print_area("A1:B3")
    values.repeat_rows(0)
    book.define_name("out_total", "=Summary!$A$3")


def grafted(
    tmp_path: Path,
    place: Mapping[str, str] = SAME,
    users: Fill = users_tabs,
    ours: Fill = our_tabs,
) -> Path:
    book, tabs = a_book(tmp_path / "user.xlsx", users), a_book(tmp_path / "tabs.xlsx", ours)
    return graft_files(book, tabs, tmp_path / "out.xlsx", place)


def graft_files(book: Path, tabs: Path, out: Path, place: Mapping[str, str] = SAME) -> Path:
    with Package(book) as into, Package(tabs) as of:
        graft(into, of, place)
        into.write(out)
    return out


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def sheet_tree(path: Path, name: str) -> etree._Element:
    with Package(path) as book:
        return book.tree(next(tab.part for tab in book.sheets() if tab.name == name))


def check_links(path: Path) -> None:
    """Hold what Excel checks on opening: links lead somewhere, every part has a type and a link."""
    with Package(path) as book:
        parts = [part for part in book.parts() if not part.endswith((".rels", "_Types].xml"))]
        assert set(parts) == book.reach()
        assert all(book.content_type(part) for part in parts)
        named = re.findall(rb'PartName="/([^"]+)"', book.read("[Content_Types].xml"))
        assert {name.decode() for name in named} <= set(book.parts())
        assert len(named) == len(set(named))
        styles = book.tree("xl/styles.xml")
        formats = len(styles.findall(f"{M}cellXfs/{M}xf"))
        differences = len(styles.findall(f"{M}dxfs/{M}dxf"))
        tables = [book.tree(part) for part in book.parts() if "/table" in part]
        assert len({table.get("id") for table in tables}) == len(tables)
        for tab in book.sheets():
            root = book.tree(tab.part)
            assert all(int(c.get("s", "0")) < formats for c in root.iter(f"{M}c"))
            rules = [*root.iter(f"{M}cfRule"), *(c for t in tables for c in t.iter())]
            used = [int(e.get(k, "0")) for e in rules for k in ("dxfId", "dataDxfId") if e.get(k)]
            assert all(number < differences for number in used)


def test_results_arrive_and_the_users_parts_stay(tmp_path: Path) -> None:
    out = grafted(tmp_path)
    before, after = members(tmp_path / "user.xlsx"), members(out)
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet2.xml",
    }
    check_links(out)
    book = openpyxl.load_workbook(out, data_only=True)
    assert book.sheetnames == ["Orders", "Values", "Notes", "Summary"]
    assert [c.value for c in book["Values"]["A"]] == ["id", "=1+1", "b"]
    assert book["Values"]["A2"].data_type in {"s", "inlineStr"}
    assert book["Summary"]["A1"].value == "Total & <sum>"
    assert book["Summary"]["A3"].value == 4
    assert book["Orders"]["D1"].value == 1.5
    rows = CalamineWorkbook.from_path(str(out)).get_sheet_by_name("Summary").to_python()
    assert [row[0] for row in rows[:3]] == ["Total & <sum>", " a b ", 4.0]


def test_formats_are_the_ones_given(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(grafted(tmp_path))
    total, amount = book["Summary"]["A1"], book["Summary"]["A3"]
    assert (total.font.b, total.number_format, total.fill.fgColor.rgb) == (True, "0.0%", "FFDDEEFF")
    assert (amount.number_format, amount.border.left.style) == ("#,##0.00", "thin")
    assert book["Summary"].column_dimensions["C"].font.b is True
    assert book["Summary"]["A5"].style == "Hyperlink"
    assert book["Orders"]["D1"].number_format == "0.000"
    assert book["Orders"]["D1"].font.name == "Arial"
    (rules,) = book["Values"].conditional_formatting
    bold = next(rule for rule in rules.rules if rule.type == "cellIs")
    assert bold.dxf.font.b is True
    (own,) = book["Orders"].conditional_formatting
    assert own.rules[0].dxf.font.i is True


def test_everything_of_a_tab_comes_along(tmp_path: Path) -> None:
    out = grafted(tmp_path)
    with Package(out) as book:
        part = next(tab.part for tab in book.sheets() if tab.name == "Summary")
        kinds = sorted(link.kind.rpartition("/")[2] for link in book.relationships(part))
        assert kinds == ["comments", "drawing", "hyperlink", "vmlDrawing"]
        reached = book.reach(part)
        assert book.read(next(p for p in reached if p.endswith(".png"))) == PNG
        assert len([p for p in reached if "/charts/" in p]) == 1
    xml = etree.tostring(sheet_tree(out, "Summary"))
    for kept in (b"sparkline", b"dataValidation", b'ht="30"', b"'Values'!A1"):
        assert kept in xml
    names = openpyxl.load_workbook(out)
    assert names.defined_names["rate"].value == "0.1"
    assert names.defined_names["out_total"].value == "Summary!$A$3"
    assert names["Values"].defined_names["mine"].value == "Values!$A$1"
    assert names["Values"].print_title_rows == "$1:$1"
    assert names["Values"].print_area == "'Values'!$A$1:$B$3"
    assert names["Notes"].print_area == "'Notes'!$A$1:$B$2"


def test_the_users_selection_stands(tmp_path: Path) -> None:
    out = grafted(tmp_path)
    shown = {
        name: [view.get("tabSelected") for view in sheet_tree(out, name).iter(f"{M}sheetView")]
        for name in ("Orders", "Values", "Notes", "Summary")
    }
    assert shown == {"Orders": [None], "Values": ["0"], "Notes": ["1"], "Summary": ["0"]}
    on_shown = grafted(tmp_path, {"Summary": "Notes"})
    views = list(sheet_tree(on_shown, "Notes").iter(f"{M}sheetView"))
    assert [view.get("tabSelected") for view in views] == ["1"]


def test_a_second_refresh_changes_nothing(tmp_path: Path) -> None:
    out = grafted(tmp_path)
    again = graft_files(out, tmp_path / "tabs.xlsx", tmp_path / "again.xlsx")
    assert members(again) == members(out)
    assert list(members(again)) == list(members(out))


def test_parts_of_a_replaced_tab_go_unless_shared(tmp_path: Path) -> None:
    out = grafted(tmp_path)

    def plain(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Summary").write("A1", 1)
        book.add_worksheet("Values").write("A1", 2)

    bare = graft_files(out, a_book(tmp_path / "bare.xlsx", plain), tmp_path / "bare_out.xlsx")
    check_links(bare)
    user, left = members(tmp_path / "user.xlsx"), members(bare)
    assert set(left) - set(user) == {"xl/worksheets/sheet4.xml"}
    assert set(user) <= set(left)


def test_tabs_under_other_names_refer_to_each_other(tmp_path: Path) -> None:
    place = {"Summary": "Kim's & Co", "Values": "Results 2"}
    out = grafted(tmp_path, place)
    check_links(out)
    book = openpyxl.load_workbook(out)
    assert book["Kim's & Co"]["A3"].value == "=SUM('Results 2'!B2:B3)"
    assert book["Kim's & Co"]["A4"].hyperlink.location == "'Results 2'!A1"
    assert book.defined_names["out_total"].value == "'Kim''s & Co'!$A$3"
    xml = etree.tostring(sheet_tree(out, "Kim's & Co"))
    assert b"'Results 2'!$A$2:$A$3" in xml
    assert b"'Results 2'!B2:B3</xm:f>" in xml
    charts = [content for name, content in members(out).items() if "chart" in name]
    assert any(b"'Results 2'!$B$2:$B$3" in chart for chart in charts)
    assert any(b"<c:f>Orders!$B$2:$B$4" in chart for chart in charts)
    assert book["Values"]["A1"].value == "old values"


def test_names_are_told_apart_as_excel_does(tmp_path: Path) -> None:
    out = grafted(tmp_path, {"Summary": "NOTES"})
    assert openpyxl.load_workbook(out).sheetnames == ["Orders", "Values", "Notes"]


def test_a_stale_calc_chain_goes(tmp_path: Path) -> None:
    user = a_book(tmp_path / "user.xlsx", users_tabs)
    with Package(user) as book:
        chain = f'<calcChain xmlns="{MAIN}"><c r="D1" i="1"/></calcChain>'.encode()
        book.put("xl/calcChain.xml", chain, "application/vnd.openxmlformats-test.calcChain+xml")
        book.relate(book.workbook, f"{REL}/calcChain", "xl/calcChain.xml")
        book.write(tmp_path / "chained.xlsx")
    tabs = a_book(tmp_path / "tabs.xlsx", our_tabs)
    out = graft_files(tmp_path / "chained.xlsx", tabs, tmp_path / "a.xlsx", {"Values": "Values"})
    assert "xl/calcChain.xml" in members(out)
    out = graft_files(tmp_path / "chained.xlsx", tabs, tmp_path / "b.xlsx")
    assert "xl/calcChain.xml" not in members(out)
    check_links(out)


def test_a_table_keeps_its_number_for_slicers(tmp_path: Path) -> None:
    def ours_as_theirs(book: xlsxwriter.Workbook) -> None:
        for name in ("Summary", "Orders"):
            sheet = book.add_worksheet(name)
            sheet.add_table(0, 0, 2, 0, {"name": f"tbl{name}", "columns": [{"header": "x"}]})

    out = grafted(tmp_path, {"Summary": "Summary", "Orders": "Orders"}, ours=ours_as_theirs)
    check_links(out)
    with Package(out) as book:
        tables = [book.tree(part) for part in book.parts() if "/table" in part]
    numbers = {table.get("name"): table.get("id") for table in tables}
    assert numbers == {"tblOrders": "1", "tblSummary": "2"}


def refusal(tmp_path: Path, users: Fill, ours: Fill, place: Mapping[str, str]) -> InputError:
    with pytest.raises(InputError) as caught:
        grafted(tmp_path, place, users, ours)
    assert str(caught.value)
    return caught.value


def test_a_tab_left_out_takes_no_table_name(tmp_path: Path) -> None:
    out = grafted(tmp_path, {"Values": "Values"})
    again = graft_files(out, tmp_path / "tabs.xlsx", tmp_path / "2.xlsx", {"Summary": "Summary"})
    assert openpyxl.load_workbook(again)["Summary"]["A1"].value == "Total & <sum>"


def test_tabs_that_cannot_be_replaced_or_carried(tmp_path: Path) -> None:
    def with_chart_sheet(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Data").write("A1", 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=Data!$A$1"})
        book.add_chartsheet("Summary").set_chart(chart)

    def dynamic(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Summary").write_dynamic_array_formula("A1", "=UNIQUE(B1:B3)")

    place = {"Summary": "Summary"}
    assert refusal(tmp_path, with_chart_sheet, our_tabs, place).key == "tab_is_no_sheet"
    assert refusal(tmp_path, users_tabs, dynamic, place).key == "tabs_not_portable"


def test_a_book_saved_by_openpyxl(tmp_path: Path) -> None:
    plain = openpyxl.Workbook()
    plain["Sheet"].append(["id", 1])
    plain.save(tmp_path / "plain.xlsx")
    tabs = a_book(tmp_path / "tabs.xlsx", our_tabs)
    out = graft_files(tmp_path / "plain.xlsx", tabs, tmp_path / "out.xlsx")
    check_links(out)
    assert openpyxl.load_workbook(out).sheetnames == ["Sheet", "Summary", "Values"]


def test_a_book_with_macros_knows_the_new_tabs(tmp_path: Path) -> None:
    def with_macros(book: xlsxwriter.Workbook) -> None:
        (tmp_path / "vba.bin").write_bytes(b"not run here")
        book.add_vba_project(str(tmp_path / "vba.bin"))
        book.add_worksheet("Values").write("A1", 1)

    book = a_book(tmp_path / "user.xlsm", with_macros)
    out = graft_files(book, a_book(tmp_path / "tabs.xlsx", our_tabs), tmp_path / "out.xlsm")
    heads = [sheet_tree(out, name).iterfind(f"{M}sheetPr") for name in ("Values", "Summary")]
    codes = [properties.get("codeName") for head in heads for properties in head]
    assert codes == ["Sheet1", "xlclv_sheet2"]
    assert members(out)["xl/vbaProject.bin"] == b"not run here"
