"""Numbers, days and counts by the rule of a language."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from xlclv.rewards import figures
from xlclv.words import (
    counted,
    day,
    install,
    number,
    percent,
    plural_key,
    speaking,
    uninstall,
    use,
)
from xlclv.words.plurals import RULES

GERMAN = {
    "language": {
        "name": "Deutsch",
        "plural": "en",
        "thousands": ".",
        "decimal": ",",
        "percent": "{number} %",
        "date": "{day}.{month}.{year}",
    },
}
POLISH = {
    "language": {"name": "Polski", "plural": "pl", "thousands": "\u00a0", "decimal": ","},
    "advice": {
        "grace": "{count} klienta",
        "grace_one": "{count} klient",
        "grace_few": "{count} klienci",
        "grace_many": "{count} klientów",
    },
}


@pytest.fixture(autouse=True)
def languages() -> Iterator[None]:
    install("de", GERMAN)
    install("pl", POLISH)
    yield
    uninstall("de")
    uninstall("pl")


def test_numbers_in_english() -> None:
    assert (number(1234567.5), number(60.0), number(-0.0), number(0)) == (
        "1,234,567.5",
        "60",
        "0",
        "0",
    )
    assert (number(1234.5, 2), number(5, 0, sign=True)) == ("1,234.50", "+5")
    assert percent(-0.125, 1, sign=True) == "-12.5%"
    assert day(np.datetime64("2026-01-31")) == "2026-01-31"
    assert day(np.datetime64("NaT")) == "NaT"


def test_numbers_in_another_language() -> None:
    with speaking("Deutsch"):
        assert number(1234567.5) == "1.234.567,5"
        assert percent(0.125, 1) == "12,5 %"
        assert day(date(2026, 1, 31)) == "31.01.2026"
        assert figures.money(1234.5) == "1.234,50"
    with speaking("pl"):
        assert number(1234.5) == "1\u00a0234,5"


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "klient"), (2, "klienci"), (5, "klientów"), (12, "klientów"), (22, "klienci")],
)
def test_a_count_takes_the_form_of_its_language(count: int, said: str) -> None:
    with speaking("pl"):
        assert counted("advice.grace", count) == f"{count} {said}"
        assert counted("advice.grace", 1.5) == "1,5 klienta"


def test_a_text_that_is_missing_takes_the_form_of_english() -> None:
    with speaking("pl"):
        assert plural_key("advice.due", 1) == "advice.due_one"
        assert plural_key("advice.due", 2) == "advice.due"


# Examples of the CLDR, plural rules of cardinals.
FORMS = {
    "none": {"other": (0, 1, 2, 15)},
    "en": {"one": (1,), "other": (0, 2, 16)},
    "fr": {"one": (0, 1), "other": (2, 17)},
    "ru": {"one": (1, 21, 101), "few": (2, 4, 22, 104), "many": (0, 5, 11, 12, 14, 19, 111)},
    "pl": {"one": (1,), "few": (2, 4, 22, 104), "many": (0, 5, 12, 14, 19, 21, 101)},
    "cs": {"one": (1,), "few": (2, 4), "other": (0, 5, 19, 22)},
    "ar": {
        "zero": (0,),
        "one": (1,),
        "two": (2,),
        "few": (3, 10, 103, 110),
        "many": (11, 26, 111),
        "other": (100, 102, 200),
    },
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_gives_the_forms_of_the_cldr(rule: str) -> None:
    for form, counts in FORMS[rule].items():
        assert {RULES[rule](count) for count in counts} == {form}


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LookupError, match="There are: en"):
        use("xy")
