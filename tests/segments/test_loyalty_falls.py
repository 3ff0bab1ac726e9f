"""Tiers over time: what happens when a tier is not kept, and what refunds do to it."""

import numpy as np
import pytest

from tests.segments.loyalty_cases import (
    AT_ONCE,
    LONG_AGO,
    check_days,
    history,
    name,
    on,
    tiers,
    told,
)

# --- what happens then ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("One tier down", ["Gold", "Silver", "Silver", "Basic", "-"]),
        ("To earned tier", ["Gold", "-", "-", "-", "-"]),
        ("Keep", ["Gold"] * 5),
    ],
)
def test_each_policy(policy: str, expected: list[str]) -> None:
    chosen = tiers(if_not_kept=policy, round_up_to="none", grace_days=0)
    days = ["2025-01-10", "2025-01-11", "2026-01-11", "2026-01-12", "2027-01-13"]
    assert told(chosen, LONG_AGO, days) == expected


def test_down_to_the_tier_that_is_still_earned() -> None:
    orders = history(("2024-01-10", 500), ("2024-12-01", 50))
    chosen = tiers(if_not_kept="To earned tier", round_up_to="none", grace_days=0)
    check_days(chosen, orders, {"2025-01-10": "Gold", "2025-01-11": "Basic", "2026-01-11": "Basic"})
    found = on(chosen, orders, "2025-01-11")
    assert (str(found.since[0]), str(found.valid_until[0])) == ("2025-01-11", "2026-01-11")


def test_a_fall_ends_the_entry_of_the_tiers_above() -> None:
    orders = history(("2024-01-10", 5), ("2024-02-10", 400))
    found = on(tiers(round_up_to="none", grace_days=0), orders, "2025-02-11")
    assert name(found.rank[0]) == "Silver"
    assert found.entered[0].astype(str).tolist() == ["2024-01-10", "2024-02-10", "NaT"]
    assert found.landed[0].tolist() == [True, False, False]


def test_a_new_rise_is_a_new_entry() -> None:
    orders = history(("2024-01-10", 150), ("2025-06-01", 150))
    found = on(tiers(), orders, "2025-06-01")
    assert found.entered[0].astype(str).tolist() == ["2024-01-10", "2025-06-01", "NaT"]
    assert found.landed[0].tolist() == [False, True, False]
    assert [name(rank) for rank in found.moves.to_rank] == ["Silver", "Basic", "Silver"]


def test_falls_come_before_the_orders_of_their_day() -> None:
    orders = history(("2024-01-10", 150), ("2025-01-11", 5))
    chosen = tiers(round_up_to="none", grace_days=0)
    assert [name(rank) for rank in on(chosen, orders, "2025-01-11").before_order] == ["-", "Basic"]


def test_what_is_still_earned_is_measured_before_the_orders_of_the_day() -> None:
    orders = history(("2024-01-10", 500), ("2025-01-11", 120))
    chosen = tiers(if_not_kept="To earned tier", round_up_to="none", grace_days=0)
    found = on(chosen, orders, "2025-01-11")
    assert [name(rank) for rank in found.before_order] == ["-", "-"]
    assert [name(rank) for rank in found.moves.to_rank] == ["Gold", "-", "Silver"]


def test_what_is_still_earned_is_measured_in_the_window_of_the_day_itself() -> None:
    orders = history(("2024-01-10", 500), ("2024-01-11", 120))
    chosen = tiers(if_not_kept="To earned tier", round_up_to="none", grace_days=0)
    assert told(chosen, orders, ["2025-01-10", "2025-01-11"]) == ["Gold", "-"]


def test_nobody_falls_upwards() -> None:
    # On the last day -10 are too little; a day later the refund has left the window.
    orders = history(("2024-01-10", 150), ("2024-01-11", -400), ("2024-06-01", 390))
    chosen = tiers(if_not_kept="To earned tier", round_up_to="none", grace_days=0)
    found = on(chosen, orders, "2025-01-11")
    assert (name(found.rank[0]), str(found.since[0])) == ("Silver", "2024-01-10")
    assert str(found.valid_until[0]) == "2026-01-11"


def test_kept_by_policy_it_is_valid_from_the_end_of_the_old_validity() -> None:
    chosen = tiers(if_not_kept="Keep", round_up_to="none")
    found = on(chosen, LONG_AGO, "2025-02-10")
    assert (str(found.since[0]), str(found.valid_until[0])) == ("2024-01-10", "2026-01-10")
    assert found.moves.day.size == 1


@pytest.mark.parametrize(("lowest", "expected"), [(0, "Basic"), (-5, "Basic"), (0.01, "-")])
def test_only_a_tier_that_asks_for_something_can_be_lost(lowest: float, expected: str) -> None:
    chosen = tiers(enter=(lowest, 100, 300))
    orders = history(("2020-01-10", 20))
    check_days(chosen, orders, {"2020-01-10": "Basic", "2029-01-01": expected})
    last_day = on(chosen, orders, "2020-06-01").valid_until[0]
    assert np.isnat(last_day) == (lowest <= 0)


def test_the_lowest_tier_that_lasts_catches_every_fall() -> None:
    for policy in ("One tier down", "To earned tier"):
        chosen = tiers(enter=(0, 100, 300), if_not_kept=policy)
        assert told(chosen, LONG_AGO, ["2030-01-01"]) == ["Basic"]


# --- 0 months ---------------------------------------------------------------------------------


def test_valid_for_0_months_the_tier_follows_the_measure() -> None:
    chosen = tiers(if_not_kept="To earned tier", **AT_ONCE)
    orders = history(("2024-01-10", 200), ("2024-03-10", 150), ("2024-05-10", 60))
    check_days(
        chosen,
        orders,
        {
            "2024-01-10": "Silver",
            "2024-03-10": "Gold",
            "2025-01-10": "Gold",  # 210 are too little on this evening
            "2025-01-11": "Silver",
            "2025-03-10": "Silver",
            "2025-03-11": "Basic",
            "2025-05-10": "Basic",
            "2025-05-11": "-",
        },
    )


def test_valid_for_0_months_a_tier_falls_step_by_step() -> None:
    check_days(
        tiers(**AT_ONCE),
        LONG_AGO,
        {"2025-01-10": "Gold", "2025-01-11": "Silver", "2025-01-12": "Basic", "2025-01-13": "-"},
    )


def test_rounded_up_a_tier_of_0_months_is_reviewed_every_month() -> None:
    chosen = tiers(valid_months=0, grace_days=0)
    check_days(
        chosen, LONG_AGO, {"2025-01-31": "Gold", "2025-02-01": "Silver", "2025-03-01": "Basic"}
    )


def test_with_grace_a_tier_of_0_months_waits_for_an_order() -> None:
    chosen = tiers(valid_months=0, round_up_to="none", grace_days=10)
    orders = history(("2024-01-10", 120), ("2025-01-20", 100))
    check_days(
        chosen, orders, {"2025-01-19": "Silver", "2025-01-21": "Silver", "2026-01-30": "Silver"}
    )
    check_days(chosen, orders, {"2026-01-31": "Basic"})


# --- refunds ----------------------------------------------------------------------------------


def test_a_refund_of_an_order_lowers_that_order() -> None:
    names = "order_date amount_net order_id ref_order"
    orders = history(("2024-01-10", 150, "A", ""), ("2024-03-01", -60, "R", "A"), names=names)
    # The order never was one of 150, neither after the refund nor before it.
    check_days(tiers(), orders, {"2024-01-10": "Basic", "2024-03-01": "Basic"})


def test_a_cancelled_order_never_was() -> None:
    names = "order_date amount_net order_id ref_order"
    orders = history(
        ("2024-01-10", 500, "A", ""),
        ("2024-03-01", -500, "R", "A"),
        ("2024-04-01", 20, "B", ""),
        names=names,
    )
    check_days(tiers(), orders, {"2024-02-01": "-", "2024-04-01": "Basic"})


def test_a_refund_without_an_order_lowers_spend_on_its_own_day() -> None:
    orders = history(
        ("2024-01-10", 90), ("2024-02-01", -50), ("2024-03-01", 50), ("2024-04-01", 10)
    )
    check_days(
        tiers(), orders, {"2024-01-10": "Basic", "2024-03-01": "Basic", "2024-04-01": "Silver"}
    )


def test_a_refund_takes_no_tier_away_before_the_review() -> None:
    chosen = tiers(round_up_to="none", grace_days=0)
    orders = history(("2024-01-10", 150), ("2024-06-01", -100), ("2024-12-01", 120))
    check_days(
        chosen, orders, {"2024-06-01": "Silver", "2025-01-10": "Silver", "2025-01-11": "Basic"}
    )


def test_a_refund_that_leaves_the_window_raises_nobody() -> None:
    orders = history(("2024-01-01", -80), ("2024-06-01", 150), ("2025-02-01", 1))
    check_days(
        tiers(), orders, {"2024-06-01": "Basic", "2025-01-15": "Basic", "2025-02-01": "Silver"}
    )


def test_a_refund_counts_before_the_orders_of_its_day() -> None:
    names = "order_date amount_net order_id"
    orders = history(("2024-01-10", 100, "A"), ("2024-01-10", -30, ""), names=names)
    check_days(tiers(), orders, {"2024-01-10": "Basic"})
