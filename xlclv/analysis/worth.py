"""What customers are ranked and summed up by: what lies ahead, as far as it is known.

Never by a formula that counts a customer who has left for years to come: with an order log it is
the predicted value, and where no forecast may be decided by, the net spend of 12 months. A customer
sheet without orders knows nothing but the simple CLV.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from xlclv.customers.people import People
from xlclv.customers.windows import LIFETIME, ROLLING, Window
from xlclv.segments.measures import CLV, NET_SPEND, PREDICTED, Measure
from xlclv.terms import BoolArray, FloatArray
from xlclv.words import word

Kind = Literal["predicted", "spend", "simple"]


@dataclass(frozen=True, slots=True)
class Worth:
    """What each of k customers is worth.

    Args:
        kind: Which of the three it is.
        values: Shape (k,); NaN where unknown.
    """

    kind: Kind
    values: FloatArray

    @property
    def known(self) -> BoolArray:
        """Say whose worth is known, shape (k,)."""
        return ~np.isnan(self.values)

    @property
    def ranked(self) -> FloatArray:
        """Return the values to sort by, the unknown ones last, shape (k,)."""
        return np.nan_to_num(self.values, nan=-np.inf)

    @property
    def name(self) -> str:
        """Return what it is called."""
        return word(f"worth.{self.kind}")

    @property
    def measure(self) -> Measure:
        """Return what tiers that are proposed go by."""
        return {"predicted": PREDICTED, "spend": NET_SPEND, "simple": CLV}[self.kind]

    @property
    def window(self) -> Window:
        """Return the time that counts for such tiers."""
        return ROLLING if self.kind == "spend" else LIFETIME


def worth(everybody: People) -> Worth:
    """Say what customers are worth."""
    if everybody.log is None:
        return Worth("simple", everybody.clv)
    if everybody.predicted is not None:
        return Worth("predicted", everybody.predicted)
    return Worth("spend", everybody.spend(ROLLING))
