"""The starter tiers and rules can be used as they are."""

import subprocess
import sys

from xlclv.rewards.rules.sentence import reads_as
from xlclv.rewards.rules.starter import STARTER_RULES, STARTER_TIERS
from xlclv.rewards.rules.table import read_rules
from xlclv.tables import RULES, TIERS, RawTable, Table, TableSpec, read_table


def as_table(rows: tuple[dict[str, str | float | int], ...], spec: TableSpec) -> Table:
    columns = [[cells.get(name) for cells in rows] for name in spec.columns]
    return read_table(RawTable(spec.columns, columns), spec)


def test_the_starter_rules_are_r01_to_r12_without_a_fault() -> None:
    rules = read_rules(as_table(STARTER_RULES, RULES), [str(one["tier"]) for one in STARTER_TIERS])
    assert rules.faults == ()
    assert [one.rule_id for one in rules.rows] == [f"R{number:02d}" for number in range(1, 13)]
    for one in rules.rows:
        assert one.status == "OK"
        assert one.rule is not None
        assert reads_as(one.rule).endswith(".")


def test_the_starter_tiers_rise_from_zero() -> None:
    table = as_table(STARTER_TIERS, TIERS)
    assert table.faults == ()
    assert table.values("tier").tolist() == ["Budget", "Mid", "High-end"]
    assert table.values("enter_at").tolist() == [0, 200, 1000]
    assert set(table.values("measure")) == {"CLV"}
    assert all(table.values("treatment"))
    assert table.values("points_factor").tolist() == [1, 1.25, 1.5]
    assert table.values("entry_reward").tolist() == ["", "R12", "R12"]


def test_cells_stand_in_columns_of_the_table() -> None:
    assert {name for cells in STARTER_RULES for name in cells} <= set(RULES.columns)
    assert {name for cells in STARTER_TIERS for name in cells} <= set(TIERS.columns)


IN_ANOTHER_LANGUAGE = """
import xlclv.words as texts

english = texts.catalogue()
wrapped = {
    key: [f"«{one}»" for one in text] if isinstance(text, list) else f"«{text}»"
    for key, text in english.items()
}
texts.catalogue = lambda *_: wrapped

from xlclv.rewards.rules.starter import STARTER_RULES, STARTER_TIERS
from xlclv.rewards.rules.table import read_rules
from xlclv.tables import RULES, RawTable, read_table

columns = [[cells.get(name) for cells in STARTER_RULES] for name in RULES.columns]
table = read_table(RawTable(RULES.columns, columns), RULES)
for row in read_rules(table, [tier["tier"] for tier in STARTER_TIERS]).rows:
    asked = [condition.field.key for condition in row.rule.conditions] if row.rule else ()
    print(row.status, *asked, sep=",")
"""


def test_the_starter_rules_work_whatever_the_texts_are() -> None:
    run = [sys.executable, "-c", IN_ANOTHER_LANGUAGE]
    found = subprocess.run(run, capture_output=True, text=True, check=True, encoding="utf-8")
    rules = read_rules(as_table(STARTER_RULES, RULES), [str(one["tier"]) for one in STARTER_TIERS])
    asked = (one.rule.conditions for one in rules.rows if one.rule is not None)
    keys = [[condition.field.key for condition in conditions] for conditions in asked]
    assert found.stdout.splitlines() == [",".join(["«OK»", *of_rule]) for of_rule in keys]
