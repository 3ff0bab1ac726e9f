"""Calls from ranges: their shapes, whole columns, tables."""

from tests.hosts.answers import AMOUNTS, DAYS, IDS, TIERS, TODAY, Cells, call, column, message
from xlclv.columns import CellError
from xlclv.hosts.ranges import FULL_COLUMN

# --- ranges -----------------------------------------------------------------------------------


def test_a_column_gives_a_column_and_a_row_a_row() -> None:
    assert call("CLV", column(50, 60), 2, 3) == column(300.0, 360.0)
    assert call("CLV", [[50, 60]], [[2, 2]], 3) == [[300.0, 360.0]]
    assert call("CLV", [[50, 60], [1, 2]], 2, 3) == [[300.0, 360.0], [6.0, 12.0]]
    assert call("CLV", [50, 60], 2, 3) == column(300.0, 360.0)
    assert call("CLV", (50,), 2, 3) == [[300.0]]


def test_columns_of_different_length_are_told() -> None:
    assert message(call("CLV", column(1, 2, 3), column(1, 2), 3)) == (
        "CLV: avg_value has 3 rows, frequency 2. Select ranges of one length. [V116]"
    )
    assert message(call("CLV_CUSTOMERS", IDS, DAYS, AMOUNTS[:2], TODAY)) == (
        "CLV_CUSTOMERS: customer_ids has 3 rows, amounts 2. Select ranges of one length. [V116]"
    )


def test_a_range_for_one_cell_is_told() -> None:
    assert message(call("CLV_RFM", IDS, DAYS, AMOUNTS, column(TODAY, TODAY))) == (
        "CLV_RFM: as_of is a range of 2 cells; expected one cell. [V118]"
    )


def test_references_to_whole_columns_are_cut_to_the_rows_in_use() -> None:
    blank: list[Cells] = [[None]] * FULL_COLUMN
    values, rates = [[50.0], [None], [60.0], *blank[3:]], [[2.0], [None], [1.0], *blank[3:]]
    assert call("CLV", values, rates, 3) == column(300.0, None, 180.0)


def test_a_range_below_a_whole_column_stays_aligned() -> None:
    blank: list[Cells] = [[None]] * FULL_COLUMN
    assert call("CLV", [[50.0], [60.0], *blank[2:]], column(2, 1), 3) == column(300.0, 180.0)
    *_, last = call("CLV", [[50.0], [60.0], *blank[2:]], column(2, 1, 1), 3)
    assert message([last]).startswith("CLV: avg_value is empty;")


def test_a_whole_column_of_one_value_does_not_stand_for_every_row() -> None:
    blank: list[Cells] = [[None]] * FULL_COLUMN
    block = call("CLV", [[50.0], *blank[1:]], column(2, 2), 3)
    assert isinstance(block[-1][0], CellError)


def test_a_table_below_its_header_may_be_a_whole_column() -> None:
    blank: list[Cells] = [[None, None]] * FULL_COLUMN
    assert call("CLV_TIER", 100, [*TIERS, *blank[len(TIERS) :]]) == [["Mid"]]


def test_a_range_that_is_no_whole_column_keeps_its_blank_end() -> None:
    assert call("CLV", column(50, None), 2, 3) == column(300.0, None)


def test_a_table_may_have_its_columns_anywhere_under_any_alias() -> None:
    turned = [["Note", "THRESHOLD", "Level"], ["x", 100, "Mid"], ["y", 0, "Budget"]]
    assert call("CLV_TIER", column(100, 99), turned) == column("Mid", "Budget")


def test_a_missing_column_is_told_with_what_is_there() -> None:
    assert message(call("CLV_TIER", 100, [["Tier", None, "When"], ["a", 1, 2]])) == (
        "CLV_TIER: the tier table lacks the column Enter at (≥). The headers found are: "
        "Tier, When. Rename a header. [V107]"
    )


def test_a_fault_in_a_table_names_its_cell() -> None:
    assert message(call("CLV_TIER", 100, [["Tier", "Enter at"], ["a", "#REF!"]])) == (
        "CLV_TIER: tier_table!B2: Enter at (≥) contains #REF!. [P001]"
    )


def test_a_table_of_a_header_row_only_has_nothing_to_say() -> None:
    assert message(call("CLV_TIER", 100, [["Tier", "Enter at"]])).endswith("[V114]")
