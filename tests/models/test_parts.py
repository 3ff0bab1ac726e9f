"""Models of two parts: each is what its parts are."""

import numpy as np
import pytest

from tests.models.published_logs import cdnow
from xlclv.models.beta_geometric import BgNbd, MbgNbd
from xlclv.models.clock import known
from xlclv.models.model import OrderModel
from xlclv.models.pareto_nbd import ParetoNbd
from xlclv.models.parts import Blend, Cohorts, TwoParts, blended
from xlclv.models.regular import MbgCnbd

CROWD, REST = MbgNbd(0.5, 300, 3, 1), MbgCnbd(2, 40, 0.8, 3, 2)
COHORTS = Cohorts(CROWD, REST, 100, 150)
BLEND = Blend(Blend(BgNbd(0.9, 50, 0.8, 3), REST), ParetoNbd(0.6, 40, 0.7, 90))
BOTH = pytest.mark.parametrize("model", [COHORTS, BLEND], ids=["cohorts", "blend"])
HISTORIES = np.array([(0, 0, 60), (0, 0, 120), (3, 90, 130), (6, 190, 205), (1, 20, 149)], float).T


def test_cohorts_are_told_by_age() -> None:
    for x, last, age in HISTORIES.T:
        part: OrderModel = CROWD if 100 <= age < 150 else REST
        for ahead in (30, 365):
            mine = COHORTS.expected_orders(x, last, age, ahead)
            assert mine == pytest.approx(part.expected_orders(x, last, age, ahead), rel=1e-12)
        assert COHORTS.p_alive(x, last, age) == part.p_alive(x, last, age)
        assert COHORTS.log_likelihood(x, last, age) == part.log_likelihood(x, last, age)
    masks = [mine.tolist() for _, mine in COHORTS.parts_of(HISTORIES[2])]
    assert masks == [[False, True, True, False, True], [True, False, False, True, False]]


def test_a_blend_expects_the_mean() -> None:
    (one, other), last = BLEND.one.parts, BLEND.other
    for ahead in (30, 365):
        each = [part.expected_orders(*HISTORIES, ahead) for part in (one, other, last)]
        mean = (each[0] + each[1]) / 4 + each[2] / 2
        assert BLEND.expected_orders(*HISTORIES, ahead) == pytest.approx(mean, rel=1e-12)
    alive = [part.p_alive(*HISTORIES) for part in (one, other, last)]
    assert BLEND.p_alive(*HISTORIES) == pytest.approx((alive[0] + alive[1]) / 4 + alive[2] / 2)
    assert BLEND.stage_chances(*HISTORIES).sum(axis=0) == pytest.approx(1)


@BOTH
def test_parameters_with_an_error_come_first_and_go_back_to_their_part(model: TwoParts) -> None:
    given = [*model]
    assert len(given) == len(model)
    assert model.moved(given) == model
    whole = [2.0] * len(model)
    assert given[model.free :] == [2.0]  # k
    assert [*model.moved(whole)] == whole


@BOTH
def test_any_shape_is_answered(model: TwoParts) -> None:
    x, last, age = HISTORIES
    flat = model.orders_if_alive(x, age, 90)
    months = model.orders_if_alive(x[:, None], age[:, None], np.array([30.0, 90]))
    assert months.shape == (5, 2)
    assert months[:, 1] == pytest.approx(flat)
    assert np.shape(model.p_alive(1, 20, 149)) == ()
    assert model.p_alive(x, last, age).shape == (5,)


def test_a_blended_fit_has_the_errors_of_both() -> None:
    view = known(cdnow())
    one, other = (model.fit(*view.columns, view.rows.count) for model in (BgNbd, MbgNbd))
    fit = blended(one, other)
    assert fit.covariance.shape == (8, 8)
    assert np.array_equal(fit.covariance[4:, 4:], other.covariance)
    assert fit.std_errors.tolist() == [*one.std_errors, *other.std_errors]
    assert fit.model is BgNbd
