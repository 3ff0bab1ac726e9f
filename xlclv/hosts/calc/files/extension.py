"""Build xlclv.oxt, the extension for LibreOffice, from the list of functions."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from xlclv import __version__
from xlclv.functions import FUNCTIONS
from xlclv.hosts.calc.functions.calls import needs_document
from xlclv.registry import LONGEST_HELP, Argument, Function
from xlclv.words import word

LEAST_VERSION = "25.2"  # of LibreOffice; older ones lose the names when they open an .xlsx
IDENTIFIER = "org.xlclv"
WHY = "CLV_WHY"  # explains an error; it is no function of the list
SERVICE = "org.xlclv.Functions"
HANDLER = "org.xlclv.Commands"
PROTOCOL = "vnd.xlclv:"
MENU = ("refresh", "post")
TEXTS = ("no_environment", "other_version")
SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
FIXED_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same file
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
REGISTRY = (
    'xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
# What the manifest calls the kind of each part.
TYPE_LIBRARY = "application/vnd.sun.star.uno-typelibrary;type=RDB"
COMPONENT = "application/vnd.sun.star.uno-component;type=Python"
CONFIGURATION = "application/vnd.sun.star.configuration-data"


def build(functions: Sequence[Function] = FUNCTIONS) -> bytes:
    """Return the extension as the bytes of an .oxt file, always the same for the same list."""
    parts = {
        "META-INF/manifest.xml": manifest(),
        "description.xml": description(),
        "XClv.idl": interface(functions),
        "CalcAddIns.xcu": add_ins(functions),
        "ProtocolHandler.xcu": protocol_handler(),
        "Addons.xcu": menu(),
        "component.py": inside("component.py"),
        "texts.json": texts(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, FIXED_DATE)
            part.external_attr = 0o644 << 16
            archive.writestr(part, content)  # stored: zlib's output differs between versions
    return packed.getvalue()


def inside(name: str) -> str:
    """Return the source of a file that runs in the Python of LibreOffice."""
    return files("xlclv.hosts.calc").joinpath("inside", name).read_text(encoding="utf-8")


def texts() -> str:
    """Return what the component says while it cannot read the catalogue."""
    known = {"version": __version__}
    known |= {key: word(f"calc.{key}") for key in TEXTS}
    return json.dumps(known, ensure_ascii=False, indent=1)


def manifest() -> str:
    """Return the list of the parts with their kinds."""
    kinds = {
        "XClv.idl": TYPE_LIBRARY,  # as text; LibreOffice reads it without a compiler
        "component.py": COMPONENT,
        "CalcAddIns.xcu": CONFIGURATION,
        "ProtocolHandler.xcu": CONFIGURATION,
        "Addons.xcu": CONFIGURATION,
    }
    entries = "".join(
        f' <manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>\n'
        for path, kind in kinds.items()
    )
    space = "http://openoffice.org/2001/manifest"
    return f'{HEAD}<manifest:manifest xmlns:manifest="{space}">\n{entries}</manifest:manifest>\n'


def description() -> str:
    """Return what the list of extensions shows."""
    version = "".join(re.findall(r"^[0-9.]*[0-9]", __version__))  # digits and dots only
    return f"""{HEAD}<description xmlns="http://openoffice.org/extensions/description/2006"
  xmlns:l="http://libreoffice.org/extensions/description/2011"
  xmlns:xlink="http://www.w3.org/1999/xlink">
 <identifier value="{IDENTIFIER}"/>
 <version value="{version}"/>
 <dependencies>
  <l:LibreOffice-minimal-version value="{LEAST_VERSION}"
   name="LibreOffice {LEAST_VERSION}"/>
 </dependencies>
 <publisher><name xlink:href="" lang="en">{escape(word("calc.publisher"))}</name></publisher>
 <display-name><name lang="en">xlclv</name></display-name>
</description>
"""


def interface(functions: Sequence[Function]) -> str:
    """Return the types of the functions, as UNO asks for them.

    An argument is `any`: a number, a text, a range, or nothing where it is left out. `document`
    is filled in by Calc and not seen by the user.
    """
    methods = "".join(
        f"  sequence< sequence< any > > {function.name}({', '.join(_parameters(function))});\n"
        for function in functions
    )
    return (
        "module org { module xlclv {\n"
        " interface XFunctions : com::sun::star::uno::XInterface {\n"
        f"{methods}  any {WHY}([in] com::sun::star::table::XCellRange argCell);\n"
        " };\n}; };\n"
    )


def _parameters(function: Function) -> Iterator[str]:
    if needs_document(function):
        yield "[in] com::sun::star::beans::XPropertySet document"
    for argument in function.arguments:
        yield f"[in] any {_parameter(argument)}"


def _parameter(argument: Argument) -> str:
    """Return a name that is no word of the interface language, which wants argAvgValue."""
    return f"arg{argument.name.title().replace('_', '')}"


def add_ins(functions: Sequence[Function]) -> str:
    """Return names and help of the functions and their arguments."""
    nodes = "".join(map(_described, functions))
    listed = _node("AddInFunctions", nodes + _why(), "")
    return _component("CalcAddIns", _node("AddInInfo", _node(SERVICE, listed), ""))


def _described(function: Function) -> str:
    parameters = _node("Parameters", _arguments(function), "")
    return _node(function.name, _texts_of(function.name, function.help) + parameters)


def _why() -> str:
    """Return the texts of the one function that is no function of the list."""
    cell = _argument("argCell", word("calc.why_cell_name"), word("calc.why_cell"))
    return _node(WHY, _texts_of(WHY, word("calc.why_help")) + _node("Parameters", cell, ""))


def _texts_of(name: str, told: str) -> str:
    return (
        _text("DisplayName", name)
        + _text("Description", told)
        + _value("Category", "Add-In")
        + _text("CompatibilityName", name)  # as it stands in an .xlsx
    )


def _arguments(function: Function) -> str:
    return "".join(
        _argument(_parameter(each), each.name, each.meaning[:LONGEST_HELP])
        for each in function.arguments
    )


def _argument(parameter: str, name: str, told: str) -> str:
    return _node(parameter, _text("DisplayName", name) + _text("Description", told))


def protocol_handler() -> str:
    """Return who runs the commands of the menu."""
    handler = _node(HANDLER, f'<prop oor:name="Protocols"><value>{PROTOCOL}*</value></prop>')
    return _component("ProtocolHandler", _node("HandlerSet", handler, ""), "Office")


def menu() -> str:
    """Return the menu xlclv with its commands, in Calc only."""
    items = "".join(
        _node(f"m{number}", _item(word(f"calc.menu_{command}"), _entry(command)))
        for number, command in enumerate(MENU, start=1)
    )
    context = _value("Context", SPREADSHEET)
    submenu = _text("Title", word("calc.menu")) + context + _node("Submenu", items, "")
    user_interface = _node(
        "AddonUI",
        _node("OfficeMenuBar", _node(IDENTIFIER, submenu), ""),
        "",
    )
    return _component("Addons", user_interface, "Office")


def _entry(command: str) -> dict[str, str]:
    return {"URL": f"{PROTOCOL}{command}", "Context": SPREADSHEET, "Target": "_self"}


def _item(title: str, entry: Mapping[str, str]) -> str:
    return _text("Title", title) + "".join(_value(name, value) for name, value in entry.items())


# --- the registry's XML -----------------------------------------------------------------------


def _component(name: str, nodes: str, package: str = "Office") -> str:
    return (
        f'{HEAD}<oor:component-data {REGISTRY} oor:name="{name}"'
        f' oor:package="org.openoffice.{package}">\n{nodes}</oor:component-data>\n'
    )


def _node(name: str, content: str, operation: str = ' oor:op="replace"') -> str:
    return f"<node oor:name={quoteattr(name)}{operation}>\n{content}</node>\n"


def _text(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="en-US">{escape(text)}</value></prop>\n'


def _value(name: str, value: str) -> str:
    return f'<prop oor:name="{name}"><value>{escape(value)}</value></prop>\n'
