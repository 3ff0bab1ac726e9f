"""Who is slipping away, and what may be lost with them: for contacts, tiles and the headline."""

import numpy as np

from xlclv.customers.people import People
from xlclv.customers.status import AT_RISK, PASSIVE
from xlclv.terms import BoolArray, FloatArray


def slipping(people: People) -> BoolArray:
    """Say who orders less often than usual, and is not lost yet, shape (k,)."""
    found: BoolArray = (people.status == AT_RISK) | (people.status == PASSIVE)
    return found


def loss(predicted: FloatArray, chance: FloatArray) -> FloatArray:
    """Return the predicted value that is lost if each has left, times that chance.

    Args:
        predicted: Predicted value, shape (k,).
        chance: Chance still to be a customer, shape (k,).

    >>> loss(np.array([60.0]), np.array([0.75]))
    array([20.])
    """
    return predicted / np.where(chance > 0, chance, 1) * (1 - chance)


def at_stake(people: People, lost: FloatArray | None) -> FloatArray:
    """Return what may be lost with each: the predicted loss, else the CLV, shape (k,).

    Args:
        people: All k customers.
        lost: Predicted loss of each, NaN of those without a forecast, shape (k,); None: there is
            no forecast.
    """
    return people.clv if lost is None else np.where(np.isnan(lost), people.clv, lost)


def slipping_value(people: People, lost: FloatArray | None) -> float:
    """Return what may be lost with all who are slipping away; arguments as of `at_stake`."""
    return float(np.nansum(np.maximum(at_stake(people, lost)[slipping(people)], 0)))
