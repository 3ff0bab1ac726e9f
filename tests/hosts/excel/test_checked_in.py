"""The macro workbook and the Lite workbook in workbook_templates hold the code of today."""

import json
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from tests.hosts.excel.readers import macros
from xlclv.hosts.excel.files.wrappers import own_modules
from xlclv.hosts.lite.book import main_module
from xlclv.xlsx.vba.project import Module

pytestmark = pytest.mark.slow

TEMPLATES = Path(__file__).parents[3] / "workbook_templates"
WE = "{http://schemas.microsoft.com/office/webextensions/webextension/2010/11}"


@pytest.mark.parametrize("module", own_modules("workbook"), ids=lambda module: str(module.name))
def test_every_module_of_ours_is_in_the_macro_workbook(module: Module) -> None:
    with zipfile.ZipFile(TEMPLATES / "xlclv.xlsm") as package:
        found = macros(package.read("xl/vbaProject.bin"))
    assert found[f"{module.name}.bas"] == module.text, "run make generated"


def test_the_lite_workbook_runs_the_code_of_today() -> None:
    with zipfile.ZipFile(TEMPLATES / "xlclv_lite.xlsx") as package:
        root = etree.fromstring(package.read("xl/webextensions/webextension1.xml"))
    values = {each.get("name"): each.get("value") for each in root.iter(f"{WE}property")}
    assert json.loads(str(values["main.py"])) == main_module(), "run make generated"
