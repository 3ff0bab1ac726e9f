"""The simple reader finds in every table what the log holds; without it, it proves nothing."""

from hypothesis import given

from .layouts import Case, cases, shows_two_currencies
from .simple_reader import read


@given(case=cases())
def test_the_simple_reader_finds_the_truth(case: Case) -> None:
    reading = read(case.sheet(), case.roles, case.layout.locale)
    if shows_two_currencies(case):
        assert reading.why == "currencies"
    else:
        assert reading.figures == case.truth
