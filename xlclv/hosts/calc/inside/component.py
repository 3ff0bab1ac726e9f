"""What LibreOffice loads: the functions of xlclv and the command of its menu.

Runs in the Python of LibreOffice, where xlclv is no part of. The path to it stands in xlclv.json
in the user's profile, written by `xlclv install --calc`; it is read at the first call, because
LibreOffice runs this file already when the extension is installed.
"""

# ruff: noqa: ANN401, D102, INP001, N802
# Prescribed by UNO: untyped objects, methods named and described there; a file, not a package.

import importlib
import json
import logging
import site
import struct
import sys
from collections.abc import Callable, Sequence
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.awt.MessageBoxButtons import BUTTONS_OK, BUTTONS_YES_NO
from com.sun.star.awt.MessageBoxResults import YES
from com.sun.star.awt.MessageBoxType import INFOBOX, QUERYBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.frame import FeatureStateEvent, XDispatch, XDispatchProvider
from com.sun.star.lang import Locale, XInitialization, XServiceInfo, XServiceName
from com.sun.star.sheet import XAddIn
from org.xlclv import XFunctions

FUNCTIONS = "org.xlclv.Functions"  # saved in .ods files: never change it
COMMANDS = "org.xlclv.Commands"
PROTOCOL = "vnd.xlclv:"
DOOR = "xlclv.doors.calc"
WHY = "CLV_WHY"
# A NaN with the number of an error in its low half is that error in Calc: #N/A.
NOT_AVAILABLE = struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | 32767))[0]
LOG_SIZE = 1_000_000
Rows = tuple[tuple[float | str, ...], ...]
log = logging.getLogger("xlclv")


@cache
def texts() -> dict[str, str]:
    """Return the texts for the time when the catalogue of xlclv cannot be read."""
    source = Path(__file__).with_name("texts.json").read_text(encoding="utf-8")
    return dict(json.loads(source))


@cache
def profile() -> Path:
    """Return the folder of the user's settings."""
    context = uno.getComponentContext()
    paths = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.util.PathSubstitution", context
    )
    return Path(uno.fileUrlToSystemPath(paths.substituteVariables("$(user)", True)))  # noqa: FBT003


@cache
def door() -> Any:
    """Return what xlclv offers to this file; None, and a log line, where there is no xlclv."""
    return importlib.import_module(DOOR) if environment() else None


@cache
def environment() -> bool:
    """Make xlclv importable; say, and log once, whether that worked."""
    handler = RotatingFileHandler(
        profile() / "xlclv.log", maxBytes=LOG_SIZE, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    try:
        settings = json.loads((profile() / "xlclv.json").read_text(encoding="utf-8"))
        add_paths(settings["paths"])
        version = importlib.import_module("xlclv").__version__
        importlib.import_module(DOOR)  # with all it needs, numpy too
    except Exception:  # whatever it is, each cell must show it and the log must tell why
        log.exception(texts()["no_environment"])
        return False
    if version != texts()["version"]:
        log.warning(texts()["other_version"], version, texts()["version"])
    return True


def add_paths(paths: Sequence[str]) -> None:
    """Put the paths and what their .pth files name before those of LibreOffice's own Python.

    Its numpy may be an older one than the pandas beside xlclv wants.
    """
    before = list(sys.path)
    for path in paths:
        site.addsitedir(path)
    sys.path[:] = [path for path in sys.path if path not in before] + before


class Functions(unohelper.Base, XFunctions, XAddIn, XServiceName, XServiceInfo):
    """The functions. Names and texts come from CalcAddIns.xcu, so XAddIn has little to say."""

    def __init__(self, _context: object, *_arguments: object) -> None:
        self.locale = Locale("en", "US", "")

    def __getattr__(self, name: str) -> Callable[..., Rows]:
        """Return the method of a function, which has its name; kept for the next call."""
        if not name.startswith("CLV"):
            raise AttributeError(name)

        def method(*cells: object) -> Any:
            return why(cells[0]) if name == WHY else call(name, cells)

        setattr(self, name, method)
        return method

    def getServiceName(self) -> str:
        return FUNCTIONS

    def getImplementationName(self) -> str:
        return FUNCTIONS

    def supportsService(self, name: str) -> bool:
        return name == FUNCTIONS

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (FUNCTIONS,)

    def setLocale(self, locale: object) -> None:
        self.locale = locale

    def getLocale(self) -> object:
        return self.locale

    def getProgrammaticFuntionName(self, name: str) -> str:
        return name

    def getDisplayFunctionName(self, name: str) -> str:
        return name

    def getFunctionDescription(self, _name: str) -> str:
        return ""

    def getDisplayArgumentName(self, _name: str, _argument: int) -> str:
        return ""

    def getArgumentDescription(self, _name: str, _argument: int) -> str:
        return ""

    def getProgrammaticCategoryName(self, _name: str) -> str:
        return "Add-In"

    def getDisplayCategoryName(self, _name: str) -> str:
        return "Add-In"


def call(name: str, cells: Sequence[object]) -> Rows:
    """Answer a call from a cell; whatever goes wrong shows as an error in the cell."""
    xlclv = door()
    answer: Rows = xlclv.call(name, cells) if xlclv else ((NOT_AVAILABLE,),)
    return answer


def why(cell: Any) -> str | float:
    """Answer CLV_WHY, which is given the cell itself."""
    xlclv = door()
    return str(xlclv.why(cell)) if xlclv else texts()["no_environment"]


class Commands(unohelper.Base, XInitialization, XDispatchProvider, XDispatch, XServiceInfo):
    """The commands of the menu, as URLs such as vnd.xlclv:refresh; one object per window."""

    def __init__(self, _context: object, *arguments: Any) -> None:
        self.frame: Any = arguments[0] if arguments else None

    def initialize(self, arguments: Sequence[Any]) -> None:
        """Take the frame of the window."""
        self.frame = arguments[0] if arguments else None

    def queryDispatch(self, url: Any, _target: str, _flags: int) -> "Commands | None":
        return self if url.Complete.startswith(PROTOCOL) else None

    def queryDispatches(self, wanted: Sequence[Any]) -> tuple["Commands | None", ...]:
        return tuple(self.queryDispatch(one.FeatureURL, "", 0) for one in wanted)

    def dispatch(self, url: Any, _arguments: object) -> None:
        """Run a command on the document of the window, and say how it went."""
        message = run(url.Complete.removeprefix(PROTOCOL), self.frame)
        if message:
            show(message, self.frame)

    def addStatusListener(self, listener: Any, url: Any) -> None:
        """Tell that the command can be chosen."""
        state = FeatureStateEvent()
        state.FeatureURL, state.IsEnabled = url, True
        listener.statusChanged(state)

    def removeStatusListener(self, listener: object, url: object) -> None:
        pass

    def getImplementationName(self) -> str:
        return COMMANDS

    def supportsService(self, name: str) -> bool:
        return name in self.getSupportedServiceNames()

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        return (COMMANDS, "com.sun.star.frame.ProtocolHandler")


def run(command: str, frame: Any) -> str:
    """Run a command; return what the user has to know."""
    xlclv = door()
    if not xlclv:
        return texts()["no_environment"]
    return str(xlclv.run(command, frame, open_hidden, ask))


def open_hidden(path: str) -> Any:
    """Open a file without showing it."""
    context = uno.getComponentContext()
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    hidden = PropertyValue(Name="Hidden", Value=True)
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (hidden,))


def ask(question: str, frame: Any) -> bool:
    """Ask in the window; without a visible one a program runs the command, and nobody is asked."""
    if not frame.getContainerWindow().isVisible():
        log.warning(question)
        return True
    return bool(_answered(question, frame, QUERYBOX, BUTTONS_YES_NO) == YES)


def show(message: str, frame: Any) -> None:
    """Show a message in the window; without a visible one it stays in the log."""
    log.warning(message)
    if frame.getContainerWindow().isVisible():
        _answered(message, frame, INFOBOX, BUTTONS_OK)


def _answered(text: str, frame: Any, kind: Any, buttons: int) -> int:
    """Show a box and return the number of the button that closed it."""
    window = frame.getContainerWindow()
    box = window.getToolkit().createMessageBox(window, kind, buttons, "xlclv", text)
    try:
        return int(box.execute())
    finally:
        box.dispose()


g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - the loader looks for it
g_ImplementationHelper.addImplementation(Functions, FUNCTIONS, (FUNCTIONS,))
g_ImplementationHelper.addImplementation(
    Commands, COMMANDS, (COMMANDS, "com.sun.star.frame.ProtocolHandler")
)
