"""The kinds of reward: the choices of the term `reward`. Rules ask them, see `rule.Reward`."""

from typing import Final

from xlclv.codes import by_code
from xlclv.rewards.kinds.discounts import AmountOff, PercentOff
from xlclv.rewards.kinds.in_kind import FreeGift, FreeShipping, Note, Service
from xlclv.rewards.kinds.points import FixedPoints, PointsPerMoney
from xlclv.rewards.rule import Reward

ALL: tuple[Reward, ...] = (
    PointsPerMoney(),
    FixedPoints(),
    PercentOff(),
    AmountOff(),
    FreeGift(),
    FreeShipping(),
    Service(),
    Note(),
)
KINDS: Final = by_code("reward", ALL)
