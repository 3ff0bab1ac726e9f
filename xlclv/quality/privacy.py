"""The check of a book in which no name and no address may stand."""

import numpy as np

from xlclv.customers.addresses import addresses
from xlclv.customers.people import People
from xlclv.quality.checks import LISTED, Check, Level
from xlclv.settings import Settings
from xlclv.words import number


def privacy_checks(everybody: People, settings: Settings) -> tuple[Check, ...]:
    """Look for customers whose id is an e-mail address, where privacy is asked for.

    Such an id stands on every tab; it cannot be taken off, for rows are told apart by it.
    """
    if not settings.privacy:
        return ()
    named = np.flatnonzero(addresses(everybody.ids) != "")
    level: Level = "fault" if named.size else "ok"
    # Which ones they are is what nobody may read.
    rows = tuple(number(row + 1) for row in named[:LISTED])
    return (Check("privacy_ids", level, int(named.size), rows),)
