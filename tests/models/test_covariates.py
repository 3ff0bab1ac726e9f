"""Covariates against note 019's formulas, separate fits and simulated channels."""

import math

import mpmath
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tests.hosts.samples import calls
from tests.models.published_logs import cdnow_weeks
from xlclv.errors import InputError, NotEnoughData
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.covariates.fit import (
    EFFECTS,
    CovariateFit,
    fit_covariates,
    fit_survival_covariates,
    indicators,
)
from xlclv.models.model import OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.sbg import ShiftedBetaGeometric

each_model = pytest.mark.parametrize(
    "model", [BgNbd, MbgNbd, ParetoNbd], ids=lambda model: model.NAME
)
Columns = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def drawn(params: OrderModel, customers: int, seed: int) -> Columns:
    """Histories of customers of one kind over a year: BG/NBD by its own process."""
    random = np.random.default_rng(seed)
    r, alpha, a, b = params
    age = random.uniform(200, 365, customers)
    rate, leave = random.gamma(r, 1 / alpha, customers), random.beta(a, b, customers)
    x, last, now = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = np.arange(customers)
    while here.size:
        now[here] += random.exponential(1, here.size) / np.maximum(rate[here], 1e-9)
        here = here[now[here] <= age[here]]
        x[here], last[here] = x[here] + 1, now[here]
        here = here[random.random(here.size) >= leave[here]]
    return x, last, age


def together(*parts: Columns) -> tuple[Columns, NDArray[np.float64]]:
    columns = tuple(np.concatenate(column) for column in zip(*parts, strict=True))
    segment = np.repeat(np.arange(len(parts)), [part[0].size for part in parts])
    return columns, (segment[:, None] == np.arange(1, len(parts))).astype(float)  # type: ignore[return-value]


WEB, SHOP = BgNbd(1.0, 40.0, 0.8, 4.0), BgNbd(1.0, 80.0, 0.8, 4.0)


@each_model
def test_without_a_difference_it_is_the_plain_fit(model: type[OrderModel]) -> None:
    history = cdnow_weeks()
    z = (np.arange(history[0].size) % 2)[:, None]
    found = fit_covariates(model, history, z)
    plain = model.fit(*history)
    assert found.without == pytest.approx(plain.log_likelihood, abs=1e-4)
    assert found.log_likelihood >= found.without - 1e-6
    assert np.abs(found.coefficients).max() < 6
    assert found.chance > 0.01  # every second customer is no channel


# Note 019: alpha = alpha0 exp(-g1 z), a = a0 exp(g2 z), b = b0 exp(g3 z); for Pareto/NBD also
# beta = beta0 exp(-g2 z). The likelihood is then that of each customer's own parameters.
@each_model
def test_the_likelihood_is_that_of_each_customers_own_parameters(model: type[OrderModel]) -> None:
    history, z = together(drawn(WEB, 600, 1), drawn(SHOP, 400, 2), drawn(WEB, 300, 3))
    found = fit_covariates(model, history, z)
    total = 0.0
    for row in np.unique(z, axis=0):
        mine = (z == row).all(axis=1)
        own = found.params(row)
        shifted = dict(zip(found.effects, found.coefficients @ row, strict=True))
        for name, base, value in zip(own.names(), found.base, own, strict=True):
            sign = -1 if name in ("alpha", "beta") else 1
            assert value == pytest.approx(base * np.exp(sign * shifted.get(name, 0.0)))
        total += float(own.log_likelihood(*(column[mine] for column in history)).sum())
    assert found.log_likelihood == pytest.approx(total, rel=1e-9)


def test_a_channel_that_matters_is_found() -> None:
    history, z = together(drawn(WEB, 1500, 4), drawn(SHOP, 1500, 5))
    found = fit_covariates(BgNbd, history, z)
    assert found.matters
    assert found.chance < 1e-6
    # The rate of the shop is half that of the web: log 1/2, within three standard errors.
    gamma, error = found.coefficients[0, 0], found.std_errors[0, 0]
    assert error < 0.2
    assert abs(gamma - np.log(0.5)) < 3 * error


def test_chance_is_even_where_nothing_matters() -> None:
    chances = []
    for seed in range(12):
        history, z = together(drawn(WEB, 250, 100 + seed), drawn(WEB, 250, 200 + seed))
        chances.append(fit_covariates(MbgNbd, history, z).chance)
    # Of 12 even chances one lies below 2 % with 22 %; below 0.1 % with 1 %.
    assert min(chances) > 1e-3
    assert 0.2 < np.mean(chances) < 0.85


def test_a_segment_in_which_nobody_came_back_has_no_believable_coefficient() -> None:
    silent = np.zeros(60), np.zeros(60), np.full(60, 300.0)
    history, z = together(drawn(WEB, 500, 6), silent)
    found = fit_covariates(BgNbd, history, z)
    assert found.verdict != "sound"
    pooled = fit_covariates(BgNbd, history, z, pooled=True)
    assert np.abs(pooled.coefficients).max() < np.abs(found.coefficients).max()
    assert np.isfinite(pooled.spread)


def error_of(found: CovariateFit[OrderModel], z: NDArray[np.float64], truth: list[float]) -> float:
    rates = [found.params(row).orders_if_alive(0, 0, 100) for row in z]
    return float(np.mean((np.log(rates) - np.log(truth)) ** 2))


def test_a_coefficient_that_runs_off_leaves_the_others_exact() -> None:
    """What rounding does on the way to the edge, as on another processor, does not show."""
    column = BY_NAME["CLV_COVARIATES"]
    cells = next(call.cells for call in calls(column) if call.way == "the required ones")
    table = answer(column, cells)
    ids, days, amounts, as_of, labels = cells
    weeks = answer(column, [ids, [[7 * row[0]] for row in days], amounts, 7 * as_of, labels])  # type: ignore[union-attr, operator]
    assert "runs off" in str(table[1][-1])
    for one, other in zip(table[1:13], weeks[1:13], strict=True):
        scale = 7 if one[2] == "alpha" else 1
        assert other[3] == pytest.approx(scale * one[3], rel=1e-7)  # type: ignore[operator]
        for mine, theirs in zip(one[4:6], other[4:6], strict=True):
            assert theirs == (None if mine is None else pytest.approx(mine, rel=1e-6))


def test_pooling_is_nearer_to_the_truth_for_small_segments() -> None:
    random = np.random.default_rng(9)
    kinds = [BgNbd(1.0, 50 * float(np.exp(0.3 * random.normal())), 0.8, 4.0) for _ in range(8)]
    history, z = together(*(drawn(kind, 40, 300 + at) for at, kind in enumerate(kinds)))
    rows = np.concatenate([np.zeros((1, 7)), np.eye(7)])
    truth = [float(kind.orders_if_alive(0, 0, 100)) for kind in kinds]
    alone = fit_covariates(BgNbd, history, z)
    pooled = fit_covariates(BgNbd, history, z, pooled=True)
    assert error_of(pooled, rows, truth) < error_of(alone, rows, truth)


def test_survival_with_covariates_equals_separate_fits() -> None:
    # Fader & Hardie (2007): High End .668 and 3.806, Regular .704 and 1.182.
    cohorts = [
        [1000, 869, 743, 653, 593, 551, 517, 491],
        [1000, 631, 468, 382, 326, 289, 262, 241],
    ]
    found = fit_survival_covariates(cohorts, [[0], [1]])
    assert [*found.params([0])] == pytest.approx([0.668, 3.806], abs=1e-3)
    assert [*found.params([1])] == pytest.approx([0.704, 1.182], abs=1e-3)
    alone = sum(ShiftedBetaGeometric.fit(left).log_likelihood for left in cohorts)
    assert found.log_likelihood == pytest.approx(alone, rel=1e-9)
    assert found.matters


def test_labels_become_columns() -> None:
    names, columns = indicators(np.array(["b", "a", "b", "c"], dtype=object))
    assert names == ["a", "c"]
    assert columns.tolist() == [[0, 0], [1, 0], [0, 0], [0, 1]]


def test_what_is_no_covariate_is_refused() -> None:
    for bad in ([1, 2], [[1], [np.nan]]):
        with pytest.raises(InputError) as caught:
            fit_covariates(BgNbd, ([1, 0], [2, 0], [5, 5]), bad)
        assert caught.value.key == "bad_covariates"
    with pytest.raises(NotEnoughData):
        fit_covariates(BgNbd, ([0, 0], [0, 0], [5, 5]), [[0], [1]])


def integrated(model: type[OrderModel], z: float, history: tuple[int, float, float]) -> float:
    """Likelihood of one customer as note 019 begins: an own rate, shifted by z, integrated out.

    BG/NBD: lambda = lambda0 exp(g1 z) with lambda0 ~ Gamma(r, alpha0), p ~ Beta(a, b) of that z.
    Pareto/NBD: mu = mu0 exp(g2 z) with mu0 ~ Gamma(s, beta0) as well.
    """
    x, last, age = history
    rate_up = mpmath.e ** (G1 * z)
    with mpmath.workdps(20):
        if model is ParetoNbd:
            r, alpha, s, beta = PARETO

            u, weight = rule()
            lam0, mu0 = u[:, None], u[None, :]
            lam, mu = lam0 * float(rate_up), mu0 * math.exp(G2 * z)
            total = lam + mu
            here = lam ** (x + 1) / total * np.exp(-total * age)
            left = lam**x * mu / total * np.exp(-total * last)
            of_rate = weight * stats.gamma.pdf(u, r, scale=1 / alpha)
            of_death = weight * stats.gamma.pdf(u, s, scale=1 / beta)
            return math.log(of_rate @ (here + left) @ of_death)
        r, alpha, a, b = BG
        a, b = a * mpmath.e ** (G2 * z), b * mpmath.e ** (G3 * z)

        def at_rate(until: float) -> mpmath.mpf:
            return mpmath.quad(
                lambda lam0: (
                    (lam0 * rate_up) ** x
                    * mpmath.exp(-lam0 * rate_up * until)
                    * (alpha**r * lam0 ** (r - 1) * mpmath.exp(-alpha * lam0) / mpmath.gamma(r))
                ),
                [0, 0.05, 0.3, mpmath.inf],
            )

        first = 1 if model is MbgNbd else 0
        stay = mpmath.quad(lambda p: (1 - p) ** (x + first) * density(p, a, b), [0, 0.5, 1])
        likelihood = stay * at_rate(age)
        if x + first:
            go = mpmath.quad(
                lambda p: p * (1 - p) ** (x + first - 1) * density(p, a, b), [0, 0.5, 1]
            )
            likelihood += go * at_rate(last)
        return float(mpmath.log(likelihood))


def rule() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre over rates from 0 to 1.5, dense near 0: rate = t^4."""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    end = 1.5**0.25
    t = (nodes + 1) / 2 * end
    return t**4, weights / 2 * end * 4 * t**3


def density(p: mpmath.mpf, a: mpmath.mpf, b: mpmath.mpf) -> mpmath.mpf:
    return p ** (a - 1) * (1 - p) ** (b - 1) / mpmath.beta(a, b)


G1, G2, G3 = 0.6, -0.4, 0.3
BG, PARETO = (1.5, 40.0, 1.2, 4.0), (1.6, 45.0, 1.3, 60.0)


@each_model
@pytest.mark.parametrize("history", [(0, 0.0, 60.0), (2, 40.0, 70.0)])
def test_the_likelihood_is_the_integral_that_note_019_begins_with(
    model: type[OrderModel], history: tuple[int, float, float]
) -> None:
    effects = [[G1], [G2]] if model is ParetoNbd else [[G1], [G2], [G3]]
    base = model(*(PARETO if model is ParetoNbd else BG))
    fit = CovariateFit(
        base,
        tuple(EFFECTS[model]),
        np.array(effects),
        np.zeros((len(effects), 1)),
        0.0,
        0.0,
        1,
        np.inf,
        "sound",
    )
    for z in (0.0, 1.0):
        params = fit.params([z])
        # The quadrature is good to seven digits.
        assert float(params.log_likelihood(*history)) == pytest.approx(
            integrated(model, z, history), rel=1e-6
        )


def test_the_ratio_is_judged_by_the_chi_square() -> None:
    history, z = together(drawn(WEB, 400, 30), drawn(SHOP, 300, 31), drawn(WEB, 200, 32))
    found = fit_covariates(BgNbd, history, z)
    assert found.coefficients.shape == (3, 2)
    assert found.ratio == pytest.approx(2 * (found.log_likelihood - found.without))
    assert found.chance == pytest.approx(stats.chi2.sf(found.ratio, 6), rel=1e-9)
