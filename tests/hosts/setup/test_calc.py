"""Installing xlclv in LibreOffice: what is found, what is refused, what is left behind."""

import json
import os
from pathlib import Path

import pytest

from tests.hosts.calc.bed import running
from xlclv.errors import InputError
from xlclv.hosts.setup import calc as install

pytestmark = pytest.mark.slow


def test_it_can_be_installed_twice_and_removed(
    libreoffice: install.Office, profile_copy: Path
) -> None:
    user = install.user_folder(profile_copy)
    assert "LibreOffice 25" in install.install_calc(profile=profile_copy)
    assert json.loads((user / install.SETTINGS).read_text(encoding="utf-8"))["paths"]
    assert "removed" in install.uninstall_calc(profile=profile_copy)
    assert "removed" in install.uninstall_calc(profile=profile_copy)
    assert not [path for path in user.iterdir() if path.name.startswith("xlclv")]
    with running(libreoffice, profile_copy) as calc:
        assert calc.functions() == {}


def test_a_libreoffice_with_documents_of_the_user_is_left_alone(
    libreoffice: install.Office, profile_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)  # for others unopkg does it, which refuses too
    with running(libreoffice, profile_copy) as calc:
        calc.open()
        with pytest.raises(InputError, match="E515"):
            install._change(libreoffice, "add", "any.oxt", profile_copy)  # noqa: SLF001
        calc.put("A1", [[1]])
        assert calc.cells("A1") == [[1]]  # it still runs


def program(
    folder: Path,
    version: str = "LibreOffice 25.2.3.2 520(Build:2)",
    python: str = "3.11",
    unopkg: str = "exit 0",
) -> Path:
    """Make a folder that looks like that of a LibreOffice."""
    folder.mkdir()
    for name, line in (("soffice", f'echo "{version}"'), ("unopkg", unopkg)):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    (folder / "libpyuno.so").write_bytes(b"\x7fELF...libpython%s.so.1.0" % python.encode())
    return folder


def test_an_old_libreoffice_is_refused(tmp_path: Path) -> None:
    old = program(tmp_path / "lo", "LibreOffice 7.4.7.2 40(Build:2)")
    with pytest.raises(InputError, match=r"7\.4 was found .*expected 25\.2 or later.*E504"):
        install.find_office(old)


def test_a_libreoffice_that_does_not_tell_its_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"oops.*E505"):
        install.find_office(program(tmp_path / "lo", "oops"))


def test_another_python_is_refused(tmp_path: Path) -> None:
    office = install.find_office(program(tmp_path / "lo", python="3.5"))
    with pytest.raises(InputError, match=r"LibreOffice runs Python 3\.5.*E507"):
        install.check_python(office)


def test_the_python_that_libreoffice_brings_counts(tmp_path: Path) -> None:
    folder = program(tmp_path / "lo")
    (folder / "python-core-3.10.18").mkdir()
    assert install.find_office(folder).python == "3.10"


def test_a_libreoffice_without_python_is_refused(tmp_path: Path) -> None:
    folder = program(tmp_path / "lo")
    (folder / "libpyuno.so").unlink()
    with pytest.raises(InputError, match="E506"):
        install.find_office(folder)


def test_the_newest_of_several_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = program(tmp_path / "a", "LibreOffice 25.2.1.1 1")
    new = program(tmp_path / "b", "LibreOffice 25.10.1.1 1")
    monkeypatch.setenv("PATH", f"{old}:/usr/bin:/bin")
    monkeypatch.setattr(install, "USUAL_PLACES", (str(new),))
    assert install.find_office().shown_version == "25.10"


def test_a_machine_without_one_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install, "USUAL_PLACES", ())
    monkeypatch.setattr(install, "SEALED", {})
    with pytest.raises(InputError, match="E502"):
        install.find_office()
    monkeypatch.setattr(install, "SEALED", {"snap": (str(tmp_path),)})
    with pytest.raises(InputError, match=r"snap.*E503"):
        install.find_office()


def test_a_user_who_is_not_root_gets_unopkg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said = tmp_path / "said"
    lines = f'echo "$@" >> "{said}"; echo "Identifier: org.xlclv"'
    office = program(tmp_path / "lo", unopkg=lines)
    monkeypatch.setattr(install, "check_python", lambda _: None)
    install.install_calc(program=office, profile=tmp_path / "a b")
    install.uninstall_calc(program=office, profile=tmp_path / "a b")
    own = f"-env:UserInstallation={(tmp_path / 'a b').as_uri()}"
    added, listed, removed = said.read_text(encoding="utf-8").splitlines()
    assert added.startswith(f"add --force --suppress-license {own} ")
    assert (listed, removed) == (f"list {own}", f"remove {own} org.xlclv")


def test_what_unopkg_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(install, "check_python", lambda _: None)
    office = program(tmp_path / "lo", unopkg='echo "ERROR: it is locked" >&2; exit 1')
    with pytest.raises(InputError, match=r"ERROR: it is locked.*E508"):
        install.install_calc(program=office, profile=tmp_path / "profile")
    assert not (tmp_path / "profile").exists()
