"""Write what is made from code anew: tables of docs/, help, the workbook templates."""

import json
from pathlib import Path

import pages

from xlclv.functions import FUNCTIONS
from xlclv.hosts.calc.files.extension import build
from xlclv.hosts.excel.files.books import write_macro_book
from xlclv.hosts.lite.book import write_lite_book
from xlclv.workbook.template import sample_results, write_book

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "workbook_templates"
HELP = """\
# What each function returns, as the function wizard shows it: at most 255 characters.
# Made from the docstrings by `make generated`.

[help]
"""


def write_help() -> None:
    """Write the English help of the functions, which their docstrings say."""
    rows = [f"{each.name.casefold()} = {json.dumps(each.told)}\n" for each in FUNCTIONS]
    (ROOT / "xlclv" / "words" / "en" / "help.toml").write_text(HELP + "".join(rows), "utf-8")


def main() -> None:
    """Write all of it."""
    write_help()
    pages.write()
    write_book(TEMPLATES / "xlclv.xlsx", sample_results())
    (TEMPLATES / "xlclv.oxt").write_bytes(build())
    write_macro_book(TEMPLATES / "xlclv.xlsm")
    write_lite_book(TEMPLATES / "xlclv_lite.xlsx")


if __name__ == "__main__":
    main()
