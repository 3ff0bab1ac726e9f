"""Write what is made from code anew: the function tables of README.md, the workbook templates."""

from pathlib import Path

from xlclv.hosts.calc.files.extension import build
from xlclv.hosts.excel.files.books import write_macro_book
from xlclv.hosts.lite.book import write_lite_book
from xlclv.hosts.shell.functions import markdown_functions
from xlclv.workbook.template import sample_results, write_book

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "workbook_templates"
BEGIN, END = "<!-- functions -->\n", "<!-- /functions -->"


def write_readme() -> None:
    """Replace what stands between the two marks of README.md."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    readme.write_text(f"{before}{BEGIN}{markdown_functions()}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Write all of it."""
    write_readme()
    write_book(TEMPLATES / "xlclv.xlsx", sample_results())
    (TEMPLATES / "xlclv.oxt").write_bytes(build())
    write_macro_book(TEMPLATES / "xlclv.xlsm")
    write_lite_book(TEMPLATES / "xlclv_lite.xlsx")


if __name__ == "__main__":
    main()
