"""Books as people make them, each with some of the traits that real ones have, by a seed."""

import random
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlclv.xlsx.package import MAIN, REL, Package

OFFICE = "http://schemas.microsoft.com/office"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
START = datetime(2025, 1, 1)  # noqa: DTZ001 - cells have no zone
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)
Trait = Callable[[Workbook, Worksheet, random.Random], None]


# --- traits drawn by XlsxWriter ---------------------------------------------------------------


def chart(book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    drawn = book.add_chart({"type": luck.choice(["column", "line", "pie", "scatter", "doughnut"])})
    drawn.add_series({"values": "=Data!$D$2:$D$15", "categories": "=Data!$A$2:$A$15"})
    sheet.insert_chart("G2", drawn)
    if luck.random() < 0.3:
        page = book.add_chartsheet(f"Chart {luck.randrange(99)}")
        other = book.add_chart({"type": "bar"})
        other.add_series({"values": "=Data!$D$2:$D$15"})
        page.set_chart(other)


def comment(_book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    for row in range(luck.randint(1, 5)):
        sheet.write_comment(row * 2, 1, f"note {row} <&>", {"author": "Ann"})


def controls(_book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    sheet.insert_button("K2", {"macro": "Go", "caption": "Go"})
    sheet.insert_textbox("K8", f"Remember {luck.randrange(9)}")
    sheet.insert_checkbox(20, 10, luck.random() < 0.5)


def names(book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    book.define_name("rate", "=Notes!$B$2")
    book.define_name("Notes!local", "=Notes!$B$3")
    book.define_name("days", f"={luck.randint(1, 400)}")
    sheet.write_formula("B9", "=rate*days", None, 7)


def links(_book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    sheet.write_url("A20", f"https://example.com/{luck.randrange(999)}?a=1&b=2", string="site")
    sheet.write_url("A21", "internal:Data!A1", string="data")
    sheet.write_url("A22", "mailto:ann@example.com")


def picture(_book: Workbook, sheet: Worksheet, _luck: random.Random) -> None:
    sheet.insert_image("K30", "dot.png", {"image_data": BytesIO(PIXEL)})


def rules(book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    red = book.add_format({"bg_color": "#FFC7CE", "num_format": "0.000"})
    sheet.conditional_format("B2:B40", {"type": "cell", "criteria": ">", "value": 3, "format": red})
    sheet.conditional_format(
        "C2:C40", {"type": "data_bar_2010" if luck.random() < 0 else "data_bar"}
    )
    sheet.conditional_format("D2:D40", {"type": "icon_set", "icon_style": "3_arrows"})
    sheet.data_validation("E2:E40", {"validate": "list", "source": ["a", "b"]})


def sparklines(_book: Workbook, sheet: Worksheet, _luck: random.Random) -> None:
    sheet.add_sparkline("F2", {"range": "Data!D2:D15"})


def protection(_book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    sheet.protect("secret" if luck.random() < 0.5 else "")


def printing(_book: Workbook, sheet: Worksheet, _luck: random.Random) -> None:
    sheet.print_area("A1:F30")
    sheet.repeat_rows(0)
    sheet.set_h_pagebreaks([20])
    sheet.set_header("&LConfidential")
    sheet.freeze_panes(1, 1)
    sheet.set_tab_color("#FF0000")


def listed(_book: Workbook, sheet: Worksheet, _luck: random.Random) -> None:
    rows = [[1, 2], [3, 4]]
    sheet.add_table("H2:I4", {"name": "Mine", "data": rows, "total_row": False})


def formulas(_book: Workbook, sheet: Worksheet, _luck: random.Random) -> None:
    sheet.write_array_formula("B30:B32", "{=Data!D2:D4*2}", None, 2)
    sheet.write_dynamic_array_formula("C30", "=UNIQUE(Data!A2:A9)", None, "C1")
    sheet.write_formula("D30", "=LAMBDA(x,x+1)(2)", None, 3)


def outline(_book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    for row in range(30, 36):
        sheet.set_row(row, None, None, {"level": 1, "hidden": luck.random() < 0.5})
    sheet.set_column("L:N", None, None, {"hidden": True})
    sheet.merge_range("A40:C41", "merged")


DRAWN: tuple[Trait, ...] = (
    *(chart, comment, controls, names, links, picture, rules, sparklines, protection),
    *(printing, listed, formulas, outline),
)


# --- traits put into the package --------------------------------------------------------------


def pivot(package: Package) -> None:
    cache = f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1" recordCount="0"/>'
    table = f'<pivotTableDefinition xmlns="{MAIN}" name="Pivot" cacheId="1"/>'
    package.put(
        "xl/pivotCache/pivotCacheDefinition1.xml", cache.encode(), TYPE + "pivotCacheDefinition+xml"
    )
    package.put("xl/pivotTables/pivotTable1.xml", table.encode(), TYPE + "pivotTable+xml")
    package.relate(
        package.workbook, f"{REL}/pivotCacheDefinition", "xl/pivotCache/pivotCacheDefinition1.xml"
    )
    notes = next(tab.part for tab in package.sheets() if tab.name == "Notes")
    package.relate(notes, f"{REL}/pivotTable", "xl/pivotTables/pivotTable1.xml")


def other_file(package: Package) -> None:
    xml = f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{REL}" r:id="rId1"/></externalLink>'
    package.put("xl/externalLinks/externalLink1.xml", xml.encode(), TYPE + "externalLink+xml")
    package.relate(package.workbook, f"{REL}/externalLink", "xl/externalLinks/externalLink1.xml")


def custom_xml(package: Package) -> None:
    package.put("customXml/item1.xml", b"<mine>\n  <kept a='1'/>\n</mine>", "application/xml")
    package.relate(package.workbook, f"{REL}/customXml", "customXml/item1.xml")


def metadata(package: Package) -> None:
    package.put(
        "docMetadata/LabelInfo.xml",
        b"<labels/>",
        "application/vnd.ms-office.classificationlabels+xml",
    )
    package.relate(
        "", f"{OFFICE}/2020/02/relationships/classificationlabels", "docMetadata/LabelInfo.xml"
    )


def settings_of_printer(package: Package) -> None:
    package.put(
        "xl/printerSettings/printerSettings1.bin", bytes(range(256)), TYPE + "printerSettings"
    )
    notes = next(tab.part for tab in package.sheets() if tab.name == "Notes")
    package.relate(notes, f"{REL}/printerSettings", "xl/printerSettings/printerSettings1.bin")


PUT: tuple[Callable[[Package], None], ...] = (
    *(pivot, other_file, custom_xml, metadata, settings_of_printer),
)


def prefixed(path: Path, parts: re.Pattern[str]) -> None:
    """Write tags with a prefix, as the Open XML SDK does."""
    with ZipFile(path) as book:
        content = {name: book.read(name) for name in book.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as out:
        for name, xml in content.items():
            if parts.search(name):
                xml = re.sub(rb"<(/?)(?![?!]|\w+:)(\w)", rb"<\1x:\2", xml)  # noqa: PLW2901
                main = b'xmlns="' + MAIN.encode()
                xml = xml.replace(main, main.replace(b"xmlns", b"xmlns:x"), 1)  # noqa: PLW2901
            out.writestr(name, xml)


# --- a book -----------------------------------------------------------------------------------


def a_made_up_book(folder: Path, seed: int) -> tuple[Path, list[str]]:
    """Write a book with an order log or a customer sheet; return it and its traits."""
    luck = random.Random(seed)  # noqa: S311 - the same every time
    path = folder / f"book{seed}.xlsx"
    since_1904, of_people = luck.random() < 0.2, luck.random() < 0.5
    traits = [trait for trait in DRAWN if luck.random() < 0.4]
    book = xlsxwriter.Workbook(str(path), {"date_1904": since_1904, "in_memory": True})
    data = book.add_worksheet("Data")
    (_people if of_people else _orders)(book, data, luck)
    sheet = book.add_worksheet("Notes")
    for row in range(12):
        sheet.write_row(row, 0, [f"line {row}", row, row / 3, row % 2 == 0, None, "text"])
    sheet.write_formula("C20", "=SUM(Data!D2:D9)", None, 5)
    for trait in traits:
        trait(book, sheet, luck)
    book.close()
    told = [trait.__name__ for trait in traits]
    told += ["1904"] * since_1904 + ["people"] * of_people
    added = [put for put in PUT if luck.random() < 0.3]
    if added:
        with Package(path) as package:
            for put in added:
                put(package)
            package.write(path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)
    told += [put.__name__ for put in added]
    if luck.random() < 0.25:
        which = luck.choice([r"sheet1\.xml$", r"styles\.xml$", r"sheet1\.xml$|styles\.xml$"])
        prefixed(path, re.compile(which))
        told.append(f"prefixed {which}")
    return path, told


def _orders(book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["Customer ID", "Order ID", "Order date", "Net amount"])
    for row in range(1, luck.randint(20, 60)):
        sheet.write_string(row, 0, f"C{luck.randrange(9)}")
        sheet.write_number(row, 1, row)
        sheet.write_datetime(row, 2, START + timedelta(days=luck.randrange(500)), day)
        sheet.write_number(row, 3, luck.randrange(1, 200))


def _people(_book: Workbook, sheet: Worksheet, luck: random.Random) -> None:
    headers = ["Customer ID", "Average purchase value", "Purchases per year", "Lifespan (years)"]
    size = luck.randint(5, 30)
    if luck.random() < 0.5:
        sheet.add_table(
            0, 0, size, 3, {"name": "People", "columns": [{"header": h} for h in headers]}
        )
    sheet.write_row(0, 0, headers)
    for row in range(1, size + 1):
        sheet.write_row(row, 0, [f"K{row}", luck.randint(5, 90), luck.randint(1, 9), 3])
