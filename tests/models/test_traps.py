"""The three models of orders on data that break other programs: an answer or a reason, always."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlclv.errors import NotEnoughData, XlclvError
from xlclv.models.choice import AT_RANDOM, MODELS
from xlclv.models.model import OrderModel

VERDICTS = {"sound", "thin", "boundary", "all_alive", "not_identified", "not_converged"}
each_model = pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))


@each_model
@pytest.mark.parametrize("age", [0, 40])
def test_nobody_who_ordered_twice_is_not_identified(model: type[OrderModel], age: int) -> None:
    with pytest.raises(NotEnoughData) as caught:
        model.fit([0, 0, 0], [0, 0, 0], [age, age, age])
    assert caught.value.key == "nobody_ordered_twice"
    assert caught.value.cell_code == "#N/A"


@each_model
@pytest.mark.parametrize(
    ("x", "recency", "age", "verdict"),
    [
        ([3], [20], [40], "thin"),
        ([0, 0, 2], [0, 0, 5], [0, 0, 9], "thin"),
        ([3] * 100, [50] * 100, [60] * 100, "all_alive"),
        ([3] * 100, [60] * 100, [60] * 100, "all_alive"),
        ([5000, 1, 0, 2, 0], [400, 30, 0, 100, 0], [401, 400, 300, 200, 100], "thin"),
        ([2] * 300, [3] * 300, [1000] * 300, "boundary"),
    ],
    ids=["one", "age 0", "all the same", "all the same and here", "5000 orders", "all left soon"],
)
def test_strange_data_give_an_honest_verdict(
    model: type[OrderModel], x: list[int], recency: list[int], age: list[int], verdict: str
) -> None:
    fit = model.fit(x, recency, age)
    assert (fit.verdict, fit.converged) == (verdict, True)
    assert fit.remark
    alive = fit.params.p_alive(x, recency, age)
    orders = fit.params.expected_orders(x, recency, age, 100)
    assert np.all((alive >= 0) & (alive <= 1))
    assert np.all(np.isfinite(orders) & (orders >= 0))


@each_model
def test_customers_who_never_leave_are_said_to_be_all_alive(model: type[OrderModel]) -> None:
    random = np.random.default_rng(4)
    rate = random.gamma(1, 1 / 50, 2000)
    x = random.poisson(rate * 300)
    recency = np.where(x > 0, 300 * random.beta(np.maximum(x, 1), 1), 0)
    fit = model.fit(x, recency, np.full(x.size, 300.0))
    assert fit.verdict == "all_alive"
    assert fit.converged
    alive = fit.params.p_alive(x, recency, np.full(x.size, 300.0))
    assert np.median(alive) > 0.99


ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 1, 1, 2, 3, 10, 5000]),
        st.floats(0.01, 1),
        st.sampled_from([1e-3, 1.0, 7.0, 300.0, 3000.0]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("model", AT_RANDOM.values(), ids=list(AT_RANDOM))
@given(rows=ROWS)
def test_any_data_that_can_be_true_are_answered(
    model: type[OrderModel], rows: list[tuple[int, float, float]]
) -> None:
    x, share, age = (np.array(column, float) for column in zip(*rows, strict=True))
    recency = np.where(x > 0, share * age, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            fit = model.fit(x, recency, age)
        except XlclvError as error:
            assert str(error)  # noqa: PT017 - the reason is what is tested
            return
        assert fit.verdict in VERDICTS
        assert np.isfinite(fit.log_likelihood)
        assert np.all(np.isfinite([*fit.params]))
        alive = fit.params.p_alive(x, recency, age)
        orders = fit.params.expected_orders(x, recency, age, age * 2)
    assert np.all((alive >= 0) & (alive <= 1))
    assert np.all(np.isfinite(orders) & (orders >= 0))


@each_model
def test_a_fit_is_the_same_every_time_and_in_any_order(model: type[OrderModel]) -> None:
    random = np.random.default_rng(8)
    x = random.poisson(1.2, 200)
    age = random.integers(100, 300, 200)
    recency = np.where(x > 0, (age * random.random(200)).astype(int) + 1, 0)
    first = model.fit(x, recency, age)
    assert model.fit(x, recency, age).params == first.params
    order = random.permutation(200)
    assert model.fit(x[order], recency[order], age[order]).params == first.params
    twice = model.fit(x, recency, age, np.full(200, 2))
    assert [*twice.params] == pytest.approx([*first.params], rel=1e-8)
    assert twice.std_errors == pytest.approx(first.std_errors / np.sqrt(2), rel=1e-6, nan_ok=True)
