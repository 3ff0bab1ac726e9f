"""The host of xlwings Lite, as far as it can be told from what Lite tells and refuses.

It is the stand-in for Excel with three traits of Lite. What stands in the cells is told as it was
when the script began. What is written waits until the script has ended; if it fails, nothing is
written. And it refuses what Lite's engine refuses: formulas, formats, widths and merged cells can
be asked for by a script that waits for the answer only; there is no clipboard, no status bar and
no second workbook; settings of Excel are set, not told.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xlwings as xw
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from xlwings.main import Engine as XlwingsEngine

from tests.hosts.excel import engine as excel
from tests.hosts.excel.engine_cells import Grid, Range, Table, Tables

REFUSED = "not supported on this engine"


def refused(name: str, settable: Callable[[Any, Any], None] | None = None) -> property:
    def tell(_: object) -> None:
        raise NotImplementedError(f"{name} is {REFUSED}")

    return property(tell, settable or (lambda own, _: tell(own)))


def _later(name: str) -> Callable[[Any, Any], None]:
    def put(cells: "LiteRange", value: Any) -> None:  # noqa: ANN401
        cells.queue(lambda: setattr(Range(cells.sheet, cells.box), name, value))

    return put


class LiteRange(Range):
    formula = refused("Range.formula")
    merge_cells = refused("Range.merge_cells")
    number_format = refused("Range.number_format", _later("number_format"))
    has_array = property(lambda _: None)
    api = property(lambda self: self.raw_value)

    def queue(self, action: Callable[[], object]) -> None:
        self.sheet.book.queue.append(action)

    @property
    def column_width(self) -> float:
        raise NotImplementedError(REFUSED)

    @column_width.setter
    def column_width(self, points: float) -> None:
        assert points > 0
        columns = range(self.box[1], self.box[3] + 1)
        tab = self.sheet.tab

        def widen() -> None:
            for column in columns:
                tab.column_dimensions[get_column_letter(column)].width = (points - 3.75) / 5.25

        self.queue(widen)

    @property
    def raw_value(self) -> Grid:
        return Range(self.sheet, self.box).raw_value

    @raw_value.setter
    def raw_value(self, grid: Any) -> None:  # noqa: ANN401
        plain = Range(self.sheet, self.box)
        self.queue(lambda: setattr(plain, "raw_value", grid))

    def copy(self, destination: object = None) -> None:
        if destination is None:
            raise xw.XlwingsError("range.copy() requires a destination argument.")

    def copy_from(self, source: Any, copy_type: str, skip: bool, transpose: bool) -> None:  # noqa: ANN401, FBT001
        assert copy_type in ("formats", "all")
        assert not skip
        assert not transpose
        app = self.sheet.book.app
        if copy_type == "all":
            cells = Range(self.sheet, source.impl.box), Range(self.sheet, self.box)
            self.queue(lambda: cells[0].copy(cells[1]))
            return

        def paste() -> None:
            app.copied = Range(self.sheet, source.impl.box)
            Range(self.sheet, self.box).paste("formats")

        self.queue(paste)

    def clear(self) -> None:
        plain = Range(self.sheet, self.box)
        self.queue(plain.clear)

    def paste(self, paste: str | None = None, **_options: object) -> None:
        raise NotImplementedError(f"Range.paste() is {REFUSED}")


class LiteTables(Tables):
    def __iter__(self) -> Any:  # noqa: ANN401
        return (LiteTable(self.sheet, table) for table in self.sheet.tab.tables.values())

    def __call__(self, key: str | int) -> Table:
        found = super().__call__(key)
        return LiteTable(self.sheet, found.table)


class LiteTable(Table):
    def resize(self, place: Any) -> None:  # noqa: ANN401
        plain = Table(self.sheet, self.table)
        self.sheet.book.queue.append(lambda: plain.resize(place))


class LiteSheet(excel.Sheet):
    api = property(lambda self: {"name": self.name})
    tables = property(LiteTables)
    pivot_tables = refused("Sheet.pivot_tables")

    def block(self, box: tuple[int, int, int, int]) -> Range:
        return LiteRange(self, box)

    def copy(self, before: object, after: excel.Sheet) -> None:
        raise NotImplementedError(f"Sheet.copy() to a different book is {REFUSED}")


class LiteBook(excel.Book):
    def __init__(self, app: Any, fullname: str) -> None:  # noqa: ANN401 - no app of Excel
        super().__init__(app, fullname)
        self.fullname = Path(fullname).name  # a browser knows no folders
        self.queue: list[Callable[[], object]] = []

    api = property(lambda _: {"book": {}})
    Saved = property()

    def sheet_of(self, tab: Worksheet) -> excel.Sheet:
        return LiteSheet(self, tab)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if path is not None or password is not None:
            raise NotImplementedError(f"Book.save(path) is {REFUSED}")


class LiteApp:
    """An older client, which does not tell in what mode Excel computes; a newer one does."""

    pid = -1
    screen_updating = refused("App.screen_updating", lambda _own, _value: None)
    enable_events = refused("App.enable_events")
    status_bar = refused("App.status_bar")
    cut_copy_mode = refused("App.cut_copy_mode")

    def __init__(self, *, tells_calculation: bool) -> None:
        self.tells_calculation = tells_calculation
        self.display_alerts = True
        self.modes = ["automatic"]
        self.alerts: list[str] = []
        self.copied: Range | None = None
        self.books = LiteBooks()

    engine = property(lambda _: ENGINE)
    selection = property(lambda self: self.books.active.sheets.active.range("A1"))

    @property
    def calculation(self) -> str:
        if not self.tells_calculation:
            raise NotImplementedError(f"App.calculation is {REFUSED}")
        return self.modes[-1]

    @calculation.setter
    def calculation(self, mode: str) -> None:
        self.modes.append(mode)

    def alert(self, prompt: str, *_rest: object) -> None:
        self.books.active.queue.append(lambda: self.alerts.append(prompt))

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002
        """Do nothing; there is no window."""

    def count_write(self) -> None:
        """Count nothing."""


class LiteBooks:
    def __init__(self) -> None:
        self.all: list[LiteBook] = []

    active = property(lambda self: self.all[-1])

    def open(self, json: object) -> None:
        raise TypeError(f"{json!r} is no workbook of JavaScript")

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator["LiteBook"]:
        return iter(self.all)


class LiteEngine(excel.Engine):
    name = type = "remote"

    def __init__(self) -> None:
        """Have no apps; each script has its own."""

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: object) -> Any:  # noqa: ANN401
        """Return what JavaScript gets: a day as a text, which Excel reads as one."""
        if isinstance(value, dt.datetime):
            whole = value.time() == dt.time(0)
            return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
        assert not isinstance(value, np.generic)
        return "" if value is None else value


ENGINE = LiteEngine()


def host() -> Any:  # noqa: ANN401 - whatever xlwings calls an engine
    """Return this host as xlwings knows it."""
    return XlwingsEngine(impl=ENGINE)


def run(
    script: Callable[[xw.Book], None], path: Path, out: Path, *, tells_calculation: bool = False
) -> LiteApp:
    """Run a script on a workbook as Lite does and save what Excel then shows.

    Args:
        script: The script.
        path: The workbook; it stays as it is.
        out: Where the workbook is saved; where the script fails, as it was before.
        tells_calculation: Whether the client is one that tells how Excel computes.
    """
    shutil.copy(path, out)
    app = LiteApp(tells_calculation=tells_calculation)
    book = LiteBook(app, str(path))
    app.books.all.append(book)
    script(xw.Book(impl=book))
    for action in book.queue:
        action()
    book.file.save(out)
    return app
