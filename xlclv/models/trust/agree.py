"""A status and a chance to be a customer still, made to agree.

A status goes by one customer's own rhythm and looks at the last order alone; P(alive) goes by what
all customers do. A model may know that a long silence means little, or that a short one means much:
then the status gives way, as far as it must for nobody to read Lost beside a chance of .99.
"""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.status import ACTIVE, AT_RISK, LOST, PASSIVE
from xlclv.terms import BoolArray, TextArray

MOST_IF_LOST = 0.25  # P(alive): of the lost, three of four are gone at least
MOST_IF_PASSIVE = 0.9
LEAST_IF_ACTIVE = 0.1


def contradicts(status: ArrayLike, p_alive: ArrayLike) -> BoolArray:
    """Say which statuses no reader would believe beside the chance, shape (n,).

    Args:
        status: Text of `customers.status`, or a code where there is none, shape (n,).
        p_alive: Chance to be a customer still, 0 to 1, shape (n,); NaN contradicts nothing.

    >>> contradicts(["Lost", "Lost", "Active"], [0.99, 0.2, 0.99]).tolist()
    [True, False, False]
    """
    return np.asarray(agreed(status, p_alive) != np.asarray(status, dtype=object), bool)


def agreed(status: ArrayLike, p_alive: ArrayLike) -> TextArray:
    """Return the statuses, those that contradict the chance moved as far as needed, shape (n,).

    Args:
        status: As for `contradicts`.
        p_alive: The same.

    >>> agreed(["Lost", "Lost", "Active"], [0.99, 0.2, 0.05])
    array(['At risk', 'Lost', 'At risk'], dtype=object)
    """
    given, chance = np.broadcast_arrays(
        np.asarray(status, dtype=object), np.asarray(p_alive, float)
    )
    result: TextArray = given.copy()
    result[(given == LOST) & (chance > MOST_IF_LOST)] = PASSIVE
    idle = (given == LOST) | (given == PASSIVE)
    result[idle & (chance > MOST_IF_PASSIVE)] = AT_RISK
    result[(given == ACTIVE) & (chance < LEAST_IF_ACTIVE)] = AT_RISK
    return result
