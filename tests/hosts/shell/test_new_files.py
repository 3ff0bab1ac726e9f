"""Templates, lists and results: where they go, and what stands in them."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.hosts.shell.runs import Run
from xlclv.words import word

pytestmark = pytest.mark.slow

QUIET = ("2026-01-05", "2026-02-04", "2026-03-06")


def test_a_template_is_a_workbook_and_nothing_else(run: Run, tmp_path: Path) -> None:
    ran = run("template", "x.csv")
    assert (ran.code, (tmp_path / "x.csv").exists()) == (1, False)
    assert "x.csv does not end in .xlsx" in ran.err
    assert run("template", "x.xlsx", "--xlsm").code == 1


def test_an_empty_template_says_where_to_paste(run: Run) -> None:
    assert run("template", "--empty", "mine.xlsx").code == 0
    book = load_workbook("mine.xlsx")
    assert [cell.value for cell in book["Orders"][6] if cell.value] == []
    texts = [str(row[1].value) for row in book["Start"].iter_rows() if row[1].value]
    assert not any("tea shop" in text for text in texts)
    links = [cell.hyperlink.location for cell in book["Start"]["A"] if cell.hyperlink]
    assert {link.split("'")[1] for link in links} <= set(book.sheetnames)
    ran = run("refresh", "mine.xlsx")
    assert ran.code == 1
    assert "Orders and Customers are empty. Paste your rows from row 6 on." in ran.err
    sheet = book["Orders"]
    heads = {cell.value: cell.column for cell in sheet[5]}
    for row, day in ((6, "2026-01-05"), (7, "2026-02-05")):
        sheet.cell(row, heads["Customer id"], "a")
        sheet.cell(row, heads["Order date"], day)
        sheet.cell(row, heads["Amount net"], 5)
    book.save("mine.xlsx")
    out = load_workbook(run("refresh", "mine.xlsx", "--quiet").out.strip())
    assert "Summary" in out.sheetnames
    assert out["CustomerValues"]["A6"].value == "a"
    steps = [row[1].value for row in out["Start"].iter_rows(min_row=6, max_row=11)]
    assert steps[0] == word("start.step.look_own")
    looks = [
        [book["Start"].cell(row, 2).alignment.wrap_text for row in range(6, 12)]
        for book in (book, out)
    ]
    assert looks == [[True] * 6] * 2  # a step keeps its look
    assert not any(out["Start"].cell(row, 2).font.bold for row in range(6, 12))
    assert run("template", "--empty", "--lite").code == 2


def test_a_list_is_written_for_a_mail_tool(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = [f"{who},{day},10,{who}@x.com" for who in ("ann", "bob") for day in QUIET]
    head = "Customer id,Order date,Amount net,Customer e-mail\n"
    path.write_text(head + "\n".join([*rows, "cy,2026-05-20,1,"]))
    ran = run("export", path, "win-back", "--for", "klaviyo")
    out = tmp_path / "log-win-back-klaviyo.csv"
    assert ran.code == 0
    assert ran.out.splitlines()[0] == f"Wrote {out}: 2 people."
    assert out.read_text().splitlines()[0].startswith("Email,First Name,Last Name,")
    assert "ann@x.com" in out.read_text()
    again = run("export", path, "win-back", "--for", "klaviyo", "-o", out, "--quiet")
    assert again.code == 1  # it is there
    again = run("export", path, "win-back", "-o", out, "--quiet", "--replace")
    assert (again.code, again.out) == (0, f"{out}\n")
    assert run("export", path, "nobody").code == 1
    assert run("export", path, "win-back", "--for", "pigeon").code == 1


def test_replace_without_out_replaces_the_result_and_never_the_book(run: Run, log: Path) -> None:
    out = log.with_name("orders-refreshed.xlsx")
    assert run("refresh", log, "--replace", "--quiet").out == f"{out}\n"
    assert list(log.parent.glob("*.xlsx")) == [out]
    first = out.read_bytes()
    assert run("refresh", log, "--replace", "--quiet").out == f"{out}\n"
    # A dated copy of what was replaced is kept beside it, and nothing else.
    (copy,) = set(log.parent.glob("*.xlsx")) - {out}
    assert re.fullmatch(r"orders-refreshed-\d{4}-\d\d-\d\d-\d{6}\.xlsx", copy.name)
    assert copy.read_bytes() == first
    assert out.exists()
    # The result itself as the book: it is read, so it is not replaced.
    kept = out.read_bytes()
    second = run("refresh", out, "--replace", "--quiet")
    assert second.out == f"{out.with_name('orders-refreshed-refreshed.xlsx')}\n"
    assert out.read_bytes() == kept
