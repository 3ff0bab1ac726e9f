"""Tables are read once for all cells that hand them over, and are never those of another range."""

from collections.abc import Iterator
from decimal import Decimal
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.answers import CASES, LEDGER, LOYAL, ORDERS, TIERS, TODAY, Cells, call, column
from xlclv.columns import CellError
from xlclv.functions import FUNCTIONS
from xlclv.hosts import ranges
from xlclv.hosts.kept import KeptTables, fingerprint
from xlclv.registry import Function
from xlclv.tables import TIERS as TIERS_SPEC
from xlclv.tables import RawTable, Table, read_table
from xlclv.words import install, speaking, uninstall

WITH_TABLES = [
    function for function in FUNCTIONS if any(each.is_table for each in function.arguments)
]


@pytest.fixture(autouse=True)
def kept() -> Iterator[KeptTables]:
    fresh = KeptTables()
    with patch.object(ranges, "KEPT", fresh):
        yield fresh


def tiers_from(least: float) -> Table:
    columns = [("Mid", "Budget"), (least, 0)]
    return read_table(RawTable(("Tier", "Enter at"), columns), TIERS_SPEC)


def tiers(least: object) -> tuple[tuple[object, ...], ...]:
    return (("Tier", "Enter at"), ("Mid", least), ("Budget", 0.0))


@pytest.mark.parametrize("function", WITH_TABLES, ids=lambda function: function.name)
def test_the_second_answer_is_the_first(function: Function, kept: KeptTables) -> None:
    cells, _ = CASES[function.name]
    first = call(function.name, *cells)
    read = len(kept)
    assert read > 0
    assert call(function.name, *cells) == first
    assert len(kept) == read


def test_functions_share_a_table(kept: KeptTables) -> None:
    for name in ("CLV_TIER", "CLV_TIER_GAP"):
        call(name, 5, TIERS)
        call(name, column(5, 6), TIERS)
    call("CLV_REWARD_WHY", *CASES["CLV_REWARD_WHY"][0])
    tables = sum(isinstance(cell, list) for cell in CASES["CLV_REWARD_WHY"][0])
    assert len(kept) == tables  # the tiers are the same


@pytest.mark.parametrize("frozen", [False, True])
def test_an_edit_in_the_middle_counts(*, frozen: bool) -> None:
    def handed(rows: list[Cells]) -> object:
        return tuple(map(tuple, rows)) if frozen else rows

    ledger = [LEDGER[0], *([f"2026-01-{1 + row % 28:02}", "a", 1, "active"] for row in range(999))]
    assert call("CLV_POINTS", "a", handed(ledger), TODAY) == [[999.0]]
    ledger[500][2] = 100
    assert call("CLV_POINTS", "a", handed(ledger), TODAY) == [[1098.0]]
    ledger[500][1] = "b"
    assert call("CLV_POINTS", "a", handed(ledger), TODAY) == [[998.0]]
    ledger[500][3] = "expired"
    assert call("CLV_POINTS", "b", handed(ledger), TODAY) == [[0.0]]

    orders = [ORDERS[0], *(["a", f"2026-0{1 + row % 6}-11", 1.0] for row in range(340))]
    assert call("CLV_LOYALTY_TIER", "a", handed(orders), LOYAL, TODAY) == [["Mid"]]
    orders[170][2] = 11.0
    assert call("CLV_LOYALTY_TIER", "a", handed(orders), LOYAL, TODAY) == [["High-end"]]


SAME_LOOKS = [1.0, 1, True, Decimal(1), "1", np.float64(1), np.int64(1), np.bool_(True), None, ""]  # noqa: FBT003


def test_cells_of_another_type_are_another_range() -> None:
    known = {fingerprint([["Tier", cell]]) for cell in SAME_LOOKS}
    assert len(known) == len(SAME_LOOKS)
    # an instant and a number of the same bits
    instants = [np.datetime64(5, "D"), np.int64(5), np.datetime64(5, "s"), CellError("#N/A")]
    assert len({fingerprint([[cell]]) for cell in instants}) == len(instants)


CELL = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
RANGES = st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=4)


@given(one=RANGES, other=RANGES)
def test_two_ranges_are_told_apart(one: list[Cells], other: list[Cells]) -> None:
    def exact(cells: list[Cells]) -> object:
        return [[(type(cell), repr(cell)) for cell in row] for row in cells]

    assert (fingerprint(one) == fingerprint(other)) == (exact(one) == exact(other))
    assert fingerprint(one) == fingerprint([list(row) for row in one])


def test_true_is_no_one(kept: KeptTables) -> None:
    assert call("CLV_TIER", 5, tiers(1)) == [["Mid"]]
    ((cell,),) = call("CLV_TIER", 5, tiers(True))  # noqa: FBT003 - a cell that holds TRUE
    assert isinstance(cell, CellError)
    assert len(kept) == 2


def test_a_list_that_its_owner_changed_is_another_range() -> None:
    rows: list[Cells] = [list(row) for row in tiers(100)]
    assert call("CLV_TIER", 50, rows) == [["Budget"]]
    rows[1][1] = 10
    assert call("CLV_TIER", 50, rows) == [["Mid"]]


def test_what_cannot_be_known_again_is_read_each_time(kept: KeptTables) -> None:
    ((cell,),) = call("CLV_TIER", 5, tiers(lambda: 1))
    assert isinstance(cell, CellError)
    assert "[X999]" not in cell.message
    assert len(kept) == 0


def test_a_tuple_of_lists_is_not_known_by_what_it_is() -> None:
    rows = tuple(map(list, tiers(100)))
    assert call("CLV_TIER", 50, rows) == [["Budget"]]
    rows[1][1] = 10
    assert call("CLV_TIER", 50, rows) == [["Mid"]]


def test_the_fault_of_a_table_is_told_by_every_cell_alike() -> None:
    faulty = tiers("oops")
    first = call("CLV_TIER", 5, faulty)
    assert isinstance(first[0][0], CellError)
    assert [call("CLV_TIER", value, faulty) for value in range(3)] == [first] * 3


def test_why_a_range_is_no_table_is_told_by_every_cell_alike(kept: KeptTables) -> None:
    nothing = (("Tier", "Reaches"), ("Mid", 100.0))
    first = call("CLV_TIER", 5, nothing)
    assert isinstance(first[0][0], CellError)
    assert [call("CLV_TIER", value, nothing) for value in range(3)] == [first] * 3
    assert len(kept) == 1


def test_a_fault_is_told_in_the_language_of_the_moment() -> None:
    faulty = tiers("oops")
    install("xx", {"errors": {"table_fault": "«{fault}»"}, "language": {"name": "Xx"}})
    try:
        english = call("CLV_TIER", 5, faulty)
        with speaking("xx"):
            other = call("CLV_TIER", 5, faulty)
        assert other != english
        assert call("CLV_TIER", 5, faulty) == english
    finally:
        uninstall("xx")


def test_a_word_learnt_since_is_understood() -> None:
    table = (("Stufe X", "Enter at"), ("Mid", 100.0), ("Budget", 0.0))
    assert isinstance(call("CLV_TIER", 5, table)[0][0], CellError)
    install("xx", {"titles": {"tier": "Stufe X"}, "language": {"name": "Xx"}})
    try:
        assert call("CLV_TIER", 5, table) == [["Budget"]]
    finally:
        uninstall("xx")
    assert isinstance(call("CLV_TIER", 5, table)[0][0], CellError)


# --- bounds -----------------------------------------------------------------------------------


def test_what_is_kept_is_bounded() -> None:
    kept = KeptTables(most_tables=5, most_cells=60)
    for least in range(1, 300):
        table = kept.get("tier_table", tiers(least), lambda least=least: tiers_from(least))
        assert table.values("enter_at")[0] == least
        assert len(kept) <= 5
        assert kept.cells <= 60
    large = tuple((f"t{row}", row) for row in range(100))
    kept.get("tier_table", large, lambda: tiers_from(1))
    assert len(kept) == 1  # the newest is kept, however large
    kept.get("tier_table", tiers(1), lambda: tiers_from(1))
    assert (len(kept), kept.cells) == (1, 6)


def test_the_table_not_asked_for_longest_goes_first() -> None:
    kept = KeptTables(most_tables=2)
    often, seldom, new = (tiers(float(least)) for least in (1, 2, 3))
    for cells in (often, seldom, often, new):
        kept.get("tier_table", cells, lambda: tiers_from(1))
    with pytest.raises(AssertionError, match="read again"):
        kept.get("tier_table", seldom, _read_again)
    assert kept.get("tier_table", often, _read_again)


def _read_again() -> Table:
    raise AssertionError("read again")


def test_what_is_worked_out_from_a_table_is_bounded() -> None:
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 7) for day in range(1, 29)]
    points = [call("CLV_POINTS", "a", LEDGER, day)[0][0] for day in days]
    assert points == [100.0 if day < "2026-02-01" else 70.0 for day in days]
    (entry,) = ranges.KEPT._entries.values()  # noqa: SLF001 - nobody else may see it
    assert isinstance(entry.table, Table)
    assert entry.table.known
    assert max(map(len, entry.table.known.values())) == 60


def test_nobody_can_change_what_others_ask_for() -> None:
    call("CLV_POINTS", "a", LEDGER, TODAY)
    (entry,) = ranges.KEPT._entries.values()  # noqa: SLF001
    assert isinstance(entry.table, Table)
    with pytest.raises(ValueError, match="read-only"):
        entry.table.columns["points"].values[0] = 0
