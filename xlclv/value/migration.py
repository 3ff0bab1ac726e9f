"""CLV of customers who move between states, such as how long ago they ordered last."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.errors import InputError, UndefinedError
from xlclv.terms import FloatArray, Frame, numbers

ROUNDING = 1e-9


def migration(
    order_chances: FloatArray,
    order_margin: float,
    promotion_cost: float,
    discount_rate: float,
    periods: float = np.inf,
) -> Frame:
    """Value of a customer by how many periods ago the last order was (migration model).

    order_chances: the chance to order in the next period, one row per period since the last order;
    after the last row the customer counts as lost. Rates are per period.

    Args:
        order_chances: At recency 1, 2, ..., shape (k,).
        order_margin: NC, money earned by an order.
        promotion_cost: M, money spent per period on a customer who is not lost.
        discount_rate: d, per period, above 0 up to below 1 if for ever.
        periods: T, periods after the first; left out: for ever.

    Returns:
        Columns last_order_ago (1 to k, then "lost" as k + 1) and present_value (money), shape
        (k + 1,): the first row is a customer who has just ordered, the margin of that order
        included.

    Source: Pfeifer & Carraway (2000), Modeling Customer Relationships as Markov Chains, Journal
    of Interactive Marketing 14, 43-55, section 3.

    >>> migration(np.array([0.3, 0.2, 0.15, 0.05]), 40, 4, 0.2)["present_value"].round(2)
    array([52.32,  5.55,  1.25, -1.82,  0.  ])
    """
    chances, margin, cost = numbers(
        order_chances=order_chances, order_margin=order_margin, promotion_cost=promotion_cost
    )
    chain = recency_chain(chances, float(margin[0]), float(cost[0]))
    value = markov_value(*chain, discount_rate, periods)
    return {"last_order_ago": np.arange(1.0, value.size + 1), "present_value": value}


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
        UndefinedError: For ever without a discount rate.

    Source: Pfeifer & Carraway (2000), eq. (1) and (2).
    """
    chances, money = np.asarray(transitions, float), np.asarray(rewards, float)
    sums = chances.sum(axis=1)
    bad = (chances < 0).any(axis=1) | ~(sums <= 1 + ROUNDING)
    if bad.any():
        raise InputError("bad_transitions", rows=bad, name="transitions", value=sums)
    rate, count = (float(each) for each in numbers(discount_rate=discount_rate, periods=periods))
    step = chances / (1 + rate)
    if np.isinf(count):
        if rate == 0:
            raise UndefinedError("endless_sum")
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
