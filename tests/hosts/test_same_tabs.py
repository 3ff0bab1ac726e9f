"""Excel and Lite give the cells that the command line gives, on three kinds of books.

The stand-ins take what is entered as Excel does. Calc, the real one, is compared with the command
line in `calc/test_refresh_in_calc.py`, on the same books.
"""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import xlwings as xw

from tests.hosts.excel import engine as excel
from tests.hosts.lite import engine as lite
from tests.hosts.same import (
    assert_same,
    cells_of,
    customers_of_a_user,
    edited,
    headless,
    orders_of_cdnow,
)
from xlclv.hosts.excel.book import tasks
from xlclv.schema import WRITTEN

Pair = tuple[Path, Path]  # a book, and the same refreshed by the command line
Task = Callable[[xw.Book], None]
FILLED = ("Customers", "Tiers", "RewardRules", "My data")


@pytest.fixture(scope="module", params=["sample", "cdnow", "customers"])
def pair(
    request: pytest.FixtureRequest, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Pair:
    path = tmp_path_factory.mktemp("books") / f"{request.param}.xlsx"
    make = {
        "sample": partial(edited, template),
        "cdnow": orders_of_cdnow,
        "customers": customers_of_a_user,
    }
    made = make[request.param](path)
    return made, headless(made)


def in_excel(task: Task, path: Path, out: Path, *, copies: bool) -> list[str]:
    """Run a macro; return what it says."""
    book = excel.open_book(path)
    app = excel.app_of(book)
    app.can_open = copies
    task(book)
    book.save(out)
    return app.alerts


def in_lite(task: Task, path: Path, out: Path) -> list[str]:
    """Run a script; return what it says."""
    return lite.run(task, path, out).alerts


HOSTS = {
    "Excel": (excel.host, partial(in_excel, copies=True)),
    "Excel that cannot copy": (excel.host, partial(in_excel, copies=False)),
    "Lite": (lite.host, in_lite),
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_refresh_gives_the_cells_of_the_command_line(
    host: str, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, run = HOSTS[host]
    monkeypatch.setattr(xw.engines, "active", engine())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")
    path, theirs = pair
    ours = tmp_path / "ours.xlsx"
    assert run(tasks.refresh, Path(shutil.copy(path, tmp_path / path.name)), ours) == []
    before, after = cells_of(path), cells_of(theirs)
    added = after.keys() - before.keys()
    filled = [name for name in FILLED if name in after]
    written = after.keys() & set(WRITTEN)  # a tab without a row is left out
    assert_same(ours, theirs, {*written, *added, *filled})
