"""The forecast on the command line: how far to trust it, and what is asked of it."""

import json
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.hosts.shell.runs import Run
from tests.models.published_logs import trusted_log
from tests.models.shops import START, Orders, entries, orders_of

DAYS = 3 * 365
KEYS = {
    *("verdict", "why", "model", "season", "months", "backtests"),
    *("orders", "orders_low", "orders_high", "value", "value_low", "value_high"),
}


def written(path: Path, log: Orders) -> Path:
    days = log.day.astype("datetime64[D]").astype(str)
    rows = zip(log.customer, days, log.amount, strict=True)
    lines = [f"c{who},{day},{amount:.2f}" for who, day, amount in rows]
    path.write_text("\n".join(["customer_id,order_date,amount_net", *lines]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("cdnow") / "cdnow.csv", Orders(*trusted_log()))


def test_a_check_tells_how_far_to_trust_the_forecast(run: Run, cdnow: Path) -> None:
    ran = run("check", cdnow, "--json", "--months", 6, "--model", "MBG/NBD", "--season", "off")
    assert ran.code == 0
    told = json.loads(ran.out)["forecast"]
    assert set(told) == KEYS
    assert (told["months"], told["model"], told["season"]) == (6, "MBG/NBD", "off")
    assert told["verdict"] in ("good", "fair")
    assert told["orders_low"] < told["orders"] < told["orders_high"]
    assert told["value_low"] < told["value"] < told["value_high"]
    latest = told["backtests"][0]
    assert latest["origin"] == "1997-11-29"
    assert latest["months"] == 3
    who, day, _ = trusted_log()
    known = np.isin(who, who[day <= np.datetime64("1997-11-29").astype(int)])
    came = known & (day > np.datetime64("1997-11-29").astype(int))
    assert latest["actual"] == np.unique(who[came] * 10**6 + day[came]).size


def test_a_forecast_that_fails_ends_a_check_in_failure(run: Run, tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    busy = np.ones(DAYS)
    busy[-180:] = 0.3  # what the shop sold in its last half year
    log = orders_of(random, entries(random, 400, DAYS - 200), busy)
    book = written(tmp_path / "dying.csv", log)
    ran = run("check", book)
    assert ran.code == 1
    assert "Do not decide by" in ran.out
    assert "✔ All checks passed" not in ran.out
    assert "sound" not in ran.out
    ran = run("check", book, "--json")
    assert ran.code == 1
    told = json.loads(ran.out)["forecast"]
    assert (told["verdict"], told["value"], told["orders"]) == ("poor", None, None)
    assert told["backtests"]
    assert log.day.max() < START + DAYS


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--model", "luck", "BG/NBD"),
        ("--season", "winter", "auto"),
        ("--months", 0, "1 to 600"),
    ],
)
def test_what_no_forecast_can_do_is_refused(
    run: Run, cdnow: Path, option: str, value: object, named: str
) -> None:
    ran = run("check", cdnow, option, value)
    assert ran.code == 1
    assert named in ran.err


def test_two_years_stand_on_the_history_on_the_first_day(run: Run, cdnow: Path) -> None:
    ran = run("refresh", cdnow, "--history", 3, "--model", "MBG/NBD", "-o", "out.xlsx", "--quiet")
    assert ran.code == 0
    sheet = openpyxl.load_workbook("out.xlsx")["History"]
    headers = [cell.value for cell in sheet[5]]
    ends = headers.index("Month end")
    assert [str(sheet.cell(row, ends + 1).value)[:10] for row in (6, 7, 8)] == [
        "1997-12-31",
        "1998-01-31",
        "1998-02-28",
    ]
    assert sheet.cell(8, headers.index("Predicted value of all") + 1).value > 0
    assert any(str(header).startswith("In tier") for header in headers)
    assert sheet.cell(7, 1).value is None  # one refresh so far
    again = run("refresh", "out.xlsx", "-o", "again.xlsx", "--quiet")
    assert again.code == 0
    sheet = openpyxl.load_workbook("again.xlsx")["History"]
    assert sheet.cell(7, 1).value is not None
    assert sheet.cell(7, headers.index("Customers") + 1).value == 2357
