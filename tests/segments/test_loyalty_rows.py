"""The tier table read row by row: what each row does, in words, and what is wrong with it."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from xlclv.codes import HasCode
from xlclv.errors import InputError
from xlclv.quality.checks import try_tiers
from xlclv.segments.tier_rows import TierRow, read_tier_rows
from xlclv.segments.tiers import read_tiers
from xlclv.tables import TIERS, RawTable, Table, read_table


def table(**columns: Sequence[object]) -> Table:
    return read_table(RawTable(list(columns), [list(cells) for cells in columns.values()]), TIERS)


def ladder(measure: str, window: str, /, **columns: Sequence[object]) -> Table:
    """Return Budget, Mid and High from 0, 200 and 1000."""
    given: dict[str, Sequence[object]] = {
        "tier": ["Budget", "Mid", "High"],
        "enter_at": [0, 200, 1000],
        "measure": [measure] * 3,
        "window": [window] * 3,
    }
    return table(**(given | columns))


def sentence(row: int, of: Table) -> str:
    found: TierRow = read_tier_rows(of).rows[row]
    assert found.status == "OK"
    return found.reads_as


def rolling(**columns: Sequence[object]) -> Table:
    return ladder("Net spend", "Rolling 12 months", **columns)


# --- sentences --------------------------------------------------------------------------------

VALID = (
    "Valid 12 months, to the end of the month, then 30 days of grace; if not kept, one tier down."
)


def test_a_row_says_all_that_it_does() -> None:
    of = rolling(
        keep_at=[None, 150, None],
        points_factor=[None, 1.25, None],
        entry_reward=["", "R12", ""],
    )
    assert sentence(1, of) == (
        f"Mid: from 200 net spend in 12 months. Kept with 150. {VALID} "
        "Points count 1.25 times. On entry: rule R12."
    )


def test_a_row_that_does_nothing_special_reads_short() -> None:
    assert sentence(1, table(tier=["Low", "Mid"], enter_at=[0, 200])) == "Mid: from a CLV of 200."
    assert sentence(2, rolling()) == f"High: from 1,000 net spend in 12 months. {VALID}"
    lowest = "Budget: from 0 net spend in 12 months. Once reached, never lost."
    assert sentence(0, rolling()) == lowest


@pytest.mark.parametrize(
    ("measure", "window", "entry"),
    [
        ("Net spend", "Calendar year", "from 200 net spend in the calendar year."),
        ("Net spend", "Lifetime", "from 200 net spend in all."),
        ("Orders", "Rolling 12 months", "from 200 orders in 12 months."),
        ("Orders", "Lifetime", "from 200 orders in all."),
        ("CLV", "Rolling 12 months", "from a CLV of 200."),
        ("Points earned", "Lifetime", "from 200 points earned."),
    ],
)
def test_each_measure_and_window(measure: str, window: str, entry: str) -> None:
    assert sentence(1, ladder(measure, window)).removesuffix(VALID).strip() == f"Mid: {entry}"


def test_one_order_is_one() -> None:
    of = table(tier=["Once"], enter_at=[1], measure=["Orders"], window=["Calendar year"])
    assert sentence(0, of).startswith("Once: from 1 order in the calendar year. Valid 12 months")
    assert sentence(0, of).endswith("if not kept, no tier.")


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (
            {"valid_months": 1, "grace_days": 1},
            "Valid 1 month, to the end of the month, then 1 day",
        ),
        ({"round_up_to": "none"}, "Valid 12 months, then 30 days of grace; if not kept, one"),
        ({"round_up_to": "year end", "grace_days": 0}, "12 months, to the end of the year; if not"),
        ({"valid_months": 0, "round_up_to": "none"}, "Valid to the end of the day, each day anew,"),
        (
            {"valid_months": 0, "grace_days": 0},
            "Valid to the end of the month, each month anew; if",
        ),
        ({"valid_months": 0, "round_up_to": "year end"}, "to the end of the year, each year anew,"),
        ({"if_not_kept": "To earned tier"}, "down to the tier whose threshold is still reached."),
        ({"if_not_kept": "Keep", "valid_months": 3}, "in 12 months. Once reached, never lost."),
        ({"points_factor": 0}, "Orders earn no points."),
        ({"points_factor": 1}, VALID),
        ({"skipped_tiers": "Each tier passed"}, "Counts as entered when passed on the way up."),
        (
            {"skipped_tiers": "Each tier passed", "entry_reward": "R1"},
            "On entry, also when passed on the way up: rule R1.",
        ),
    ],
)
def test_each_cell_is_in_the_sentence(cells: dict[str, object], text: str) -> None:
    of = rolling(**{name: [None, cell, None] for name, cell in cells.items()})
    assert text in sentence(1, of)
    assert sentence(1, of).count(". ") <= 4


def test_nobody_skips_the_highest_tier() -> None:
    of = rolling(skipped_tiers=["Each tier passed"] * 3)
    assert "passed" not in sentence(2, of)


def test_where_nothing_runs_out_no_validity_is_claimed() -> None:
    for measure in ("CLV", "Net spend", "Orders", "Points earned"):
        assert "alid" not in sentence(1, ladder(measure, "Lifetime"))


def test_there_a_policy_of_its_own_is_said_with_what_it_depends_on() -> None:
    of = ladder("CLV", "Lifetime", keep_at=[None, 150, None], if_not_kept=[None, None, "Keep"])
    assert sentence(1, of) == (
        "Mid: from a CLV of 200. With a Tier since on the Customers tab, kept with 150: "
        + VALID.replace("Valid", "valid")
    )
    assert sentence(2, of).endswith("With a Tier since on the Customers tab, never lost.")
    of = ladder("Net spend", "Lifetime", grace_days=[None, 10, None])
    assert "If a refund, or a Tier since on the Customers tab, leaves" in sentence(1, of)


def test_rows_stand_in_the_order_of_the_table() -> None:
    rows = read_tier_rows(table(tier=["High", "Low", "Mid"], enter_at=[9, 1, 5])).rows
    assert [row.name for row in rows] == ["High", "Low", "Mid"]
    assert [row.reads_as[:16] for row in rows] == [
        "High: from a CLV",
        "Low: from a CLV ",
        "Mid: from a CLV ",
    ]
    assert [row.reads_as.split()[-1] for row in rows] == ["9.", "1.", "5."]


# --- what is read -----------------------------------------------------------------------------


def codes(column: Sequence[HasCode]) -> list[str]:
    return [one.code for one in column]


def test_blank_cells_mean_the_usual() -> None:
    tiers = read_tiers(table(tier=["High", "Low"], enter_at=[9, 1], keep_at=[5, None]))
    assert tiers.keep_at.tolist() == [1, 5]
    assert tiers.valid_months.tolist() == [12, 12]
    assert codes(tiers.round_up_to) == ["month end"] * 2
    assert tiers.grace_days.tolist() == [30, 30]
    assert codes(tiers.if_not_kept) == ["One tier down"] * 2
    assert tiers.points_factor == (Decimal(1), Decimal(1))
    assert tiers.entry_reward.tolist() == ["", ""]
    assert codes(tiers.skipped_tiers) == ["Top only"] * 2


def test_cells_belong_to_their_tier_and_factors_are_what_they_show() -> None:
    tiers = read_tiers(
        table(
            tier=["High", "Low"],
            enter_at=[9, 1],
            points_factor=[1.1, 0.7],
            entry_reward=["R2", "R1"],
            valid_months=[6, 3],
            grace_days=[0, 5],
            round_up_to=["Year end", "None"],
            if_not_kept=["keep", None],
            skipped_tiers=["each tier passed", None],
        )
    )
    assert tiers.points_factor == (Decimal("0.7"), Decimal("1.1"))
    assert tiers.entry_reward.tolist() == ["R1", "R2"]
    assert (tiers.valid_months.tolist(), tiers.grace_days.tolist()) == ([3, 6], [5, 0])
    assert codes(tiers.round_up_to) == ["none", "year end"]
    assert codes(tiers.if_not_kept) == ["One tier down", "Keep"]
    assert tiers.counts_when_passed.tolist() == [False, True]


# --- faults -----------------------------------------------------------------------------------


def test_all_faults_are_named_at_once() -> None:
    of = table(
        tier=["Budget", "Mid", "mid", "Top"],
        enter_at=[5, 3, 3, "x"],
        measure=["Orders", "CLV", None, "Luck"],
        keep_at=[None, 4, None, None],
        valid_months=[-1, 5000, 2.5, None],
        grace_days=[1e6, None, None, None],
    )
    read = read_tier_rows(of)
    assert read.tiers is None
    assert [str(fault).split(" is ")[0].split(" differs")[0] for fault in read.faults] == [
        "E2: Status valid (months)",
        "F2: Grace (days)",
        "C3: Measure",
        "D3: Keep at (≥)",
        "E3: Status valid (months)",
        'A4: The tier "mid" stands in the table twice. Give each tier its own name. [V112]',
        "B4: Two tiers enter at 3: Mid, mid. Give each tier its own threshold. [V111]",
        "C4: Measure",
        "E4: Status valid (months)",
        "B5: Enter at (≥)",
        "C5: Measure",
    ]
    assert all(row.reads_as == "" and row.status != "OK" for row in read.rows)
    assert "4; expected at most 3, which is Enter at" in read.rows[1].status
    with pytest.raises(InputError) as caught:
        read_tiers(of)
    assert all(str(fault) in str(caught.value) for fault in read.faults)


def test_a_sound_row_beside_a_fault_is_sound() -> None:
    rows = read_tier_rows(table(tier=["Low", "High"], enter_at=[1, None])).rows
    assert [row.status for row in rows] == [
        "OK",
        "Enter at (≥) is empty; expected a number. [V101]",
    ]


def test_a_window_of_its_own_is_refused() -> None:
    of = rolling(window=["Rolling 12 months", None, "Rolling 12 months"])
    (fault,) = read_tier_rows(of).faults
    assert str(fault).startswith("D3: Window differs between tiers:")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"round_up_to": "decade end"}, "V105"),
        ({"if_not_kept": "Cry"}, "V105"),
        ({"skipped_tiers": "Some"}, "V105"),
        ({"points_factor": -1}, "V103"),
        ({"grace_days": 1.5}, "V104"),
        ({"keep_at": 200.01}, "V126"),
    ],
)
def test_each_cell_at_fault_is_named(cells: dict[str, object], code: str) -> None:
    of = rolling(**{name: [None, cell, None] for name, cell in cells.items()})
    (fault,) = read_tier_rows(of).faults
    assert fault.row == 1
    assert str(fault).endswith(f"[{code}]")


def test_an_entry_reward_that_is_no_rule_costs_nobody_a_tier() -> None:
    of = rolling(entry_reward=["", "r1", "R2"])
    read = read_tier_rows(of, ["R1"])
    assert read.tiers is not None
    assert read.tiers.entry_reward.tolist() == ["", "r1", ""]
    assert [row.status for row in read.rows[:2]] == ["OK", "OK"]
    assert read.rows[2].status.startswith('Entry reward is "R2", which is no rule here.')
    tiers, checks = try_tiers(of, ["R1"])
    assert tiers is not None
    assert [(check.key, check.level) for check in checks] == [
        ("tiers", "ok"),
        ("entry_rewards", "fault"),
    ]
    assert checks[1].where.startswith("E4: Entry reward")


def test_each_fault_of_a_table_is_counted() -> None:
    tiers, (check,) = try_tiers(table(tier=["a", "b"], enter_at=[1, 1], grace_days=[-1, 5]))
    assert tiers is None
    assert (check.level, check.count, len(check.cells)) == ("fault", 2, 2)
    tiers, (check,) = try_tiers(table(tier=[], enter_at=[]))
    assert tiers is None
    assert check.cells[0].endswith("[V114]")
