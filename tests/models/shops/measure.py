"""How a made-up shop is forecast and judged, beside what came."""

from dataclasses import dataclass

import numpy as np

from tests.models.shops.kinds import Shop, shop
from xlclv.errors import XlclvError
from xlclv.models.clock import known
from xlclv.models.forecast import fit_spend
from xlclv.models.histories import Summary, summarise
from xlclv.models.trust.backtest import BackTest, back_tests
from xlclv.models.trust.judge import judge, model_error
from xlclv.models.trust.plan import Plan, doubt_of_total, plan, refuse_uninformed
from xlclv.models.trust.ranges import Ahead, ranges

HALF_A_YEAR, YEAR = 183, 365
FAR_OFF = 0.3
FLAGS = ("poor", "none", "refused")


@dataclass(frozen=True)
class Case:
    """A forecast beside the truth.

    Args:
        kind: Of the shop.
        seed: Of the shop.
        verdict: Of the forecast, or "refused".
        why: Key of the reason.
        errors: Of the orders of six and of twelve months, as fractions.
        inside: Whether orders and money of six and of twelve months lie in their 95 % range; none
            where it was not asked.
    """

    kind: str
    seed: int
    verdict: str
    why: str
    errors: tuple[float, float]
    inside: tuple[bool, ...] = ()

    @property
    def flagged(self) -> bool:
        """Say whether nobody is told to decide by it."""
        return self.verdict in FLAGS

    @property
    def far_off(self) -> bool:
        """Say whether one of the totals was off by more than 30 %."""
        return not max(map(abs, self.errors)) <= FAR_OFF

    @property
    def useful(self) -> bool:
        """Say whether it was right to decide by it."""
        return not (self.flagged or self.far_off)


def measure(kind: str, seed: int, *, ranged: bool = False) -> Case:
    """Make up a shop, forecast it, and judge the forecast."""
    made = shop(kind, seed)
    try:
        found = plan(*made.known, made.as_of, mixed=True)
    except XlclvError as error:
        return Case(kind, seed, "refused", error.key, (np.nan, np.nan))
    errors = errors_of(made, found)
    summary = summarise(*made.known, made.as_of)
    try:
        refuse_uninformed(summary, found.orders, found.clock)
    except XlclvError as error:
        return Case(kind, seed, "refused", error.key, errors)
    tests = back_tests(*made.known, made.as_of, found.orders.model.NAME, found.clock, mixed=True)
    trust = judge(tests, found)
    if not ranged:
        return Case(kind, seed, trust.verdict, trust.why, errors)
    inside = _inside(made, found, tests, summary)
    return Case(kind, seed, trust.verdict, trust.why, errors, inside)


def _inside(made: Shop, found: Plan, tests: list[BackTest], summary: Summary) -> tuple[bool, ...]:
    """Say whether orders and money of six and of twelve months lie in their 95 % range."""
    doubt, spend = doubt_of_total(summary, found.orders, found.clock), fit_spend(summary)
    everybody, inside = np.zeros(summary.age.size, np.int64), []
    for months, days in ((6, HALF_A_YEAR), (12, YEAR)):
        seen = ranges(
            *(summary, found.orders, spend, everybody),
            Ahead(months, clock=found.clock),
            model_error=model_error(tests, months, doubt),
        )
        for name, came in zip(("orders", "value"), made.actual(days), strict=True):
            inside.append(bool(seen[f"{name}_low"][0] <= came <= seen[f"{name}_high"][0]))
    return tuple(inside)


def errors_of(made: Shop, found: Plan) -> tuple[float, float]:
    """Return how far the orders of six and of twelve months were off, as fractions."""
    view = known(summarise(*made.known, made.as_of), found.clock)
    half, whole = (
        float(
            found.orders.params.expected_orders(*view.columns, float(view.ahead(days)))
            @ view.rows.count
        )
        / max(made.actual(days)[0], 1)
        - 1
        for days in (HALF_A_YEAR, YEAR)
    )
    return half, whole
