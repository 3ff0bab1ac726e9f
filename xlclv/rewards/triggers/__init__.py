"""The triggers: the choices of the term `trigger`, a file each. Rules ask them, see `rule`."""

from typing import Final

from xlclv.codes import by_code
from xlclv.rewards.rule import Trigger
from xlclv.rewards.triggers.birthday import Birthday
from xlclv.rewards.triggers.date_range import DateRange
from xlclv.rewards.triggers.first_order import FirstOrder
from xlclv.rewards.triggers.manual import Manual
from xlclv.rewards.triggers.nth_order import NthOrder
from xlclv.rewards.triggers.order import Order
from xlclv.rewards.triggers.passive import Passive
from xlclv.rewards.triggers.referral import Referral
from xlclv.rewards.triggers.survey_answered import SurveyAnswered
from xlclv.rewards.triggers.tenure import Tenure
from xlclv.rewards.triggers.tier_reached import TierReached

ALL: tuple[Trigger, ...] = (
    Order(),
    FirstOrder(),
    NthOrder(),
    Birthday(),
    Tenure(),
    TierReached(),
    Passive(),
    Referral(),
    SurveyAnswered(),
    DateRange(),
    Manual(),
)
TRIGGERS: Final = by_code("trigger", ALL)
