"""The workbook for xlwings Lite: the template with its Python inside, for an Excel without Python.

Excel keeps the code as properties of the add-in xlwings Lite, which the workbook names (MS-OWEXML
2.2). Lite runs it by Pyodide, in the browser that shows the add-in. What runs there, `called`,
imports no more than the functions need.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from xlclv import __version__
from xlclv.columns import OLD_ERRORS, CellError
from xlclv.errors import InputError, UndefinedError
from xlclv.functions import BY_NAME, FUNCTIONS
from xlclv.hosts.answer import answer
from xlclv.hosts.ranges import Block
from xlclv.registry import LONGEST_HELP, Function
from xlclv.words import word

if TYPE_CHECKING:
    from xlclv.analysis.results import Results
    from xlclv.xlsx.package import Package

# What the documentation of Lite named in August 2026. Lite loads the Pyodide that is asked for;
# the numpy of older ones cannot count in 32 bit, and xlclv asks for a newer one.
PYODIDE: Final = "314.0.0"
ADD_IN: Final = "1.0.0.103"
STORE_ID: Final = "wa200008175"  # of xlwings Lite in the store of Office
# What Lite itself asks for, then what Pyodide brings in a version of its own.
REQUIREMENTS: Final = (
    *("xlwings<1.0.0", "python-dotenv", "pyodide-http"),
    *("numpy", "pandas", "scipy", "lxml"),
)
PACKAGE: Final = "xlclv"  # the newest one; Lite itself keeps a version once it has found one
WHEEL: Final = re.compile(r"https://[^\s#]+/xlclv-[^/\s#]+-py3-none-any\.whl")
RAISED: Final = "#VALUE!"  # what Lite shows where a function raises
PREFIX: Final = "_xldudf_"  # Excel stores the functions of an add-in of its store under it

EXTENSION_PART: Final = "xl/webextensions/webextension1.xml"
PANES_PART: Final = "xl/webextensions/taskpanes.xml"
EXTENSION_TYPE: Final = "application/vnd.ms-office.webextension+xml"
PANES_TYPE: Final = "application/vnd.ms-office.webextensiontaskpanes+xml"
LINKS: Final = "http://schemas.microsoft.com/office/2011/relationships/"
OFFICE: Final = "http://schemas.microsoft.com/office/webextensions/"
WE: Final = f"{OFFICE}webextension/2010/11"
REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# The last part says that the add-in brings functions, so that Excel asks it for them.
EXTENSION: Final = f"""\
<we:webextension xmlns:we="{WE}">
<we:reference id="{STORE_ID}" version="1.0.0.0" store="en-US" storeType="OMEX"/>
<we:alternateReferences>
<we:reference id="{STORE_ID.upper()}" version="1.0.0.0" store="{STORE_ID.upper()}" \
storeType="OMEX"/>
</we:alternateReferences>
<we:properties/>
<we:bindings/>
<we:snapshot xmlns:r="{REL}"/>
<we:extLst>
<a:ext xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" \
uri="{{D87F86FE-615C-45B5-9D79-34F1136793EB}}"><we:containsCustomFunctions/></a:ext>
</we:extLst>
</we:webextension>"""
PANES: Final = """\
<wetp:taskpanes xmlns:wetp="{office}taskpanes/2010/11">
<wetp:taskpane dockstate="right" visibility="1" width="438" row="3">
<wetp:webextensionref xmlns:r="{rel}" r:id="{link}"/>
</wetp:taskpane>
</wetp:taskpanes>"""


class LiteError(Exception):
    """What a function refuses; Lite shows it at the cell."""


# --- inside Lite ------------------------------------------------------------------------------


def called(name: str, *cells: object) -> Block:
    """Call a function for a cell.

    Lite turns the text of an error into that error, without its message, and an exception into
    #VALUE! with it. So an answer that is one #VALUE! is raised; the messages of others are
    printed, which Lite shows below its editor.

    Raises:
        LiteError: The whole answer is #VALUE!.
    """
    block = answer(BY_NAME[name], cells)
    if len(block) == len(block[0]) == 1 and isinstance(block[0][0], CellError):
        error = block[0][0]
        if _shown_as(error) == RAISED:
            raise LiteError(error.message)
    for message in dict.fromkeys(_messages(block)):
        print(message)  # noqa: T201 - the only place where Lite shows a text
    return [[outgoing(cell) for cell in row] for row in block]


def outgoing(cell: object) -> object:
    """Return a cell of a result as it may leave for Lite, which handles dates and blanks itself.

    >>> outgoing(CellError("#N/A", "CLV_FIT: too few")), outgoing(float("inf")), outgoing(1.5)
    ('#N/A', '#NUM!', 1.5)
    """
    error = _error_of(cell)
    return _shown_as(error) if error else cell


def _error_of(cell: object) -> CellError | None:
    if isinstance(cell, float) and not math.isfinite(cell):
        return CellError.of(UndefinedError("excel_not_finite"))
    return cell if isinstance(cell, CellError) else None


def _shown_as(error: CellError) -> str:
    """Return the error that Lite makes of it; of any other text it would make none."""
    return error.code if error.code in OLD_ERRORS else RAISED


def _messages(block: Block) -> Iterator[str]:
    for row in block:
        for cell in row:
            error = _error_of(cell)
            if error and error.message:
                yield f"{error.code} {error.message}"


# --- the workbook -----------------------------------------------------------------------------


def write_lite_book(path: Path, results: "Results | None" = None, package: str = PACKAGE) -> None:
    """Write the template as a workbook for xlwings Lite.

    Args:
        path: Where; the name of the final file ends in .xlsx.
        results: What to show; None: the sample shop.
        package: Where Lite gets xlclv from, as a line of requirements.txt: the name of the
            package, or the address of a wheel.

    Raises:
        InputError: The address is that of no wheel of xlclv.
    """
    if package != PACKAGE:
        refuse_no_wheel(package)
    # Only who makes the book needs these, not the functions inside it.
    from xlclv.workbook.template import sample_results, write_book  # noqa: PLC0415
    from xlclv.xlsx.package import Package  # noqa: PLC0415

    bare = path.with_name(f"{path.name}.bare")
    try:
        write_book(bare, results or sample_results(), host="lite")
        with Package(bare) as book:
            embed(book, properties(package))
            name_functions(book)
            book.write(path)
    finally:
        bare.unlink(missing_ok=True)


def refuse_no_wheel(address: str) -> None:
    """Refuse an address from which a browser cannot take a wheel of xlclv.

    Raises:
        InputError: It is one.
    """
    if not WHEEL.fullmatch(address):
        raise InputError("lite_wheel", value=address)


def properties(package: str) -> dict[str, object]:
    """Return what Lite reads from a workbook: the code, what it needs, how it starts."""
    return {
        "main.py": main_module(),
        "pyodideVersion": PYODIDE,
        "addinVersion": ADD_IN,
        "requirements.txt": "".join(f"{line}\n" for line in (*REQUIREMENTS, package)),
        "xlwingsSettingsWorkbook": {"startupBehavior": "taskpane"},
    }


def embed(book: "Package", held: dict[str, object]) -> None:
    """Add the add-in to a workbook, with its properties and the pane at the side."""
    from lxml import etree  # noqa: PLC0415 - as above

    blanks = etree.XMLParser(remove_blank_text=True)
    extension = etree.fromstring(EXTENSION, blanks)
    # The id tells add-ins of one workbook apart; a fixed one keeps equal runs equal.
    extension.set("id", f"{{{str(uuid5(NAMESPACE_URL, STORE_ID)).upper()}}}")
    for listed in extension.iterchildren(f"{{{WE}}}properties"):
        for name, value in held.items():
            entry = {"name": name, "value": json.dumps(value, ensure_ascii=False)}
            etree.SubElement(listed, f"{{{WE}}}property", entry)
    book.put(EXTENSION_PART, extension, EXTENSION_TYPE)
    link = book.relate(PANES_PART, f"{LINKS}webextension", EXTENSION_PART)
    panes = PANES.format(office=OFFICE, rel=REL, link=link)
    book.put(PANES_PART, etree.fromstring(panes, blanks), PANES_TYPE)
    book.relate("", f"{LINKS}webextensiontaskpanes", PANES_PART)


def name_functions(book: "Package") -> None:
    """Give our functions in formulas the name under which Excel stores those of Lite."""
    from xlclv.xlsx.package import MAIN  # noqa: PLC0415 - as above

    ours = re.compile(rf"(?<![\w.])(?=(?:{'|'.join(BY_NAME)})\()")
    for sheet in book.sheets():
        tree = book.tree(sheet.part)
        formulas = [each for each in tree.iter(f"{{{MAIN}}}f") if ours.search(each.text or "")]
        for formula in formulas:
            formula.text = ours.sub(PREFIX, formula.text or "")
        if formulas:
            book.put(sheet.part, tree)


# --- its code ---------------------------------------------------------------------------------


def main_module(functions: Sequence[Function] = FUNCTIONS) -> str:
    """Return the code that Lite runs: every function of the list, and the tasks as scripts."""
    head = f"""\
# Made by xlclv {__version__} from its list of functions; changes are lost when it is made anew.
import xlwings as xw
from xlwings import arg, func, script

from xlclv.doors import lite


@script(name={_quoted(word("lite.refresh"))})
def refresh(book: xw.Book):
    lite.refresh(book)


@script(name={_quoted(word("lite.post"))})
def post_rewards(book: xw.Book):
    lite.post_rewards(book)
"""
    return "\n\n".join([head, *map(definition, functions)])


def definition(function: Function) -> str:
    """Return the code of one function, with its help; Python says which arguments are missing."""
    names = [argument.name for argument in function.arguments]
    told = [
        f"@arg({_quoted(argument.name)}, ndim=2, err_to_str=True, "
        f"doc={_quoted(argument.meaning[:LONGEST_HELP])})"
        for argument in function.arguments
    ]
    given = ", ".join(f"{name}=None" for name in names)
    return "\n".join(
        [
            "@func",
            *told,
            f"def {function.name}({given}):",
            f"    {_quoted(function.help)}",
            f"    return lite.called({', '.join([_quoted(function.name), *names])})",
            "",
        ]
    )


def _quoted(text: str) -> str:
    """Return a text as Python writes it; JSON does the same, with double quotes."""
    return json.dumps(text, ensure_ascii=False)
