"""Print the sample workbook with a real LibreOffice and keep the first page of every tab.

Usage: python tools/gallery.py. Needs soffice (LibreOffice) and pdftoppm, pdftotext (poppler).
Writes docs/gallery/NN-TAB.png; tools/generated.py then lists them on the page.
"""

import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.schema import TABS, Tab
from xlclv.words import word
from xlclv.workbook.template import sample_results, write_book

GALLERY = Path(__file__).parent.parent / "docs" / "gallery"
STAMP = datetime(2026, 7, 1)  # noqa: DTZ001 - local time, as a refresh stamps
DOTS = 80  # an inch
UNSEEN = {"Lists"}  # what dropdowns choose from
PROGRAMS = ("soffice", "pdftotext", "pdftoppm")


def run(*command: str | Path) -> str:
    """Run a program and return what it printed."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def printed(folder: Path) -> Path:
    """Refresh the sample and print it."""
    book, out = folder / "shop.xlsx", folder / "refreshed.xlsx"
    write_book(book, sample_results())
    refresh(RefreshRequest(book, out), STAMP)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, out)
    return out.with_suffix(".pdf")


def first_pages(pdf: Path) -> dict[Tab, int]:
    """Find the page on which each tab begins: its first line is the title of the tab."""
    pages = run("pdftotext", "-layout", pdf, "-").split("\f")
    heads = [page.strip().partition("\n")[0].strip() for page in pages]
    found = {}
    for tab in TABS:
        title = word(f"{tab.key}.title")
        if tab.name not in UNSEEN and title in heads:
            found[tab] = heads.index(title) + 1
    return found


def main() -> int:
    """Write the images."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        print(f"Not found: {', '.join(missing)}. Install LibreOffice and poppler.")
        return 1
    with tempfile.TemporaryDirectory() as name:
        pdf = printed(Path(name))
        found = first_pages(pdf)
        if "Summary" not in {tab.name for tab in found}:
            print("The print has no Summary; the old images stay.")
            return 1
        for old in GALLERY.glob("*.png"):
            old.unlink()
        for place, (tab, page) in enumerate(found.items(), start=1):
            where = GALLERY / f"{place:02d}-{tab.sheet}"
            one = ("-f", str(page), "-l", str(page), "-r", str(DOTS), "-singlefile")
            run("pdftoppm", "-png", *one, pdf, where)
            print(f"{where}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
