"""CLV in closed form from averages, where promotion is a cost of its own or customers come back.

The simple retention model and the margin multiple stand in `xlclv.value.retention`.
"""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError
from xlclv.terms import FloatArray, numbers

ROUNDING = 1e-9


def berger_nasr(
    gross_margin: ArrayLike,
    promotion_cost: ArrayLike,
    retention: ArrayLike,
    discount_rate: ArrayLike,
    periods: ArrayLike,
) -> FloatArray:
    """Return the CLV of a customer with yearly sales and promotion in the middle of the year.

        GC sum_{i=0}^{n} (r/(1+d))^i - M sum_{i=1}^{n} r^(i-1) / (1+d)^(i-1/2)

    Args:
        gross_margin: GC, money per year, shape (n,) or one number, as all arguments.
        promotion_cost: M, money per customer and year.
        retention: r, 0 to 1 per year.
        discount_rate: d, per year, 0 to below 1.
        periods: n, years after the first sale, whole, >= 0.

    Source: Berger & Nasr (1998), Customer Lifetime Value: Marketing Models and Applications,
    Journal of Interactive Marketing 12, 17-30, case 1.

    >>> float(berger_nasr(260, 50, 0.75, 0.2, 10).round(2))
    568.78
    """
    kept, rate, count = numbers(retention=retention, discount_rate=discount_rate, periods=periods)
    ratio = kept / (1 + rate)
    sales = _powers(ratio, count + 1)
    promotions = _powers(ratio, count) / np.sqrt(1 + rate)
    return np.asarray(gross_margin) * sales - np.asarray(promotion_cost) * promotions


def _powers(ratio: FloatArray, count: FloatArray) -> FloatArray:
    """Return 1 + q + ... + q^(n-1)."""
    same = ratio == 1
    safe = np.where(same, 0.5, ratio)
    return np.where(same, count, (1 - safe**count) / (1 - safe))


def markov_value(
    transitions: ArrayLike, rewards: ArrayLike, discount_rate: float, periods: float = np.inf
) -> FloatArray:
    """Return the expected present value of a customer in each state, shape (k,).

        V = sum_{t=0}^{T} (P/(1+d))^t R;   for ever: (I - P/(1+d))^-1 R

    Args:
        transitions: P, chance to go from each state (row) to each, rows sum to at most 1,
            shape (k, k).
        rewards: R, money per period in each state, shape (k,).
        discount_rate: d, per period, above 0 up to below 1 if for ever.
        periods: T, periods after the first; left out: for ever.

    Raises:
        InputError: The chances of a state are no chances.

    Source: Pfeifer & Carraway (2000), Modeling Customer Relationships as Markov Chains, Journal
    of Interactive Marketing 14, 43-55, eq. (1) and (2).
    """
    chances, money = np.asarray(transitions, float), np.asarray(rewards, float)
    sums = chances.sum(axis=1)
    bad = (chances < 0).any(axis=1) | ~(sums <= 1 + ROUNDING)
    if bad.any():
        raise InputError("bad_transitions", rows=bad, name="transitions", value=sums)
    rate, count = (float(each) for each in numbers(discount_rate=discount_rate, periods=periods))
    step = chances / (1 + rate)
    if np.isinf(count):
        return np.asarray(np.linalg.solve(np.eye(money.size) - step, money), float)
    value = money
    for _ in range(int(count)):
        value = money + step @ value
    return value


def recency_chain(
    order_chances: ArrayLike, order_margin: float, promotion_cost: float
) -> tuple[FloatArray, FloatArray]:
    """Return transitions and rewards of a customer who orders with a chance by recency.

    State k is "last order k periods ago"; the last state is lost and stays so.

    Args:
        order_chances: Chance to order in the next period at recency 1, 2, ..., shape (k,).
        order_margin: NC, money earned by an order.
        promotion_cost: M, money spent per period on a customer who is not lost.

    Returns:
        Shapes (k + 1, k + 1) and (k + 1,).

    Source: Pfeifer & Carraway (2000), section 3.

    >>> chain = recency_chain([0.3, 0.2, 0.15, 0.05], 40, 4)
    >>> markov_value(*chain, 0.2).round(2)
    array([52.32,  5.55,  1.25, -1.82,  0.  ])
    """
    chances = np.asarray(order_chances, float)
    size = chances.size
    transitions = np.zeros((size + 1, size + 1))
    transitions[:size, 0] = chances
    transitions[np.arange(size), np.arange(1, size + 1)] = 1 - chances
    transitions[size, size] = 1
    rewards = np.full(size + 1, -float(promotion_cost))
    rewards[0] += order_margin
    rewards[size] = 0
    return transitions, rewards
