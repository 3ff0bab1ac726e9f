"""Tiers over time: how customers rise, which orders count, how long a tier is valid."""

import numpy as np
import pytest

from tests.segments.loyalty_cases import AT_ONCE, check_days, history, name, on, tiers, told
from xlclv.segments.loyalty import NONE, standing

# --- rising -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "tier"),
    [(0, "-"), (0.99, "-"), (1, "Basic"), (99.99, "Basic"), (100, "Silver"), (300, "Gold")],
)
def test_a_threshold_is_reached_with_exactly_its_value(amount: float, tier: str) -> None:
    check_days(tiers(), history(("2024-05-05", amount)), {"2024-05-04": "-", "2024-05-05": tier})


def test_cents_add_up_exactly() -> None:
    thirds = history(*((f"2024-05-0{day}", amount) for day, amount in ((1, 0.1), (2, 0.2))))
    assert told(tiers(enter=[0.3]), thirds, ["2024-05-01", "2024-05-02"]) == ["-", "Basic"]
    tenth = history(("2024-05-01", 1.1))  # in binary 1.1 times 100 is more than 110
    assert told(tiers(enter=[1.1]), tenth, ["2024-05-01"]) == ["Basic"]


def test_the_order_that_crosses_a_threshold_is_made_in_the_old_tier() -> None:
    orders = history(("2024-01-10", 60), ("2024-02-10", 40), ("2024-03-10", 5))
    found = on(tiers(), orders, "2024-03-10")
    assert [name(rank) for rank in found.before_order] == ["-", "Basic", "Silver"]


def test_orders_of_one_day_follow_each_other_by_reference() -> None:
    names = "order_date amount_net order_id"
    orders = history(
        ("2024-01-10", 5, "B2"), ("2024-01-10", 250, "A1"), ("2024-01-10", 50, "C3"), names=names
    )
    found = on(tiers(), orders, "2024-01-10")
    assert orders.reference.tolist() == ["A1", "B2", "C3"]
    assert [name(rank) for rank in found.before_order] == ["-", "Silver", "Silver"]
    assert told(tiers(), orders, ["2024-01-10"]) == ["Gold"]


def test_an_order_that_skips_a_tier_lands_in_the_highest() -> None:
    orders = history(("2024-01-10", 5), ("2024-02-10", 400))
    found = on(tiers(), orders, "2024-06-01")
    assert found.entered[0].astype(str).tolist() == ["2024-01-10", "2024-02-10", "2024-02-10"]
    assert found.landed[0].tolist() == [True, False, True]
    moves = found.moves
    assert moves.day.astype(str).tolist() == ["2024-01-10", "2024-02-10"]
    assert (moves.from_rank.tolist(), moves.to_rank.tolist()) == ([-1, 0], [0, 2])
    assert moves.customer.tolist() == [0, 0]


def test_a_rise_begins_a_validity() -> None:
    found = on(tiers(), history(("2024-01-10", 150)), "2024-06-01")
    days = [found.since, found.valid_until, found.grace_until]
    assert [str(day[0]) for day in days] == ["2024-01-10", "2025-01-31", "2025-03-02"]
    assert found.value.tolist() == [150]


def test_who_never_ordered_has_no_tier_and_no_days() -> None:
    found = standing(tiers(enter=[0]), history(("2024-01-10", 5)), 2, np.datetime64("2024-06-01"))
    assert found.rank.tolist() == [0, NONE]
    for day in (found.since, found.valid_until, found.grace_until, found.entered[:, 0]):
        assert np.isnat(day[1])


def test_orders_after_the_day_do_not_count() -> None:
    orders = history(("2024-01-10", 150), ("2024-08-10", 500))
    assert told(tiers(), orders, ["2024-08-09", "2024-08-10"]) == ["Silver", "Gold"]
    assert on(tiers(), orders, "2024-08-09").value.tolist() == [150]


# --- windows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "tier"),
    [
        ("2023-03-10", "2024-03-09", "Silver"),
        ("2023-03-10", "2024-03-10", "Basic"),  # exactly 12 months ago has left
        ("2023-02-28", "2024-02-28", "Basic"),
        ("2023-02-28", "2024-02-27", "Silver"),
        ("2024-02-29", "2025-02-28", "Silver"),  # its window begins after 28 February 2024
        ("2024-02-29", "2025-03-01", "Basic"),
        ("2023-03-01", "2024-02-29", "Silver"),
    ],
)
def test_an_order_leaves_the_rolling_window_after_12_months(
    first: str, second: str, tier: str
) -> None:
    orders = history((first, 60), (second, 60))
    assert told(tiers(**AT_ONCE), orders, [second]) == [tier]


def test_a_calendar_year_begins_anew_on_new_year() -> None:
    year = tiers(window="Calendar year")
    orders = history(("2023-12-31", 60), ("2024-01-01", 60), ("2024-12-31", 40))
    check_days(
        year,
        orders,
        {
            "2023-12-31": "Basic",
            "2024-01-01": "Basic",
            "2024-12-30": "Basic",
            "2024-12-31": "Silver",
        },
    )


def test_a_lifetime_forgets_nothing() -> None:
    orders = history(("2014-01-01", 60), ("2024-01-01", 40))
    check_days(tiers(window="Lifetime"), orders, {"2023-12-31": "Basic", "2030-12-31": "Silver"})


def test_orders_are_counted_as_spend_is() -> None:
    often = tiers(measure="Orders", enter=(1, 2, 3))
    orders = history(("2024-01-10", 0), ("2024-02-10", 5), ("2025-01-10", 9))
    check_days(often, orders, {"2024-01-10": "Basic", "2024-02-10": "Silver"})
    assert on(often, orders, "2025-01-10").value.tolist() == [2]


# --- validity ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "months", "valid"),
    [
        ("none", 12, "2025-01-31"),
        ("none", 1, "2024-02-29"),
        ("none", 13, "2025-02-28"),
        ("month end", 1, "2024-02-29"),
        ("month end", 2, "2024-03-31"),
        ("year end", 1, "2024-12-31"),
        ("year end", 12, "2025-12-31"),
        ("year end", 0, "2024-12-31"),
    ],
)
def test_a_validity_is_rounded_up(rounding: str, months: int, valid: str) -> None:
    chosen = tiers(valid_months=months, round_up_to=rounding)
    found = on(chosen, history(("2024-01-31", 150)), "2024-01-31")
    assert str(found.valid_until[0]) == valid


def test_a_tier_is_kept_on_its_last_day_with_its_level() -> None:
    chosen = tiers(keep_at=[1, 60, 200], round_up_to="none")
    orders = history(("2024-01-10", 150), ("2024-06-01", 60))
    check_days(
        chosen, orders, {"2025-01-10": "Silver", "2025-02-20": "Silver", "2026-01-09": "Silver"}
    )
    found = on(chosen, orders, "2025-01-10")
    assert (str(found.since[0]), str(found.valid_until[0])) == ("2024-01-10", "2026-01-10")
    assert on(chosen, orders, "2025-01-10").moves.day.size == 1


def test_one_cent_less_is_not_kept() -> None:
    chosen = tiers(keep_at=[1, 60, 200], round_up_to="none")
    orders = history(("2024-01-10", 150), ("2024-06-01", 59.99))
    check_days(
        chosen, orders, {"2025-01-10": "Silver", "2025-02-09": "Silver", "2025-02-10": "Basic"}
    )


@pytest.mark.parametrize(
    ("ordered", "later"),
    [("2025-02-08", "Silver"), ("2025-02-09", "Silver"), ("2025-02-10", "Basic")],
)
def test_an_order_up_to_the_last_day_of_grace_keeps_the_tier(ordered: str, later: str) -> None:
    chosen = tiers(keep_at=[1, 60, 200], round_up_to="none")
    orders = history(("2024-01-10", 150), (ordered, 60))
    check_days(chosen, orders, {"2025-02-07": "Silver", "2025-02-10": later, "2025-12-01": later})
    if later == "Silver":
        # The new validity runs from the end of the old one, not from the order.
        found = on(chosen, orders, ordered)
        assert (str(found.since[0]), str(found.valid_until[0])) == ("2024-01-10", "2026-01-10")


def test_an_order_in_grace_can_raise_as_well() -> None:
    orders = history(("2024-01-10", 150), ("2025-02-01", 300))
    found = on(tiers(round_up_to="none"), orders, "2025-02-01")
    assert (name(found.rank[0]), str(found.valid_until[0])) == ("Gold", "2026-02-01")


def test_in_grace_too_little_does_not_keep() -> None:
    orders = history(("2024-01-10", 150), ("2025-01-15", 40), ("2025-01-20", 59))
    check_days(tiers(round_up_to="none"), orders, {"2025-02-09": "Silver", "2025-02-10": "Basic"})
