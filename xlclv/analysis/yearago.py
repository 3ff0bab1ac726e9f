"""The same day a year ago: what the log lets be said of it, to tell whether things get better."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from xlclv.analysis.past import Book, foretell
from xlclv.analysis.slipping import loss, slipping_value
from xlclv.columns import as_date
from xlclv.customers.people import People, people
from xlclv.customers.status import ACTIVE
from xlclv.customers.windows import ROLLING
from xlclv.errors import NotEnoughData
from xlclv.models.trust.agree import agreed

RETURNING = 2  # orders
NO_DAY = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True)
class YearAgo:
    """Figures of a refresh with that day, by the key of each figure.

    Args:
        day: NaT where the log does not reach a year further back: half a year beside a whole one
            would look like growth.
        figures: What is known of it.
    """

    day: np.datetime64 = NO_DAY
    figures: Mapping[str, float] = field(default_factory=dict)


def year_ago(book: Book, everybody: People) -> YearAgo:
    """Compute the figures of the same day a year ago from what was known on it.

    Args:
        book: What today's figures were made of.
        everybody: The customers today.
    """
    log = everybody.log
    if log is None or not log.line_day.size:
        return YearAgo()
    day = ROLLING.opened(np.array([everybody.as_of]))
    opened = ROLLING.opened(day).astype(np.int64)
    if log.line_day.min() > opened[0]:
        return YearAgo()
    settings = replace(book.settings, as_of=as_date(day[0]))
    try:
        then = people(book.orders, book.customers, settings)
    except NotEnoughData:
        return YearAgo()
    return YearAgo(day[0], _figures(book, then))


def _figures(book: Book, then: People) -> dict[str, float]:
    found = foretell(book, then)
    figures: dict[str, float] = {}
    if found is not None:
        then = replace(then, predicted=found[0], status=agreed(then.status, found[1]))
        figures["predicted_equity"] = float(np.nansum(found[0]))
        figures["slipping_value"] = slipping_value(then, loss(*found))
    elif book.seen.at_risk is None:  # nor is there a forecast today
        figures["slipping_value"] = slipping_value(then, None)
    return figures | {
        "revenue_12m": float(np.nansum(then.spend(ROLLING))),
        "active": float((then.status == ACTIVE).sum()),
        "repeat_rate": repeat_rate(then),
    }


def repeat_rate(everybody: People) -> float:
    """Return customers with two orders or more, of those with any; NaN without any."""
    buyers = everybody.orders >= 1
    return float((everybody.orders >= RETURNING).sum() / buyers.sum()) if buyers.any() else np.nan
