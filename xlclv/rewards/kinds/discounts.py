"""Money off an order: a share of it, or an amount."""

from dataclasses import dataclass
from decimal import Decimal

from xlclv.rewards import figures
from xlclv.rewards.kinds.worth import Worth
from xlclv.terms import Term
from xlclv.words import word


@dataclass(frozen=True, slots=True)
class PercentOff(Worth):
    """A share of an order off; its worth only the order tells with which it is used."""

    code = "% off"
    size = Term("", unit="fraction", above=0, at_most=1)
    face_column = "max_per_order"

    def face_value(self, size: Decimal | None, most: Decimal | None) -> Decimal | None:
        """Return the most that one order can earn, so that a budget is never overspent."""
        del size
        return most

    def face_cents(self, size: Decimal | None) -> int:
        """Return 0: it is not known when the reward is booked."""
        del size
        return 0

    def written(self, size: Decimal | None) -> str:
        """Say "20 % off"."""
        key = "rewards.reward.percent_off"
        return word(key) if size is None else word(key, percent=figures.percent(size))


@dataclass(frozen=True, slots=True)
class AmountOff(Worth):
    """An amount of money off."""

    code = "Amount off"
    size = Term("", above=0)

    def written(self, size: Decimal | None) -> str:
        """Say "10 off"."""
        key = "rewards.reward.amount_off"
        return word(key) if size is None else word(key, amount=figures.money(size))
