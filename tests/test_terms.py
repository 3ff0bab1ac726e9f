"""The vocabulary: ranges as they are tested and as they are told."""

import math

import numpy as np
import pytest

from xlclv.errors import InputError
from xlclv.terms import TERMS, Term, choice, dates, numbers, texts


@pytest.mark.parametrize(
    ("term", "told"),
    [
        (Term(""), "a number"),
        (Term("", whole=True), "a whole number"),
        (Term("", at_least=0), "a number of 0 or more"),
        (Term("", above=0), "a number above 0"),
        (Term("", at_most=5), "a number of 5 or less"),
        (Term("", below=5), "a number below 5"),
        (Term("", at_least=0, at_most=1), "a number from 0 to 1"),
        (Term("", at_least=0, below=1), "a number from 0 to below 1"),
        (Term("", above=0, at_most=1), "a number above 0, up to 1"),
        (Term("", above=0, below=1), "a number above 0 and below 1"),
        (Term("", at_least=2, at_most=10, whole=True), "a whole number from 2 to 10"),
        (Term("", kind="date"), "a date"),
        (Term("", kind="boolean"), "TRUE or FALSE"),
        (Term("", kind="table"), "a table with its header row"),
        (Term("", kind="text", choices=("a", "b")), "one of: a, b"),
    ],
)
def test_a_term_tells_what_it_allows(term: Term, told: str) -> None:
    assert term.expected == told


@pytest.mark.parametrize(
    ("term", "allowed", "refused"),
    [
        (Term("", at_least=0, at_most=1), [0, 0.5, 1], [-1e-9, 1.01, math.nan, math.inf]),
        (Term("", above=0, below=1), [1e-9, 0.999], [0, 1, math.nan]),
        (Term("", whole=True), [-3, 0, 7], [0.5, math.nan]),
        (Term("", at_least=0, endless=True), [0, math.inf], [-1, -math.inf, math.nan]),
        (Term(""), [-1e15, 1e15], [-1e16, 1e16, math.nan, math.inf, -math.inf]),
    ],
)
def test_a_term_refuses_what_is_outside(
    term: Term, allowed: list[float], refused: list[float]
) -> None:
    assert not term.refuses(np.array(allowed, float)).any()
    assert term.refuses(np.array(refused, float)).all()


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("margin", 40.0, " Did you mean 40%?"),
        ("margin", 12.5, " Did you mean 12.5%?"),
        ("margin", -40.0, " Did you mean -40%?"),
        ("margin", 400.0, ""),
        ("discount_rate", 100.0, ""),
        ("margin", "40", ""),
        ("avg_value", -40.0, ""),
        ("churn", -5.0, ""),
    ],
)
def test_a_percentage_typed_as_a_number_is_guessed(name: str, value: object, hint: str) -> None:
    assert TERMS[name].hint(value) == hint


def test_numbers_come_out_in_one_shape() -> None:
    value, frequency = numbers(avg_value=[50, 60], frequency=2)
    assert (value.tolist(), frequency.tolist()) == ([50, 60], [2, 2])
    (alone,) = numbers(margin=1)
    assert alone.shape == ()


def test_numbers_out_of_range_tell_every_row() -> None:
    with pytest.raises(InputError) as caught:
        numbers(margin=[0.4, 40, 50])
    error = caught.value
    assert error.rows is not None
    assert error.rows.tolist() == [False, True, True]
    assert error.at(1).endswith("Did you mean 40%? [V103]")
    assert error.at(2).endswith("Did you mean 50%? [V103]")


def test_a_fraction_of_a_count_has_its_own_message() -> None:
    with pytest.raises(InputError, match=r"^bins is 2\.5; expected a whole number.*\[V104\]$"):
        numbers(bins=2.5)
    with pytest.raises(InputError, match=r"\[V103\]$"):
        numbers(bins=0.5)


def test_dates_come_out_in_one_shape() -> None:
    first, today = dates(first_order=["2026-01-01", "2026-01-02"], as_of="2026-02-01")
    assert first.shape == today.shape == (2,)
    assert str(today[1]) == "2026-02-01"


def test_a_choice_is_matched_without_regard_to_case() -> None:
    assert choice("unit", " MONTHS ") == "months"
    with pytest.raises(InputError) as caught:
        choice("unit", "weeks")
    assert str(caught.value) == ('unit is "weeks"; expected one of: years, months, days. [V105]')


def test_texts_are_objects() -> None:
    assert texts(["a", "b"]).dtype == object


@pytest.mark.parametrize("name", list(TERMS))
def test_every_term_is_sound(name: str) -> None:
    term = TERMS[name]
    assert name == name.casefold()
    assert term.meaning
    assert not term.meaning.endswith(".")
    assert term.kind == "number" or not np.isfinite([term.at_least, term.at_most]).any()
    assert not term.choices or term.kind == "text"
    assert len(term.expected) <= 150
