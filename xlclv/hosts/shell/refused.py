"""What the command line says where files are refused: why, and the line that works."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlclv.errors import XlclvError
from xlclv.hosts.shell.books import choices_of
from xlclv.hosts.shell.report import named


def step(given: Mapping[str, Any], error: XlclvError) -> str:
    """Return the command that takes the likelier way, "" where no option helps.

    Args:
        given: The options of the command that was refused.
        error: Why it was.
    """
    options = getattr(error, "options", ())
    if not options:
        return ""
    said = [("--orders", str(path)) for path in given["orders"]]
    said += choices_of(given).as_options()
    if given["encoding"] is not None:
        said.append(("--encoding", given["encoding"]))
    words = [f"{option} {shlex.quote(value)}" for option, value in (*said, *options)]
    files = [shlex.quote(str(path)) for path in given["book"]]
    return " ".join(["xlclv refresh", *files, *words])


def as_json(files: Sequence[Path], error: XlclvError, line: str) -> str:
    """Return why files were refused as JSON."""
    code = re.search(r"\[([A-Z][0-9]{3})\]", str(error))
    said = {
        **named(files),
        "refused": str(error),
        "code": code[1] if code else None,
        "try": line or None,
    }
    return json.dumps(said, ensure_ascii=False)
