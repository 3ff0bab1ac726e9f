"""Feed damaged books to the command line: a plain refusal or a result, never a fault of ours.

Each round takes a sound book and damages it: bytes flipped, cut or doubled in the file or within
one part, attributes and tags exchanged, numbers made huge. A child with a limit of memory and time
checks and refreshes it. Nothing may end in a traceback, a crash or at the limit.
"""

import os
import random
import re
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.refresh.made_up.books import a_made_up_book
from xlclv.errors import XlclvError
from xlclv.refresh.refresh import RefreshRequest, refresh

ROUNDS = int(os.environ.get("XLCLV_MUTANTS", "3000"))
FIRST = int(os.environ.get("XLCLV_FIRST", "0"))
SECONDS, MEMORY = 60, 3 * 2**30
STAMP = datetime(2026, 7, 1, 9, 30)  # noqa: DTZ001 - cells have no zone
REFUSED, FAULT = 1, 3
ODD = (
    b"",
    b"-1",
    b"99999999999",
    b"1e400",
    b"NaN",
    b"&#0;",
    b"\xff",
    b"A1:",
    b"#REF!",
    b"'",
    b"true",
)
Luck = random.Random


def flipped(data: bytes, luck: Luck) -> bytes:
    """Change some bytes."""
    changed = bytearray(data)
    for _ in range(luck.randint(1, 8)):
        if changed:
            changed[luck.randrange(len(changed))] = luck.randrange(256)
    return bytes(changed)


def cut(data: bytes, luck: Luck) -> bytes:
    """Leave out a piece, or double it."""
    start = luck.randrange(len(data) + 1)
    end = min(len(data), start + luck.randint(1, 400))
    return data[:start] + (data[start:end] * luck.choice([0, 0, 2])) + data[end:]


def odd_value(xml: bytes, luck: Luck) -> bytes:
    """Give an attribute, or a text, an odd value."""
    found = list(re.finditer(rb'="([^"]*)"|>([^<]+)<', xml))
    if not found:
        return xml
    one = luck.choice(found)
    start, end = one.span(1) if one[1] is not None else one.span(2)
    return xml[:start] + luck.choice(ODD) + xml[end:]


def odd_tag(xml: bytes, luck: Luck) -> bytes:
    """Take out a tag, an element without content or an attribute."""
    found = list(re.finditer(rb'</?[\w:]+[^>]*>|\s[\w:]+="[^"]*"', xml))
    if not found:
        return xml
    one = luck.choice(found)
    return xml[: one.start()] + xml[one.end() :]


CHANGES: tuple[Callable[[bytes, Luck], bytes], ...] = (flipped, cut, odd_value, odd_tag)


def mutant(book: bytes, luck: Luck) -> bytes:
    """Return a book with some damage."""
    if luck.random() < 0.1:  # noqa: PLR2004
        return luck.choice((flipped, cut))(book, luck)
    with ZipFile(BytesIO(book)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for _ in range(luck.randint(1, 3)):
        name = luck.choice([part for part in parts if parts[part]])
        parts[name] = luck.choice(CHANGES)(parts[name], luck)
    if luck.random() < 0.1:  # noqa: PLR2004
        del parts[luck.choice(list(parts))]
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def tried(path: Path, said: Path) -> int:
    """Refresh a book in a child; return how it ended."""
    number = os.fork()
    if number:
        _, status = os.waitpid(number, 0)
        return os.waitstatus_to_exitcode(status)
    code = FAULT
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        refresh(RefreshRequest(path), STAMP)
        code = 0
    except XlclvError:
        code = REFUSED
    except BaseException:  # noqa: BLE001 - that is what is looked for
        said.write_text(traceback.format_exc())
    finally:
        os._exit(code)


def main() -> int:
    """Try many; print what was found."""
    found, ends, began = Counter[str](), Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        sound = [a_made_up_book(folder, seed)[0] for seed in range(12)]
        sound += [refresh(RefreshRequest(path), STAMP)[0] for path in sound[:4]]
        books = [path.read_bytes() for path in sound]
        for seed in range(FIRST, FIRST + ROUNDS):
            luck = random.Random(seed)  # noqa: S311 - the same every time
            path, said = folder / "mutant.xlsx", folder / "said"
            said.write_text("")
            path.write_bytes(mutant(luck.choice(books), luck))
            code = tried(path, said)
            for left in folder.glob("mutant-*"):
                left.unlink()
            ends[{0: "read", REFUSED: "refused"}.get(code, f"code {code}")] += 1
            if code not in (0, REFUSED):
                lines = said.read_text().strip().splitlines()
                where = [line.strip() for line in lines if "/xlclv/" in line][-1:]
                found[f"{code} {(lines or ['?'])[-1][:90]} {where}"] += 1
                print(f"seed {seed}: {code} {' | '.join(lines[-5:])[:600]}", flush=True)
    print(f"{ROUNDS} damaged books in {time.monotonic() - began:.0f} s: {dict(ends)}")
    for text, times in found.most_common():
        print(times, text)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
