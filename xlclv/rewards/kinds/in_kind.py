"""Gifts, shipping, services and notes: they may have a worth."""

from dataclasses import dataclass
from decimal import Decimal

from xlclv.rewards import figures
from xlclv.rewards.kinds.worth import Worth
from xlclv.words import word


class InKind(Worth):
    """Something other than money or points."""

    size = None


@dataclass(frozen=True, slots=True)
class FreeGift(InKind):
    """A free gift."""

    code = "Free gift"

    def written(self, size: Decimal | None) -> str:
        """Say "a free gift worth 20"."""
        return _worth("rewards.reward.gift", size)


@dataclass(frozen=True, slots=True)
class FreeShipping(InKind):
    """Free shipping."""

    code = "Free shipping"

    def written(self, size: Decimal | None) -> str:
        """Say "free shipping worth 5"."""
        return _worth("rewards.reward.shipping", size)


@dataclass(frozen=True, slots=True)
class Service(InKind):
    """A service."""

    code = "Service"

    def written(self, size: Decimal | None) -> str:
        """Say "a service"."""
        return _worth("rewards.reward.service", size)


@dataclass(frozen=True, slots=True)
class Note(InKind):
    """A personal note."""

    code = "Note"

    def written(self, size: Decimal | None) -> str:
        """Say "a personal note"."""
        return _worth("rewards.reward.note", size)


def _worth(key: str, size: Decimal | None) -> str:
    plain = word(key)
    if size is None:
        return plain
    return word("rewards.reward.worth", reward=plain, worth=figures.money(size))
