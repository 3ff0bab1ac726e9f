"""Start a LibreOffice of one's own without a window, talk to it, stop it.

Runs in the Python of LibreOffice and imports nothing of xlclv. As a program it puts an extension
into a profile or takes it out, also where `unopkg` refuses to (as root):

    python3 office.py add|remove SOFFICE FILE-OR-IDENTIFIER [PROFILE]

or writes what a cell shows for a formula, as `xlclv doctor` wants to know:

    python3 office.py ask SOFFICE FORMULA PROFILE
"""
# ruff: noqa: ANN401, INP001, N802
# Prescribed by UNO: untyped objects and names of methods; a file, not a package.

import os
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import uno
import unohelper
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException
from com.sun.star.task import XInteractionHandler
from com.sun.star.ucb import XCommandEnvironment

OPEN = 75  # how this ends where the user has documents open
RESTART = 81  # how soffice ends to be started again, after the first start of a profile
MOST_STARTS = 4
LONGEST_START = 90  # seconds
LONGEST_STOP = 20


def main(arguments: list[str]) -> None:
    """Add or remove an extension, or ask a cell."""
    command, program, what, *rest = arguments
    with office(Path(program), Path(rest[0]) if rest else None) as context:
        if command == "ask":
            sys.stdout.write(f"{_shown(context, what)}\n")
        else:
            _change(context, command, what)


def _shown(context: Any, formula: str) -> str:
    """Return what a cell of a new document shows for a formula."""
    desktop = new(context, "com.sun.star.frame.Desktop")
    hidden = properties(Hidden=True)
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden)
    cell = document.Sheets.getByIndex(0).getCellByPosition(0, 0)
    cell.Formula = formula
    return str(cell.String)


def _change(context: Any, command: str, extension: str) -> None:
    manager = context.getByName("/singletons/com.sun.star.deployment.ExtensionManager")
    abort = manager.createAbortChannel()
    if command == "add":
        url = Path(extension).resolve().as_uri()
        manager.addExtension(url, (), "user", abort, Consent())
    elif any(found.Identifier.Value == extension for found in _installed(manager, abort)):
        manager.removeExtension(extension, "", "user", abort, Consent())


def _installed(manager: Any, abort: Any) -> Any:
    return manager.getDeployedExtensions("user", abort, Consent())


class Consent(unohelper.Base, XCommandEnvironment, XInteractionHandler):
    """Says yes to what the installation asks: whoever runs it has asked for it."""

    def getInteractionHandler(self) -> "Consent":
        """Return who answers."""
        return self

    def getProgressHandler(self) -> None:
        """Return nobody: nothing shows progress."""

    def handle(self, request: Any) -> None:
        """Answer a question with yes."""
        approve = uno.getTypeByName("com.sun.star.task.XInteractionApprove")
        for answer in request.getContinuations():
            if answer.queryInterface(approve) is not None:
                answer.select()
                return


class office:  # noqa: N801 - reads as a function: with office(program) as context
    """Start LibreOffice, give its component context, and stop it whatever happens.

    A class, because `contextlib.contextmanager` of Python 3.11 cannot pass on errors of UNO.

    Args:
        program: Its soffice.
        profile: Folder of the settings; None: those of the user.
        log: File for what it writes.
    """

    def __init__(self, program: Path, profile: Path | None = None, log: Path | None = None) -> None:
        self.pipe = f"xlclv{uuid.uuid4().hex}"
        self.command = _command(program, profile, self.pipe)
        self.log = log

    def __enter__(self) -> Any:
        self.output = self.log.open("ab") if self.log else tempfile.TemporaryFile()
        self.process, self.context = _started(self.command, self.pipe, self.output)
        if new(self.context, "com.sun.star.frame.Desktop").Components.hasElements():
            # A user's own LibreOffice answered, on the same profile; it is not ours to stop.
            raise SystemExit(OPEN)
        return self.context

    def __exit__(self, *_error: object) -> None:
        _stop(self.process, self.context)
        self.output.close()


def _command(program: Path, profile: Path | None, pipe: str) -> list[str]:
    own = [f"-env:UserInstallation={profile.resolve().as_uri()}"] if profile else []
    silent = ["--headless", "--invisible", "--norestore", "--nologo", "--nodefault"]
    accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
    return [str(program), *own, *silent, "--nolockcheck", accept]


def _started(command: list[str], pipe: str, output: Any) -> tuple[subprocess.Popen[bytes], Any]:
    environment = dict(os.environ, SAL_USE_VCLPLUGIN="svp")
    for _ in range(MOST_STARTS):
        process = subprocess.Popen(  # noqa: S603 - the soffice that was found
            command, stdout=output, stderr=output, env=environment, start_new_session=True
        )
        try:
            context = _connected(process, pipe)
        except BaseException:
            _kill(process)
            raise
        if context is not None:
            return process, context
        if process.returncode not in (RESTART, 0):
            break
    if process.returncode == 0:  # it has handed all over to one that runs already
        raise SystemExit(OPEN)
    raise RuntimeError(f"soffice ended with {process.returncode}")


def _connected(process: subprocess.Popen[bytes], pipe: str) -> Any:
    """Return the context once LibreOffice answers, None if it ends before."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        if process.poll() is not None:
            return None
        with suppress(NoConnectException):
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        time.sleep(0.05)
    raise TimeoutError("soffice does not answer")


def _stop(process: subprocess.Popen[bytes], context: Any) -> None:
    with suppress(Exception):  # it may be gone already; then there is nothing to close
        desktop = new(context, "com.sun.star.frame.Desktop")
        components = desktop.Components.createEnumeration()
        while components.hasMoreElements():
            components.nextElement().close(True)  # noqa: FBT003
        with suppress(DisposedException):  # it ends while it answers
            desktop.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started: soffice is a script around soffice.bin."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


def new(context: Any, service: str) -> Any:
    """Return a new object of a service."""
    return context.ServiceManager.createInstanceWithContext(service, context)


def properties(**values: Any) -> tuple[Any, ...]:
    """Return named values as UNO takes them."""
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


if __name__ == "__main__":
    main(sys.argv[1:])
