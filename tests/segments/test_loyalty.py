"""Tiers over time: what the orders of a customer make of the tier, day by day."""

from collections.abc import Sequence

import numpy as np
import pytest

from xlclv.customers.lines import read_lines
from xlclv.customers.orders import Orders, single_orders
from xlclv.errors import InputError
from xlclv.registry import Function
from xlclv.segments.loyalty import NONE, Standing, loyalty_tier, standing
from xlclv.segments.tiers import Tiers, read_tiers
from xlclv.tables import ORDERS, TIERS, RawTable, Table, TableSpec, read_table

LAST = "2030-12-31"  # of every log, so that as_of alone decides
Row = tuple[object, ...]
NAMES = ["Basic", "Silver", "Gold"]


def table(spec: TableSpec, names: Sequence[str], *rows: Row) -> Table:
    return read_table(
        RawTable(list(names), [list(cells) for cells in zip(*rows, strict=True)]), spec
    )


def order_table(*rows: Row, names: str = "customer_id order_date amount_net") -> Table:
    return table(ORDERS, names.split(), *rows)


def history(*rows: Row, names: str = "order_date amount_net") -> Orders:
    """Return the orders of one customer."""
    found = order_table(*(("c", *row) for row in rows), names=f"customer_id {names}")
    lines = read_lines(found, np.datetime64(LAST))
    return single_orders(lines, lines.log())


def tiers(
    *, enter: Sequence[float] = (1, 100, 300), measure: str = "Net spend", **policy: object
) -> Tiers:
    """Return Basic, Silver and Gold with one policy, 12 months by default."""
    columns = {
        "tier": NAMES[: len(enter)],
        "enter_at": list(enter),
        "measure": [measure] * len(enter),
        "window": ["Rolling 12 months"] * len(enter),
    }
    for name, cell in policy.items():
        columns[name] = list(cell) if isinstance(cell, list) else [cell] * len(enter)
    return read_tiers(read_table(RawTable(list(columns), list(columns.values())), TIERS))


def on(chosen: Tiers, orders: Orders, day: str, **given: str) -> Standing:
    """Return how things stand with the one customer on a day."""
    current = np.array([given.get("current", "")], dtype=object)
    since = np.array([given.get("since", "NaT")], dtype="datetime64[D]")
    return standing(chosen, orders, 1, np.datetime64(day), current=current, since=since)


def name(rank: int) -> str:
    return "-" if rank == NONE else NAMES[rank]


def told(chosen: Tiers, orders: Orders, days: Sequence[str], **given: str) -> list[str]:
    return [name(int(on(chosen, orders, day, **given).rank[0])) for day in days]


def check_days(chosen: Tiers, orders: Orders, expected: dict[str, str], **given: str) -> None:
    days = list(expected)
    assert dict(zip(days, told(chosen, orders, days, **given), strict=True)) == expected


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

AT_ONCE = {"valid_months": 0, "round_up_to": "none", "grace_days": 0}


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


# --- what happens then ------------------------------------------------------------------------

LONG_AGO = history(("2024-01-10", 500))


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


# --- a tier that was given --------------------------------------------------------------------


def test_a_tier_given_holds_from_the_evening_of_its_day() -> None:
    orders = history(("2024-03-10", 20), ("2024-05-01", 20))
    given = {"current": "gold", "since": "2024-03-10"}
    check_days(
        tiers(), orders, {"2024-03-09": "-", "2024-03-10": "Gold", "2025-04-30": "Gold"}, **given
    )
    check_days(tiers(), orders, {"2025-05-01": "Silver"}, **given)
    found = on(tiers(), orders, "2024-06-01", **given)
    assert [name(rank) for rank in found.before_order] == ["-", "Gold"]
    assert (str(found.since[0]), str(found.valid_until[0])) == ("2024-03-10", "2025-03-31")
    assert found.entered[0].astype(str).tolist() == ["2024-03-10"] * 3
    assert found.landed[0].tolist() == [True, False, True]  # the first order made it Basic


def test_orders_before_the_day_count_in_the_window_after_it() -> None:
    orders = history(("2024-01-10", 280), ("2024-05-01", 20))
    given = {"current": "Basic", "since": "2024-03-10"}
    check_days(tiers(), orders, {"2024-03-09": "Silver", "2024-04-30": "Basic"}, **given)
    check_days(tiers(), orders, {"2024-05-01": "Gold"}, **given)


def test_a_tier_given_keeps_the_entry_of_lower_tiers_that_orders_tell() -> None:
    orders = history(("2024-01-10", 120))
    found = on(tiers(), orders, "2024-06-01", current="Gold", since="2024-03-10")
    assert found.entered[0].astype(str).tolist() == ["2024-01-10", "2024-01-10", "2024-03-10"]
    assert found.landed[0].tolist() == [False, True, True]


def test_a_tier_given_later_is_not_known_yet() -> None:
    orders = history(("2024-01-10", 20))
    assert told(tiers(), orders, ["2024-03-09"], current="Gold", since="2024-03-10") == ["Basic"]


def test_a_tier_given_without_a_day_was_there_before_all_orders() -> None:
    orders = history(("2024-01-10", 20), ("2024-02-10", 300))
    check_days(tiers(), orders, {"2023-01-01": "Silver", "2024-02-10": "Gold"}, current="Silver")
    found = on(tiers(), orders, "2024-02-01", current="Silver")
    assert [name(rank) for rank in found.before_order] == ["Silver"] * 2
    assert np.isnat([found.since[0], found.valid_until[0], *found.entered[0]]).all()
    assert found.landed[0].tolist() == [False, True, False]


def test_an_unknown_tier_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        InputError,
        match=r'^Current tier is "Platin"; expected one of: Basic, Silver, Gold\. \[V105\]$',
    ):
        on(tiers(), LONG_AGO, "2024-06-01", current="Platin")


# --- values of one day ------------------------------------------------------------------------


def by_value(value: float, day: str = "2025-03-15", **given: str) -> Standing:
    chosen = tiers(measure="CLV", keep_at=[1, 60, 200], grace_days=10)
    current = np.array([given.get("current", "")], dtype=object)
    since = np.array([given.get("since", "NaT")], dtype="datetime64[D]")
    return standing(chosen, None, 1, np.datetime64(day), np.array([value]), current, since)


@pytest.mark.parametrize(
    ("value", "given", "tier", "since", "valid"),
    [
        (150, {}, "Silver", "NaT", "NaT"),
        (np.nan, {}, "-", "NaT", "NaT"),
        (np.nan, {"current": "Gold"}, "Gold", "NaT", "NaT"),
        (5, {"current": "Gold"}, "Gold", "NaT", "NaT"),
        (300, {"current": "Silver", "since": "2024-06-01"}, "Gold", "NaT", "NaT"),
        # still valid
        (5, {"current": "Gold", "since": "2024-06-01"}, "Gold", "2024-06-01", "2025-06-30"),
        # over, but kept
        (200, {"current": "Gold", "since": "2024-02-01"}, "Gold", "2024-02-01", "2026-02-28"),
        (300, {"current": "Gold", "since": "2023-02-01"}, "Gold", "2023-02-01", "2026-02-28"),
        # in grace, to 10 March
        (5, {"current": "Gold", "since": "2024-02-01"}, "Silver", "NaT", "NaT"),
        # not known yet
        (5, {"current": "Gold", "since": "2025-03-16"}, "Basic", "NaT", "NaT"),
    ],
)
def test_a_value_of_one_day_and_a_tier_given(
    value: float, given: dict[str, str], tier: str, since: str, valid: str
) -> None:
    found = by_value(value, **given)
    assert (name(found.rank[0]), str(found.since[0]), str(found.valid_until[0])) == (
        *(tier, since),
        valid,
    )
    assert found.moves.day.size == 0


def test_a_value_of_one_day_in_grace() -> None:
    given = {"current": "Gold", "since": "2024-02-01"}
    for day, tier in (("2025-02-28", "Gold"), ("2025-03-10", "Gold"), ("2025-03-11", "Silver")):
        assert name(by_value(5, day, **given).rank[0]) == tier
    assert str(by_value(5, "2025-03-10", **given).grace_until[0]) == "2025-03-10"


def test_a_value_of_one_day_and_the_policies() -> None:
    ranks = []
    for policy in ("One tier down", "To earned tier", "Keep"):
        found = standing(
            tiers(measure="CLV", if_not_kept=policy),
            None,
            1,
            np.datetime64("2025-03-15"),
            np.array([5.0]),
            np.array(["Gold"], dtype=object),
            np.array(["2020-01-01"], dtype="datetime64[D]"),
        )
        ranks.append(name(found.rank[0]))
    assert ranks == ["Silver", "Basic", "Gold"]


def test_a_value_of_one_day_knows_which_tier_was_entered_but_not_when() -> None:
    found = by_value(300)
    assert np.isnat(found.entered).all()
    assert found.landed[0].tolist() == [False, False, True]
    found = by_value(300, current="Silver", since="2024-06-01")
    assert found.entered[0].astype(str).tolist() == ["2024-06-01", "2024-06-01", "NaT"]
    assert found.landed[0].tolist() == [False, True, True]


def test_orders_are_made_in_the_tier_of_the_day_where_no_other_is_known() -> None:
    found = standing(tiers(measure="CLV"), LONG_AGO, 1, np.datetime64(LAST), np.array([150.0]))
    assert [name(rank) for rank in found.before_order] == ["Silver"]


# --- the function -----------------------------------------------------------------------------

SHOP = order_table(
    ("a", "2024-01-10", 60),
    ("b", "2024-02-10", 400),
    ("a", "2024-03-10", 60),
    ("d", "2020-01-01", 5),
)
LADDER = table(
    TIERS,
    ("tier", "enter_at", "measure", "window"),
    ("Gold", 300, "Net spend", "Rolling 12 months"),
    ("Basic", 1, "Net spend", "Rolling 12 months"),
    ("Silver", 100, "Net spend", "Rolling 12 months"),
)


def test_the_function_answers_row_by_row() -> None:
    asked = ["b", "x", "a", "b", "d"]
    found = loyalty_tier(asked, SHOP, LADDER, "2024-06-01")
    assert found.tolist() == ["Gold", "No tier", "Silver", "Gold", "No tier"]
    assert loyalty_tier(asked, SHOP, LADDER, "2024-02-01").tolist()[:3] == ["No tier"] * 2 + [
        "Basic"
    ]


def test_the_function_knows_tiers_that_were_given() -> None:
    found = loyalty_tier(["x", "a"], SHOP, LADDER, "2024-06-01", "Gold", "2024-05-01")
    assert found.tolist() == ["Gold", "Gold"]
    since = np.array(["2021-05-01", "NaT"], dtype="datetime64[D]")
    found = loyalty_tier(["x", "a"], SHOP, LADDER, "2024-06-01", ["Gold", ""], since)
    assert found.tolist() == ["Basic", "Silver"]  # two tiers lost in three years


def test_one_customer_gives_one_text() -> None:
    assert loyalty_tier("b", SHOP, LADDER, "2024-06-01") == "Gold"


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [("a", f"2024-0{month}-10", 37 * month) for month in range(1, 9)]
    straight, turned = order_table(*rows), order_table(*rows[::-1])
    ladder = table(
        TIERS, ("tier", "enter_at", "measure"), ("Low", 5, "Orders"), ("High", 7, "Orders")
    )
    for day in ("2024-04-30", "2024-05-30", "2024-06-30", "2024-07-30"):
        assert loyalty_tier(["a"], straight, ladder, day) == loyalty_tier(
            ["a"], turned, ladder, day
        )


def test_the_function_refuses_points_and_unknown_tiers() -> None:
    points = table(TIERS, ("tier", "enter_at", "measure"), ("Gold", 300, "Points earned"))
    with pytest.raises(InputError, match=r"\[V121\]$"):
        loyalty_tier(["a"], SHOP, points, "2024-06-01")
    with pytest.raises(InputError, match=r'^Current tier row 2 is "Bronze".*\[V105\]$'):
        loyalty_tier(["a", "b"], SHOP, LADDER, "2024-06-01", ["", "Bronze"])


def test_the_function_can_be_registered() -> None:
    function = Function("CLV_LOYALTY_TIER", loyalty_tier, "segments")
    assert function.shape == "rows"
