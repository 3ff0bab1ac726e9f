"""pywin32 as far as importing the COM side of xlwings needs it, and cells as COM hands them over.

Only for tests: the real xlwings.udfs and xlwings.com_server then run on any system.
"""

import ctypes
import datetime as dt
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from unittest.mock import MagicMock, patch

import xlclv.doors
import xlclv.hosts.excel.functions

OURS = ("xlclv.hosts.excel.functions.udfs", "xlclv.doors.excel")
MISSING = -2_147_352_572  # DISP_E_PARAMNOTFOUND, an argument left out
NOT_AVAILABLE, SPILL = -2_146_826_246, -2_146_826_243  # VT_ERROR of #N/A and #SPILL!
RANGE = "{00020846-0000-0000-C000-000000000046}"


class TimeType(dt.datetime):
    """What pywintypes calls a time: a datetime with a time zone."""


class ComError(Exception):
    """What pywintypes calls com_error."""


class Cells:
    """A Range object of Excel that holds a value, or rows of values."""

    CLSID = RANGE
    Row = Column = 1
    Worksheet = None

    def __init__(self, value: object) -> None:
        rows = value if isinstance(value, tuple) else ((value,),)
        self.Value = value
        self.Rows, self.Columns = (SimpleNamespace(Count=len(each)) for each in (rows, rows[0]))
        attributes = SimpleNamespace(iid=RANGE)
        self._oleobj_ = SimpleNamespace(
            GetTypeInfo=lambda: SimpleNamespace(GetTypeAttr=lambda: attributes)
        )

    def GetAddress(self, *_: object) -> str:  # noqa: N802 - the name Excel gives it
        return "$A$1"


def _not_wrapped(_: object) -> object:
    raise ValueError


def _stubs() -> dict[str, ModuleType]:
    def module(name: str, **content: object) -> ModuleType:
        made = ModuleType(name)
        made.__dict__.update(content)
        return made

    names = ("win32api", "win32con", "win32gui", "win32process", "win32event", "winerror")
    blank = {name: module(name, __getattr__=lambda _: MagicMock()) for name in names}
    identifier = object()
    types = {identifier: type("PyIDispatch", (), {})}
    classes = {name: type(name, (), {}) for name in ("CoClassBaseClass", "DispatchBaseClass")}
    dispatch = {"Dispatch": lambda seen, *_, **__: seen, "CDispatch": type("CDispatch", (), {})}
    dispatch["DispatchEx"] = dispatch["Dispatch"]
    client = module("win32com.client", gencache=MagicMock(), **classes, **dispatch)
    util = module("win32com.server.util", wrap=lambda seen, *_, **__: seen, unwrap=_not_wrapped)
    dispatcher = module("win32com.server.dispatcher")
    policy = module("win32com.server.policy", DefaultPolicy=object)
    server = module("win32com.server", util=util, dispatcher=dispatcher, policy=policy)
    com = module("win32com", client=client, server=server)
    python_com = {"CoInitialize": lambda *_: None, "IID_IDispatch": identifier, "TypeIIDs": types}
    errors = {"com_error": ComError, "ole_error": ComError}
    pythoncom = module("pythoncom", __file__="pythoncom.dll", **python_com, **errors)
    times = {"TimeType": TimeType, "IID": str}
    pywintypes = module("pywintypes", com_error=ComError, error=ComError, **times)
    zone = module("win32timezone", TimeZoneInfo=MagicMock())
    made = (client, util, dispatcher, policy, server, com, pythoncom, pywintypes, zone)
    return blank | {each.__name__: each for each in made}


@contextmanager
def windows() -> Iterator[ModuleType]:
    """Import xlwings as on Windows, with the functions bound to it; leave no trace after."""
    kept = {name: module for name, module in sys.modules.items() if _is_ours(name)}
    for name in kept:
        del sys.modules[name]
    libraries = {name: MagicMock() for name in ("windll", "oledll", "WINFUNCTYPE", "PyDLL")}
    with (
        patch.dict(sys.modules, _stubs()),
        patch.multiple(ctypes, create=True, **libraries),
        # The import below changes these.
        patch.object(xlclv.hosts.excel.functions, "udfs", create=True),
        patch.object(xlclv.doors, "excel", create=True),
    ):
        with patch.object(sys, "platform", "win32"):
            xlwings = importlib.import_module("xlwings")
        importlib.import_module("xlwings.com_server")
        app = SimpleNamespace(engine=xlwings.engines["excel"], pid=1)
        sheet = SimpleNamespace(book=SimpleNamespace(app=app, name="book"), name="sheet")
        xlwings.Range.sheet = property(lambda _: sheet)  # of every range, without an Excel
        for name in OURS:
            importlib.import_module(name)
        yield xlwings
    for name in filter(_is_ours, list(sys.modules)):
        del sys.modules[name]
    sys.modules.update(kept)


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == "xlwings" or name in OURS
