"""What can be wrong on this computer, and how to mend it."""

import json
import os
import platform
import re
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from xlclv import __version__
from xlclv.errors import InputError
from xlclv.hosts.calc.files.extension import IDENTIFIER
from xlclv.hosts.excel.files.books import ADD_IN_FILE
from xlclv.hosts.setup import excel as install
from xlclv.hosts.setup.calc import (
    ANSWER,
    QUESTION,
    Office,
    asked_cell,
    default_profile,
    find_office,
)
from xlclv.hosts.setup.excel import INTERNET, OFFICE, Registry, windows_registry, zone
from xlclv.reading.source import read_source
from xlclv.tables import SCHEMA
from xlclv.words import word
from xlclv.xlsx.files import refuse_if_open

Level = Literal["ok", "look", "fault"]

OLDEST_XLWINGS: Final = (0, 37)
WIDTH: Final = 96
BITS_64: Final = 64
SIGNED_ONLY, NONE = 3, 4  # of VBAWarnings: which macros run
EXCEL: Final = rf"{OFFICE}\Excel"
POLICY: Final = r"Software\Policies\Microsoft\Office\16.0\Excel"
APP_PATH: Final = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Args:
        key: What was looked at and found; of its texts `doctor.KEY` and `doctor.KEY_fix`.
        level: Whether it is in order, deserves a look or keeps something from working.
        found: What was found.
        fix: What to do; empty where it is in order.
    """

    key: str
    level: Level
    found: str
    fix: str = ""


def _ok(key: str, **facts: object) -> Finding:
    return Finding(key, "ok", word(f"doctor.{key}", **facts))


def _look(key: str, **facts: object) -> Finding:
    return Finding(key, "look", word(f"doctor.{key}", **facts), word(f"doctor.{key}_fix"))


def _fault(key: str, **facts: object) -> Finding:
    return Finding(key, "fault", word(f"doctor.{key}", **facts), word(f"doctor.{key}_fix"))


@dataclass(frozen=True, slots=True)
class Machine:
    r"""The computer that is looked at; the defaults are this one.

    Args:
        platform: As `sys.platform`.
        environment: Variables of the environment.
        home: Folder of the user.
        folder: The current folder.
        python: The Python in use.
        base: Where that Python is installed.
        xlwings: Version of xlwings, None where it is missing.
        pywin32: Whether pywin32 is there.
        registry: Reads a key of the registry, such as HKCU\Software.
        office: Looks for LibreOffice.
        profile: Where LibreOffice keeps the settings of the user.
        cell: Asks a cell of LibreOffice, as `asked_cell`.
    """

    platform: str = sys.platform
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    home: Path = field(default_factory=Path.home)
    folder: Path = field(default_factory=Path.cwd)
    python: Path = Path(sys.executable)
    base: Path = Path(sys.base_prefix)
    python_bits: int = BITS_64 if sys.maxsize > 2**32 else 32
    xlwings: str | None = field(default_factory=install.xlwings_version)
    pywin32: bool = field(default_factory=lambda: find_spec("win32com") is not None)
    registry: Registry = field(default_factory=windows_registry)
    office: Callable[[], Office] = find_office
    profile: Path = field(default_factory=default_profile)
    cell: Callable[[Office, Path], tuple[str, str]] = asked_cell

    @property
    def is_windows(self) -> bool:
        """Say whether it runs Windows."""
        return self.platform == install.WINDOWS

    @property
    def may_run_excel(self) -> bool:
        """Say whether there is an Excel for it."""
        return self.platform in {install.WINDOWS, install.MAC}

    @property
    def add_in(self) -> Path:
        """Return where the add-in is, if it is installed."""
        return install.add_in_folder(self.platform, self.environment, self.home) / ADD_IN_FILE


def examine(book: Path | None = None, machine: Machine | None = None) -> tuple[Finding, ...]:
    """Look at everything that can be wrong; nothing is changed.

    Args:
        book: A workbook to look at too.
        machine: The computer; None: this one.
    """
    computer = machine or Machine()
    return tuple(_findings(computer, book))


def _findings(machine: Machine, book: Path | None) -> Iterator[Finding]:
    yield from look_at_python(machine)
    yield from look_at_xlwings(machine)
    if machine.is_windows:
        yield from look_at_excel(machine)
        yield from look_at_trust(machine.registry)
    if machine.may_run_excel or machine.add_in.exists():
        yield from look_at_add_in(machine)
    if not machine.may_run_excel:
        yield from look_at_libreoffice(machine)
    yield from look_at_folder(machine.folder, machine.environment)
    if book is not None:
        yield from look_at_book(book, machine)


def is_ill(findings: tuple[Finding, ...]) -> bool:
    """Say whether something keeps xlclv from working."""
    return any(finding.level == "fault" for finding in findings)


def report(findings: tuple[Finding, ...] | None = None) -> str:
    """Write the findings for people, what to do under each; None: of this computer."""
    listed = examine() if findings is None else findings
    lines = [line for finding in listed for line in _lines(finding)]
    summary = "doctor.ill" if is_ill(listed) else "doctor.well"
    return "\n".join([*lines, "", word(summary)])


def _lines(finding: Finding) -> Iterator[str]:
    level = word(f"doctor.level.{finding.level}")
    margin = " " * 8
    for text, first in ((finding.found, f"{level:<8}"), (finding.fix, f"{margin}→ ")):
        # A path stays whole, so that it can be copied.
        yield from textwrap.wrap(
            text,
            WIDTH,
            initial_indent=first,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )


def as_json(findings: tuple[Finding, ...] | None = None) -> str:
    """Write the findings for programs."""
    listed = examine() if findings is None else findings
    return json.dumps([asdict(finding) for finding in listed], ensure_ascii=False, indent=2)


# --- Python and xlwings -----------------------------------------------------------------------


def look_at_python(machine: Machine) -> Iterator[Finding]:
    """Look at the Python in use."""
    bits, version = machine.python_bits, platform.python_version()
    yield _ok("python", version=version, bits=bits, path=machine.python, xlclv=__version__)
    if install.is_from_store(machine.base, machine.platform):
        yield _fault("python_of_store", path=machine.base)


def look_at_xlwings(machine: Machine) -> Iterator[Finding]:
    """Look at xlwings, which only Excel needs."""
    if machine.xlwings is None:
        excel = machine.may_run_excel
        yield _fault("xlwings_missing") if excel else _ok("xlwings_not_needed")
        return
    if version_numbers(machine.xlwings) < OLDEST_XLWINGS:
        oldest = ".".join(map(str, OLDEST_XLWINGS))
        yield _fault("xlwings_old", version=machine.xlwings, oldest=oldest)
    else:
        yield _ok("xlwings", version=machine.xlwings)
    if machine.is_windows and not machine.pywin32:
        yield _fault("pywin32_missing")


def version_numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to compare.

    >>> version_numbers("0.37.8") >= (0, 37), version_numbers("0.9.rc1")
    (True, (0, 9))
    """
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()


# --- Excel ------------------------------------------------------------------------------------


def look_at_excel(machine: Machine) -> Iterator[Finding]:
    """Look at Excel on Windows, and at the DLL through which it calls Python."""
    bits = install.excel_bits(machine.registry)
    path = machine.registry(APP_PATH).get("")
    if bits is None and path is None:
        yield _look("excel_missing")
        return
    yield _ok("excel", path=path or "Excel", bits=bits or "?")
    if machine.xlwings is None:
        return
    folders = (machine.python.parent, machine.python.parent.parent)  # the second: environments
    for each in [bits] if bits else [64, 32]:
        name = f"xlwings{each}-{machine.xlwings}.dll"
        if not any((folder / name).exists() for folder in folders):
            yield _fault("dll_missing", name=name, folder=folders[0])
    if bits and bits != machine.python_bits:
        yield _look("bits_differ", excel=bits, python=machine.python_bits)


def look_at_trust(registry: Registry) -> Iterator[Finding]:
    """Look at the settings that keep macros or add-ins from running; a policy goes first."""
    security = {**registry(rf"HKCU\{EXCEL}\Security"), **registry(rf"HKCU\{POLICY}\Security")}
    trusted = "Trusted Locations"
    locations = {
        **registry(rf"HKCU\{EXCEL}\Security\{trusted}"),
        **registry(rf"HKCU\{POLICY}\Security\{trusted}"),
    }
    faults = []
    if security.get("VBAWarnings") in {SIGNED_ONLY, NONE}:
        faults.append(_fault("macros_off"))
    if security.get("DisableAllAddins") == 1 or security.get("RequireAddinSig") == 1:
        faults.append(_fault("add_ins_off"))
    if locations.get("AllLocationsDisabled") == 1:
        faults.append(_fault("locations_off"))
    disabled = registry(rf"HKCU\{EXCEL}\Resiliency\DisabledItems").values()
    if any(ADD_IN_FILE.encode("utf-16-le") in _bytes(value).lower() for value in disabled):
        faults.append(_fault("add_in_disabled"))
    yield from faults or [_ok("trust")]


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def look_at_add_in(machine: Machine) -> Iterator[Finding]:
    """Look at the installed add-in: what it was made from, what it runs, whether Excel takes it."""
    path = machine.add_in
    if not path.exists():
        yield _look("add_in_missing", path=path)
        return
    try:
        own, xlwings = install.made_from(path)
        python = Path(install.settings_of(path).get("INTERPRETER_WIN", ""))
    except InputError as error:
        yield _fault("add_in_damaged", reason=error)
        return
    faults = []
    if own != __version__:
        faults.append(_fault("add_in_other_version", own=own, package=__version__))
    if xlwings != machine.xlwings:
        faults.append(_fault("add_in_other_xlwings", own=xlwings, package=machine.xlwings or "-"))
    if not python.exists():
        faults.append(_fault("add_in_python_gone", path=python))
    elif python.absolute() != machine.python.absolute():
        faults.append(_look("add_in_other_python", own=python, used=machine.python))
    if zone(path) >= INTERNET:
        faults.append(_fault("add_in_blocked", path=path))
    copies = [each.name for each in path.parent.glob("xlclv*.xla*") if each.name != ADD_IN_FILE]
    if copies and machine.is_windows:
        faults.append(_look("add_in_twice", names=", ".join(sorted(copies)), folder=path.parent))
    yield from faults or [_ok("add_in", version=own, path=path)]


# --- LibreOffice ------------------------------------------------------------------------------


def look_at_libreoffice(machine: Machine) -> Iterator[Finding]:
    """Look at LibreOffice and at the extension in it."""
    try:
        office = machine.office()
    except InputError as error:
        yield Finding("libreoffice", "look", str(error), word("doctor.libreoffice_fix"))
        return
    yield _ok("libreoffice", version=office.shown_version, path=office.program)
    installed = extension_version(machine.profile)
    if installed is None:
        yield _look("extension_missing")
    elif installed != __version__:
        yield _fault("extension_old", own=installed, package=__version__)
    else:
        yield _ok("extension", version=installed)
    if installed is not None:
        yield look_at_cell(machine, office)


def look_at_cell(machine: Machine, office: Office) -> Finding:
    """Ask a cell of LibreOffice: all may be in its place, and yet no formula work."""
    try:
        shown, told = machine.cell(office, machine.profile)
    except InputError as error:
        return Finding("cell_unasked", "fault", str(error), word("doctor.cell_unasked_fix"))
    if shown == ANSWER:
        return _ok("cell", formula=QUESTION, shown=shown)
    return _fault("cell_wrong", formula=QUESTION, shown=shown, answer=ANSWER, reason=told)


def extension_version(profile: Path) -> str | None:
    """Return the version of the extension that LibreOffice has unpacked for the user, or None."""
    for description in (profile / "user").glob("uno_packages/cache/**/description.xml"):
        text = description.read_text(encoding="utf-8", errors="replace")
        if f'<identifier value="{IDENTIFIER}"' in text:
            found = re.search(r'<version value="([^"]*)"', text)
            return found[1] if found else None
    return None


# --- folders and workbooks --------------------------------------------------------------------


def look_at_folder(folder: Path, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look whether results can be written to a folder, and whether OneDrive looks after it."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield _ok("folder", path=folder)
    except OSError:
        yield _fault("folder_locked", path=folder)
    if in_onedrive(folder, environment):
        yield _look("onedrive", path=folder)


def in_onedrive(path: Path, environment: Mapping[str, str]) -> bool:
    """Say whether OneDrive or SharePoint keeps a path: Excel then calls it by a web address."""
    roots = {value for name, value in environment.items() if name.startswith("OneDrive") and value}
    inside = any(path.is_relative_to(root) for root in roots)
    return inside or any(part.startswith("OneDrive") for part in path.parts)


def look_at_book(book: Path, machine: Machine) -> Iterator[Finding]:
    """Look whether a workbook can be read and was made for this version."""
    try:
        refuse_if_open(book)
    except InputError as error:
        yield Finding("book_open", "look", str(error), word("doctor.book_open_fix"))
    try:
        schema = schema_of(book)
    except InputError as error:
        yield Finding("book_unread", "fault", str(error), word("doctor.book_unread_fix"))
        return
    if schema is None:
        yield _ok("book_of_user", path=book)
    elif schema > SCHEMA:
        yield _fault("book_newer", path=book, schema=schema, own=SCHEMA)
    elif schema < SCHEMA:
        yield _look("book_older", path=book, schema=schema, own=SCHEMA)
    else:
        yield _ok("book", path=book, schema=schema)
    if zone(book) >= INTERNET:
        yield _look("book_blocked", path=book)
    if in_onedrive(book.absolute(), machine.environment):
        yield _look("onedrive", path=book)


def schema_of(book: Path) -> int | None:
    """Return the schema that a workbook of ours says it has, or None.

    Raises:
        InputError: The file cannot be read.
    """
    told = re.compile(word("version", version="[^ ]+", schema=r"(\d+)"))
    for sheet in read_source(book).sheets:
        for row in sheet.cells:
            for cell in row:
                if isinstance(cell, str) and (found := told.fullmatch(cell)):
                    return int(found[1])
    return None
