"""How value is spread over segments and customers. Estimates: float."""

import numpy as np
import pandas as pd

from xlclv.errors import UndefinedError
from xlclv.terms import FloatArray, Frame, TextArray, numbers


def segments(
    values: FloatArray, segment_labels: TextArray, costs: FloatArray | None = None
) -> Frame:
    """Customers and value per segment: number, sum, mean, median, share and rank.

    Works for any label: tier, channel, region, product. Costs are taken off first.

    Args:
        values: Value of each customer, shape (n,).
        segment_labels: Segment of each customer, shape (n,).
        costs: Cost of each customer, shape (n,), or nothing.

    Returns:
        Columns segment, customers, value_sum, value_mean, value_median, value_share, rank;
        largest sum first. The share is 0 where the values add up to 0.

    >>> table = segments([300, 100, 200], ["web", "shop", "web"])
    >>> table["segment"], table["value_share"].round(3)
    (array(['web', 'shop'], dtype=object), array([0.833, 0.167]))
    """
    net = np.asarray(values, float) - (0.0 if costs is None else np.asarray(costs, float))
    by_label = pd.Series(net).groupby(pd.Series(segment_labels, dtype=object), sort=False)
    table = by_label.agg(["size", "sum", "mean", "median"])
    table = table.sort_values("sum", ascending=False, kind="stable")
    total = net.sum()
    sums = table["sum"].to_numpy(float)
    return {
        "segment": table.index.to_numpy(dtype=object),
        "customer_count": table["size"].to_numpy(float),
        "value_sum": sums,
        "value_mean": table["mean"].to_numpy(float),
        "value_median": table["median"].to_numpy(float),
        "value_share": sums / total if total else np.zeros(sums.size),
        "rank": np.arange(1.0, sums.size + 1),
    }


def top_share(values: FloatArray, top: float = 0.2) -> float:
    """% of the total value that the best customers bring, such as of the top 20%.

    Counts the smallest whole number of customers that is at least that share of all.

    Args:
        values: Value of each customer, shape (n,).
        top: Share of the customers, above 0 up to 1.

    Returns:
        Fraction of the sum; above 1 where others have negative values.

    Raises:
        InputError: Top is outside its range.
        UndefinedError: The values add up to 0 or less.

    >>> top_share([10, 20, 30, 40, 900], 0.2)
    0.9
    """
    (share,) = numbers(top=top)
    ranked = np.sort(np.asarray(values, float))[::-1]
    total = float(ranked.sum())
    if total <= 0:
        raise UndefinedError("no_total", value=total)
    best = int(np.ceil(round(float(share) * ranked.size, 9)))
    return float(ranked[:best].sum() / total)


def pareto(values: FloatArray, points: int = 20) -> Frame:
    """Return the curve of the share of customers (best first) against the share of value.

    Columns customer_share and value_share, shape (points + 1,), from 0 to 1.
    """
    ranked = np.sort(np.asarray(values, float))[::-1]
    running = np.concatenate(([0.0], np.cumsum(ranked)))
    share = np.linspace(0, 1, points + 1)
    reached = np.interp(share * ranked.size, np.arange(ranked.size + 1), running)
    return {
        "customer_share": share,
        "value_share": reached / running[-1] if running[-1] else reached,
    }


def histogram(values: FloatArray, count: int = 10) -> Frame:
    """Count customers in always so many classes of value, of a round width.

    Columns class_from, class_to and customer_count. The last class has no upper end: values above
    the 99th percentile fall in it, so that one giant does not flatten the picture.
    """
    low, high = min(float(np.min(values)), 0.0), max(float(np.percentile(values, 99)), 0.0)
    width = _round_width((high - low) / count) if high > low else 1.0
    start = np.floor(low / width) * width
    if start + width * count < high:  # rounding the start down took a class
        width = _round_width((high - low) / (count - 1))
        start = np.floor(low / width) * width
    edges = start + width * np.arange(count + 1)
    place = np.clip(np.floor((values - start) / width).astype(int), 0, count - 1)
    return {
        "class_from": edges[:-1],
        "class_to": np.append(edges[1:-1], np.inf),
        "customer_count": np.bincount(place, minlength=count).astype(float),
    }


def _round_width(width: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(width))
    return float(
        next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width * (1 - 1e-9))
    )
