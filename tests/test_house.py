"""The house stays one to live in: small files, rooms one can look over."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = {"xlclv": 400, "tests": 500, "benchmarks": 400, "tools": 400}  # lines of a file
MOST = 22  # files lying flat in a room


@pytest.mark.parametrize("part", LONGEST)
def test_no_file_is_too_long(part: str) -> None:
    lines = {path: len(path.read_bytes().splitlines()) for path in (ROOT / part).rglob("*.py")}
    assert lines
    too_long = {str(path.relative_to(ROOT)): n for path, n in lines.items() if n > LONGEST[part]}
    assert too_long == {}


@pytest.mark.parametrize("part", ["xlclv", "tests"])
def test_no_room_is_too_full(part: str) -> None:
    rooms = {path.parent for path in (ROOT / part).rglob("*.py")}
    counts = {str(room.relative_to(ROOT)): len(list(room.glob("*.py"))) for room in rooms}
    assert {room: count for room, count in counts.items() if count > MOST} == {}
