"""What the tests of several hosts need: the template, a private LibreOffice with xlclv."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.calc.bed import Calc, running
from xlclv.errors import InputError
from xlclv.hosts.setup import calc as install
from xlclv.workbook.template import sample_results, write_book


@pytest.fixture(scope="session")
def libreoffice() -> install.Office:
    """The LibreOffice of this machine; without one the tests are skipped, or fail in CI."""
    try:
        office = install.find_office()
        install.check_python(office)
    except InputError as error:
        if os.environ.get("XLCLV_REQUIRE_CALC") == "1":
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    return office


@pytest.fixture(scope="session")
def profile(libreoffice: install.Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile in which xlclv is installed, in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("calc") / "my profile"
    install.install_calc(program=libreoffice.program, profile=folder)
    return folder


@pytest.fixture(scope="session")
def running_calc(libreoffice: install.Office, profile: Path) -> Iterator[Calc]:
    with running(libreoffice, profile) as calc:
        yield calc


@pytest.fixture
def calc(running_calc: Calc) -> Calc:
    """Calc with a new document."""
    running_calc.open()
    return running_calc


@pytest.fixture
def profile_copy(profile: Path, tmp_path: Path) -> Path:
    """Another profile with xlclv, to break."""
    return Path(shutil.copytree(profile, tmp_path / "other profile"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with the sample shop; nobody changes it."""
    path = tmp_path_factory.mktemp("template") / "xlclv.xlsx"
    write_book(path, sample_results())
    return path
