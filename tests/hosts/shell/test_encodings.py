"""No command fails because a sign is missing in the code page of a pipe, as on Windows."""

import io
import sys
from pathlib import Path

import click
import pytest

from tests.hosts.same import customers_of_a_user
from xlclv.hosts.shell import cli, computer
from xlclv.hosts.shell.commands import cli as group
from xlclv.words import word

pytestmark = pytest.mark.slow

ORDERS = (
    "Customer id,Order date,Amount\nŁódź,2026-01-01,10\n顧客,2026-01-05,20\nŁódź,2026-02-01,30\n"
)
UNFAIR = "Customer id,Order date,Amount\n顧客,soon,10\n"
# Every command with a way to call it that writes text, and how it ends; also what it refuses.
CALLS = {
    "demo": (["demo"], 0),
    "refresh": (["refresh", "log.csv"], 0),
    "refresh refused": (["refresh", "unfair.csv"], 1),
    "check": (["check", "log.csv"], None),
    "check --json": (["check", "log.csv", "--json"], None),
    "award": (["award", "log.csv"], 0),
    "award --post": (["award", "log.csv", "--post", "--yes"], 0),
    "export": (["export", "log.csv", "tier:Łódź"], None),
    "template": (["template", "Łódź.xlsx"], 0),
    "freeze": (["freeze", "mine.xlsx"], None),
    "refresh --in-place": (["refresh", "mine.xlsx", "--in-place"], 0),
    "refresh --dry-run": (["refresh", "mine.xlsx", "--dry-run"], 0),
    "verify": (["verify", "Łódź.xlsx", "mine.xlsx"], None),
    "install --calc": (["install", "--calc"], 0),
    "install --excel": (["install", "--excel"], 1),
    "doctor": (["doctor"], None),
    "functions": (["functions"], 0),
    "functions NAME": (["functions", "CLV_RFM"], 0),
    "call": (["call", "CLV_SUMMARY", "@log.csv"], None),
    "help": (["--help"], 0),
    "mistyped": (["refrésh"], 2),
}


class Stream(io.TextIOWrapper):
    """A pipe that takes the signs of one encoding and breaks at any other."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="strict", write_through=True)

    def written(self) -> bytes:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue()


def test_every_command_is_called() -> None:
    assert set(group.commands) - {arguments[0] for arguments, _ in CALLS.values()} == set()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("click.get_app_dir", lambda _: str(tmp_path / "app"))
    installed = word("calc.installed", version="25.2", log="Łódź")
    monkeypatch.setitem(computer.INSTALL, "calc", lambda: installed)
    (tmp_path / "log.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "unfair.csv").write_text(UNFAIR, encoding="utf-8")
    customers_of_a_user(tmp_path / "mine.xlsx")
    return tmp_path


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_no_command_fails(encoding: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert folder == Path.cwd()
    for name, (arguments, code) in CALLS.items():
        if name == "demo" and encoding != "cp1252":
            continue  # what it says, refresh says, and it takes longer than all the others
        out, err = Stream(encoding), Stream(encoding)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setattr(sys, "argv", ["xlclv", *arguments])
            with pytest.raises(SystemExit) as ended:
                cli.main()
        assert ended.value.code in ((0, 1) if code is None else (code,)), (name, err.written())
        assert out.written() + err.written(), name


def test_what_an_encoding_lacks_is_written_as_its_number() -> None:
    stream = Stream("cp1252")
    cli.let_all_signs_out(stream)
    click.echo("≥ 2 – Łódź", file=stream)
    assert stream.written().decode("cp1252") == "\\u2265 2 – \\u0141ód\\u017a\n"


def test_a_pipe_of_windows_is_utf_8_where_nobody_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    unasked, asked = Stream("cp1252"), Stream("cp1252")
    cli.let_all_signs_out(unasked)
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252:strict")
    cli.let_all_signs_out(asked)
    assert (unasked.encoding, asked.encoding) == ("utf-8", "cp1252")
