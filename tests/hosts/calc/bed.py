"""The other end of driver.py: a private Calc that the tests can talk to."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xlclv.hosts import calc
from xlclv.hosts.setup import calc as install

DRIVER = Path(__file__).with_name("driver.py")
OFFICE = Path(calc.__file__).with_name("inside") / "office.py"


class Calc:
    """Sends commands to the driver; `calc.formula("A1", "=1+1")` is its method `formula`."""

    def __init__(self, driver: subprocess.Popen[str]) -> None:
        self.driver = driver

    def __getattr__(self, command: str) -> Callable[..., Any]:
        def send(*arguments: object) -> object:
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
        [install.python_of(office), DRIVER, OFFICE, office.soffice, profile],
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
