"""The doctor: every trouble it knows, on computers made up for the purpose."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from xlclv import __version__
from xlclv.errors import InputError
from xlclv.hosts.excel.files import macros
from xlclv.hosts.excel.files.books import ADD_IN_FILE
from xlclv.hosts.setup import doctor
from xlclv.hosts.setup import excel as install
from xlclv.hosts.setup.calc import ANSWER, Office
from xlclv.hosts.setup.doctor import Finding, Machine, as_json, examine, is_ill, report
from xlclv.tables import SCHEMA
from xlclv.words import catalogue, word
from xlclv.workbook.template import sample_results, write_book

pytestmark = pytest.mark.slow

XLWINGS = str(install.xlwings_version())
OFFICE = r"Software\Microsoft\Office\16.0"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
SECURITY = rf"HKCU\{OFFICE}\Excel\Security"
APP = {doctor.APP_PATH: {"": r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"}}
BITS = {r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration": {"Platform": "x64"}}
Keys = Mapping[str, Mapping[str, object]]


def no_office() -> Office:
    raise InputError("calc_missing", least="25.2")


def with_keys(*keys: Keys) -> install.Registry:
    merged = {key: values for each in keys for key, values in each.items()}
    return lambda key: merged.get(key, {})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a user whose Excel has the add-in."""
    folder = tmp_path_factory.mktemp("user")
    (folder / "Roaming").mkdir()
    python = folder / "Python" / "python.exe"
    python.parent.mkdir()
    python.write_bytes(b"")
    for bits in (32, 64):
        (python.parent / f"xlwings{bits}-{XLWINGS}.dll").write_bytes(b"")
    (folder / "work").mkdir()
    start = folder / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    start.mkdir(parents=True)
    install.build(start / ADD_IN_FILE, python)
    return folder


@pytest.fixture
def windows(home: Path) -> Machine:
    """Return a Windows on which all is well."""
    return Machine(
        platform="win32",
        environment={"APPDATA": str(home / "Roaming")},
        home=home,
        folder=home / "work",
        python=home / "Python" / "python.exe",
        base=home / "Python",
        python_bits=64,
        xlwings=XLWINGS,
        pywin32=True,
        registry=with_keys(APP, BITS),
        office=no_office,
        profile=home / "none",
    )


@pytest.fixture
def linux(windows: Machine, tmp_path: Path) -> Machine:
    office = Office(Path("/opt/libreoffice/program"), (25, 2), "3.11")
    described = tmp_path / "user/uno_packages/cache/uno_packages/a.tmp_/xlclv.oxt"
    described.mkdir(parents=True)
    (described / "description.xml").write_text(
        f'<d><identifier value="org.xlclv"/><version value="{__version__}"/></d>'
    )
    return replace(
        windows,
        platform="linux",
        xlwings=None,
        home=tmp_path,
        office=lambda: office,
        profile=tmp_path,
        cell=lambda _office, _profile: (ANSWER, ""),
    )


def troubles(machine: Machine, book: Path | None = None) -> dict[str, str]:
    """Return what is not in order: key to level."""
    found = examine(book, machine)
    for finding in found:
        assert bool(finding.fix) == (finding.level != "ok")
        assert not re.search(r"[{}]", finding.found + finding.fix)
    return {finding.key: finding.level for finding in found if finding.level != "ok"}


def test_a_computer_in_order_has_no_trouble(windows: Machine, linux: Machine) -> None:
    assert troubles(windows) == {}
    assert troubles(linux) == {}
    assert [each.key for each in examine(machine=windows)] == [
        *("python", "xlwings", "excel", "trust", "add_in", "folder")
    ]
    assert [each.key for each in examine(machine=linux)] == [
        *("python", "xlwings_not_needed", "libreoffice", "extension", "cell", "folder")
    ]


def test_this_computer_can_be_examined() -> None:
    assert all(isinstance(each, Finding) for each in examine())
    assert report().count("\n") > 3


@pytest.mark.parametrize(
    ("change", "key", "level"),
    [
        ({"xlwings": None}, "xlwings_missing", "fault"),
        ({"xlwings": "0.30.1"}, "xlwings_old", "fault"),
        ({"xlwings": "0.99.0"}, "add_in_other_xlwings", "fault"),
        ({"xlwings": "0.99.0"}, "dll_missing", "fault"),
        ({"pywin32": False}, "pywin32_missing", "fault"),
        ({"python_bits": 32}, "bits_differ", "look"),
        ({"base": Path(r"C:\Program Files\WindowsApps\Python")}, "python_of_store", "fault"),
        ({"registry": install.no_registry}, "excel_missing", "look"),
        ({"python": Path(sys.executable)}, "add_in_other_python", "look"),
        ({"environment": {"APPDATA": "/nowhere"}}, "add_in_missing", "look"),
        ({"folder": Path("/nowhere")}, "folder_locked", "fault"),
    ],
)
def test_a_trouble_is_found(windows: Machine, change: Any, key: str, level: str) -> None:  # noqa: ANN401 - any field
    assert troubles(replace(windows, **change))[key] == level


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({SECURITY: {"VBAWarnings": 4}}, "macros_off"),
        ({SECURITY: {"VBAWarnings": 3}}, "macros_off"),
        ({SECURITY: {"VBAWarnings": 2}}, None),
        ({SECURITY: {"VBAWarnings": 2}, rf"HKCU\{POLICY}": {"VBAWarnings": 4}}, "macros_off"),
        ({SECURITY: {"VBAWarnings": 4}, rf"HKCU\{POLICY}": {"VBAWarnings": 2}}, None),
        ({SECURITY: {"DisableAllAddins": 1}}, "add_ins_off"),
        ({SECURITY: {"RequireAddinSig": 1}}, "add_ins_off"),
        ({rf"{SECURITY}\Trusted Locations": {"AllLocationsDisabled": 1}}, "locations_off"),
        (
            {
                rf"HKCU\{OFFICE}\Excel\Resiliency\DisabledItems": {
                    "4A1": b"\2\0\0\0" + r"C:\XLSTART\XLCLV.xlam".lower().encode("utf-16-le")
                }
            },
            "add_in_disabled",
        ),
        (
            {rf"HKCU\{OFFICE}\Excel\Resiliency\DisabledItems": {"1": b"another", "2": 7}},
            None,
        ),
    ],
)
def test_settings_that_stop_macros_are_found(windows: Machine, keys: Keys, key: str | None) -> None:
    machine = replace(windows, registry=with_keys(APP, BITS, keys))
    assert troubles(machine) == ({key: "fault"} if key else {})


def copied(windows: Machine, tmp_path: Path, content: bytes | None = None) -> Path:
    """Put the add-in into another XLSTART and return it."""
    start = tmp_path / "Microsoft" / "Excel" / "XLSTART"
    start.mkdir(parents=True)
    add_in = start / ADD_IN_FILE
    add_in.write_bytes(windows.add_in.read_bytes() if content is None else content)
    return add_in


def at(machine: Machine, folder: Path) -> Machine:
    return replace(machine, environment={"APPDATA": str(folder)})


def test_a_damaged_add_in_is_found(windows: Machine, tmp_path: Path) -> None:
    copied(windows, tmp_path, b"no zip file")
    assert troubles(at(windows, tmp_path)) == {"add_in_damaged": "fault"}


def test_a_workbook_in_place_of_the_add_in_is_found(windows: Machine, tmp_path: Path) -> None:
    add_in = copied(windows, tmp_path)
    macros.xlsxwriter.Workbook(str(add_in)).close()
    assert troubles(at(windows, tmp_path)) == {"add_in_damaged": "fault"}


def test_a_blocked_add_in_is_found(windows: Machine, tmp_path: Path) -> None:
    add_in = copied(windows, tmp_path)
    Path(f"{add_in}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n")
    assert "add_in_blocked" in troubles(at(windows, tmp_path))


def test_a_second_add_in_is_found(windows: Machine, tmp_path: Path) -> None:
    copied(windows, tmp_path).with_name("xlclv (1).xlam").write_bytes(b"")
    assert troubles(at(windows, tmp_path)) == {"add_in_twice": "look"}


def test_an_add_in_of_another_version_is_found(
    windows: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "__version__", "9.0")
    found = troubles(windows)
    assert found == {"add_in_other_version": "fault"}
    assert "9.0" in report(examine(machine=windows))


def test_an_add_in_whose_python_is_gone_is_found(windows: Machine, tmp_path: Path) -> None:
    add_in = copied(windows, tmp_path)
    install.build(add_in, tmp_path / "gone" / "python.exe")
    assert troubles(at(windows, tmp_path)) == {"add_in_python_gone": "fault"}


def test_a_missing_dll_names_its_folder(windows: Machine, tmp_path: Path) -> None:
    python = tmp_path / "env" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    machine = replace(windows, python=python)
    found = {each.key: each.found for each in examine(machine=machine)}
    assert f"xlwings64-{XLWINGS}.dll" in found["dll_missing"]
    (tmp_path / "env" / f"xlwings64-{XLWINGS}.dll").write_bytes(b"")  # as in an environment
    assert "dll_missing" not in troubles(machine)


def test_excel_without_known_bits_needs_both_dlls(windows: Machine) -> None:
    assert troubles(replace(windows, registry=with_keys(APP))) == {}


def test_the_trouble_with_libreoffice_is_told(linux: Machine, tmp_path: Path) -> None:
    assert troubles(replace(linux, office=no_office)) == {"libreoffice": "look"}
    assert troubles(replace(linux, profile=tmp_path / "new")) == {"extension_missing": "look"}
    described = next(tmp_path.rglob("description.xml"))
    described.write_text(described.read_text().replace(__version__, "0.0.1"))
    assert troubles(linux) == {"extension_old": "fault"}
    described.write_text(described.read_text().replace("0.0.1", __version__))
    broken = replace(linux, cell=lambda _office, _profile: ("#NAME?", "no such module"))
    assert troubles(broken) == {"cell_wrong": "fault"}
    assert "#NAME?" in report(examine(machine=broken))
    assert "no such module" in report(examine(machine=broken))

    def silent(_office: Office, _profile: Path) -> tuple[str, str]:
        raise InputError("calc_no_answer", answer="it is open")

    assert troubles(replace(linux, cell=silent)) == {"cell_unasked": "fault"}
    described.write_text('<identifier value="org.another"/>')
    assert troubles(linux) == {"extension_missing": "look"}


@pytest.mark.parametrize(
    ("path", "environment", "inside"),
    [
        ("/home/eva/OneDrive - Firma/clv", {}, True),
        ("/data/cloud/clv", {"OneDriveCommercial": "/data/cloud"}, True),
        ("/data/cloudy", {"OneDrive": "/data/cloud"}, False),
        ("/data/clv", {"OneDrive": ""}, False),
    ],
)
def test_a_folder_of_onedrive_is_known(
    path: str, environment: dict[str, str], *, inside: bool
) -> None:
    assert doctor.in_onedrive(Path(path), environment) == inside


def test_a_folder_of_onedrive_deserves_a_look(windows: Machine, tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive"
    folder.mkdir()
    assert troubles(replace(windows, folder=folder)) == {"onedrive": "look"}


# --- workbooks --------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "shop.xlsx"
    write_book(path, sample_results())
    return path


def test_a_workbook_of_ours_is_in_order(windows: Machine, book: Path) -> None:
    assert troubles(windows, book) == {}
    assert doctor.schema_of(book) == SCHEMA


@pytest.mark.parametrize(
    ("own", "key", "level"), [(0, "book_newer", "fault"), (2, "book_older", "look")]
)
def test_another_schema_is_told(
    windows: Machine, book: Path, monkeypatch: pytest.MonkeyPatch, own: int, key: str, level: str
) -> None:
    monkeypatch.setattr(doctor, "SCHEMA", own)
    assert troubles(windows, book) == {key: level}


def test_a_book_of_the_user_is_fine_and_a_missing_one_is_not(
    windows: Machine, tmp_path: Path
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("customer_id;order_date;amount_net\nC1;2026-01-31;20\n")
    assert troubles(windows, orders) == {}
    assert troubles(windows, tmp_path / "none.xlsx") == {"book_unread": "fault"}


def test_an_open_and_a_blocked_book_deserve_a_look(windows: Machine, book: Path) -> None:
    book.with_name(f"~${book.name}").write_bytes(b"")
    Path(f"{book}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=4\n")
    assert troubles(windows, book) == {"book_open": "look", "book_blocked": "look"}


# --- what is printed --------------------------------------------------------------------------


def test_the_report_ends_with_a_verdict(windows: Machine) -> None:
    well = examine(machine=windows)
    ill = examine(machine=replace(windows, xlwings=None))
    assert (is_ill(well), is_ill(ill)) == (False, True)
    assert report(well).endswith(word("doctor.well"))
    assert report(ill).endswith(word("doctor.ill"))
    assert 'pip install "xlclv[excel]"' in report(ill)


def test_a_path_is_never_broken_over_two_lines(windows: Machine) -> None:
    path = Path("/a-folder-with-hyphens") / ("x" * 150)
    assert str(path) in report(examine(machine=replace(windows, folder=path)))


def test_the_json_says_the_same(windows: Machine) -> None:
    findings = examine(machine=replace(windows, pywin32=False))
    listed = json.loads(as_json(findings))
    assert [each["key"] for each in listed] == [finding.key for finding in findings]
    assert {"key", "level", "found", "fix"} == set(listed[0])


def test_every_text_that_is_no_good_news_has_its_remedy() -> None:
    keys = {key.removeprefix("doctor.") for key in catalogue() if key.startswith("doctor.")}
    remedies = {key.removesuffix("_fix") for key in keys if key.endswith("_fix")}
    # What is told by an error has a text of its own for the remedy only.
    assert remedies - keys == {"book_open", "book_unread", "cell_unasked"}
