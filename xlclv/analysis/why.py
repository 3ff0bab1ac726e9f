"""Why a customer is worth that much: one sentence of at most 200 characters."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from xlclv.analysis.results import Results
from xlclv.customers.windows import ROLLING
from xlclv.terms import FloatArray, TextArray
from xlclv.words import day, number, percent, word

PERCENT = 100

Facts = Mapping[str, TextArray]


def why(results: Results) -> TextArray:
    """Return the sentence of each customer, shape (k,); "" where nothing is known."""
    texts: TextArray = np.full(results.people.size, "", dtype=object)
    kinds = {"predicted": _predicted, "spend": _spent, "simple": _simple}
    for key, rows, facts in kinds[results.worth.kind](results):
        columns = [facts[name][rows] for name in facts]
        for row, values in zip(rows, zip(*columns, strict=True), strict=True):
            texts[row] = word(key, **dict(zip(facts, values, strict=True)))
    return texts


Sentences = Iterator[tuple[str, np.ndarray[tuple[int, ...], np.dtype[np.intp]], Facts]]


def _predicted(results: Results) -> Sentences:
    """Tell the orders, the rhythm, the silence, and what follows from them."""
    people, seen = results.people, results.outlook
    repeats, silent = seen.history["repeats"], seen.history["age_t"] - seen.history["t_x"]
    expected = seen.columns["expected_orders"]
    known = ~np.isnan(expected)
    gap = seen.history["t_x"] / np.maximum(np.nan_to_num(repeats, nan=1), 1)
    facts = {
        "orders": _numbers(repeats + 1),
        "gap": _numbers(gap),
        "last": _days(people.last),
        "silent": _numbers(silent),
        "alive": _numbers(seen.columns["p_alive"] * PERCENT),
        "expected": _numbers(expected, 1),
        "spend": _numbers(seen.columns["expected_spend"]),
        "months": np.full(people.size, number(seen.months), dtype=object),
    }
    yield "why.often", np.flatnonzero(known & (repeats > 0)), facts
    yield "why.once", np.flatnonzero(known & (repeats == 0)), facts


def _spent(results: Results) -> Sentences:
    """Tell what was bought in 12 months, where no forecast may be decided by."""
    people = results.people
    facts = {
        "spend": _numbers(people.spend(ROLLING)),
        "orders": _numbers(people.order_count(ROLLING)),
        "last": _days(people.last),
        "silent": _numbers(people.days_since),
    }
    yield "why.spent", np.flatnonzero(results.worth.known & ~np.isnat(people.last)), facts


def _simple(results: Results) -> Sentences:
    """Tell the factors of the formula."""
    people = results.people
    facts = {
        "value": _numbers(people.avg_value, 2),
        "rate": _numbers(people.per_year, 1),
        "years": _numbers(people.lifespan, 1),
        "margin": _texts(people.margin, percent),
        "cost": _numbers(people.acq_cost, 2),
    }
    yield "why.simple", np.flatnonzero(results.worth.known), facts


def _numbers(values: FloatArray, decimals: int = 0) -> TextArray:
    return _texts(np.round(values, decimals) + 0.0, lambda value: number(value, decimals))


def _days(days: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]) -> TextArray:
    kinds, place = np.unique(days, return_inverse=True)
    return np.array([day(each) for each in kinds], dtype=object)[place]


def _texts(values: FloatArray, said: Callable[[float], str]) -> TextArray:
    """Write numbers, each kind once; "" for one that is not known."""
    kinds, place = np.unique(values, return_inverse=True)
    texts = ["" if np.isnan(value) else said(value) for value in kinds.tolist()]
    return np.array(texts, dtype=object)[place]
