"""A private LibreOffice with xlclv installed, for the tests of this folder."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from xlclv.errors import InputError
from xlclv.hosts import calc, install

HERE = Path(__file__).parent
OFFICE = Path(calc.__file__).with_name("inside") / "office.py"


class Calc:
    """Sends commands to the driver; `calc.formula("A1", "=1+1")` is its method `formula`."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        self.driver = driver

    def __getattr__(self, command: str) -> Any:
        def send(*arguments: object) -> Any:
            assert self.driver.stdin is not None
            self.driver.stdin.write(json.dumps([command, arguments]) + "\n")
            self.driver.stdin.flush()
            answer = self.answer()
            if "error" in answer:
                raise RuntimeError(answer["error"])
            return answer["value"]

        return send

    def answer(self) -> dict[str, Any]:
        assert self.driver.stdout is not None
        line = self.driver.stdout.readline()
        if not line:
            raise RuntimeError("LibreOffice or its driver has ended")
        return dict(json.loads(line))


@contextmanager
def running(office: install.Office, profile: Path) -> Iterator[Calc]:
    """Start Calc on a profile and stop it, whatever happens."""
    environment = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
    driver = subprocess.Popen(
        [install.python_of(office), HERE / "driver.py", OFFICE, office.soffice, profile],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    with driver:  # the end of its input makes the driver stop LibreOffice
        calc = Calc(driver)
        calc.answer()
        yield calc
        assert driver.stdin is not None
        driver.stdin.close()
        driver.wait(60)


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
