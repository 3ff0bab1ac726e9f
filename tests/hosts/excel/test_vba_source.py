"""The VBA we write: what a compiler would refuse, and whether it says what the list says."""

import re
from collections.abc import Iterator

import pytest

from tests.hosts.excel.vba_lint import Source, lint
from xlclv.functions import BY_NAME, FUNCTIONS
from xlclv.hosts.excel.files import wrappers
from xlclv.hosts.excel.files.books import modules_of
from xlclv.hosts.excel.files.macros import BUTTONS, FileKind
from xlclv.hosts.excel.files.vbatext import listed, literal
from xlclv.hosts.excel.files.xlwings_source import xlwings_modules
from xlclv.hosts.excel.functions.tag import END, TAG
from xlclv.registry import Function
from xlclv.words import word
from xlclv.xlsx.vba.project import Module

THEIRS = ("xlwings", "Dictionary")
KINDS: tuple[FileKind, ...] = ("workbook", "add-in")


def own(kind: FileKind) -> dict[str, str]:
    """Return the text of our modules without the attributes at its head."""
    modules = modules_of(kind, "ThisWorkbook", ["Sheet1"])
    texts = {each.name: each.text.replace("\r\n", "\n") for each in modules}
    return {
        name: re.sub(r"^(Attribute VB_\w+ = .*\n)+", "", text)
        for name, text in texts.items()
        if name not in THEIRS
    }


OWN = own("workbook")
UDFS = OWN["xlwings_udfs"]


@pytest.mark.parametrize("kind", KINDS)
def test_our_modules_have_no_fault_that_a_compiler_would_find(kind: FileKind) -> None:
    assert lint(own(kind)) == []


CHANGES = [
    ("xlwings_udfs", "Option Explicit\n", "", "no Option Explicit"),
    ("xlwings_udfs", "    Dim codeEnd As Long\n", "", "codeEnd is not declared"),
    ("xlwings_udfs", "ShownCell = cell\n", 'ShownCell = "cell\n', "a text without end"),
    ("xlwings_udfs", "        Next columnAt\n    Case Else", "    Case Else", "closes nothing"),
    ("xlwings_udfs", "Optional cell As Variant", "Optional Next As Variant", "is reserved"),
    ("xlclv_macros", "Resume Restore", "Resume Nowhere", "Nowhere is not declared"),
    ("xlclv_macros", "Public Sub Doctor", "Public Sub Refresh", "refresh is public twice"),
    ("xlclv_macros", "    #End If\n", "", "is missing"),
    ("xlclv_startup", "macroName As String) ", "macroName) ", "an argument without a type"),
    ("xlclv_texts", '"no_book"', f'"{"x" * 1100}"', "a line of"),
    ("xlclv_help", "Dim wasSaved", "Dim wasSaved As Long, wasSaved", "is declared twice"),
]


@pytest.mark.parametrize(("module", "old", "new", "fault"), CHANGES, ids=lambda part: part[:20])
def test_the_lint_finds_what_is_broken_on_purpose(
    module: str, old: str, new: str, fault: str
) -> None:
    assert old in OWN[module]
    broken = {**OWN, module: OWN[module].replace(old, new, 1)}
    assert any(fault in found for found in lint(broken))


def test_long_statements_are_refused_before_excel_does() -> None:
    with pytest.raises(ValueError, match="26 lines"):
        listed("Array(", ["x" * 99] * 25, ")")


# --- wrappers -------------------------------------------------------------------------------


def wrapper_faults(text: str) -> Iterator[str]:
    """Say where the wrappers differ from the list of functions."""
    found = {each.name: each for each in Source("xlwings_udfs", text).procedures if each.public}
    if [name for name in found if name != wrappers.WHY] != [each.name for each in FUNCTIONS]:
        yield "the functions are others"
    for name, procedure in found.items():
        if name in BY_NAME:
            names = [argument.name for argument in BY_NAME[name].arguments]
            optional = ", ".join(f"Optional {each} As Variant" for each in names)
            if procedure.arguments != optional:
                yield f"{name} takes ({procedure.arguments})"
            call = f'{name} = Shown(XLPy.CallUDF(UDF_MODULE, "{name}", Array({", ".join(names)})'
            call += ", ThisWorkbook, Application.Caller))"
            if [line.replace("( ", "(") for line in procedure.statements] != [
                "On Error GoTo Failed",
                "If InWizard() Then",
                f"{name} = NotYet()",
                "Exit Function",
                "End If",
                call,
                "Exit Function",
                "Failed:",
                f"{name} = NoAnswer(Err.Description)",
            ]:
                yield f"{name} does something else"


def test_there_is_a_wrapper_for_every_function_in_the_order_of_its_arguments() -> None:
    assert list(wrapper_faults(UDFS)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Array(avg_value, frequency,", "Array(frequency, avg_value,"),
        ("Optional churn As Variant", "churn As Variant"),
        ("Optional at_risk As Variant, Optional passive", "Optional passive As Variant, Optional at_risk"),  # noqa: E501
        ('XLPy.CallUDF(UDF_MODULE, "CLV_TIER",', 'XLPy.CallUDF(UDF_MODULE, "CLV_TIER_GAP",'),
        ("CLV_VERSION = Shown(", "CLV_VERSION = ("),
        ("CLV_TENURE = NoAnswer(Err.Description)", "CLV_TENURE = Err.Description"),
        ("Public Function CLV_RFM(", "Private Function CLV_RFM("),
    ],
)  # fmt: skip
def test_a_wrong_wrapper_is_found(old: str, new: str) -> None:
    joined = UDFS.replace("( _\n        ", "(").replace(" _\n        ", " ")
    assert old in joined
    assert list(wrapper_faults(joined)) == []
    assert list(wrapper_faults(joined.replace(old, new, 1)))


def test_the_wrappers_read_the_signs_that_python_writes() -> None:
    signs = dict(re.findall(r"Private Const (\w+_SIGN) As Long = (\d+)", UDFS))
    assert signs == {"TAG_SIGN": str(ord(TAG)), "END_SIGN": str(ord(END))}


def test_every_error_of_excel_2007_has_its_own_value() -> None:
    pairs = dict(re.findall(r'Case "(#[^"]+)"\n\s+ErrorOf = CVErr\((\w+)\)', UDFS))
    assert pairs == {
        "#NULL!": "xlErrNull",
        "#DIV/0!": "xlErrDiv0",
        "#REF!": "xlErrRef",
        "#NAME?": "xlErrName",
        "#NUM!": "xlErrNum",
        "#N/A": "xlErrNA",
    }
    assert "Case Else\n        ErrorOf = CVErr(xlErrValue)" in UDFS


def test_a_cell_without_an_answer_yet_shows_an_error_and_is_asked_again_once() -> None:
    udfs, startup = Source("xlwings_udfs", UDFS), Source("x", OWN["xlclv_startup"])
    (not_yet,) = (each for each in udfs.procedures if each.name == "NotYet")
    assert not_yet.statements[0] == "NotYet = CVErr(xlErrNA)"
    assert 'If TypeName(Application.Caller) = "Range" Then AskLater Application.Caller' in (
        not_yet.statements
    )
    again, later = (
        next(each.statements for each in startup.procedures if each.name == name)
        for name in ("AskAgain", "AskLater")
    )
    assert "AskLater" not in again
    assert later[0] == "If asking Then Exit Sub"  # or it would compute without end
    assert again.index("asking = True") < again.index("cells.Dirty") < again.index("asking = False")
    assert "AskAgainSoon" in OWN["ThisWorkbook"]


def test_no_error_of_excel_leaves_a_wrapper_as_text() -> None:
    assert "= Err.Description" not in UDFS


# --- help, texts, macros ----------------------------------------------------------------------


def described() -> dict[str, list[str]]:
    """Return the texts each function is registered with: its help, then its arguments."""
    registering = Source("xlclv_help", OWN["xlclv_help"]).procedures[0]
    calls = [line for line in registering.statements if line.startswith("Describe ")]
    texts = [re.findall(r'"((?:[^"]|"")*)"', re.sub(r"ChrW\$\(\d+\)", "", line)) for line in calls]
    return {name: [text.replace('""', '"') for text in rest] for name, *rest in texts}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_wizard_gets_the_help_of_the_list(function: Function) -> None:
    told = described()[function.name]
    assert told == [function.help, *(argument.meaning for argument in function.arguments)]
    assert all(0 < len(text) <= 255 for text in told)


def test_only_functions_that_can_spill_speak_of_ranges() -> None:
    spilling = set(re.findall(r'Describe "(\w+)", True', OWN["xlclv_help"]))
    assert spilling == {each.name for each in FUNCTIONS if each.shape != "one"}


def test_every_text_that_vba_asks_for_is_there() -> None:
    asked = {key for text in OWN.values() for key in re.findall(r'TextOf\("(\w+)"\)', text)}
    asked |= set(re.findall(r'Confirmed\("(\w+)"\)', OWN["xlclv_macros"]))
    assert asked == set(re.findall(r'Case "(\w+)"', OWN["xlclv_texts"]))
    assert all(literal(word(f"excel.vba.{key}")) in OWN["xlclv_texts"] for key in asked)


@pytest.mark.parametrize("kind", KINDS)
def test_every_button_runs_a_macro_that_is_there(kind: FileKind) -> None:
    texts = own(kind)
    macros = {each.name for each in Source("xlclv_macros", texts["xlclv_macros"]).procedures}
    cases = dict(re.findall(r'Case "(\w+)"\n\s+(\w+)', texts["xlclv_ribbon"]))
    assert cases == {button.control: button.macro for button in BUTTONS}
    assert set(cases.values()) <= macros


def test_a_task_is_given_to_python_as_a_command_without_quotes() -> None:
    # RunPython puts it into the quotes of a command line
    tasks = re.findall(r'RunTask "(\w+)"', OWN["xlclv_macros"])
    assert tasks == [
        *("refresh", "post_rewards", "freeze_for_sharing", "load_sample", "clear_sample", "doctor")
    ]
    (start,) = re.findall(r'TASKS As String = _\n\s+"(.*)"', OWN["xlclv_texts"])
    compile(f"{start}{tasks[0]}()", "", "exec")
    assert not set(start) & set("\"'")


def test_what_a_macro_changes_it_gives_back() -> None:
    guarded = next(
        each
        for each in Source("xlclv_macros", OWN["xlclv_macros"]).procedures
        if each.name == "RunGuarded"
    )
    lines = guarded.statements
    kept = dict(re.findall(r"^(old\w+) = Application\.(\w+)$", "\n".join(lines), re.MULTILINE))
    back = lines[lines.index("Restore:") : lines.index("Exit Sub")]
    assert set(kept.values()) == {"Calculation", "Cursor", "EnableEvents", "ScreenUpdating"}
    for old, name in kept.items():
        assert f"Application.{name} = {old}" in back
    assert "Application.StatusBar = False" in back
    assert lines.index("On Error GoTo Failed") < lines.index("RunPython pythonCode")
    assert lines[-1] == "Resume Restore"


# --- xlwings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_module_of_xlwings_keeps_its_licence_and_version(kind: FileKind) -> None:
    text = xlwings_modules(kind)[0].text
    assert "distributed under a BSD 3-clause license" in text
    assert "Copyright (C) 2014-present, Zoomer Analytics LLC." in text
    assert re.search(r'Lib "xlwings64-[\d.]+\.dll"', text)


def test_the_add_in_looks_for_settings_under_its_own_name() -> None:
    book, add_in = (xlwings_modules(kind)[0].text for kind in KINDS)
    assert 'PROJECT_NAME As String = "xlwings"' in book
    assert 'PROJECT_NAME As String = "xlclv"' in add_in
    assert "myaddin" not in add_in


def test_no_public_name_of_ours_is_one_of_xlwings() -> None:
    # VBA would find the name ambiguous
    for kind in KINDS:
        theirs = xlwings_modules(kind)[0].text
        taken = set(re.findall(r"^(?:Public |)(?:Function|Sub) (\w+)", theirs, re.MULTILINE))
        ours = {
            procedure.name
            for name, text in own(kind).items()
            for procedure in Source(name, text).procedures
            if procedure.public
        }
        assert not {name.lower() for name in taken} & {name.lower() for name in ours}


def test_a_text_of_any_language_is_ascii_in_vba() -> None:
    assert literal("Größe 😀") == (
        '"Gr" & ChrW$(246) & ChrW$(223) & "e " & ChrW$(55357) & ChrW$(56832)'
    )
    assert Module("M", literal("Größe")).text.isascii()
