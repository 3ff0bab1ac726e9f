"""A book of an earlier version refreshes with the same rewards, statuses and figures.

`data/old_book/book.xlsx` was made by the version of commit 085c99c from a log of 15 customers:
rules on a pause (trigger Passive) and on the status Passive, a Ledger in which half of what was due
had been booked. `expected.json` is what that version said of it.
"""

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from xlclv.columns import as_cells
from xlclv.refresh.refresh import RefreshRequest, refresh
from xlclv.rewards.listing import reward_list

pytestmark = pytest.mark.slow

OLD = Path(__file__).parents[1] / "data" / "old_book"


def test_rewards_statuses_and_figures_stay(tmp_path: Path) -> None:
    expected: dict[str, Any] = json.loads((OLD / "expected.json").read_text())
    book = Path(shutil.copy(OLD / "book.xlsx", tmp_path))
    out, results = refresh(RefreshRequest(book), datetime(2026, 7, 3))  # noqa: DTZ001
    found = reward_list(results.decisions)
    assert {"R03", "R08"} <= set(expected["rule_id"])
    for name in ("customer_id", "rule_id"):
        assert found[name].tolist() == expected[name]
    # The same gifts in today's words.
    said = [
        re.sub(r"worth (\S+)", r"(value \1)", text).replace(" %", "%")
        for text in expected["reward"]
    ]
    assert found["reward"].tolist() == said
    assert found["cost"] == pytest.approx(np.array(expected["cost"], float))
    days = [None if day is None else str(day) for day in as_cells(found["expires"])]
    assert days == expected["expires"]
    people = results.people
    assert dict(zip(people.ids, people.status, strict=True)) == expected["status"]
    assert results.people.size == len(expected["status"])
    written = openpyxl.load_workbook(out, data_only=True)
    for key, value in expected["figures"].items():
        [(sheet, cell)] = written.defined_names[f"out_{key}"].destinations
        shown = written[sheet][cell].value
        if value is None:
            assert not isinstance(shown, int | float), key
        else:
            assert shown == pytest.approx(value), key
