"""A tier as plain sentences, so that its author can read back what the row does."""

from collections.abc import Iterator

from xlclv.segments.ladder import FACTOR, GRACE_DAYS, VALID_MONTHS, Tiers
from xlclv.segments.policies import ONE_DOWN, Rounding, Skipped
from xlclv.words import number, plural_key, word


def reads_as(tiers: Tiers, rank: int) -> str:
    """Say what a tier does: from when it is reached and kept, how long, and what it brings."""
    return " ".join([_entry(tiers, rank), *_policy(tiers, rank), *_effects(tiers, rank)])


def _entry(tiers: Tiers, rank: int) -> str:
    key = tiers.measure.entry(tiers.window)
    enter_at = float(tiers.enter_at[rank])
    if tiers.measure.counts:
        key = _counted(key, enter_at)
    return word(key, tier=tiers.names[rank], amount=number(enter_at))


def _policy(tiers: Tiers, rank: int) -> Iterator[str]:
    """Say how the tier is kept and lost, where it can be."""
    if rank == 0 and tiers.lowest_is_lasting:
        if tiers.windowed:
            yield word("tiers.keep.always")
        return
    if tiers.if_not_kept[rank].keeps:
        yield word("tiers.keep.always" if tiers.replayed else "tiers.keep.one_day_always")
        return
    kept = number(float(tiers.keep_at[rank]))
    eased = tiers.keep_at[rank] < tiers.enter_at[rank]
    if tiers.windowed:
        if eased:
            yield word("tiers.keep.kept", amount=kept)
        yield word("tiers.keep.stop", text=_validity(tiers, rank))
    elif eased or not _is_usual(tiers, rank):
        # Nothing runs out by itself here, so the usual policy goes without saying.
        kind = "lifetime" if tiers.replayed else "one_day"
        yield word(f"tiers.keep.{kind}", amount=kept, text=_validity(tiers, rank))


def _is_usual(tiers: Tiers, rank: int) -> bool:
    policy = (tiers.valid_months, tiers.round_up_to, tiers.grace_days, tiers.if_not_kept)
    usual = (VALID_MONTHS, Rounding.MONTH, GRACE_DAYS, ONE_DOWN)
    return tuple(column[rank] for column in policy) == usual


def _validity(tiers: Tiers, rank: int) -> str:
    """Say how long the tier is valid, and what happens then."""
    months = int(tiers.valid_months[rank])
    rounding = tiers.round_up_to[rank]
    if months:
        text = word(_counted("tiers.valid.months", months), count=number(months))
        if rounding is not Rounding.DAY:
            text += word(f"tiers.valid.to_{rounding.key}")
    else:
        text = word(f"tiers.valid.every_{rounding.key}")
    grace = int(tiers.grace_days[rank])
    if grace:
        text += word(_counted("tiers.valid.grace", grace), count=number(grace))
    return word("tiers.lost.then", text=text, lost=tiers.if_not_kept[rank].written(rank))


def _effects(tiers: Tiers, rank: int) -> Iterator[str]:
    factor = tiers.points_factor[rank]
    if factor != FACTOR:
        key = "factor" if factor else "no_points"
        yield word(f"tiers.effect.{key}", factor=number(factor))
    reward = tiers.entry_reward[rank]
    # Nothing lies above the highest tier, so nobody skips it.
    passed = tiers.skipped_tiers[rank] is Skipped.EACH_PASSED and rank < tiers.size - 1
    if reward:
        yield word(f"tiers.effect.{'reward_passed' if passed else 'reward'}", rule=reward)
    elif passed:
        yield word("tiers.effect.passed")


def _counted(key: str, count: float) -> str:
    return plural_key(key, count)
