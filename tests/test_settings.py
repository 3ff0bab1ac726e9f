"""Settings from rows of a sheet: every fault at once, a missing row keeps its default."""

from datetime import date

import pytest

from xlclv.errors import InputError
from xlclv.settings import NAMES, Settings
from xlclv.tables import title
from xlclv.terms import TERMS


def test_no_row_leaves_the_defaults() -> None:
    assert Settings.from_rows([]) == Settings()


def test_every_default_is_one_its_term_allows() -> None:
    rows = [(name, getattr(Settings(), name), "B2") for name in NAMES]
    assert Settings.from_rows(rows) == Settings()


def test_a_setting_goes_by_its_name_or_its_title() -> None:
    rows = [
        ("margin", 0.4, "B2"),
        ("Discount rate", 0.1, "B3"),
        ("HORIZON (years)", 5, "B4"),
        ("as_of", "2026-06-30", "B5"),
        (" Period ", "Month", "B6"),
        ("Money symbol", "€", "B7"),
    ]
    assert Settings.from_rows(rows) == Settings(
        as_of=date(2026, 6, 30),
        period="month",
        margin=0.4,
        discount_rate=0.1,
        horizon=5,
        money_symbol="€",
    )


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_value_keeps_the_default(blank: object) -> None:
    assert Settings.from_rows([("margin", blank, "B2")]).margin == 1


def test_other_rows_are_passed_over() -> None:
    rows = [("Quick CLV", 300, "B2"), (None, 5, "B3"), ("", 5, "B4")]
    assert Settings.from_rows(rows) == Settings()


def test_every_fault_is_told_with_its_cell() -> None:
    rows = [
        ("margin", 40, "Input!B4"),
        ("horizon", 3, "Input!B5"),
        ("as_of", "31.01.2026", "Input!B6"),
        ("period", "week", "Input!B7"),
    ]
    with pytest.raises(InputError) as caught:
        Settings.from_rows(rows)
    assert str(caught.value).splitlines() == [
        "Input!B4: Margin is 40; expected a number from -1 to 1. Did you mean 40%? [V103]",
        'Input!B6: As of is "31.01.2026"; expected a date. Write text dates as 2026-01-31. [V102]',
        'Input!B7: Period is "week"; expected one of: year, month. [V105]',
    ]


def test_multiples_that_do_not_rise_are_a_fault() -> None:
    with pytest.raises(InputError, match=r"must rise.*\[V109\]$"):
        Settings.from_rows([("at_risk", 3, "Input!B4"), ("passive", 2, "Input!B5")])


def test_the_multiples_stand_in_their_order() -> None:
    assert Settings(at_risk=1, passive=2, lost=3).multiples() == (1, 2, 3)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_a_term_with_a_title(name: str) -> None:
    assert name in TERMS
    assert title(name)
