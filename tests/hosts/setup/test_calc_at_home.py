"""From an activated environment, in a home of its own: install, doctor, break, repair."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from xlclv.hosts.setup import calc as install

ROOT = Path(__file__).parents[3]
NOBODY = "nobody"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def _as_nobody() -> list[str]:
    """Return what runs a command as a user without rights; skip where that cannot be."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can become another user")
    user = pwd.getpwnam(NOBODY)
    as_other = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    seen = subprocess.run([*as_other, sys.executable, "-c", "import numpy"], check=False)
    if seen.returncode:
        pytest.skip("another user may not run this Python")
    return as_other


@pytest.fixture(params=["as I am", NOBODY])
def run(
    request: pytest.FixtureRequest,
    libreoffice: install.Office,
) -> Iterator[Run]:
    """Run xlclv as whoever has just activated its environment.

    The home is not below the folder of pytest: each session shuts that to other users anew.
    """
    del libreoffice
    before = _as_nobody() if request.param == NOBODY else []
    home = Path(tempfile.mkdtemp(prefix="xlclv-home-"))
    home.chmod(0o777)
    environment = {name: value for name, value in os.environ.items() if name[:4] != "XDG_"}
    environment |= {
        "HOME": str(home),
        "VIRTUAL_ENV": sys.prefix,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(home),
    }

    def ran(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*before, sys.executable, "-m", "xlclv", *arguments]
        return subprocess.run(
            command, env=environment, cwd=home, capture_output=True, text=True, check=False
        )

    ran.home = home  # type: ignore[attr-defined]
    yield ran
    shutil.rmtree(home, ignore_errors=True)


def found(run: Run) -> dict[str, Any]:
    """Return what the doctor finds about LibreOffice, by key, and how it ends."""
    told = run("doctor", "--json")
    assert told.stderr == ""
    return {each["key"]: each for each in json.loads(told.stdout)} | {"end": told.returncode}


def test_install_and_doctor_are_right_before_after_and_when_it_is_broken(run: Run) -> None:
    assert found(run)["extension_missing"]["level"] == "look"
    installed = run("install", "--calc")
    assert (installed.returncode, installed.stderr) == (0, "")
    after = found(run)
    assert after["cell"]["found"] == "A cell of LibreOffice answers: =CLV(50;2;3) is 300."
    assert (after["cell"]["level"], after["end"]) == ("ok", 0)
    settings = run.home / ".config/libreoffice/4/user/xlclv.json"  # type: ignore[attr-defined]
    settings.write_text('{"paths": ["/nowhere"]}', encoding="utf-8")
    broken = found(run)
    assert (broken["cell_wrong"]["level"], broken["end"]) == ("fault", 1)
    assert "#N/A" in broken["cell_wrong"]["found"]
