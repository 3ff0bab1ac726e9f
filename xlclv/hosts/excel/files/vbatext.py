"""VBA text: literals, lines that break where VBA wants them to, calls."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

LONGEST_LINE: Final = 100  # VBA takes 1023 signs
MOST_LINES: Final = 25  # that one statement may fill: 24 continuations


def literal(text: str) -> str:
    r"""Return a text as VBA writes it; what is not ASCII by its number, for any code page.

    >>> print(literal('an "a" of'), literal("≥ 1\n"))
    "an ""a"" of" ChrW$(8805) & " 1" & ChrW$(10)
    """
    pieces = re.findall(r"[ -~]+|[^ -~]", text)
    return " & ".join(map(_piece, pieces)) or '""'


def _piece(text: str) -> str:
    if " " <= text[0] <= "~":
        return '"' + text.replace('"', '""') + '"'
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    return " & ".join(f"ChrW$({number})" for number in numbers)


def listed(before: str, items: Sequence[str], after: str) -> str:
    """Return a list between two texts, broken over lines where it is long.

    >>> print(listed("Array(", ["a", "b"], ")"))
    Array(a, b)

    Raises:
        ValueError: The statement has more lines than VBA takes.
    """
    lines = list(_lines(before, items, after))
    if len(lines) > MOST_LINES:
        raise ValueError(f"{before} takes {len(lines)} lines; VBA takes {MOST_LINES}")
    return " _\n".join(lines)


def _lines(before: str, items: Sequence[str], after: str) -> Iterator[str]:
    line = before
    for number, item in enumerate(items, start=1):
        piece = item + (", " if number < len(items) else after)
        if len(line) + len(piece) > LONGEST_LINE and line.strip():
            yield line.rstrip()
            line = "        "
        line += piece
    yield line if items else line + after
