"""The judges of these tests can say no."""

from dataclasses import replace
from pathlib import Path

from .expectations import Expected, verdict
from .layouts import Layout
from .product import Answer
from .samples import sample
from .shoplog import Figures
from .test_never_another_figure import fault_of

CASE = sample(Layout())
RIGHT = Answer(CASE.truth, (), "", {})
WRONG = replace(RIGHT, figures=Figures(1, 1, CASE.truth.revenue))
RED = replace(WRONG, red=("status_unknown",))
REFUSED = Answer(None, (), "no amount", {"refused": "no amount", "try": None})
ASKED = replace(REFUSED, facts={"try": "xlclv refresh FILE --map amount_net=Total"})
FILE = Path("orders.csv")


def test_the_property_takes_what_is_right_red_or_refused() -> None:
    for first, last in ((RIGHT, RIGHT), (RED, RED), (REFUSED, REFUSED), (ASKED, RIGHT)):
        assert fault_of(CASE, first, last) == ""


def test_the_property_takes_no_other_figure() -> None:
    assert fault_of(CASE, WRONG, WRONG)
    assert fault_of(CASE, ASKED, WRONG)
    assert fault_of(CASE, ASKED, RED)
    assert fault_of(CASE, ASKED, REFUSED)
    two_currencies = sample(Layout(currency="mixed_column"))
    assert fault_of(two_currencies, replace(RIGHT, figures=two_currencies.truth), RIGHT)


def test_a_file_is_judged_by_its_figures_and_by_its_checks() -> None:
    wanted = Expected(FILE, (CASE.truth,), red=False, note="")
    assert verdict(wanted, RIGHT, RIGHT) == ""
    assert verdict(wanted, ASKED, RIGHT) == ""
    assert verdict(wanted, RIGHT, replace(RIGHT, red=("unreadable",)))
    assert verdict(wanted, WRONG, WRONG).startswith("WRONG SILENTLY")
    assert verdict(wanted, RED, RED).startswith("flagged")
    assert verdict(wanted, REFUSED, REFUSED).startswith("refused")
    assert verdict(replace(wanted, red=True), RIGHT, RIGHT) == "no check is red"
    none = Expected(FILE, (), red=False, note="")
    assert verdict(none, REFUSED, REFUSED) == ""
    assert verdict(none, RED, RED) == ""
    assert verdict(none, RIGHT, RIGHT).startswith("taken")
