"""RFM: recency, frequency and monetary scores by quantile, and the segment of each pair R, F."""

import numpy as np
from numpy.typing import ArrayLike

from xlclv.customers.log import order_log
from xlclv.errors import NotEnoughData
from xlclv.terms import TERMS, DateArray, FloatArray, Frame, TextArray, dates, numbers
from xlclv.words import day

# Segment of R (row, 1 to 5) and F (column, 1 to 5), as positions in the list of names. Common
# to most public RFM code; covers all 25 pairs exactly once.
GRID = np.array(
    [
        [0, 0, 1, 1, 2],
        [0, 0, 1, 1, 2],
        [3, 3, 4, 5, 5],
        [6, 8, 8, 5, 5],
        [7, 8, 8, 9, 9],
    ]
)
SIDE = len(GRID)


def rfm_table(
    customer_ids: TextArray,
    order_dates: DateArray,
    amounts: FloatArray,
    as_of: ArrayLike,
    bins: float = 5,
) -> Frame:
    """RFM scores and segment per customer: recency, frequency and monetary value by quantile.

    1 is the worst, `bins` the best. Every row of a purchase counts as one transaction; refunds
    lower the monetary value; orders after as_of do not count.

    Args:
        customer_ids: Customer of each order, shape (m,).
        order_dates: Day of each order, shape (m,).
        amounts: Net money of each order, refunds negative, shape (m,).
        as_of: The day from which recency counts.
        bins: Number of score classes, 2 to 10.

    Returns:
        Columns customer_id, r_score, f_score, m_score, rfm_code (text such as 543),
        rfm_segment; shape (k,), in the order in which the customers first appear.

    Raises:
        InputError: A value is out of range.
        NotEnoughData: No order lies before as_of.

    Source: R package rfm 0.3.0, rfm_table_order(): type-7 quantiles, classes closed above.

    >>> table = rfm_table(["a", "b"], ["2026-01-01", "2025-01-01"], [90, 10], "2026-01-31", 2)
    >>> table["rfm_code"]
    array(['212', '111'], dtype=object)
    """
    (today,) = dates(as_of=as_of)
    (classes,) = numbers(bins=bins)
    log = order_log(
        np.asarray(customer_ids, dtype=object), order_dates, np.asarray(amounts, float), today
    )
    bought = log.line_amount >= 0
    size = log.ids.size
    frequency = np.bincount(log.line_customer[bought], minlength=size).astype(float)
    last = np.full(size, -1)
    np.maximum.at(last, log.line_customer[bought], log.line_day[bought])
    keep = frequency > 0
    if not keep.any():
        raise NotEnoughData("no_orders", as_of=day(today))
    recency = (log.as_of - last)[keep].astype(float)
    return score_table(log.ids[keep], recency, frequency[keep], log.spend()[keep], int(classes))


def score_table(
    ids: TextArray, recency: FloatArray, frequency: FloatArray, monetary: FloatArray, bins: int = 5
) -> Frame:
    """Return scores, code and segment of customers given by days, orders and money, shape (k,)."""
    r_score = bins + 1 - quantile_class(recency, bins)
    f_score = quantile_class(frequency, bins)
    m_score = quantile_class(monetary, bins)
    return {
        "customer_id": ids,
        "r_score": r_score,
        "f_score": f_score,
        "m_score": m_score,
        "rfm_code": _code(r_score, f_score, m_score),
        "rfm_segment": segment(r_score, f_score, bins),
    }


def quantile_class(values: FloatArray, bins: int) -> FloatArray:
    """Return 1 to bins by the quantiles of the values themselves, shape (k,).

    A class takes the values up to its quantile. The source adds 1 to each quantile and takes
    what is below; for whole numbers that is the same as rounding the quantile up, which is what
    stands here, so that fractions of a unit of money are not all thrown together.
    """
    edges = np.quantile(values, np.arange(1, bins) / bins)
    if np.all(values == np.floor(values)):
        edges = np.ceil(np.round(edges, 9))  # 18.000000000000004 is 18
    return np.searchsorted(edges, values, side="left").astype(float) + 1


def segment(r_score: FloatArray, f_score: FloatArray, bins: int = SIDE) -> TextArray:
    """Return the name of the segment of each pair of scores, shape (k,).

    >>> segment(np.array([5.0, 1.0]), np.array([5.0, 1.0]))
    array(['Champions', 'Hibernating'], dtype=object)
    """
    row = np.ceil(r_score * SIDE / bins).astype(int) - 1
    column = np.ceil(f_score * SIDE / bins).astype(int) - 1
    names = np.array(TERMS["rfm_segment"].codes, dtype=object)
    return np.asarray(names[GRID[row, column]], dtype=object)


def _code(*scores: FloatArray) -> TextArray:
    """Join the scores to a text; a score of 10 keeps both digits."""
    texts = [score.astype(int).astype(str).astype(object) for score in scores]
    return np.asarray(texts[0] + texts[1] + texts[2], dtype=object)
