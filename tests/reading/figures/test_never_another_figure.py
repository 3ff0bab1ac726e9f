"""Never another figure under green checks, whatever the layout."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from .changes import COUNTING, renamed
from .files import WRITINGS, Writing, write
from .layouts import Case, cases, says_whose, shows_two_currencies
from .product import Answer, settled


def fault_of(case: Case, first: Answer, last: Answer) -> str:
    """Return "" where a table is rightly read, refused or flagged, else what is wrong."""
    mixed = shows_two_currencies(case)
    if first.figures is not None:
        right = first.figures == case.truth and not mixed
        return "" if right or first.red else f"another figure: {first.figures}"
    if first.step is None or (mixed and (last.refused or last.red)):
        return ""
    right = last.figures == case.truth
    return "" if right else f"its own step {first.step} gives {last.figures or last.said}"


@given(case=cases(), writing=WRITINGS)
def test_right_or_refused_or_red(case: Case, writing: Writing) -> None:
    assume(says_whose(case))
    with TemporaryDirectory() as folder:
        first, last = settled(write(case, writing, Path(folder)))
    assert fault_of(case, first, last) == "", case.truth


@given(case=cases(), writing=WRITINGS, data=st.data())
def test_a_header_nobody_knows_changes_no_figure_in_silence(
    case: Case, writing: Writing, data: st.DataObject
) -> None:
    assume(says_whose(case))
    counting = [role for role in case.layout.columns if role in COUNTING]
    other = renamed(case, data.draw(st.sampled_from(counting)), "Field 7")
    with TemporaryDirectory() as folder:
        first, _ = settled(write(other, writing, Path(folder)))
    mixed = shows_two_currencies(case)
    right = first.figures == case.truth and not mixed
    assert first.refused or first.red or right, (first.figures, case.truth)
