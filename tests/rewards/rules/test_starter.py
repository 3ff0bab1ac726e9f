"""The starter tiers and rules can be used as they are."""

from xlclv.rewards.rules.sentence import reads_as
from xlclv.rewards.rules.starter import starter_rules, starter_tiers
from xlclv.rewards.rules.table import read_rules
from xlclv.tables import RULES, TIERS, RawTable, Table, TableSpec, read_table


def as_table(rows: tuple[dict[str, str | float | int], ...], spec: TableSpec) -> Table:
    columns = [[cells.get(name) for cells in rows] for name in spec.columns]
    return read_table(RawTable(spec.columns, columns), spec)


def test_the_starter_rules_are_r01_to_r12_without_a_fault() -> None:
    rules = read_rules(
        as_table(starter_rules(), RULES), [str(one["tier"]) for one in starter_tiers()]
    )
    assert rules.faults == ()
    assert [one.rule_id for one in rules.rows] == [f"R{number:02d}" for number in range(1, 13)]
    for one in rules.rows:
        assert one.status == "OK"
        assert one.rule is not None
        assert reads_as(one.rule).endswith(".")


def test_the_starter_tiers_rise_from_zero() -> None:
    table = as_table(starter_tiers(), TIERS)
    assert table.faults == ()
    assert table.values("tier").tolist() == ["Bronze", "Silver", "Gold"]
    assert table.values("enter_at").tolist() == [0, 200, 1000]
    assert set(table.values("measure")) == {"CLV"}
    assert all(table.values("treatment"))
    assert table.values("points_factor").tolist() == [1, 1.25, 1.5]
    assert table.values("entry_reward").tolist() == ["", "R12", "R12"]


def test_cells_stand_in_columns_of_the_table() -> None:
    assert {name for cells in starter_rules() for name in cells} <= set(RULES.columns)
    assert {name for cells in starter_tiers() for name in cells} <= set(TIERS.columns)
