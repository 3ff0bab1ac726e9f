"""Put xlclv into the spreadsheet program of the user, and take it out again."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from xlclv.errors import InputError
from xlclv.hosts.calc.files import extension
from xlclv.words import word

# Where Linux distributions and libreoffice.org put soffice; the PATH comes first.
USUAL_PLACES = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/usr/local/lib/libreoffice/program",
    "/opt/libreoffice*/program",
)
# Stores that lock LibreOffice into a box of its own, and where it then stands.
SEALED = {
    "snap": ("/snap/bin/libreoffice",),
    "Flatpak": (
        "/var/lib/flatpak/app/org.libreoffice.LibreOffice",
        "~/.local/share/flatpak/app/org.libreoffice.LibreOffice",
    ),
}
# What an environment of Python has beside its programs, and what it sets when it is activated.
ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")
OWN_VARIABLES = {"VIRTUAL_ENV", "CONDA_PREFIX"}
# A question to a cell that has an answer; doctor asks it in a copy of the profile, without these.
QUESTION, ANSWER = "=CLV(50;2;3)", "300"
LEFT_OUT = shutil.ignore_patterns("backup", "temp", "gallery", "template", "autocorr", "*.lock")
SETTINGS = "xlclv.json"  # in the user's profile, where the component of the extension reads it
LOG = "xlclv.log"
OPEN = 75  # how office.py ends where the user has documents open
LONGEST_RUN = 300  # seconds
NOTHING_TOLD = ("no traceback available",)  # how an error of UNO ends


@dataclass(frozen=True, slots=True)
class Office:
    """A LibreOffice that can run xlclv.

    Args:
        program: The folder of soffice.
        version: Such as (25, 2).
        python: Version of its Python, such as "3.11".
    """

    program: Path
    version: tuple[int, ...]
    python: str

    @property
    def soffice(self) -> Path:
        """Return its program."""
        return self.program / "soffice"

    @property
    def shown_version(self) -> str:
        """Write the version, such as 25.2."""
        return ".".join(map(str, self.version))


def install_calc(*, program: Path | None = None, profile: Path | None = None) -> str:
    """Install the functions and the menu for the user; again is an update.

    Args:
        program: Folder of soffice; None: look for it.
        profile: Folder of the settings of LibreOffice; None: those of the user.

    Returns:
        What was done and what to do next.

    Raises:
        InputError: There is no LibreOffice that can run xlclv, or it refused.
    """
    office = find_office(program)
    check_python(office)
    user = user_folder(profile)
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder, "xlclv.oxt")
        packed.write_bytes(extension.build())
        _change(office, "add", str(packed), profile)
    settings = {"paths": [str(path) for path in import_paths()]}
    try:
        user.mkdir(parents=True, exist_ok=True)
        (user / SETTINGS).write_text(json.dumps(settings, indent=1), encoding="utf-8")
    except OSError as error:
        raise InputError("calc_no_profile", path=user, answer=error) from error
    return word("calc.installed", version=office.shown_version, log=user / LOG)


def uninstall_calc(*, program: Path | None = None, profile: Path | None = None) -> str:
    """Remove all that `install_calc` put there; where there is nothing, that is fine too."""
    office = find_office(program)
    _change(office, "remove", extension.IDENTIFIER, profile)
    for name in (SETTINGS, LOG, f"{LOG}.1"):
        (user_folder(profile) / name).unlink(missing_ok=True)
    return word("calc.removed", version=office.shown_version)


# --- finding LibreOffice ----------------------------------------------------------------------


def find_office(program: Path | None = None) -> Office:
    """Return the newest LibreOffice found.

    Raises:
        InputError: There is none, only one that cannot be used, or it is too old.
    """
    folders = [program] if program else list(_folders())
    found = [(version(folder), folder) for folder in folders if (folder / "soffice").exists()]
    if not found:
        raise _none_found()
    newest, folder = max(found)
    if newest < tuple(map(int, extension.LEAST_VERSION.split("."))):
        shown = ".".join(map(str, newest))
        raise InputError("calc_too_old", version=shown, path=folder, least=extension.LEAST_VERSION)
    return Office(folder, newest, office_python(folder))


def _folders() -> Iterator[Path]:
    """Yield the folders that may hold soffice, each once."""
    on_path = [shutil.which(name) for name in ("soffice", "libreoffice")]
    free = [Path(found) for found in on_path if found and not found.startswith("/snap/")]
    folders = [found.resolve().parent for found in free]
    for pattern in USUAL_PLACES:
        folders += sorted(Path("/").glob(pattern.lstrip("/")))
    yield from dict.fromkeys(folders)


def _none_found() -> InputError:
    """Return the error for a machine without, or with one that is locked into a box."""
    for store, paths in SEALED.items():
        if any(Path(path).expanduser().exists() for path in paths):
            return InputError("calc_sealed", store=store, least=extension.LEAST_VERSION)
    return InputError("calc_missing", least=extension.LEAST_VERSION)


def version(folder: Path) -> tuple[int, ...]:
    """Ask a LibreOffice for its version, such as (25, 2)."""
    answer = _run([str(folder / "soffice"), "--version"])
    numbers = re.search(r"LibreOffice (\d+)\.(\d+)", answer.stdout)
    if not numbers:
        raise InputError("calc_unknown_version", path=folder, answer=_said(answer))
    return tuple(map(int, numbers.groups()))


def office_python(folder: Path) -> str:
    """Return the version of the Python that a LibreOffice runs, such as "3.11".

    LibreOffice of libreoffice.org brings its own; others link that of the system.
    """
    own = next(folder.glob("python-core-3.*"), None)
    library = folder / "libpyuno.so"
    told = own.name.encode() if own else library.read_bytes() if library.exists() else b""
    numbers = re.search(rb"python(?:-core-)?(3\.\d+)", told)
    if numbers:
        return numbers[1].decode()
    raise InputError("calc_no_python", path=folder)


def check_python(office: Office) -> None:
    """Raise InputError unless the Python that runs this can be used in LibreOffice."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    if office.python != own:
        raise InputError("calc_other_python", office=office.python, own=own)


# --- what goes where --------------------------------------------------------------------------


def user_folder(profile: Path | None = None) -> Path:
    """Return the folder of a profile where LibreOffice keeps what the user sets."""
    return (profile or default_profile()) / "user"


def default_profile() -> Path:
    """Return the folder where LibreOffice keeps the settings of this user."""
    settings = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(settings, "libreoffice/4")


def import_paths() -> list[Path]:
    """Return the folders from which this Python imports xlclv and all it needs."""
    specs = [find_spec(name) for name in ("xlclv", "numpy")]
    # xlclv may be run from where it is written, beside an installed one: its own folder first.
    paths = [Path(spec.origin).parent.parent for spec in specs if spec and spec.origin]
    paths += [Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")]
    return list(dict.fromkeys(path.resolve() for path in paths))


# --- asking a cell ----------------------------------------------------------------------------


def asked_cell(office: Office, profile: Path) -> tuple[str, str]:
    """Ask a cell of LibreOffice for a value; whatever the user has open stays as it is.

    Args:
        office: The LibreOffice.
        profile: Where it keeps the settings of the user.

    Returns:
        What the cell shows, and the last line of the log it wrote, "" without.

    Raises:
        InputError: LibreOffice did not answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "profile")
        shutil.copytree(profile / "user", copied / "user", ignore=LEFT_OUT)
        log = copied / "user" / LOG
        log.unlink(missing_ok=True)
        answer = _by_program(office, "ask", QUESTION, copied)
        if answer.returncode:
            raise InputError("calc_no_answer", answer=_said(answer))
        told = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return answer.stdout.strip(), told[-1] if told else ""


# --- the extension ----------------------------------------------------------------------------


def _change(office: Office, command: str, what: str, profile: Path | None) -> None:
    """Add or remove the extension; `unopkg` does it, but refuses root."""
    run = _by_program if os.geteuid() == 0 else _by_unopkg
    answer = run(office, command, what, profile)
    if answer.returncode == OPEN:
        raise InputError("calc_open")
    if answer.returncode:
        raise InputError("calc_not_installed", answer=_said(answer))


def _by_unopkg(
    office: Office, command: str, what: str, profile: Path | None
) -> subprocess.CompletedProcess[str]:
    unopkg = str(office.program / "unopkg")
    own = [f"-env:UserInstallation={profile.resolve().as_uri()}"] if profile else []
    if command == "add":
        return _run([unopkg, "add", "--force", "--suppress-license", *own, what])
    listed = _run([unopkg, "list", *own])
    if f"Identifier: {what}" not in listed.stdout:
        return listed
    return _run([unopkg, "remove", *own, what])


def _by_program(
    office: Office, command: str, what: str, profile: Path | None
) -> subprocess.CompletedProcess[str]:
    own = [str(profile)] if profile else []
    source = files("xlclv.hosts.calc").joinpath("inside", "office.py")
    with as_file(source) as script:
        return _run([python_of(office), str(script), command, str(office.soffice), what, *own])


def python_of(office: Office) -> str:
    """Return a Python program that can talk to LibreOffice: its own or that of the system.

    Raises:
        InputError: There is none.
    """
    for python in (office.program / "python", Path("/usr/bin/python3")):
        if python.exists() and _run([str(python), "-c", "import uno"]).returncode == 0:
            return str(python)
    raise InputError("calc_no_python", path=office.program)


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run a program of LibreOffice without the settings of the Python that runs this."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("PYTHON") and name not in OWN_VARIABLES
    }
    environment["PATH"] = _path_outside(environment.get("PATH", os.defpath))
    return subprocess.run(  # noqa: S603 - programs of the LibreOffice that was found
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_RUN,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def _path_outside(path: str) -> str:
    """Leave the folders of environments out of a PATH.

    The Python inside LibreOffice looks there for the one it belongs to, and would take that of
    the environment for its own.
    """
    folders = path.split(os.pathsep)
    return os.pathsep.join(each for each in folders if each and not _is_environment(Path(each)))


def _is_environment(folder: Path) -> bool:
    """Say whether a folder holds the programs of an environment; one that is shut does not."""
    # Path.exists would raise where a folder is shut
    return any(os.path.exists(folder.parent / mark) for mark in ENVIRONMENTS)  # noqa: PTH110


def _said(answer: subprocess.CompletedProcess[str]) -> str:
    """Return the last lines that a program wrote, where its reason stands."""
    lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
    told = [line.strip() for line in lines if line.strip() and line.strip() not in NOTHING_TOLD]
    return told[-1] if told else str(answer.returncode)
