"""A host of xlwings over openpyxl, without Excel and without a licence."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet
from xlwings.main import Engine as XlwingsEngine

from tests.hosts.excel.engine_cells import Error, Grid, Names, Range, Tables, box_of


class Engine:
    name, type = "openpyxl", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    def activate(self) -> None:
        """Do nothing; there is one."""

    @staticmethod
    def clean_value_data(
        data: Grid,
        _datetimes: object,
        empty_as: object,
        _numbers: object,
        err_to_str: bool,  # noqa: FBT001 - as xlwings calls it
    ) -> Grid:
        def clean(value: Any) -> Any:  # noqa: ANN401
            if value in (None, ""):
                return empty_as
            if isinstance(value, Error):
                return str(value) if err_to_str else None
            if isinstance(value, int) and not isinstance(value, bool):
                return float(value)
            return value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: object) -> Any:  # noqa: ANN401
        return "" if value is None else value


class Apps:
    def __init__(self) -> None:
        self.one = App()

    def __iter__(self) -> Iterator["App"]:
        return iter([self.one])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, _pid: int) -> "App":
        return self.one

    def keys(self) -> list[int]:
        return [1]


class App:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.screen_updating, self.display_alerts, self.enable_events = True, True, True
        self.calculation, self.cut_copy_mode = "automatic", False
        self.told: list[Any] = []
        self.alerts: list[str] = []
        self.answer: str | None = "ok"  # of the button that somebody presses
        self.copied: Range | None = None
        self.can_open, self.fail_at, self.writes = True, 0, 0
        self._books = Books(self)

    @property
    def engine(self) -> Engine:
        return ENGINE

    books = property(lambda self: self._books)
    pid = property(lambda _self: 1)
    api = property(lambda self: self)

    @property
    def status_bar(self) -> Any:  # noqa: ANN401
        return self.told[-1] if self.told else False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:  # noqa: ANN401
        self.told.append(value)

    @property
    def selection(self) -> Any:  # noqa: ANN401
        return self.books.active.selected

    def alert(self, prompt: str, *_rest: object) -> str | None:
        self.alerts.append(prompt)
        return self.answer

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002
        """Do nothing; there is no window."""

    def count_write(self) -> None:
        """Refuse the write that a test asks for."""
        self.writes += 1
        if self.writes == self.fail_at:
            raise RuntimeError("Excel is busy")


class Books:
    def __init__(self, app: App) -> None:
        self.app = app
        self.all: list[Book] = []

    def open(self, fullname: str, *_rest: object, **_options: object) -> "Book":
        if not self.app.can_open:
            raise NotImplementedError
        book = Book(self.app, fullname)
        self.all.append(book)
        return book

    def __iter__(self) -> Iterator["Book"]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __call__(self, key: str | int) -> "Book":
        if isinstance(key, int):
            return self.all[key - 1]
        for book in self.all:
            if key in (book.name, book.fullname):
                return book
        raise KeyError(key)

    active = property(lambda self: self.all[-1])


class Book:
    def __init__(self, app: App, fullname: str) -> None:
        self.app, self.fullname = app, str(fullname)
        self.file = openpyxl.load_workbook(fullname, keep_vba=self.fullname.endswith("m"))
        self.cached = openpyxl.load_workbook(fullname, data_only=True)
        self.selected: Range | None = None
        self.pivots: list[str] = []  # the sheets that hold one
        self.saved = True

    name = property(lambda self: Path(self.fullname).name)
    api = property(lambda self: self)
    sheets = property(lambda self: Sheets(self))  # noqa: PLW0108 - defined below
    names = property(lambda self: Names(self.file))
    Saved = property(lambda self: self.saved)

    def sheet_of(self, tab: Worksheet) -> "Sheet":
        return Sheet(self, tab)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        assert password is None
        self.file.save(path or self.fullname)
        self.saved = True

    def close(self) -> None:
        self.app.books.all.remove(self)

    def activate(self) -> None:
        self.app.books.all.remove(self)
        self.app.books.all.append(self)


class Sheets:
    def __init__(self, book: Book) -> None:
        self.book = book

    def __iter__(self) -> Iterator["Sheet"]:
        return map(self.book.sheet_of, self.book.file.worksheets)

    def __len__(self) -> int:
        return len(self.book.file.worksheets)

    def __call__(self, key: str | int) -> "Sheet":
        tabs = self.book.file.worksheets
        return self.book.sheet_of(tabs[key - 1] if isinstance(key, int) else self.book.file[key])

    @property
    def active(self) -> "Sheet":
        tab = self.book.file.active
        assert isinstance(tab, Worksheet)
        return self.book.sheet_of(tab)

    def add(self, before: object = None, after: object = None, name: str | None = None) -> "Sheet":
        assert before is None
        assert after is not None
        self.book.app.count_write()
        tab = self.book.file.create_sheet(name)
        self.book.file.active = tab
        return self.book.sheet_of(tab)


class Sheet:
    def __init__(self, book: Book, tab: Worksheet) -> None:
        self.book, self.tab = book, tab

    api = property(lambda self: self)
    ProtectContents = property(lambda self: self.tab.protection.sheet)
    ProtectionMode = property(lambda _self: False)
    pivot_tables = property(lambda self: [n for n in self.book.pivots if n == self.name])
    index = property(lambda self: self.book.file.worksheets.index(self.tab) + 1)
    tables = property(Tables)

    @property
    def name(self) -> str:
        return str(self.tab.title)

    @name.setter
    def name(self, name: str) -> None:
        self.tab.title = name

    def range(self, first: Any, second: Any = None) -> Range:  # noqa: ANN401
        top, left, bottom, right = box_of(first)
        if second is not None:
            bottom, right = box_of(second)[2:]
        return self.block((top, left, bottom, right))

    def block(self, box: tuple[int, int, int, int]) -> Range:
        return Range(self, box)

    @property
    def used_range(self) -> Range:
        tab = self.tab
        return self.block((tab.min_row, tab.min_column, tab.max_row, tab.max_column))

    def activate(self) -> None:
        self.book.file.active = self.tab

    def delete(self) -> None:
        self.book.file.remove(self.tab)

    def copy(self, before: object, after: "Sheet") -> None:
        """Copy to another book: cells, formats, tables, the names of the book that point here."""
        assert before is None
        book = after.book
        book.app.count_write()
        tab = book.file.create_sheet(self.name)
        cached = self.book.cached[self.name]
        for row in self.tab.iter_rows():
            for cell in row:
                new = tab.cell(cell.row, cell.column, cell.value)
                new.data_type = cell.data_type
                if cell.data_type == "f":  # openpyxl computes none: its value, as Excel shows it
                    shown = cached[cell.coordinate]
                    new.value, new.data_type = shown.value, shown.data_type
                new.number_format = cell.number_format
        for table in self.tab.tables.values():
            tab.add_table(copy.deepcopy(table))
        for name, defined in self.book.file.defined_names.items():
            if defined.value.startswith((f"'{self.name}'!", f"{self.name}!")):
                book.file.defined_names[name] = DefinedName(name, attr_text=defined.value)


ENGINE: Engine = Engine()


def open_book(path: Path) -> xw.Book:
    """Open a workbook as the only one of a host with its usual settings."""
    app = ENGINE.apps.one
    app.reset()
    app.books.all.clear()
    return xw.Book(impl=app.books.open(str(path)))


def app_of(book: xw.Book) -> App:
    found = book.app.impl
    assert isinstance(found, App)
    return found


def host() -> Any:  # noqa: ANN401 - whatever xlwings calls an engine
    """Return this host as xlwings knows it."""
    return XlwingsEngine(impl=ENGINE)
