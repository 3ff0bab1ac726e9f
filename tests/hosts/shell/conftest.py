"""Commands run in a folder of their own."""

import sys
from pathlib import Path

import pytest

from tests.hosts.shell.runs import ORDERS, Ran, Run
from xlclv.hosts.shell import cli


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command as the console script does, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(tmp_path / "app"))

    def ran(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["xlclv", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return ran


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    return path
