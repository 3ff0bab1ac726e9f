"""The extension for LibreOffice, looked into without LibreOffice."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from tests.examples import made
from xlclv import __version__
from xlclv.functions import FUNCTIONS
from xlclv.hosts.calc.files.extension import WHY, build
from xlclv.hosts.calc.functions.calls import needs_document
from xlclv.registry import LONGEST_HELP, Function

OOR: Final = "{http://openoffice.org/2001/registry}"
FUNCTION: Final = re.compile(r"sequence< sequence< any > > (\w+)\((.*?)\);")


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(build())) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def nodes(xml: str, *path: str) -> ET.Element:
    """Return the node of a registry file that a path of names leads to."""
    node = ET.fromstring(xml)  # noqa: S314 - what we have just written
    for name in path:
        node = next(child for child in node if child.get(f"{OOR}name") == name)
    return node


def text(node: ET.Element, name: str) -> str:
    return nodes(ET.tostring(node, "unicode"), name).findtext("value", "")


def test_every_part_is_well_formed_and_listed(parts: dict[str, str]) -> None:
    for name, part in parts.items():
        if name.endswith((".xml", ".xcu")):
            ET.fromstring(part)  # noqa: S314
    listed = set(re.findall(r'full-path="([^"]+)"', parts["META-INF/manifest.xml"]))
    others = {"META-INF/manifest.xml", "description.xml", "texts.json"}
    assert listed == parts.keys() - others
    compile(parts["component.py"], "component.py", "exec")


def test_the_description_names_the_version(parts: dict[str, str]) -> None:
    assert f'<version value="{__version__}"/>' in parts["description.xml"]
    assert 'LibreOffice-minimal-version value="25.2"' in parts["description.xml"]
    assert json.loads(parts["texts.json"])["version"] == __version__


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_has_its_arguments_and_help(parts: dict[str, str], function: Function) -> None:
    add_ins = nodes(parts["CalcAddIns.xcu"], "AddInInfo", "org.xlclv.Functions", "AddInFunctions")
    node = nodes(ET.tostring(add_ins, "unicode"), function.name)
    assert text(node, "DisplayName") == text(node, "CompatibilityName") == function.name
    assert text(node, "Description") == function.help
    arguments = list(nodes(ET.tostring(node, "unicode"), "Parameters"))
    shown = [(text(each, "DisplayName"), text(each, "Description")) for each in arguments]
    assert shown == [(each.name, each.meaning[:LONGEST_HELP]) for each in function.arguments]
    assert all(0 < len(help_text) <= LONGEST_HELP for _, help_text in shown)
    typed = dict(FUNCTION.findall(parts["XClv.idl"]))[function.name]
    names = [each.get(f"{OOR}name") for each in arguments]
    assert re.findall(r"\[in\] any (\w+)", typed) == names
    assert ("XPropertySet document" in typed) == needs_document(function)
    assert len(set(names)) == len(names)


def test_there_are_no_other_functions_but_the_one_that_explains(parts: dict[str, str]) -> None:
    names = [name for name, _ in FUNCTION.findall(parts["XClv.idl"])]
    assert names == [function.name for function in FUNCTIONS]
    assert f"any {WHY}([in] com::sun::star::table::XCellRange argCell);" in parts["XClv.idl"]
    add_ins = nodes(parts["CalcAddIns.xcu"], "AddInInfo", "org.xlclv.Functions", "AddInFunctions")
    listed = [each.get(f"{OOR}name") for each in add_ins]
    assert listed == [*names, WHY]
    assert f'WHY = "{WHY}"' in parts["component.py"]


def test_the_same_list_gives_the_same_bytes() -> None:
    assert build() == build()


def test_a_changed_list_gives_another_file() -> None:
    assert build(FUNCTIONS[1:]) != build()
    assert build([replace(FUNCTIONS[0], name="CLV_OTHER"), *FUNCTIONS[1:]]) != build()


def test_signs_of_xml_are_escaped() -> None:
    def compute(value: float) -> float:
        """Less < more & "so"."""
        return value

    with zipfile.ZipFile(io.BytesIO(build([made("CLV_X", compute)]))) as packed:
        add_ins = packed.read("CalcAddIns.xcu").decode()
    node = nodes(add_ins, "AddInInfo", "org.xlclv.Functions", "AddInFunctions", "CLV_X")
    assert text(node, "Description") == 'Less < more & "so".'


def test_the_menu_calls_the_handler(parts: dict[str, str]) -> None:
    menu = nodes(parts["Addons.xcu"], "AddonUI", "OfficeMenuBar", "org.xlclv", "Submenu", "m1")
    handler = nodes(parts["ProtocolHandler.xcu"], "HandlerSet", "org.xlclv.Commands")
    assert text(menu, "URL") == "vnd.xlclv:refresh"
    assert text(handler, "Protocols") == "vnd.xlclv:*"
    assert 'COMMANDS = "org.xlclv.Commands"' in parts["component.py"]
    assert 'FUNCTIONS = "org.xlclv.Functions"' in parts["component.py"]


def test_the_extension_checked_in_is_the_one_the_code_builds() -> None:
    checked_in = Path(__file__).parents[3] / "workbook_templates" / "xlclv.oxt"
    assert checked_in.read_bytes() == build(), "run make generated"
