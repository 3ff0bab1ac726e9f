"""Tiers that were given, tiers by a value of one day, and the function CLV_LOYALTY_TIER."""

import numpy as np
import pytest

from tests.examples import made
from tests.segments.loyalty_cases import (
    LAST,
    LONG_AGO,
    check_days,
    history,
    name,
    on,
    order_table,
    table,
    tiers,
    told,
)
from xlclv.columns import as_date
from xlclv.customers.people import people
from xlclv.errors import InputError
from xlclv.segments.loyalty import Standing, loyalty_tier, standing
from xlclv.segments.placing import place
from xlclv.segments.tiers import read_tiers
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, TIERS

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


def test_each_row_may_ask_for_a_day_of_its_own() -> None:
    days = ["2024-02-01", "2024-06-01"]
    found = loyalty_tier(["b", "b"], SHOP, LADDER, days)
    assert found.tolist() == [str(loyalty_tier("b", SHOP, LADDER, day)) for day in days]
    assert found[0] != found[1]
    assert loyalty_tier(["b"], SHOP, LADDER, ["2024-06-01"]).tolist() == ["Gold"]


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


@pytest.mark.parametrize("seed", range(8))
def test_who_is_asked_alone_is_placed_as_among_all(seed: int) -> None:
    # the whole shop is replayed with a customer sheet that gives tiers; a cell, its customer alone
    rng, names = np.random.default_rng(seed), [f"c{number}" for number in range(12)]
    rows = [
        (str(rng.choice(names)), str(np.datetime64("2022-01-01") + int(day)), int(amount))
        for day, amount in zip(rng.integers(0, 900, 60), rng.integers(-40, 160, 60), strict=True)
    ]
    current = rng.choice(["", "", "Basic", "Silver", "Gold"], len(names)).tolist()
    since = [str(np.datetime64("2023-01-01") + int(day)) for day in rng.integers(0, 700, 12)]
    day = np.datetime64("2024-06-01")
    shop = order_table(*rows)
    given = zip(names, current, since, strict=True)
    sheet = table(CUSTOMERS, ("customer_id", "current_tier", "tier_since"), *given)
    everybody = people(shop, sheet, Settings(as_of=as_date(day)))
    placed = place(everybody, read_tiers(LADDER))
    expected = dict(zip(everybody.ids, placed.tier, strict=True))
    tiers_now = loyalty_tier(names, shop, LADDER, day, current, since)
    alone = [
        str(loyalty_tier(one, shop, LADDER, day, tier, begun))
        for one, tier, begun in zip(names, current, since, strict=True)
    ]
    # The sheet shows nothing of who never ordered.
    assert tiers_now.tolist() == alone == [expected[one] or "No tier" for one in names]


def test_the_function_refuses_points_and_unknown_tiers() -> None:
    points = table(TIERS, ("tier", "enter_at", "measure"), ("Gold", 300, "Points earned"))
    with pytest.raises(InputError, match=r"\[V121\]$"):
        loyalty_tier(["a"], SHOP, points, "2024-06-01")
    with pytest.raises(InputError, match=r'^Current tier row 2 is "Bronze".*\[V105\]$'):
        loyalty_tier(["a", "b"], SHOP, LADDER, "2024-06-01", ["", "Bronze"])


def test_the_function_can_be_registered() -> None:
    function = made("CLV_LOYALTY_TIER", loyalty_tier)
    assert function.shape == "rows"
