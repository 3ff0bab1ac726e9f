"""What `tools/wasm.py` has run in WebAssembly: the functions of Lite and its scripts."""

import pickle
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xlwings as xw

from tests.hosts.lite.engine import host, run
from xlclv.doors import lite
from xlclv.hosts.lite.book import LiteError

Given = tuple[str, list[object]]  # the name of a function, and the cells it is given
POSTED = "posted"  # the book whose rewards are booked; all others are refreshed


def answers(given: Sequence[Given]) -> list[object]:
    """Return what the cells of Lite show for calls; a text for an error with its message."""
    return [_answer(name, cells) for name, cells in given]


def _answer(name: str, cells: list[object]) -> object:
    try:
        return lite.called(name, *cells)
    except LiteError as error:
        return str(error)


def say(line: str) -> None:
    """Write a line where the functions write none."""
    sys.stderr.write(f"{line}\n")


def main(room: Path) -> None:
    """Call all functions and run both scripts on the books in a folder; say how it went."""
    bits = 8 * np.intp(0).itemsize
    say(f"Python {sys.version.split()[0]}, numpy {np.__version__}, {bits} bit, {sys.platform}")
    assert bits == 32
    start = time.perf_counter()
    given = pickle.loads((room / "calls.pickle").read_bytes())  # noqa: S301 - made by the tool
    (room / "answers.pickle").write_bytes(pickle.dumps(answers(given)))
    say(f"{len(given)} calls: {time.perf_counter() - start:.0f} s")
    xw.engines.active = host()
    for path in sorted(room.glob("*.xlsx")):
        start = time.perf_counter()
        script = lite.post_rewards if path.stem == POSTED else lite.refresh
        if path.stem == POSTED:  # asks first; the script once more is the answer
            run(script, path, room / "out" / path.name)
        said = run(script, path, room / "out" / path.name).alerts
        say(f"{path.stem}: {time.perf_counter() - start:.0f} s {said}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
