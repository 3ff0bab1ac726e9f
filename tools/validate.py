"""Let the validator of Microsoft's Open XML SDK judge every kind of file we write.

A file with a fault planted must be found, else the validator judges nothing.

    python tools/validate.py
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.hosts.same import (  # noqa: E402 - once the path is set
    STAMP,
    customers_of_a_user,
    orders_of_cdnow,
)
from xlclv.hosts.excel.files.books import write_addin, write_macro_book  # noqa: E402
from xlclv.hosts.excel.files.wrappers import IN_CELLS  # noqa: E402
from xlclv.hosts.lite.book import write_lite_book  # noqa: E402
from xlclv.refresh.refresh import RefreshRequest, refresh  # noqa: E402
from xlclv.workbook.template import sample_results, write_book  # noqa: E402
from xlclv.xlsx.freeze import freeze  # noqa: E402

VALIDATOR = ROOT / ".venv" / "validator" / "node_modules" / ".bin" / "ooxml-validator"
PYTHON = Path(r"C:\Users\Jörg & Söhne\envs\clv\Scripts\python.exe")
ORDERS = "Customer id,Order date,Amount\n" + "".join(
    f"C{at % 9},2026-0{1 + at % 6}-1{at % 9},{10 + at}\n" for at in range(60)
)


def main() -> None:
    """Write the files, judge them; end with a failure where one has a fault."""
    if not VALIDATOR.exists():
        lacking = f"there is no {VALIDATOR}; .ci/install_validator.sh .venv/validator brings it"
        if os.environ.get("XLCLV_REQUIRE_VALIDATOR") == "1":
            sys.exit(f"validate: {lacking}")
        print(f"validate: SKIPPED, nothing was judged: {lacking}")
        return
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as several:
        books = gallery(Path(folder))
        planted = plant(books[0])
        theirs = faults(Path(folder, "customers.xlsx"))  # of openpyxl; what is read stays so
        judged = dict(zip(books, several.map(faults, books), strict=True))
        found = {
            path: [each for each in told if each not in theirs] for path, told in judged.items()
        }
        for path, told in found.items():
            print(f"{path.name}: {told or 'sound'}")
        if not faults(planted):
            sys.exit("validate: the planted fault was not found")
        if any(found.values()):
            sys.exit(1)
        print(f"{len(books)} files are sound; the planted fault was found")


def faults(path: Path) -> list[str]:
    """Return what is wrong with a file."""
    invariant = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    run = subprocess.run(  # noqa: S603 - the validator, on a file of ours
        [VALIDATOR, path], capture_output=True, text=True, check=False, env=invariant
    )
    try:
        return [
            f"{each['path']}: {each['description']}" for each in json.loads(run.stdout)["errors"]
        ]
    except (ValueError, KeyError):
        sys.exit(f"validate: {path.name}: no answer: {run.stderr}")


def plant(path: Path) -> Path:
    """Copy a book with an element where none may stand."""
    broken = path.with_name("planted.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<sheetData>", b"<sheetData><oops/>", 1)
            new.writestr(name, content)
    return broken


def gallery(folder: Path) -> list[Path]:
    """Write every kind of file: the templates, the add-in, and what is done to books."""
    sample = sample_results()
    written: dict[str, Callable[[Path], None]] = {
        "template.xlsx": partial(write_book, results=sample),
        "macros.xlsm": partial(write_macro_book, results=sample, interpreter=PYTHON),
        "addin.xlam": partial(write_addin, interpreter=PYTHON),
        "lite.xlsx": partial(write_lite_book, results=sample),
    }
    for name, write in written.items():
        write(folder / name)
    own = [
        *(folder / name for name in ("template.xlsx", "macros.xlsm", "lite.xlsx")),
        orders_of_cdnow(folder / "orders.xlsx"),
        customers_of_a_user(folder / "customers.xlsx"),
        with_table(folder / "table.xlsx"),
        since_1904(folder / "since 1904.xlsx"),
    ]
    export = folder / "export.csv"
    export.write_text(ORDERS, encoding="utf-8")
    done = [refreshed(path, "refreshed") for path in (*own, export)]
    done += [refreshed(path, "posted", post=True) for path in own[:2]]
    done += [refreshed(done[3], "again"), refreshed(done[7], "grown", orders=(export,))]
    done.append(freeze(done[1], IN_CELLS))
    return [*(folder / name for name in written), *done]


def refreshed(path: Path, what: str, *, post: bool = False, orders: tuple[Path, ...] = ()) -> Path:
    """Refresh a book as the command line does."""
    ending = path.suffix if path.suffix in (".xlsx", ".xlsm") else ".xlsx"
    out = path.with_name(f"{path.stem} {what}{ending}")
    return refresh(RefreshRequest(path, out, post=post, orders=orders), STAMP)[0]


def with_table(path: Path) -> Path:
    """Save a customer sheet with a listed table, a comment, a link and a format of its own."""
    book = openpyxl.load_workbook(customers_of_a_user(path))
    sheet = book["My data"]
    sheet.add_table(Table(displayName="mine", ref=f"A1:E{sheet.max_row}"))
    sheet["A2"].comment = Comment("regular", "Ann")
    sheet["B2"].hyperlink = "https://example.org/"
    scale = ColorScaleRule("min", None, "FFFFFF", "max", None, "FF0000")
    sheet.conditional_formatting.add("B2:B9", scale)
    book.save(path)
    return path


def since_1904(path: Path) -> Path:
    """Save a log of orders in a book whose days count from 1904."""
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Customer id", "Order date", "Amount"])
    for at in range(30):
        day = datetime(2026, 1 + at % 6, 10)  # noqa: DTZ001 - cells have no zone
        book.active.append([f"C{at % 7}", day, 10.0 + at])
    book.save(path)
    return path


if __name__ == "__main__":
    main()
