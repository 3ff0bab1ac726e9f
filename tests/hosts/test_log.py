"""One log for all hosts, which never grows without end."""

import logging
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import click
import pytest

from xlclv.hosts import log as logs


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(click, "get_app_dir", lambda _: str(tmp_path / "settings"))
    before = logs.log.handlers[:]
    yield tmp_path / "settings"
    for handler in set(logs.log.handlers) - set(before):
        logs.log.removeHandler(handler)
        handler.close()


def test_faults_go_to_the_one_file_and_others_do_not(folder: Path) -> None:
    path = logs.log_to_file()
    assert path == folder / "xlclv.log" == logs.log_to_file()
    logging.getLogger("xlclv").warning("something is wrong")
    logging.getLogger("xlclv").info("all is well")
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert line.endswith("WARNING something is wrong")


def test_what_is_old_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "SIZE", 1_000)
    path = logs.log_to_file()
    for number in range(100):
        logs.log.warning("line %d", number)
    assert path.stat().st_size <= 1_000
    assert {each.name for each in folder.iterdir()} == {"xlclv.log", "xlclv.log.1"}
    assert path.read_text(encoding="utf-8").splitlines()[-1].endswith("line 99")


def test_where_no_log_can_be_written_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("taken")
    monkeypatch.setattr(click, "get_app_dir", lambda _: str(tmp_path / "file" / "settings"))
    before = logs.log.handlers[:]
    logs.log_to_file()
    assert logs.log.handlers == before


@pytest.mark.usefixtures("folder")
def test_a_log_that_can_no_longer_be_written_adds_no_traceback(
    capfd: pytest.CaptureFixture[str],
) -> None:
    path = logs.log_to_file()
    path.mkdir()  # no one writes there, not even root
    logs.log.warning("something is wrong")
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("folder")
def test_a_fault_of_the_log_itself_is_told(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs.log, "propagate", False)
    logs.log_to_file()
    logs.log.warning("%d", "no number")
    assert "Logging error" in capfd.readouterr().err


def test_the_extension_which_may_find_no_xlclv_writes_alike() -> None:
    code = files("xlclv.hosts.calc").joinpath("inside", "component.py").read_text(encoding="utf-8")
    assert f'"{logs.FORMAT}"' in code
    assert f"{logs.SIZE:_}" in code
