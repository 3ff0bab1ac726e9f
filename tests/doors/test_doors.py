"""Names that files of users call never change, and these files call nothing else of xlclv."""

import importlib
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.hosts.excel.readers import macros
from xlclv.doors import calc, excel, lite
from xlclv.hosts.calc.files.extension import build
from xlclv.hosts.excel.files.books import write_addin, write_macro_book
from xlclv.hosts.lite.book import write_lite_book

pytestmark = pytest.mark.slow

# Released names. A line may be added; none may ever be changed or taken out.
FUNCTIONS = [
    "CLV",
    "CLV_RETENTION",
    "CLV_LIFESPAN",
    "CLV_SCHEDULE",
    "CLV_SENSITIVITY",
    "CLV_CUSTOMERS",
    "CLV_NEXT_ORDER",
    "CLV_STATUS",
    "CLV_TIER",
    "CLV_TIER_GAP",
    "CLV_TIER_CUTS",
    "CLV_SEGMENTS",
    "CLV_TOP_SHARE",
    "CLV_RFM",
    "CLV_FIT",
    "CLV_P_ALIVE",
    "CLV_EXPECTED_ORDERS",
    "CLV_EXPECTED_SPEND",
    "CLV_FORECAST",
    "CLV_SURVIVAL_FIT",
    "CLV_SURVIVAL",
    "CLV_RESIDUAL",
    "CLV_LOYALTY_TIER",
    "CLV_REWARDS",
    "CLV_REWARD_WHY",
    "CLV_REWARD_BUDGET",
    "CLV_POINTS",
    "CLV_REFERRAL",
    "CLV_BIRTHDAY",
    "CLV_TENURE",
    "CLV_CHECK",
    "CLV_VERSION",
]
TASKS = ["refresh", "post_rewards", "freeze_for_sharing", "load_sample", "clear_sample", "doctor"]
RELEASED = {
    "xlclv.doors.excel": [*FUNCTIONS, *TASKS],
    "xlclv.doors.lite": ["called", "refresh", "post_rewards"],
    "xlclv.doors.calc": ["call", "run"],
}
DOORS = (excel, lite, calc)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.__name__))
def test_released_names_stay(door: ModuleType) -> None:
    assert callable(door.__getattr__)
    for name in RELEASED[door.__name__]:
        assert callable(getattr(door, name)), name


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.__name__))
def test_a_door_offers_nothing_unreleased(door: ModuleType) -> None:
    with pytest.raises(AttributeError):
        door.nothing_of_the_kind  # noqa: B018
    own = {name for name, item in vars(door).items() if callable(item) and name[0] != "_"}
    assert own - {"Final", "lazily"} - set(RELEASED[door.__name__]) <= set(
        importlib.import_module("xlclv.functions").BY_NAME
    )


# --- the files --------------------------------------------------------------------------------


def code_of_macros(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        project = package.read("xl/vbaProject.bin")
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                yield package.read(name).decode()
    yield from macros(project).values()


def macro_book(folder: Path) -> Iterator[str]:
    write_macro_book(folder / "book.xlsm")
    yield from code_of_macros(folder / "book.xlsm")


def add_in(folder: Path) -> Iterator[str]:
    write_addin(folder / "xlclv.xlam", Path("/usr/bin/python3"))
    yield from code_of_macros(folder / "xlclv.xlam")


def lite_book(folder: Path) -> Iterator[str]:
    write_lite_book(folder / "lite.xlsx")
    with zipfile.ZipFile(folder / "lite.xlsx") as package:
        (part,) = (name for name in package.namelist() if "webextension1" in name)
        yield package.read(part).decode()


def extension(folder: Path) -> Iterator[str]:
    (folder / "xlclv.oxt").write_bytes(build())
    with zipfile.ZipFile(folder / "xlclv.oxt") as package:
        yield package.read("component.py").decode()


@pytest.mark.parametrize(
    ("texts", "door"),
    [(macro_book, excel), (add_in, excel), (lite_book, lite), (extension, calc)],
)
def test_a_file_names_its_door_and_no_other_module(
    texts: Callable[[Path], Iterator[str]], door: ModuleType, tmp_path: Path
) -> None:
    code = "\n".join(texts(tmp_path))
    named = set(re.findall(r"\bxlclv(?:\.[a-z]\w*)+", code)) - {"xlclv.json", "xlclv.log"}
    named |= {f"{a}.{b}" for a, b in re.findall(r"from (xlclv[\w.]*) import (\w+)", code)}
    assert {name for name in named if is_module(name)} <= {"xlclv", "xlclv.doors", door.__name__}
    assert door.__name__ in named


def is_module(name: str) -> bool:
    """Say whether a dotted name is one of our modules or stands in one."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ModuleNotFoundError, AttributeError):
        return False


def test_a_call_from_a_cell_loads_no_refresh() -> None:
    code = "import json, sys, xlclv.doors.{}; print(json.dumps(sorted(sys.modules)))"
    for door, unwanted in (("calc", ("openpyxl", "xlwings", "lxml")), ("excel", ("lxml",))):
        run = subprocess.run(
            [sys.executable, "-c", code.format(door)], capture_output=True, text=True, check=True
        )
        loaded = set(json.loads(run.stdout))
        assert loaded.isdisjoint({*unwanted, "xlclv.refresh.refresh", "xlclv.workbook.drawing"})
