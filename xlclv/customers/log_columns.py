"""An order log, and who is in which segment, from the columns of a spreadsheet."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.log import OrderLog, order_log
from xlclv.errors import NotEnoughData
from xlclv.terms import DateArray, IntArray, TextArray, dates
from xlclv.words import day


def log_of(ids: TextArray, days: DateArray, amounts: ArrayLike, as_of: ArrayLike) -> OrderLog:
    """Make a log of columns, one row per order.

    Args:
        ids: Customer of each row, shape (m,).
        days: Day, shape (m,).
        amounts: Net money, refunds negative, shape (m,).
        as_of: The day of the data; later rows do not count.

    Raises:
        NotEnoughData: No order counts.
    """
    (today,) = dates(as_of=as_of)
    log = order_log(np.asarray(ids, dtype=object), days, np.asarray(amounts, float), today)
    if not log.customer.size:
        raise NotEnoughData("no_orders", as_of=day(today))
    return log


def segments_of(
    log: OrderLog, labels: TextArray, days: DateArray, customers: IntArray
) -> tuple[list[str], IntArray]:
    """Put customers into the segment of their first order.

    Args:
        log: The log.
        labels: Segment of each row, shape (m,).
        days: Day of each row, shape (m,).
        customers: Numbers of the customers asked for, shape (k,).

    Returns:
        The segments, and the number of the segment of each customer, shape (k,).
    """
    counted = np.asarray(days, "M8[D]").astype(np.int64) <= log.as_of
    mine = np.asarray(labels, dtype=object)[counted].astype(str)
    # The first purchase; of refunds alone, their first.
    order = np.lexsort((log.line_day, log.line_amount < 0, log.line_customer))
    first = order[np.unique(log.line_customer[order], return_index=True)[1]]
    kinds, place = np.unique(mine[first][customers], return_inverse=True)
    return kinds.tolist(), place.astype(np.int64)
