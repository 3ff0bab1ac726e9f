"""Does the verdict on a forecast keep its promise? Made-up shops of ten kinds, with their future.

Usage: python tools/shops.py [--seeds FIRST LAST] [--kinds KIND ...] [--ranges SHOPS]

Per kind: shops, those whose orders of six or twelve months were off by more than 30 % and how many
of these were flagged (verdict poor or none, or no forecast), how many of the others were flagged
though, the share that is useful (neither flagged nor far off), the median error of twelve months.
Then how often orders and money of clean shops, of six and of twelve months, lie in their 95 %
range. Exit code 1 where a promise is broken: 95 % of the failing flagged, at most 5 % of the clean
ones, 75 % useful, 93 to 97 % of the ranges right (within chance).
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.models.shops.kinds import KINDS
from tests.models.shops.measure import Case, measure

FLAGGED, FALSE_ALARM, USEFUL, COVERED = 0.95, 0.05, 0.75, (0.93, 0.97)


def row(name: str, cases: list[Case]) -> None:
    """Print the figures of some cases."""
    off = [case for case in cases if case.far_off]
    near = [case for case in cases if not case.far_off]
    errors = [abs(case.errors[1]) for case in cases if np.isfinite(case.errors[1])]
    print(
        f"{name:<13}{len(cases):>6}{len(off):>9}{sum(case.flagged for case in off):>9}"
        f"{sum(case.flagged for case in near):>13}{share(case.useful for case in cases):>9.0%}"
        f"{np.median(errors):>9.0%}",
        flush=True,
    )


def share(each: Iterable[bool]) -> float:
    """Return how many are true, as a fraction; NaN of none."""
    found = [*each]
    return sum(found) / len(found) if found else float("nan")


def main() -> int:
    """Measure all kinds and compare with what is promised."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs=2, default=(0, 20))
    parser.add_argument("--kinds", nargs="*", default=[*KINDS])
    parser.add_argument("--ranges", type=int, default=60)
    asked = parser.parse_args()
    print("kind          shops  far off  flagged  false alarm   useful   median", flush=True)
    cases: list[Case] = []
    for kind in asked.kinds:
        mine = [measure(kind, seed) for seed in range(*asked.seeds)]
        row(kind, mine)
        cases += mine
    row("all", cases)
    clean = [
        measure("clean", seed, ranged=True)
        for seed in range(asked.seeds[1], asked.seeds[1] + asked.ranges)
    ]
    inside = [each for case in clean for each in case.inside]
    print(f"95 % ranges of {len(clean)} clean shops: {share(inside):.1%} of {len(inside)} right")
    print(f"of these shops flagged: {sum(case.flagged for case in clean)}")
    off = [case.flagged for case in cases if case.far_off]
    untouched = [case.flagged for case in cases + clean if case.kind == "clean"]
    chance = 2 * np.sqrt(0.05 * 0.95 / max(len(clean), 1))  # the totals of a shop go together
    kept = (
        not off or share(off) >= FLAGGED,
        not untouched or share(untouched) <= FALSE_ALARM,
        share(case.useful for case in cases) >= USEFUL,
        not inside or COVERED[0] - chance <= share(inside) <= COVERED[1] + chance,
    )
    print("all promises kept" if all(kept) else f"kept: {kept}")
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
