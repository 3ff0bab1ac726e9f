"""The VBA of xlclv: a wrapper for every function, its help, the macros, the ribbon.

What is the same in every file stands in `source/`; what follows from the list of functions or
from the catalogue is written here.
"""

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Final

from xlclv.functions import FUNCTIONS
from xlclv.hosts.excel.files.macros import BUTTONS, FileKind, on_click, on_show
from xlclv.hosts.excel.files.vbatext import listed, literal
from xlclv.hosts.excel.functions.tag import CATEGORY, END, TAG
from xlclv.registry import LONGEST_HELP, Function
from xlclv.words import catalogue, word
from xlclv.xlsx.vba.project import Module

# Cells call its functions; a macro runs the task of its name.
DOOR: Final = "xlclv.doors.excel"
# xlwings gives the module it generates this name. Under any other, "Import Functions" would add
# a second one, and every name would be ambiguous.
WRAPPERS: Final = "xlwings_udfs"
MOST_REASONS: Final = 10_000  # kept for CLV_WHY
WHY: Final = "CLV_WHY"  # explains an error; it is VBA alone and no function of the list
IN_CELLS: Final = (WHY, *(function.name for function in FUNCTIONS))


def own_modules(kind: FileKind) -> list[Module]:
    """Return the modules of xlclv for a workbook or for the add-in."""
    return [
        Module(WRAPPERS, udf_module()),
        Module("xlclv_help", help_module()),
        Module("xlclv_texts", texts_module()),
        Module("xlclv_ribbon", ribbon_module(kind)),
        Module("xlclv_startup", fixed("xlclv_startup")),
        Module("xlclv_macros", fixed("xlclv_macros")),
    ]


def fixed(name: str) -> str:
    """Return a text that is the same in every file."""
    return files(__package__).joinpath("source", f"{name}.bas").read_text(encoding="ascii")


def udf_module(functions: Sequence[Function] = FUNCTIONS) -> str:
    """Return the wrappers that cells call."""
    head = [
        "' Made by xlclv from its list of functions; changes are lost.",
        "Option Explicit",
        "",
        f"Private Const UDF_MODULE As String = {literal(DOOR)}",
        f"Private Const TAG_SIGN As Long = {ord(TAG)}",
        f"Private Const END_SIGN As Long = {ord(END)}",
        f"Private Const MOST_REASONS As Long = {MOST_REASONS}",
        "",
        "Private reasons As Object",
        "",
    ]
    return "\n".join([*head, *map(wrapper, functions), fixed(WRAPPERS)])


def wrapper(function: Function) -> str:
    """Return the wrapper of a function. No argument is required: Python says what is missing."""
    name = function.name
    names = [argument.name for argument in function.arguments]
    optional = [f"Optional {each} As Variant" for each in names]
    call = f"    {name} = Shown(XLPy.CallUDF(UDF_MODULE, {literal(name)}, Array("
    lines = [
        listed(f"Public Function {name}(", optional, ") As Variant"),
        "    On Error GoTo Failed",
        "    If InWizard() Then",
        f"        {name} = NotYet()",
        "        Exit Function",
        "    End If",
        listed(call, names, "), ThisWorkbook, Application.Caller))"),
        "    Exit Function",
        "Failed:",
        f"    {name} = NoAnswer(Err.Description)",
        "End Function",
        "",
    ]
    return "\n".join(lines)


def help_module(functions: Sequence[Function] = FUNCTIONS) -> str:
    """Return the module that gives the function wizard its texts."""
    described = [
        _described(
            function.name,
            function.help,
            [argument.meaning for argument in function.arguments],
            spills=function.shape != "one",
        )
        for function in functions
    ]
    described.append(
        _described(WHY, word("excel.why_help"), [word("excel.why_cell")], spills=False)
    )
    return "\n".join(
        [
            "' Made by xlclv from its list of functions; changes are lost.",
            "Option Explicit",
            "Option Private Module",
            "",
            "' Excel keeps help in the book; it need not be saved for that.",
            "Public Sub RegisterHelp()",
            "    Dim wasSaved As Boolean",
            "    wasSaved = ThisWorkbook.Saved",
            *described,
            "    ThisWorkbook.Saved = wasSaved",
            "End Sub",
            "",
            "Private Sub Describe(ByVal functionName As String, ByVal spills As Boolean, _",
            "        ByVal told As String, ByVal arguments As Variant)",
            "    If spills And Not ExcelSpills() Then",
            f'        told = Left$(TextOf("one_cell_shown") & " " & told, {LONGEST_HELP})',
            "    End If",
            "    On Error Resume Next",
            "    If UBound(arguments) < 0 Then",
            "        Application.MacroOptions Macro:=InThisBook(functionName), _",
            f"            Description:=told, Category:={literal(CATEGORY)}",
            "    Else",
            "        Application.MacroOptions Macro:=InThisBook(functionName), _",
            f"            Description:=told, Category:={literal(CATEGORY)}, _",
            "            ArgumentDescriptions:=arguments",
            "    End If",
            "End Sub",
            "",
            "' By name only: an Excel without UNIQUE would refuse to compile it.",
            "Private Function ExcelSpills() As Boolean",
            "    Dim sheetFunctions As Object",
            "    Set sheetFunctions = Application.WorksheetFunction",
            "    On Error Resume Next",
            '    sheetFunctions.Unique "x"',
            "    ExcelSpills = Err.Number = 0",
            "End Function",
            "",
        ]
    )


def _described(name: str, told: str, arguments: Sequence[str], *, spills: bool) -> str:
    before = f"    Describe {literal(name)}, {spills}, {literal(told[:LONGEST_HELP])}, Array("
    meanings = [literal(argument[:LONGEST_HELP]) for argument in arguments]
    return listed(before, meanings, ")")


def texts_module() -> str:
    """Return the texts of the catalogue that VBA shows."""
    prefix = "excel.vba."
    keys = [key for key in catalogue() if key.startswith(prefix)]
    cases = _cases([(literal(key.removeprefix(prefix)), word(key)) for key in keys], _told)
    return "\n".join(
        [
            "' Made by xlclv from its catalogue of texts; changes are lost.",
            "Option Explicit",
            "Option Private Module",
            "",
            "Public Const TASKS As String = _",
            f"    {literal(f'import {DOOR} as tasks; tasks.')}",
            "",
            "Public Function TextOf(ByVal key As String) As String",
            "    Select Case key",
            *cases,
            "    End Select",
            "End Function",
            "",
        ]
    )


def _told(text: str) -> str:
    return f"TextOf = {literal(text)}"


def ribbon_module(kind: FileKind) -> str:
    """Return what the tab of the ribbon calls.

    Callbacks of the workbook and of the add-in differ in name, as Excel may look for one in the
    other.
    """
    cases = _cases([(literal(button.control), button.macro) for button in BUTTONS], str)
    return "\n".join(
        [
            "' Made by xlclv; changes are lost.",
            "Option Explicit",
            "",
            f"Public Sub {on_click(kind)}(control As Object)",
            "    Select Case control.ID",
            *cases,
            "    End Select",
            "End Sub",
            "",
            f"Public Sub {on_show(kind)}(control As Object, ByRef returnedVal As Variant)",
            "    returnedVal = IsInCharge()",
            "End Sub",
            "",
        ]
    )


def _cases(pairs: Sequence[tuple[str, str]], statement: Callable[[str], str]) -> list[str]:
    return [
        line
        for value, shown in pairs
        for line in (f"    Case {value}", f"        {statement(shown)}")
    ]
