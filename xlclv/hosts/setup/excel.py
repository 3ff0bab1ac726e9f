"""Put the add-in where Excel loads it, and take it out again."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from python_calamine import CalamineError, CalamineWorkbook

from xlclv import __version__
from xlclv.errors import InputError
from xlclv.hosts.excel.files.books import ADD_IN_FILE, write_addin
from xlclv.hosts.excel.files.xlwings_source import ADD_IN_NAME
from xlclv.words import word
from xlclv.xlsx.files import make_folder, refuse_if_open, save_atomically
from xlclv.xlsx.zipmembers import Members

Registry = Callable[[str], Mapping[str, object]]  # the values of a key of Windows, by name

WINDOWS: Final = "win32"
MAC: Final = "darwin"
# The systems that Excel runs on, with what is left to do there once the add-in is in its place.
NEXT: Final = {WINDOWS: "excel.next_windows", MAC: "excel.next_mac"}
STORE: Final = "WindowsApps"  # the folder of programs from the Microsoft Store
CORE: Final = "docProps/core.xml"
END: Final = "</cp:coreProperties>"
INTERNET: Final = 3  # zones of Windows from here on are not trusted
OFFICE: Final = r"Software\Microsoft\Office\16.0"  # of 2016 and all later ones
# Where the registry says how many bits the programs of Office have.
BITNESS: Final = (
    (r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration", "Platform"),
    (rf"HKLM\{OFFICE}\Outlook", "Bitness"),
    (r"HKLM\Software\WOW6432Node\Microsoft\Office\16.0\Outlook", "Bitness"),
)
BITS: Final = {"x64": 64, "x86": 32}
MARK: Final = re.compile(r"<cp:version>([^<]*?) \(xlwings ([^<]*?)\)</cp:version>")


def install_excel(*, folder: Path | None = None, platform: str = sys.platform) -> str:
    """Build the add-in for the Python in use and put it where Excel loads it; again is an update.

    Args:
        folder: Where it goes; None: the folder that Excel loads at its start on Windows, a
            folder of its own on the Mac.
        platform: As `sys.platform`.

    Returns:
        What was done and what to do next.

    Raises:
        InputError: There is no Excel for this system, xlwings is missing or too old, Excel has
            the add-in open, this Python cannot be run by Excel, or the place cannot be written to.
    """
    if platform not in NEXT:
        raise InputError("excel_install_elsewhere")
    python = interpreter(Path(sys.executable), Path(sys.base_prefix), platform)
    target = (folder or add_in_folder(platform, os.environ, Path.home())) / ADD_IN_FILE
    make_folder(target.parent)
    refuse_if_in_use(target)
    known = target.exists()
    save_atomically(target, lambda path: build(path, python), overwrite=True)
    done = word("excel.updated" if known else "excel.installed", version=__version__, path=target)
    return f"{done}\n{word(NEXT[platform])}"


def uninstall_excel(*, folder: Path | None = None, platform: str = sys.platform) -> str:
    """Remove the add-in; where there is none, that is fine too.

    Raises:
        InputError: Excel has it open, or it may not be removed.
    """
    target = (folder or add_in_folder(platform, os.environ, Path.home())) / ADD_IN_FILE
    if not target.exists():
        return word("excel.nothing_to_remove", path=target)
    refuse_if_in_use(target)
    try:
        target.unlink()
    except OSError as error:
        raise InputError("excel_not_removed", path=target, reason=error.strerror) from error
    return word("excel.removed", path=target)


def add_in_folder(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Return where the add-in goes: on Windows the folder whose files Excel opens at its start."""
    if platform == WINDOWS:
        roaming = environment.get("APPDATA") or home / "AppData" / "Roaming"
        return Path(roaming, "Microsoft", "Excel", "XLSTART")
    return home / "xlclv"


def interpreter(executable: Path, base: Path, platform: str) -> Path:
    """Return the full path of the Python that Excel is to run.

    Args:
        executable: The program that runs this; in a virtual environment that of it.
        base: Where that Python is installed.
        platform: As `sys.platform`.

    Raises:
        InputError: There is none, or it comes from the Microsoft Store: Windows gives such a
            program a folder XLSTART of its own, into which Excel never looks.
    """
    if not executable.name:
        raise InputError("excel_no_interpreter")
    if is_from_store(base, platform):
        raise InputError("excel_store_python", path=base)
    return executable.absolute()  # not resolved: a link of an environment leads out of it


def is_from_store(base: Path, platform: str) -> bool:
    """Say whether Python comes from the Microsoft Store."""
    return platform == WINDOWS and STORE in re.split(r"[\\/]", str(base))


def refuse_if_in_use(path: Path) -> None:
    """Raise InputError where Excel has the add-in open."""
    try:
        refuse_if_open(path)
        if path.exists() and os.access(path, os.W_OK):
            path.open("r+b").close()  # Excel lays no lock file beside an add-in but shares none
    except (InputError, PermissionError) as error:
        raise InputError("excel_add_in_open", path=path) from error


def build(path: Path, python: Path) -> None:
    """Write the add-in, marked with the versions it was made from.

    Its VBA names a DLL of one version of xlwings: after an update of xlwings it is stale, and
    `xlclv doctor` must be able to see that.
    """
    bare = path.with_name(f"{path.name}.bare")
    try:
        write_addin(bare, python)
        with Members(bare) as members:
            core = members.read(CORE).decode()
            mark = escape(f"{__version__} (xlwings {version('xlwings')})")
            core = core.replace(END, f"<cp:version>{mark}</cp:version>{END}")
            members.store(CORE, core.encode())
            members.write(path)
    finally:
        bare.unlink(missing_ok=True)


def made_from(path: Path) -> tuple[str, str]:
    """Return the versions of xlclv and of xlwings that an add-in was made from.

    Raises:
        InputError: The file is damaged or has no mark.
    """
    with Members(path) as members:
        found = MARK.search(members.read(CORE).decode("utf-8", errors="replace"))
    if not found:
        raise InputError("excel_add_in_unmarked", path=path)
    return found[1], found[2]


def xlwings_version() -> str | None:
    """Return the version of the installed xlwings, or None."""
    try:
        return version("xlwings")
    except PackageNotFoundError:
        return None


# --- what stands on this computer -------------------------------------------------------------


def no_registry(_key: str) -> Mapping[str, object]:
    """Return nothing, as on a system without a registry."""
    return {}


def windows_registry() -> Registry:
    """Return what reads the registry, where there is one."""
    if sys.platform != "win32":
        return no_registry
    import winreg  # noqa: PLC0415 - on Windows only

    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}

    def values(key: str) -> Mapping[str, object]:
        root, _, path = key.partition("\\")
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        found: dict[str, object] = {}
        # It ends with an error: no such key, or no more values.
        with suppress(OSError), winreg.OpenKey(roots[root], path, 0, access) as handle:
            while True:
                name, value, _kind = winreg.EnumValue(handle, len(found))
                found[name] = value
        return found

    return values


def excel_bits(registry: Registry) -> int | None:
    """Return how many bits Excel has, where the registry tells."""
    told = (str(registry(key).get(name)) for key, name in BITNESS)
    return next((BITS[each] for each in told if each in BITS), None)


def settings_of(add_in: Path) -> dict[str, str]:
    """Return the settings of xlwings in an add-in.

    Raises:
        InputError: The file is damaged.
    """
    try:
        with CalamineWorkbook.from_path(str(add_in)) as book:
            rows = book.get_sheet_by_name(f"{ADD_IN_NAME}.conf").to_python()
    except (CalamineError, OSError) as error:
        raise InputError("excel_add_in_unmarked", path=add_in) from error
    return {str(row[0]): str(row[1]) for row in rows}


def zone(path: Path) -> int:
    """Return the zone of Windows that a file came from: 3 is the Internet; 0 where it has none."""
    try:
        told = Path(f"{path}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    found = re.search(r"ZoneId=(\d)", told)
    return int(found[1]) if found else 0
