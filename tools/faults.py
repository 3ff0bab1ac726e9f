"""Kill a refresh at every system call, let calls fail, and see that the book is whole all the time.

A child that has loaded everything waits until strace has it in its grip; then it writes a new file,
replaces one, or refreshes in place. Whatever happens to it, the book and the result are what they
were or what they were to be, never anything else, and no other file stays but the dated copy. What
a killed run left behind, the next one sweeps. Needs strace; takes some minutes.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from xlsxwriter.workbook import Workbook

from xlclv.errors import XlclvError
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.refresh.verify import compare
from xlclv.xlsx.package import Package

STAMP = datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001 - cells have no zone
CALLS = (
    "openat,write,pwrite64,rename,renameat2,link,linkat,unlink,unlinkat,fsync,chmod,fchmod,"
    "fchmodat,mkdir,rmdir,ftruncate,copy_file_range,sendfile,flock"
)
ERRORS = {
    "write": "ENOSPC",
    "openat": "EACCES",
    "link": "EACCES",
    "linkat": "EACCES",
    "rename": "EBUSY",
    "fsync": "EIO",
    "mkdir": "ENOSPC",
    "sendfile": "ENOSPC",
    "copy_file_range": "ENOSPC",
    "chmod": "EPERM",
}
BUG = 3  # as of the command line
STRACE = shutil.which("strace") or ""
MODES = ("new", "replace", "in_place")
MOST = int(os.environ.get("XLCLV_FAULTS", "60"))  # places at which each mode is killed


def a_log(path: Path) -> Path:
    """Write a small order log."""
    book = Workbook(str(path))
    sheet, day = book.add_worksheet("Orders"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["Customer ID", "Order ID", "Order date", "Net amount"])
    for row in range(1, 40):
        sheet.write_row(row, 0, [f"C{row % 7}", row])
        sheet.write_datetime(row, 2, STAMP - timedelta(days=row * 5), day)
        sheet.write_number(row, 3, row)
    book.close()
    return path


def asked(mode: str, folder: Path) -> RefreshRequest:
    """Return what a run is asked for."""
    book, out = folder / "book.xlsx", folder / "out.xlsx"
    if mode == "in_place":
        return RefreshRequest(book, in_place=True)
    replaces = mode == "replace"
    return RefreshRequest(book, out if replaces else None, replace_out=replaces)


def child(mode: str, folder: Path, scratch: Path) -> int:
    """Fork a run that waits for a signal before it begins."""
    number = os.fork()
    if number:
        return number
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    code = BUG
    try:
        signal.sigwait({signal.SIGUSR1})
        refresh(asked(mode, folder), STAMP)
        code = 0
    except XlclvError as error:
        code = 1
        tell(folder, str(error))
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        tell(folder, repr(error))
    finally:
        os._exit(code)


def tell(folder: Path, text: str) -> None:
    """Say why a run failed, unless writing that fails too."""
    with contextlib.suppress(OSError):
        (folder.parent / "said").write_text(text)


def traced(mode: str, folder: Path, scratch: Path, *options: str) -> tuple[int, str]:
    """Run under strace; return how it ended and what it called."""
    log = folder.parent / "trace"
    number = child(mode, folder, scratch)
    grip = subprocess.Popen(  # noqa: S603 - a program of the system, told nothing from outside
        [STRACE, "-f", "-p", str(number), "-e", f"trace={CALLS}", *options, "-o", str(log)],
        stderr=subprocess.PIPE,
        text=True,
    )
    began = grip.stderr.readline() if grip.stderr else ""
    if "attached" not in began:
        os.kill(number, signal.SIGKILL)
        raise SystemExit(began)
    os.kill(number, signal.SIGUSR1)
    _, status = os.waitpid(number, 0)
    grip.wait()
    trace = log.read_text() if log.exists() else ""
    return os.waitstatus_to_exitcode(status), trace


@contextlib.contextmanager
def a_place(first: Path, old: Path) -> Iterator[tuple[Path, Path]]:
    """Yield a folder with a book and an older result, and an empty folder to work in."""
    with tempfile.TemporaryDirectory(prefix="faults-") as whole:
        folder, scratch = Path(whole) / "books", Path(whole) / "scratch"
        folder.mkdir()
        scratch.mkdir()
        shutil.copy(first, folder / "book.xlsx")
        shutil.copy(old, folder / "out.xlsx")
        yield folder, scratch


def faults(mode: str, folder: Path, first: bytes, old: bytes, *, killed: bool) -> Iterator[str]:
    """Yield what is not as it must be after a run that was disturbed."""
    targets = {"new": "book-refreshed.xlsx", "replace": "out.xlsx", "in_place": "book.xlsx"}
    before = {"book.xlsx": first, "out.xlsx": old}
    for path in sorted(folder.iterdir()):
        name, now = path.name, path.read_bytes()
        if now == before.get(name):
            continue
        if name == targets[mode]:
            yield from not_whole(path, first, folder)
        elif re.fullmatch(r"(book|out)-2026-07-01-093000\.xlsx", name):
            if now not in (first, old):
                yield f"{name} is no copy"
        elif not (killed and name.endswith(".xlsx.xlclv-tmp")) and not (
            killed and re.fullmatch(r"\..*\.xlclv-tmp(\.bulk)?", name)
        ):
            yield f"{name} stays"
    for name in before:
        if not (folder / name).exists():
            yield f"{name} is gone"


def not_whole(path: Path, first: bytes, folder: Path) -> Iterator[str]:
    """Yield why a result is not the whole result."""
    original = folder.parent / "first.xlsx"
    original.write_bytes(first)
    try:
        with Package(path) as package:
            names = {sheet.name for sheet in package.sheets()}
        if "CustomerValues" not in names or not compare(original, path).only_ours:
            yield f"{path.name} is neither the old nor the new"
    except XlclvError as error:
        yield f"{path.name}: {error}"


def main() -> int:
    """Disturb every mode at every place; print what was found."""
    if not STRACE:
        print("strace is not installed; nothing was tried")
        return 1
    found, tried = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as home:
        first, old = a_log(Path(home) / "first.xlsx"), a_log(Path(home) / "old.xlsx")
        contents = first.read_bytes(), old.read_bytes()
        for mode in MODES:
            with a_place(first, old) as (folder, scratch):
                code, trace = traced(mode, folder, scratch)
                if code:
                    raise SystemExit((folder.parent / "said").read_text())
            calls = Counter(re.findall(r"^\d+ +(\w+)\(", trace, re.MULTILINE))
            print(mode, "makes", sum(calls.values()), "calls:", dict(calls))
            for options, what in disturbances(calls):
                with a_place(first, old) as (folder, scratch):
                    code, _ = traced(mode, folder, scratch, *options)
                    killed = code < 0
                    wrong = list(faults(mode, folder, *contents, killed=killed))
                    said = folder.parent / "said"
                    if code == BUG:
                        why = (
                            said.read_text() if said.exists() else "not even that could be written"
                        )
                        wrong.append(f"no clear word: {why}")
                    hopeless = killed or (what.startswith("openat") and " on:" in what)
                    if not hopeless and any(scratch.iterdir()):
                        wrong.append("something stays where xlclv works")
                    if hopeless:  # nothing could be opened any more, so nothing be cleaned up
                        wrong += list(not_swept(mode, folder, scratch))
                    tried[f"{mode}, {'killed' if killed else 'failed' if code else 'went on'}"] += 1
                for text in wrong:
                    found[text] += 1
                    print(f"  {mode}, {what}: {text}")
    for what, times in sorted(tried.items()):
        print(f"{what}: {times}")
    print("faults found:", sum(found.values()))
    return 1 if found else 0


def disturbances(calls: Counter[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield options of strace with what they do: kills spread over all calls, calls that fail."""
    whole = sum(calls.values())
    step = max(whole // MOST, 1)
    for at in range(1, whole + 1, step):
        yield ("-e", f"inject={CALLS}:signal=KILL:when={at}"), f"killed at call {at}"
    for call, error in ERRORS.items():
        step = max(calls[call] // 12, 1)
        for at in range(1, calls[call] + 1, step):
            yield ("-e", f"inject={call}:error={error}:when={at}+"), f"{call} {at} on: {error}"
            yield ("-e", f"inject={call}:error={error}:when={at}"), f"{call} {at}: {error}"


def not_swept(mode: str, folder: Path, scratch: Path) -> Iterator[str]:
    """Yield what the next run leaves of what a killed one left behind."""
    long_ago = time.time() - 60
    for path in (*folder.iterdir(), *scratch.rglob("*")):
        os.utime(path, (long_ago, long_ago))
    number = child(mode, folder, scratch)
    time.sleep(0.01)
    os.kill(number, signal.SIGUSR1)
    os.waitpid(number, 0)
    left = [path.name for path in folder.iterdir() if ".xlclv-tmp" in path.name]
    left += [path.name for path in scratch.iterdir()]
    yield from (f"{name} is not swept" for name in left)


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    sys.exit(main())
