"""What is said of each customer: the row of CustomerValues, the columns of the customer sheet."""

import numpy as np

from xlclv.analysis.outlook import COLUMNS, HISTORY
from xlclv.analysis.results import Results
from xlclv.analysis.why import why
from xlclv.columns import CellError, as_objects
from xlclv.customers.orders import MONEY_DECIMALS
from xlclv.customers.people import People
from xlclv.rewards.facts import Rows
from xlclv.tables import CUSTOMERS, Table
from xlclv.terms import Array, BoolArray, Frame, TextArray
from xlclv.words import word


def customer_values(results: Results) -> Frame:
    """Return the columns of the tab, largest worth first, then by id."""
    people = results.people
    frame: Frame = {
        "customer_id": people.ids,
        **named(people),
        ranked_by(results): results.worth.values,
        "status": people.status,
        "tier": results.placing.tier,
        "segment": people.fact("segment"),
        **_values(results),
        "tier_gap": results.placing.gap,
        "order_count": people.orders,
        "revenue": people.revenue,
        "avg_value": people.avg_value,
        "orders_per_year": people.per_year,
        "lifespan": people.lifespan,
        "historic_clv": people.profit,
        "first_order": people.first,
        "last_order": people.last,
        "days_since": people.days_since,
        "tenure": people.tenure,
        "avg_gap": people.gap,
        "next_order": people.next_order,
        **_forecast(results),
        "why": why(results),
        **{name: results.rfm_column(name) for name in ("rfm_code", "rfm_segment")},
        **results.reward_texts,
    }
    if people.discounts is not None:
        frame["discounts_given"] = people.discounts
    order = np.lexsort((people.ids.astype(str), -results.worth.ranked))
    return {name: values[order] for name, values in frame.items()}


def ranked_by(results: Results) -> str:
    """Return the column that people are ranked by."""
    column = {"predicted": "predicted_clv", "spend": "spend_12m", "simple": "simple_clv"}
    return column[results.worth.kind]


def _values(results: Results) -> Frame:
    """Return what each brought, is expected to bring, and both; beside them the formula."""
    people = results.people
    if people.log is None:
        return {"simple_clv": people.clv}
    ahead = np.full(people.size, np.nan) if people.predicted is None else people.predicted
    return {
        "predicted_clv": ahead,
        "spent_so_far": np.round(people.net_profit, MONEY_DECIMALS),
        "total_value": np.round(people.net_profit + ahead, MONEY_DECIMALS),
        "simple_clv": people.clv,
    }


def named(people: People, rows: Rows | None = None) -> Frame:
    """Return names and e-mail addresses of customers, as far as any is known of anybody.

    Args:
        people: All customers.
        rows: Which of them, in order; None: all.
    """
    columns = {"customer_name": people.name, "customer_email": people.email}
    known = {name: texts for name, texts in columns.items() if (texts != "").any()}
    return known if rows is None else {name: texts[rows] for name, texts in known.items()}


def _forecast(results: Results) -> Frame:
    """Return the forecast and what it was made from, empty where there is none."""
    empty = np.full(results.people.size, np.nan)
    known = {**results.outlook.columns, **results.outlook.history}
    names = [name for name in (*COLUMNS, *HISTORY) if name != "predicted_clv"]
    return {name: known.get(name, empty) for name in names}


def customer_results(results: Results) -> Frame:
    """Return what refresh writes at the right end of the customer table, row by row.

    A row whose CLV cannot be computed shows an error, and its reason says why.
    """
    table = results.people.table
    if table is None:
        return {name: np.array([], dtype=object) for name in CUSTOMERS.results}
    people, row = results.people, results.people.sheet_row
    place = np.full(table.rows, -1)
    place[row[row >= 0]] = np.flatnonzero(row >= 0)
    texts = results.reward_texts
    frame = {
        "clv": _of_rows(people.clv, place),
        "tier": _of_rows(results.placing.tier, place),
        "tier_gap": _of_rows(results.placing.gap, place),
        "status": _of_rows(people.status, place),
        "granted": _of_rows(texts["granted"], place),
        "reason": _of_rows(texts["reason"], place),
    }
    _explain(frame, table, place)
    return frame


def _of_rows(values: Array, place: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> TextArray:
    """Bring values of customers into the order of the sheet, as cells; None where unknown."""
    cells = as_objects(values.tolist())
    cells[_unknown(values)] = None
    result = np.full(place.size, None, dtype=object)
    result[place >= 0] = cells[place[place >= 0]]
    return result


def _unknown(values: Array) -> BoolArray:
    if values.dtype.kind == "f":
        unknown: BoolArray = np.isnan(values)
        return unknown
    return np.asarray(values == "", bool)


def _explain(
    frame: Frame, table: Table, place: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> None:
    """Mark the rows without a CLV as errors and say why: a faulty cell, a twin, a gap."""
    faults = {fault.row: fault for fault in reversed(table.faults)}
    for row in np.flatnonzero([cell is None for cell in frame["clv"]]):
        fault = faults.get(int(row))
        why = word("values.twin") if place[row] < 0 else word("values.no_drivers")
        frame["reason"][row] = str(fault) if fault else why
        frame["clv"][row] = CellError("#VALUE!" if fault or place[row] < 0 else "#N/A")
        for name in ("tier", "tier_gap", "granted"):
            frame[name][row] = None
