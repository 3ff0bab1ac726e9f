"""The workbook for xlwings Lite, part by part, and its code in a stand-in for Lite."""

import inspect
import io
import json
import re
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import xlwings as xw
from lxml import etree

from tests.hosts.lite.engine import host, run
from tests.hosts.same import customers_of_a_user
from tests.hosts.samples import Call, calls
from xlclv import __version__
from xlclv.columns import CellError
from xlclv.errors import InputError
from xlclv.functions import BY_NAME, FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.hosts.excel.book import tasks
from xlclv.hosts.lite import book as lite
from xlclv.hosts.lite.book import LiteError, called, main_module, write_lite_book
from xlclv.registry import LONGEST_HELP, Function
from xlclv.xlsx.package import MAIN, Package

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
WE = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"
PANE = "{http://schemas.microsoft.com/office/webextensions/taskpanes/2010/11}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
IDS = [function.name for function in FUNCTIONS]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lite") / "xlclv_lite.xlsx"
    write_lite_book(path)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    return path


@pytest.fixture(scope="module")
def extension(book: Path) -> etree._Element:
    with Package(book) as package:
        return package.tree("xl/webextensions/webextension1.xml")


@pytest.fixture(scope="module")
def properties(extension: etree._Element) -> dict[str, Any]:
    listed = extension.iterfind(f"{WE}properties/{WE}property")
    return {str(each.get("name")): json.loads(str(each.get("value"))) for each in listed}


# --- the file ---------------------------------------------------------------------------------


def test_excel_is_led_from_the_package_to_the_code(book: Path) -> None:
    with Package(book) as package:
        (panes,) = package.related("", "webextensiontaskpanes")
        (extension,) = package.related(panes, "webextension")
        assert package.content_type(panes).endswith("ms-office.webextensiontaskpanes+xml")
        assert package.content_type(extension).endswith("ms-office.webextension+xml")
        (link,) = package.relationships(panes)
        (reference,) = package.tree(panes).iter(f"{PANE}webextensionref")
        assert reference.get(f"{RELATION}id") == link.id
        rels = package.read("xl/webextensions/_rels/taskpanes.xml.rels").decode()
        assert 'Target="webextension1.xml"' in rels


def test_the_extension_is_xlwings_lite_with_its_parts_in_order(extension: etree._Element) -> None:
    assert [etree.QName(child).localname for child in extension] == [
        *("reference", "alternateReferences", "properties", "bindings", "snapshot", "extLst")
    ]
    store = extension.find(f"{WE}reference")
    assert store is not None
    assert store.get("id") == "wa200008175"
    assert re.fullmatch(r"\{[0-9A-F-]{36}\}", extension.get("id", ""))
    assert list(extension.iter(f"{WE}containsCustomFunctions"))


def test_the_code_and_what_it_needs_are_inside(properties: dict[str, Any]) -> None:
    assert list(properties) == [
        *("main.py", "pyodideVersion", "addinVersion", "requirements.txt"),
        "xlwingsSettingsWorkbook",
    ]
    assert properties["main.py"] == main_module()
    lines = properties["requirements.txt"].splitlines()
    assert lines[-1] == "xlclv"  # not pinned: Lite itself keeps the version it has found
    assert [line for line in lines if line.startswith("xlwings")] == ["xlwings<1.0.0"]


def test_another_source_of_the_package_can_be_named() -> None:
    wheel = "https://example.org/xlclv-0.1.0-py3-none-any.whl"
    assert str(lite.properties(wheel)["requirements.txt"]).endswith(f"\n{wheel}\n")


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/xlclv-0.1.0-py3-none-any.whl",
        "https://example.org/xlclv-0.1.0.tar.gz",
        "https://example.org/other-1.0-py3-none-any.whl",
        "xlclv-0.1.0-py3-none-any.whl",
        "https://example.org/xlclv-1-py3-none-any.whl\nother",
    ],
)
def test_what_is_no_wheel_of_ours_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="E617"):
        write_lite_book(tmp_path / "lite.xlsx", package=address)
    assert not list(tmp_path.iterdir())


def test_the_same_book_comes_out_each_time(book: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_lite_book(again)
    assert again.read_bytes() == book.read_bytes()


def test_all_else_is_the_template(book: Path) -> None:
    with Package(book) as package:
        assert next(iter(package.sheets())).name == "Start"
        assert package.reach() >= {"xl/workbook.xml", "xl/webextensions/webextension1.xml"}


def test_formulas_name_the_functions_as_excel_stores_those_of_lite(book: Path) -> None:
    seen = set()
    with Package(book) as package:
        for sheet in package.sheets():
            for formula in package.tree(sheet.part).iter(f"{{{MAIN}}}f"):
                text = formula.text or ""
                assert not re.search(r"(?<![\w.])CLV\w*\(", text)
                seen |= set(re.findall(r"_xldudf_(CLV\w*)\(", text))
    assert seen == set(IDS)


# --- its code, in a stand-in for Lite ---------------------------------------------------------


@dataclass
class Lite:
    """What the decorators of xlwings were told, as Lite reads it."""

    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    arguments: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    scripts: dict[str, Callable[..., Any]] = field(default_factory=dict)

    def func(self, function: Callable[..., Any]) -> Callable[..., Any]:
        self.functions[function.__name__] = function
        return function

    def arg(self, name: str, **options: Any) -> Callable[..., Any]:  # noqa: ANN401 - as xlwings has it
        def inner(function: Callable[..., Any]) -> Callable[..., Any]:
            assert name in inspect.signature(function).parameters
            self.arguments[function.__name__, name] = options
            return function

        return inner

    def script(self, name: str) -> Callable[..., Any]:
        def inner(function: Callable[..., Any]) -> Callable[..., Any]:
            self.scripts[name] = function
            return function

        return inner


class Book:
    """The type by which Lite knows that a script wants the workbook."""


@pytest.fixture(scope="module")
def running(properties: dict[str, Any]) -> Iterator[Lite]:
    stand_in = Lite()
    module = ModuleType("xlwings")
    parts = {"func": stand_in.func, "arg": stand_in.arg, "script": stand_in.script, "Book": Book}
    vars(module).update(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "xlwings", module)
        exec(compile(properties["main.py"], "main.py", "exec"), {"__name__": "main"})  # noqa: S102 - as Lite does
        yield stand_in


def test_every_function_is_registered_with_its_help(running: Lite) -> None:
    assert list(running.functions) == IDS
    for function in FUNCTIONS:
        made = running.functions[function.name]
        parameters = inspect.signature(made).parameters
        assert list(parameters) == [argument.name for argument in function.arguments]
        assert all(each.default is None for each in parameters.values())
        assert made.__doc__ == function.help
        assert made.__annotations__ == {}  # xlwings would turn hints into conversions


def test_every_argument_arrives_as_a_block_with_its_errors(running: Lite) -> None:
    wanted = {(each.name, argument.name) for each in FUNCTIONS for argument in each.arguments}
    assert set(running.arguments) == wanted
    for options in running.arguments.values():
        assert (options["ndim"], options["err_to_str"]) == (2, True)
        assert 0 < len(options["doc"]) <= LONGEST_HELP


def arriving(cells: object) -> object:
    """Return cells as Lite hands them over: always a block, a blank as None."""
    if cells is None:
        return None
    rows = cells if isinstance(cells, list) else [[cells]]
    return [[None if cell == "" else _text(cell) for cell in row] for row in rows]


def _text(cell: object) -> object:
    return cell.code if isinstance(cell, CellError) else cell


def expected(cell: object) -> object:
    return cell.code if isinstance(cell, CellError) else cell


def every_call() -> Iterator[Any]:
    for function in FUNCTIONS:
        for sample in calls(function):
            yield pytest.param(function, sample, id=f"{function.name}: {sample.way}")


@pytest.mark.parametrize(("function", "sample"), list(every_call()))
def test_a_cell_gets_what_python_answers(running: Lite, function: Function, sample: Call) -> None:
    cells = list(map(arriving, sample.cells))
    block = answer(function, cells)
    alone = block[0][0] if len(block) == len(block[0]) == 1 else None
    if isinstance(alone, CellError) and alone.code == "#VALUE!":
        with pytest.raises(LiteError, match=re.escape(alone.message)):
            running.functions[function.name](*cells)
        return
    told = io.StringIO()
    with redirect_stdout(told):
        got = running.functions[function.name](*cells)
    assert got == [[expected(cell) for cell in row] for row in block]
    errors = {cell for row in block for cell in row if isinstance(cell, CellError)}
    assert all(error.message in told.getvalue() for error in errors)


WANTING = [function for function in FUNCTIONS if any(a.required for a in function.arguments)]


@pytest.mark.parametrize("function", WANTING, ids=lambda function: function.name)
def test_nothing_at_all_is_an_error(running: Lite, function: Function) -> None:
    with pytest.raises(LiteError, match=function.name):
        running.functions[function.name]()


def test_an_error_keeps_its_kind_and_tells_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[list[object]] = []
    monkeypatch.setattr(lite, "answer", lambda _function, _cells: answers)
    told = io.StringIO()
    with redirect_stdout(told):
        answers[:] = [[CellError("#N/A", "too few")]]
        assert called("CLV") == [["#N/A"]]
        answers[:] = [[1.5, CellError("#SPILL!", "was handed in")], [float("nan"), True]]
        assert called("CLV") == [[1.5, "#VALUE!"], ["#NUM!", True]]
        answers[:] = [[date(2026, 1, 31), None, "Gold"]]
        assert called("CLV") == answers
    assert "#N/A too few" in told.getvalue()
    assert "#SPILL! was handed in" in told.getvalue()
    answers[:] = [[CellError("#CALC!", "no rows")]]
    with pytest.raises(LiteError, match="no rows"):
        called("CLV")


def test_only_errors_that_lite_knows_leave() -> None:
    codes = {lite.outgoing(CellError(code)) for code in ("#NULL!", "#SPILL!", "#CALC!", "#REF!")}
    assert codes == {"#NULL!", "#VALUE!", "#REF!"}


def test_a_script_runs_its_task_on_the_book(
    running: Lite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(running.scripts) == ["Refresh", "Issue rewards"]
    monkeypatch.setattr(xw.engines, "active", host())
    monkeypatch.setattr(tasks, "log_to_file", lambda: tmp_path / "xlclv.log")
    path, out = customers_of_a_user(tmp_path / "mine.xlsx"), tmp_path / "ours.xlsx"
    for script in running.scripts.values():
        assert script.__annotations__ == {"book": Book}
    assert run(running.scripts["Refresh"], path, out).alerts == []
    assert run(running.scripts["Issue rewards"], out, tmp_path / "posted.xlsx").alerts != []


# --- what Pyodide lacks -----------------------------------------------------------------------

ALONE = """
import builtins, sys, threading, socket

BLOCKED = {"openpyxl", "lxml", "xlsxwriter", "python_calamine", "click", "xlwings", "win32com",
           "pythoncom", "pywintypes", "winreg", "multiprocessing", "subprocess", "uno"}

class Gate:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED - ALLOWED:
            raise ModuleNotFoundError(f"blocked: {name}", name=name)

def refuse(*_, **__):
    raise RuntimeError("blocked")

threading.Thread.start = refuse
socket.socket.__init__ = refuse
for name in BLOCKED:
    sys.modules.pop(name, None)
"""


def alone(code: str, allowed: str = "") -> str:
    """Run code in a Python without what Pyodide lacks; numpy and pandas are there already."""
    head = f"import numpy, pandas\nALLOWED = {set(allowed.split())!r}\n{ALONE}"
    program = f"{head}\nsys.meta_path.insert(0, Gate())\n{textwrap.dedent(code)}"
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_the_gate_is_shut() -> None:
    for lacking in ("import openpyxl", "import click", "import socket; socket.socket()"):
        with pytest.raises(AssertionError, match="blocked"):
            alone(lacking)


def test_the_functions_need_nothing_that_pyodide_lacks() -> None:
    code = """
        from xlclv.functions import FUNCTIONS
        from xlclv.hosts.lite.book import called, main_module
        print(called("CLV", [[50]], [[2]], [[3]]), len(FUNCTIONS), len(main_module()) > 5000)
    """
    assert alone(code) == f"[[300.0]] {len(FUNCTIONS)} True"


def test_the_code_of_the_book_runs_there(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text(main_module(), encoding="utf-8")
    code = f"""
        from types import ModuleType
        xlwings = sys.modules["xlwings"] = ModuleType("xlwings")
        xlwings.Book, xlwings.func = object, lambda function: function
        xlwings.arg = xlwings.script = lambda *_, **__: xlwings.func
        names = {{}}
        exec(open({str(path)!r}, encoding="utf-8").read(), names)
        print(names["CLV"]([[50]], [[2]], [[3]]), names["CLV_VERSION"]()[0][0])
    """
    said = alone(code)
    assert said.startswith(f"[[300.0]] xlclv {__version__}")


# --- the wheel --------------------------------------------------------------------------------

OFFLINE = re.compile(r"No matching distribution|ConnectionError|Connection refused|Temporary fail")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        str(ROOT),
        "--no-deps",
        "--quiet",
        "-w",
        str(folder),
    ]
    run = subprocess.run(pip, capture_output=True, text=True, check=False)
    if run.returncode and OFFLINE.search(run.stderr):
        pytest.skip("hatchling, which builds the wheel, is neither installed nor to be had")
    assert run.returncode == 0, run.stderr
    (built,) = folder.iterdir()
    return built


def test_the_wheel_is_pure_and_whole(wheel: Path) -> None:
    assert wheel.name == f"xlclv-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as packed:
        inside = set(packed.namelist())
    sources = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "xlclv").rglob("*")
        if path.suffix in {".py", ".toml", ".bas", ".typed"}
    }
    assert {
        "xlclv/words/en/errors.toml",
        "xlclv/hosts/excel/files/source/xlclv_macros.bas",
    } <= sources
    assert sources <= inside
    assert not [name for name in inside if name.endswith((".so", ".pyd", ".pyc"))]
    assert not [name for name in inside if name.startswith("tests")]


def test_blank_is_blank_and_numbers_are_pythons_own() -> None:
    """Lite hands results to JavaScript, which knows no numpy."""
    for function in FUNCTIONS:
        for sample in calls(function):
            for row in answer(BY_NAME[function.name], list(map(arriving, sample.cells))):
                assert not any(isinstance(cell, np.generic) for cell in row)
