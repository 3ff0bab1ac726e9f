"""The box "Do next": few lines, the most urgent first, each true."""

from datetime import date

from tests.tables_by_hand import AVERAGES, computed, sheet, table
from xlclv.analysis.advice import MOST, next_steps
from xlclv.schema import TAB
from xlclv.settings import Settings
from xlclv.tables import CUSTOMERS, TIERS
from xlclv.workbook.template import sample_results

AS_OF = date(2026, 1, 31)
TIER_ROWS = (("Gold", 1000), ("Silver", 200), ("Bronze", 0))


def test_nothing_urgent_is_said_so() -> None:
    tiers = table(TIERS, ("tier", "enter_at"), *TIER_ROWS)
    assert next_steps(computed(customers=sheet(500, 510), tiers=tiers)) == [
        ("CustomerValues", "Nothing is urgent.")
    ]


def test_problems_come_first() -> None:
    bad = table(CUSTOMERS, AVERAGES, ("C1", "x", 1, 1), ("C2", 5, 1, 1))
    tab, text = next_steps(computed(customers=bad))[0]
    assert tab == "Checks"
    assert text == "2 checks need review before you rely on the figures."


def test_passive_customers_of_good_tiers_are_named_with_their_worth() -> None:
    names = (*AVERAGES, "first_order", "last_order")
    began, quiet = date(2023, 1, 1), date(2025, 4, 1)
    rows = [
        ("a", 100, 4, 3, began, quiet),  # Gold, passive
        ("b", 100, 4, 3, began, quiet),
        ("c", 60, 4, 1, began, quiet),  # Silver, passive
        ("d", 1, 4, 1, began, quiet),  # Bronze: not worth a line
        ("e", 100, 4, 3, began, AS_OF),
    ]
    tiers = table(TIERS, ("tier", "enter_at"), *TIER_ROWS)
    customers = table(CUSTOMERS, names, *rows)
    results = computed(customers=customers, tiers=tiers, settings=Settings(as_of=AS_OF))
    texts = [text for _, text in next_steps(results)]
    assert texts[0].startswith("2 customers of tier Gold have lapsed")
    assert "2,400" in texts[0]
    assert texts[1].startswith("1 customer of tier Silver has lapsed")
    assert not any("Bronze" in text for text in texts)


def test_active_customers_close_to_a_tier_are_counted() -> None:
    names = (*AVERAGES, "first_order", "last_order")
    began = date(2023, 1, 1)
    rows = [("a", 950, 1, 1, began, AS_OF), ("b", 899, 1, 1, began, AS_OF)]
    rows += [("c", 900, 1, 1, began, AS_OF), ("d", 1000, 1, 1, began, AS_OF)]
    tiers = table(TIERS, ("tier", "enter_at"), *TIER_ROWS)
    customers = table(CUSTOMERS, names, *rows)
    results = computed(customers=customers, tiers=tiers, settings=Settings(as_of=AS_OF))
    assert ("Segments", "2 active customers lack 10% or less to their next tier.") in next_steps(
        results
    )


def test_the_sample_has_things_to_do_on_tabs_that_exist() -> None:
    steps = next_steps(sample_results())
    assert 2 <= len(steps) <= MOST
    for tab, text in steps:
        assert tab in TAB
        assert text.endswith(".")
        assert "{" not in text
