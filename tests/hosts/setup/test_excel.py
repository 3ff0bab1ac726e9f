"""The installer of the add-in: where it goes, what it holds, when it refuses."""

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.hosts.excel.readers import macros
from xlclv import __version__
from xlclv.errors import InputError
from xlclv.hosts.excel.files import xlwings_source
from xlclv.hosts.excel.files.books import ADD_IN_FILE
from xlclv.hosts.setup import excel as install
from xlclv.hosts.setup.excel import install_excel, uninstall_excel
from xlclv.xlsx.zipmembers import Members

pytestmark = pytest.mark.slow

WINDOWS, MAC, LINUX = "win32", "darwin", "linux"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "Microsoft" / "Excel" / "XLSTART"


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("platform", [WINDOWS, MAC])
def test_the_add_in_runs_the_python_that_installed_it(folder: Path, platform: str) -> None:
    said = install_excel(folder=folder, platform=platform)
    add_in = folder / ADD_IN_FILE
    assert str(add_in) in said
    assert names(folder) == [ADD_IN_FILE]  # no temporary file is left
    settings = install.settings_of(add_in)
    assert settings["INTERPRETER_WIN"] == settings["INTERPRETER_MAC"]
    assert settings["INTERPRETER_WIN"] == str(Path(sys.executable).absolute())
    assert install.made_from(add_in) == (__version__, version("xlwings"))


def test_the_add_in_keeps_all_its_parts(folder: Path) -> None:
    install_excel(folder=folder, platform=WINDOWS)
    with Members(folder / ADD_IN_FILE) as members:
        assert "customUI/customUI14.xml" in members
        modules = macros(members.read("xl/vbaProject.bin"))
        assert "addin.macroEnabled.main+xml" in members.read("[Content_Types].xml").decode()
    assert any("Function CLV(" in text for text in modules.values())


def test_every_system_gets_its_own_next_step(folder: Path) -> None:
    steps = {system: install_excel(folder=folder, platform=system) for system in (WINDOWS, MAC)}
    assert "=CLV(50,2,3)" in steps[WINDOWS]
    assert "xlwings runpython install" in steps[MAC]


def test_a_system_without_excel_is_refused_and_nothing_is_left(folder: Path) -> None:
    with pytest.raises(InputError, match=r"xlclv install --calc.*E635"):
        install_excel(folder=folder, platform=LINUX)
    assert not folder.exists()


def test_installing_twice_is_an_update(folder: Path) -> None:
    first = install_excel(folder=folder, platform=WINDOWS)
    (folder / ADD_IN_FILE).write_bytes(b"an older one")
    second = install_excel(folder=folder, platform=WINDOWS)
    assert "updated" in second
    assert "updated" not in first
    assert install.made_from(folder / ADD_IN_FILE)[0] == __version__


def test_the_same_python_gives_the_same_file(folder: Path) -> None:
    files = []
    for _ in range(2):
        install_excel(folder=folder, platform=WINDOWS)
        files.append((folder / ADD_IN_FILE).read_bytes())
    assert files[0] == files[1]


def test_uninstalling_takes_the_file_away_and_may_be_repeated(folder: Path) -> None:
    install_excel(folder=folder, platform=WINDOWS)
    assert str(folder / ADD_IN_FILE) in uninstall_excel(folder=folder, platform=WINDOWS)
    assert names(folder) == []
    assert "No add-in" in uninstall_excel(folder=folder, platform=WINDOWS)


def by_lock_file(folder: Path, _patch: pytest.MonkeyPatch) -> None:
    (folder / f"~${ADD_IN_FILE}").write_bytes(b"")


def by_sharing(_folder: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    patch.setattr(Path, "open", refuse)


@pytest.mark.parametrize("hold", [by_lock_file, by_sharing])
@pytest.mark.parametrize("act", [install_excel, uninstall_excel])
def test_an_add_in_that_excel_has_open_stays_as_it_is(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    hold: Callable[[Path, pytest.MonkeyPatch], None],
    act: Callable[..., str],
) -> None:
    install_excel(folder=folder, platform=WINDOWS)
    before = (folder / ADD_IN_FILE).read_bytes()
    with monkeypatch.context() as patch:
        hold(folder, patch)
        with pytest.raises(InputError, match="Close all windows of Excel"):
            act(folder=folder, platform=WINDOWS)
    assert (folder / ADD_IN_FILE).read_bytes() == before


def test_a_failure_in_the_middle_leaves_the_old_add_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_excel(folder=folder, platform=WINDOWS)
    before = (folder / ADD_IN_FILE).read_bytes()

    def half(path: Path, _python: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(install, "write_addin", half)
    with pytest.raises(InputError):
        install_excel(folder=folder, platform=WINDOWS)
    assert (folder / ADD_IN_FILE).read_bytes() == before
    assert names(folder) == [ADD_IN_FILE]


def test_without_xlwings_it_says_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(xlwings_source, "distribution", missing)
    with pytest.raises(InputError, match=r'pip install "xlclv\[excel\]"'):
        install_excel(folder=folder, platform=WINDOWS)
    assert names(folder) == []


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "XLSTART").write_bytes(b"")
    with pytest.raises(InputError):
        install_excel(folder=tmp_path / "XLSTART", platform=WINDOWS)


def test_excel_looks_into_the_roaming_folder(tmp_path: Path) -> None:
    start = Path("Microsoft/Excel/XLSTART")
    given = install.add_in_folder(WINDOWS, {"APPDATA": str(tmp_path / "R")}, tmp_path)
    assert given == tmp_path / "R" / start
    assert install.add_in_folder(WINDOWS, {}, tmp_path) == tmp_path / "AppData/Roaming" / start
    assert install.add_in_folder(MAC, {}, tmp_path) == tmp_path / "xlclv"


STORE = Path(r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12_x64__qbz5n2")


def test_a_python_that_excel_cannot_use_is_refused() -> None:
    with pytest.raises(InputError, match="Microsoft Store"):
        install.interpreter(Path("python.exe"), STORE, WINDOWS)
    with pytest.raises(InputError, match="not known"):
        install.interpreter(Path(), Path("/usr"), LINUX)
    assert install.interpreter(Path("/venv/bin/python"), Path("/usr"), MAC).is_absolute()


def test_the_python_of_an_environment_is_not_followed_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    link = tmp_path / "python"
    assert install.interpreter(link, tmp_path, LINUX) == link


def test_a_file_without_a_mark_is_told(folder: Path) -> None:
    install_excel(folder=folder, platform=WINDOWS)
    path = folder / ADD_IN_FILE
    bare = folder / "bare.xlam"
    with Members(path) as members:
        members.store(install.CORE, b"<cp:coreProperties></cp:coreProperties>")
        members.write(bare)
    with pytest.raises(InputError, match="does not say"):
        install.made_from(bare)


class Registry:
    """As much of winreg as is used, over a dict of keys."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY = 1, 2, 0x20019, 0x100

    def __init__(self, keys: dict[tuple[int, str], dict[str, object]]) -> None:
        self.keys = keys

    def OpenKey(self, root: int, path: str, _reserved: int, access: int) -> Any:  # noqa: N802, ANN401 - as winreg has it
        assert access == self.KEY_READ | self.KEY_WOW64_64KEY
        if (root, path) not in self.keys:
            raise FileNotFoundError(path)
        values = list(self.keys[root, path].items())

        class Handle(SimpleNamespace):
            def __enter__(self) -> list[tuple[str, object]]:
                return values

            def __exit__(self, *_: object) -> None:
                pass

        return Handle()

    @staticmethod
    def EnumValue(handle: list[tuple[str, object]], index: int) -> tuple[str, object, int]:  # noqa: N802 - as winreg has it
        if index >= len(handle):
            raise OSError(259, "No more data is available")
        return (*handle[index], 1)


def test_the_registry_is_read_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert install.windows_registry() is install.no_registry
    key = r"Software\Microsoft\Office\16.0\Excel\Security"
    stub = Registry({(1, key): {"VBAWarnings": 2, "": "x"}})
    module = ModuleType("winreg")
    for name in ("HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE", "KEY_READ", "KEY_WOW64_64KEY"):
        setattr(module, name, getattr(Registry, name))
    module.OpenKey = stub.OpenKey  # type: ignore[attr-defined]
    module.EnumValue = stub.EnumValue  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "winreg", module)
    monkeypatch.setattr(sys, "platform", WINDOWS)
    read = install.windows_registry()
    assert read(rf"HKCU\{key}") == {"VBAWarnings": 2, "": "x"}
    assert read(r"HKLM\Software\None") == {}


@pytest.mark.parametrize(
    ("values", "bits"),
    [({"Platform": "x64"}, 64), ({"Platform": "x86"}, 32), ({"Bitness": "x64"}, 64), ({}, None)],
)
def test_the_bits_of_excel_are_read_where_the_registry_tells(
    values: dict[str, object], bits: int | None
) -> None:
    assert install.excel_bits(lambda _key: values) == bits


@pytest.mark.parametrize(
    ("content", "zone"),
    [
        ("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://x", 3),
        ("[ZoneTransfer]\nZoneId=0", 0),
        ("", 0),
    ],
)
def test_the_mark_of_the_web_is_read(tmp_path: Path, content: str, zone: int) -> None:
    path = tmp_path / "book.xlsm"
    assert install.zone(path) == 0
    Path(f"{path}:Zone.Identifier").write_text(content)
    assert install.zone(path) == zone
