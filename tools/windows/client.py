"""Do what the VBA wrapper does: start Python by the DLL of xlwings, and call functions by COM.

Runs in the Python of Windows, under Wine; `run.py` starts it. The answers go to a file, as what
programs print under Wine is mixed with what Wine itself says.

    python.exe client.py CALLS.JSON ANSWERS.JSON
"""

import ctypes
import json
import os
import sys
import time
from pathlib import Path

import pythoncom
import pywintypes
import win32com.client

DOOR = "xlclv.doors.excel"
OMITTED = -2_147_352_572  # DISP_E_PARAMNOTFOUND, an argument left out
NOT_AVAILABLE = -2_146_826_246  # #N/A in a cell


class Variant(ctypes.Structure):
    """A VARIANT that holds an object."""

    _fields_ = [
        ("kind", ctypes.c_ushort),
        *((name, ctypes.c_ushort) for name in ("one", "two", "three")),
        ("pointer", ctypes.c_void_p),
        ("second", ctypes.c_void_p),
    ]


def server() -> object:
    """Start Python as the VBA of xlwings does, by cmd.exe, and return its COM object."""
    (library,) = Path(sys.prefix).glob("xlwings64-*.dll")
    activate = ctypes.WinDLL(str(library)).XLPyDLLActivateAuto
    activate.argtypes = [ctypes.POINTER(Variant), ctypes.c_char_p, ctypes.c_int]
    settings = "False;Book1.xlsx;xlclv.xlam;;;;"
    code = (  # as the module of xlwings writes it
        "import sys, os;import xlwings.utils;"
        f'xlwings.utils.prepare_sys_path(\\"{settings}\\");'
        "import xlwings; xlwings.serve('$(CLSID)')"
    )
    command = f'cmd.exe  /K ""{sys.executable}" -B -c "{code}""'
    found = Variant()
    if activate(ctypes.byref(found), command.encode("mbcs"), 1):
        raise OSError(ctypes.wstring_at(found.pointer))
    dispatch = pythoncom.ObjectFromAddress(found.pointer, pythoncom.IID_IDispatch)
    return win32com.client.Dispatch(dispatch)


def as_com(cell: object) -> object:
    """Return an argument as Excel hands it over: a range as tuples, what is left out as such."""
    if cell is None:
        return win32com.client.VARIANT(pythoncom.VT_ERROR, OMITTED)
    if cell == {"error": "#N/A"}:
        return win32com.client.VARIANT(pythoncom.VT_ERROR, NOT_AVAILABLE)
    if isinstance(cell, list):
        return tuple(tuple(None if each == "" else each for each in row) for row in cell)
    return cell


def main() -> None:
    """Call all that is asked, measure, kill the server and find it again."""
    calls = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    start = time.perf_counter()
    python = server()
    told = {"start": time.perf_counter() - start, "answers": []}
    for name, cells in calls:
        try:
            answer = python.CallUDF(DOOR, name, list(map(as_com, cells)), None, None)
        except pywintypes.com_error as error:
            answer = f"COM: {error}"
        told["answers"].append(answer)
    start = time.perf_counter()
    for _ in range(100):
        python.CallUDF(DOOR, "CLV", [50.0, 2.0, 3.0], None, None)
    told["each"] = (time.perf_counter() - start) / 100
    big = tuple((float(row % 100 + 1),) for row in range(100_000))
    start = time.perf_counter()
    told["big"] = len(python.CallUDF(DOOR, "CLV", [big, 2.0, 3.0], None, None))
    told["big_took"] = time.perf_counter() - start
    try:
        python.Exec("import os; os._exit(3)")
    except pywintypes.com_error:
        told["killed"] = True
    told["again"] = server().CallUDF(DOOR, "CLV", [50.0, 2.0, 3.0], None, None)
    Path(sys.argv[2]).write_text(json.dumps(told, default=str), encoding="utf-8")
    os._exit(0)  # what the DLL has started ends with it


if __name__ == "__main__":
    main()
