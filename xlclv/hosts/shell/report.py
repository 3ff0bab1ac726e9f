"""What the command line prints: short, in the words of the user."""

import dataclasses
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from xlclv.analysis.kpis import Kpi
from xlclv.analysis.results import Results
from xlclv.errors import XlclvError
from xlclv.models.trust.backtest import BackTest
from xlclv.readings import Reading, Rule, TakenColumn
from xlclv.terms import DAYS_PER_MONTH, Frame
from xlclv.words import day, number, percent, word

WIDTH = 96


def report(results: Results, path: Path) -> str:
    """Return the report of a refresh: what was found, the main figures, what to look at."""
    return "\n".join(_report(results, path))


def _report(results: Results, path: Path) -> Iterator[str]:
    yield from (f"  {note}" for note in results.notes)
    yield ""
    for kpi in results.kpis:
        if not np.isnan(kpi.value):
            yield f"  {kpi.title:<34}{_shown(kpi):>16}   {kpi.note}"
    yield ""
    yield from _checks(results, only_problems=True)
    yield word("report.written", path=path)


def _shown(kpi: Kpi) -> str:
    if kpi.unit == "fraction":
        return percent(kpi.value, 1)
    return number(kpi.value, 2 if kpi.unit == "money" else 0)


def _checks(results: Results, *, only_problems: bool) -> Iterator[str]:
    for check in results.checks:
        if only_problems and check.level not in ("warning", "fault"):
            continue
        yield f"{check.result}: {check.title}" + (
            f" ({number(check.count)})" if check.count else ""
        )
        if check.where:
            yield from textwrap.wrap(
                check.where, WIDTH, initial_indent="    ", subsequent_indent="    "
            )
        if check.fix:
            yield from textwrap.wrap(
                check.fix, WIDTH, initial_indent="    ", subsequent_indent="    "
            )
    yield results.status


def award_list(results: Results, rows: Frame) -> str:
    """Return the rewards to be booked, or just booked: a line per rule, then the sum.

    Args:
        results: The results of a book.
        rows: Rows of the ledger.
    """
    return "\n".join(_awards(results, rows))


def _awards(results: Results, due: Frame) -> Iterator[str]:
    size = due["rule_id"].size
    if not size:
        yield word("award.nothing", as_of=day(results.people.as_of))
        return
    yield word("award.due", as_of=day(results.people.as_of), rows=number(size))
    for rule, name, rows, points, cost in _by_rule(results, due):
        facts = {"cost": number(cost, 2), "points": number(points, 0)}
        said = word("award.points" if points else "award.rewards", **facts)
        yield f"  {rule:<6}{name:<34}{number(rows):>7}   {said}"
    waiting = _waiting(results)
    if waiting:
        yield word("award.waiting", count=number(waiting))


def _by_rule(results: Results, due: Frame) -> Iterator[tuple[str, str, int, float, float]]:
    """Yield id and name of each rule with its rows, their points and their cost."""
    names = {row.rule_id: row.name for row in results.rules.rows}
    rules, at = np.unique(due["rule_id"].astype(str), return_inverse=True)
    sums = [np.bincount(at, np.nan_to_num(due[name])) for name in ("points", "booked_cost")]
    for rule, rows, points, cost in zip(rules, np.bincount(at), *sums, strict=True):
        yield str(rule), names.get(str(rule), ""), int(rows), float(points), round(float(cost), 2)


def _waiting(results: Results) -> int:
    """Return how many rewards wait for the contact cap."""
    return sum(int(one.awards.waits.sum()) for one in results.decisions.by_rule)


def check_list(results: Results) -> str:
    """Return every check with its result, and what was found and assumed."""
    notes = [f"  {note}" for note in results.notes]
    return "\n".join([*notes, *_checks(results, only_problems=False)])


def check_list_json(files: Sequence[Path], results: Results) -> str:
    """Return what was understood of files, the main figures and the checks as JSON."""
    said = {**_named(files), **_read(results), "forecast": _forecast(results), **_checked(results)}
    return json.dumps(said, ensure_ascii=False)


def refresh_json(files: Sequence[Path], results: Results, path: Path) -> str:
    """Return what `check_list_json` does, with every figure and the new file."""
    figures = {kpi.key: None if np.isnan(kpi.value) else kpi.value for kpi in results.kpis}
    said = {**_named(files), **_read(results), **_checked(results)}
    return json.dumps({**said, "figures": figures, "written": str(path)}, ensure_ascii=False)


def award_json(
    files: Sequence[Path], results: Results, rows: Frame, path: Path | None = None
) -> str:
    """Return the rewards to be booked, or just booked, a line per rule, and the new file if any.

    Args:
        files: What was read.
        results: The results of a book.
        rows: Rows of the ledger.
        path: The new file, where they were booked.
    """
    rules = [
        {"rule": rule, "name": name, "rows": count, "points": points, "cost": cost}
        for rule, name, count, points, cost in _by_rule(results, rows)
    ]
    said = {
        **_named(files),
        "as_of": None if np.isnat(results.people.as_of) else str(results.people.as_of),
        "rows": sum(int(str(one["rows"])) for one in rules),
        "rules": rules,
        "waiting": _waiting(results),
        "written": None if path is None else str(path),
    }
    return json.dumps(said, ensure_ascii=False)


def _named(files: Sequence[Path]) -> dict[str, object]:
    return {"file": str(files[0]), "files": [*map(str, files)]}


def _checked(results: Results) -> dict[str, object]:
    checks = [
        {"check": check.key, "level": check.level, "count": check.count, "where": check.where}
        for check in results.checks
    ]
    return {"problems": results.problems, "checks": checks}


def _read(results: Results) -> dict[str, object]:
    """Return the figures of the orders and how they were understood."""
    log, lines = results.people.log, results.people.lines
    if log is None or lines is None:
        figures = ("customers", "orders", "revenue", "currency", "from", "to", "layout")
        return {**dict.fromkeys(figures), "columns": [], "rules": []}
    reading = lines.table.reading or Reading()
    days = log.line_day.astype("datetime64[D]")
    return {
        "customers": int(log.ids.size),
        "orders": int(log.amount.size),
        "revenue": round(float(log.line_amount.sum()), 2) + 0.0,
        "currency": lines.currency or reading.currency or None,
        "from": str(days.min()),
        "to": str(days.max()),
        "layout": reading.layout or None,
        "columns": [_fields(column) for column in reading.columns],
        "rules": [_fields(rule) for rule in reading.rules],
    }


def _forecast(results: Results) -> dict[str, object]:
    """Return how far the forecast may be trusted, what it expects, and how it was tried."""
    seen = results.outlook
    found, total = seen.foreseen, seen.total()
    names = ("orders", "orders_low", "orders_high", "value", "value_low", "value_high")
    return {
        "verdict": seen.verdict,
        "why": seen.sentence,
        "model": None if found is None else found.plan.orders.model.NAME,
        "season": None if found is None else found.plan.why.removeprefix("season_"),
        "months": seen.months,
        **{name: None if total is None else getattr(total, name) for name in names},
        "backtests": [] if found is None else [_back_test(test) for test in found.tests],
    }


def _back_test(test: BackTest) -> dict[str, object]:
    return {
        "origin": str(np.datetime64(test.origin, "D")),
        "months": round(test.days / DAYS_PER_MONTH),
        "forecast": round(float(test.expected.sum()), 1),
        "actual": int(test.actual.sum()),
    }


def _fields(told: TakenColumn | Rule) -> dict[str, object]:
    shown = {"total": "sum", "name": "rule"}
    return {shown.get(name, name): value for name, value in dataclasses.asdict(told).items()}


def refusal_json(files: Sequence[Path], error: XlclvError) -> str:
    """Return why files were refused as JSON, and the command that helps."""
    code = re.search(r"\[([A-Z][0-9]{3})\]", str(error))
    said = {
        **_named(files),
        "refused": str(error),
        "code": code[1] if code else None,
        "try": getattr(error, "step", "") or None,
    }
    return json.dumps(said, ensure_ascii=False)
