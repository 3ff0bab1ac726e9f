"""Addresses of cells, as a spreadsheet writes them; rows and columns count from 1."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Self

LAST_ROW: Final = 1_048_576  # of a sheet
MOST_BOXES: Final = 80  # a name may lead to that many, and stay short enough to be kept
_ADDRESS: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?")


def letters(column: int) -> str:
    """Return the letters of a column.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number_of(column: str) -> int:
    """Return the number of a column from its letters.

    >>> number_of("A"), number_of("ab")
    (1, 28)
    """
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - 64
    return number


class Box(NamedTuple):
    """A rectangle of cells, its first and last row and column among them."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def at(cls, address: str) -> Self:
        """Return the cells of an address.

        >>> Box.at("$F$3:G6")
        Box(first_row=3, first_column=6, last_row=6, last_column=7)
        """
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise ValueError(address)
        column, row, last_column, last_row = found.groups()
        last = int(last_row or row), number_of(last_column or column)
        return cls(int(row), number_of(column), *last)

    def __str__(self) -> str:
        """Write the address.

        >>> print(Box(3, 6, 6, 7), Box(1, 1, 1, 1))
        F3:G6 A1
        """
        first = f"{letters(self.first_column)}{self.first_row}"
        last = f"{letters(self.last_column)}{self.last_row}"
        return first if first == last else f"{first}:{last}"

    def meets(self, other: "Box") -> bool:
        """Say whether two boxes have a cell in common."""
        rows = self.first_row <= other.last_row and other.first_row <= self.last_row
        columns = self.first_column <= other.last_column and other.first_column <= self.last_column
        return rows and columns

    def moved_to(self, row: int, column: int) -> "Box":
        """Return a box of this size that begins there.

        >>> print(Box.at("A1:B2").moved_to(3, 3))
        C3:D4
        """
        rows, columns = self.last_row - self.first_row, self.last_column - self.first_column
        return Box(row, column, row + rows, column + columns)

    def around(self, other: "Box") -> "Box":
        """Return the least box that holds both.

        >>> print(Box.at("A1:B2").around(Box.at("D2")))
        A1:D2
        """
        return Box(*map(min, self[:2], other[:2]), *map(max, self[2:], other[2:]))


def boxes(cells: Mapping[int, Sequence[int]], more: Sequence[Box] = ()) -> list[Box]:
    """Return few boxes that hold some cells and, as far as possible, no others.

    Args:
        cells: Columns by row.
        more: Boxes that hold further cells.

    >>> print(*boxes({1: [1, 2], 2: [1, 2], 4: [1]}, [Box.at("A5:A9")]))
    A1:B2 A4:A9
    """
    done: list[Box] = []
    open_ones: dict[tuple[int, int], Box] = {}
    for row in sorted(cells):
        now: dict[tuple[int, int], Box] = {}
        for run in _runs(sorted(cells[row])):
            above = open_ones.pop(run, None)
            if above is None or above.last_row != row - 1:
                done += [] if above is None else [above]
                above = Box(row, run[0], row, run[1])
            now[run] = above._replace(last_row=row)
        done += open_ones.values()
        open_ones = now
    done += open_ones.values()
    for box in more:
        ends = (box.first_row - 1, box.first_column, box.last_column)
        joined = [one for one in done if (one.last_row, *one[1::2]) == ends]
        done = [one for one in done if one not in joined]
        done.append(joined[0].around(box) if joined else box)
    if len(done) > MOST_BOXES:
        whole = done[0]
        for box in done:
            whole = whole.around(box)
        return [whole]
    return sorted(done)


def _runs(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of columns that follow each other."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = runs[-1][0], column
        else:
            runs.append((column, column))
    return runs
