"""Does a long session of a spreadsheet stay within bounds? 100,000 different tables and calls.

    python tools/long_session.py [CALLS]

Ends with 1 if the memory grew by more than ALLOWED after the first tenth of the calls, or if one
of the answers, each from a table of its own, is not what that table says.
"""

import resource
import sys
from datetime import date

from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer
from xlclv.hosts.ranges import KEPT

CALLS = 100_000
TENTHS = 10
ALLOWED = 30.0  # MB; the kept tables may still change for larger ones
DAY = date(2026, 6, 30)


def main(calls: int) -> int:
    """Print the memory after each tenth of the calls."""
    wrong, sizes = 0, []
    for number in range(1, calls + 1):
        wrong += sum(got != expected for got, expected in asked(number))
        if number % (calls // TENTHS) == 0:
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            print(f"{number:>9,} calls: {sizes[-1]:6.1f} MB, {len(KEPT)} tables kept")
    grown = sizes[-1] - sizes[0]
    print(f"grown by {grown:.1f} MB, allowed {ALLOWED}; {wrong} wrong answers")
    return int(wrong > 0 or grown > ALLOWED)


def asked(number: int) -> list[tuple[object, object]]:
    """Return what cells show that ask tables of this number, and what they should."""
    tiers = [["Tier", "Enter at"], ["High", float(number)], ["Low", 0.0]]
    ledger = [["Customer id", "Date", "Points", "State"], ["a", 46_000.0, float(number), "active"]]
    ledger += [[f"c{row}", 46_000.0, 1.0, "active"] for row in range(number % 50)]
    asked = [
        ("CLV", (float(number), 2.0, 3.0), number * 6.0),
        ("CLV_TIER", (float(number), tiers), "High"),
        ("CLV_TIER", (number - 1.0, tiers), "Low"),
        ("CLV_POINTS", ("a", ledger, DAY), float(number)),
    ]
    return [(answer(BY_NAME[name], cells), [[expected]]) for name, cells, expected in asked]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS))
