"""Calls from cells: what every function is asked, and how an answer is taken apart."""

import math
import re
from collections.abc import Iterator
from datetime import date, timedelta

from xlclv import __version__
from xlclv.columns import CellError
from xlclv.functions import BY_NAME
from xlclv.hosts.answer import answer
from xlclv.hosts.ranges import Block
from xlclv.tables import SCHEMA

Cells = list[object]
PYTHON_WORDS = re.compile(
    r"\b(None|nan|NaN|inf|True|False|array|dtype|Traceback|Error|numpy|datetime)\b"
)


def call(name: str, *cells: object) -> Block:
    return answer(BY_NAME[name], list(cells))


def message(block: Block) -> str:
    """Return the message of a result that is one error."""
    ((cell,),) = block
    assert isinstance(cell, CellError), block
    return cell.message


def column(*cells: object) -> list[Cells]:
    return [[cell] for cell in cells]


ORDERS: list[Cells] = [
    ["Customer id", "Order date", "Amount net"],
    ["a", "2026-01-01", 100.0],
    ["a", "2026-03-01", 250.0],
    ["b", "2025-12-01", 20.0],
]
IDS, DAYS, AMOUNTS = ([[row[at]] for row in ORDERS[1:]] for at in range(3))
CUSTOMERS: list[Cells] = [["Customer id", "Birth date"], ["a", "1990-06-25"], ["b", None]]
TIERS: list[Cells] = [["Tier", "Enter at (≥)"], ["Mid", 100], ["High-end", 1000], ["Budget", 0]]
RULES: list[Cells] = [
    ["Rule id", "Name", "Type", "When", "Only tiers", "Reward", "Cost each"],
    ["R1", "Gift", "Perk", "Tier reached", "High-end", "Free gift", 4.5],
]
LOYAL: list[Cells] = [
    ["Tier", "Measure", "Enter at"],
    ["Mid", "Net spend", 100],
    ["High-end", "Net spend", 350],
    ["Budget", "Net spend", 0],
]
LEDGER: list[Cells] = [
    ["Date", "Customer id", "Points", "State"],
    ["2026-01-01", "a", 100, "active"],
    ["2026-02-01", "a", -30, "used"],
]
TODAY = "2026-06-30"
YEAR = 365.25

# A log of a year: 88 customers, every fourth of whom ordered once.
SHOPPERS = [(number, order) for number in range(88) for order in range(1 + number % 4)]
FORECAST = [
    column(*(f"c{number}" for number, _ in SHOPPERS)),
    column(*(date(2025, 1, 1) + timedelta(number + k * (20 + number)) for number, k in SHOPPERS)),
    column(*(20.0 + number % 7 + 3 * k for number, k in SHOPPERS)),
    "2025-12-31",
]
CHANNELS = column(*("Web" if number % 3 else "Shop" for number, _ in SHOPPERS))
REPEATS = [0, 1, 1, 2, 9, 1, 0, 3, 1, 14] * 7
HISTORY = [
    column(*REPEATS),
    column(*(x and 30 + row * 37 % 270 for row, x in enumerate(REPEATS))),
    column(*(300 + row for row in range(len(REPEATS)))),
]
FIT_HEADS = ["Model", "Parameter", "Estimate"]
FIT = [
    FIT_HEADS,
    *(["BG/NBD", "r", 0.243], ["BG/NBD", "alpha", 4.414]),
    *(["BG/NBD", "a", 0.793], ["BG/NBD", "b", 2.426]),
]
PARETO = [
    FIT_HEADS,
    *(["Pareto/NBD", "r", 0.5534], ["Pareto/NBD", "alpha", 10.5802]),
    *(["Pareto/NBD", "s", 0.6061], ["Pareto/NBD", "beta", 11.6562]),
]
SPEND_FIT = [
    FIT_HEADS,
    *(["Gamma-Gamma", *one] for one in (("p", 6.25), ("q", 3.74), ("v", 15.44))),
]
STAY_FIT = [FIT_HEADS, ["sBG", "alpha", 1], ["sBG", "beta", 1]]


# One valid call of every function and the block it gives.
CASES: dict[str, tuple[Cells, Block]] = {
    "CLV": ([50, 2, 3], [[300.0]]),
    "CLV_RETENTION": ([100, 0.5, 0, 2], [[150.0]]),
    "CLV_PROMOTION": ([100, 10, 0.5, 0, 2], [[160.0]]),  # 100 + 50 + 25 - 10 - 5
    "CLV_MIGRATION": (
        [[[0.5]], 40, 4, 0, 1],
        [["Periods since last order", "Present value"], [1.0, 54.0], [2.0, 0.0]],
    ),
    "CLV_LIFESPAN": ([0.25], [[4.0]]),
    "CLV_SCHEDULE": (
        [50, 2, 2],
        [
            ["Year", "Value of the year", "Discounted", "Cumulative"],
            [0.0, 0.0, 0.0, 0.0],
            [1.0, 100.0, 100.0, 100.0],
            [2.0, 100.0, 100.0, 200.0],
        ],
    ),
    "CLV_SENSITIVITY": (
        [50, 2, 4, 0.5, 0, 0, 0.5],
        [
            ["Driver", "Low", "Base", "High", "Swing", "Rank"],
            ["Average order value (AOV)", 100.0, 200.0, 300.0, 200.0, 1.0],
            ["Purchase frequency", 100.0, 200.0, 300.0, 200.0, 2.0],
            ["Lifespan", 100.0, 200.0, 300.0, 200.0, 3.0],
            ["Margin", 100.0, 200.0, 300.0, 200.0, 4.0],
            ["Discount rate", 200.0, 200.0, 200.0, 0.0, 5.0],
            ["Acquisition cost", 200.0, 200.0, 200.0, 0.0, 6.0],
        ],
    ),
    "CLV_CUSTOMERS": (
        [IDS, DAYS, AMOUNTS, "2026-03-01", 0.5, 2, False],
        [
            ["a", date(2026, 1, 1), date(2026, 3, 1), 2.0, 350.0, 175.0, 2.0, 59 / YEAR],
            ["b", date(2025, 12, 1), date(2025, 12, 1), 1.0, 20.0, 20.0, 1.0, 90 / YEAR],
        ],
    ),
    "CLV_NEXT_ORDER": (["2026-01-31", 30.4], [[date(2026, 3, 2)]]),
    "CLV_STATUS": (["2026-05-01", TODAY, 30], [["At risk"]]),
    "CLV_TIER": ([100, TIERS], [["Mid"]]),
    "CLV_TIER_GAP": ([250, TIERS], [[750.0]]),
    "CLV_TIER_CUTS": (
        [column(10, 20, 30, 40), column(0.25, 0.75), column("Best", "Rest")],
        [
            ["Tier", "Cut-off", "Customers", "% of value"],
            ["Best", 40.0, 1.0, 0.4],
            ["Rest", 0.0, 3.0, 0.6],
        ],
    ),
    "CLV_SEGMENTS": (
        [column(300, 100, 200), column("web", "shop", "web"), column(100, 50, 50)],
        [
            ["Segment", "Customers", "Sum", "Mean", "Median", "% of value", "Rank"],
            ["web", 2.0, 350.0, 175.0, 175.0, 0.875, 1.0],
            ["shop", 1.0, 50.0, 50.0, 50.0, 0.125, 2.0],
        ],
    ),
    "CLV_TOP_SHARE": ([column(10, 20, 30, 40, 900)], [[0.9]]),
    "CLV_RFM": (
        [IDS, DAYS, AMOUNTS, TODAY, 2],
        [
            ["Customer id", "R", "F", "M", "RFM code", "RFM segment"],
            ["a", 2.0, 1.0, 2.0, "212", "Potential Loyalists"],
            ["b", 1.0, 1.0, 1.0, "111", "Need Attention"],
        ],
    ),
    "CLV_FIT": (HISTORY, [["Model", "Parameter"], ["BG/NBD", "r"], ["BG/NBD", "alpha"]]),
    "CLV_COMPARE_MODELS": (HISTORY, [["Model", "Log-likelihood", "AIC"]]),
    "CLV_OCCASION_FIT": (
        [column(0, 1, 3), column(0, 1, 3), column(3, 3, 3), column(90, 40, 30)],
        [["Model", "Parameter"], ["BG/BB", "alpha"], ["BG/BB", "beta"]],
    ),
    "CLV_P_ALIVE": ([FIT, 0, 0, 38.86], [[1.0]]),
    "CLV_EXPECTED_ORDERS": ([FIT, 2, 30.43, 38.86, 39], [[1.2260281747671442]]),
    "CLV_ORDER_CHANCE": ([FIT, 0, 39], [[0.5737863520960095]]),  # BTYD 2.4.3 manual: .5737864
    "CLV_DERT": ([PARETO, 0, 0, 38.86, math.log(1.15) / 52], [[0.4781434735964245]]),
    # (p x m + p v) / (p x + q - 1)
    "CLV_EXPECTED_SPEND": ([SPEND_FIT, 1, 30], [[6.25 * (30 + 15.44) / (6.25 + 3.74 - 1)]]),
    "CLV_FORECAST": (
        FORECAST,
        [["Customer id", "Chance still a customer (P(alive))", "Expected orders"], ["c0"], ["c1"]],
    ),
    "CLV_FORECAST_TOTAL": (
        [*FORECAST, CHANNELS],
        [["Segment", "Customers"], ["All customers", 88.0], ["Web", 58.0], ["Shop", 30.0]],
    ),
    "CLV_BACKTEST": (FORECAST, [["Forecast on", "Days ahead", "Model"]]),
    "CLV_FIT_LOG": (FORECAST, [["Model", "Parameter"], ["BG/NBD", "r"], ["BG/NBD", "alpha"]]),
    "CLV_SEASONS": (
        [*FORECAST[:2], "2027-06-30"],
        [["Season", "Length of a day"], ["January"], ["February"]],
    ),
    "CLV_COVARIATES": (
        [*FORECAST, CHANNELS],
        [["Model", "Segment", "Parameter"], ["BG/NBD", "Web", "r"], ["BG/NBD", "Web", "alpha"]],
    ),
    "CLV_SURVIVAL_FIT": (
        [column(1000, 869, 743, 653, 593, 551, 517, 491)],
        [["Model", "Parameter"], ["sBG", "alpha"], ["sBG", "beta"]],
    ),
    "CLV_SURVIVAL": ([STAY_FIT, 3], [[0.25]]),  # 1/2 x 2/3 x 3/4
    # S(t) = 1 / (t + 1): the sum of 0.8^t / (t + 1) is that of a logarithm.
    "CLV_NEW_SUBSCRIBER": ([STAY_FIT, 100, 0.25], [[100 * math.log(5) / 0.8]]),
    # S(t) = 1 / (t + 1): the sum of 0.8^(t-1) / (t + 1) is that of a logarithm.
    "CLV_RESIDUAL": ([STAY_FIT, 0, 100, 0.25], [[100 * (math.log(5) - 0.8) / 0.64]]),
    "CLV_REWARDS": (
        [CUSTOMERS, ORDERS, RULES, TIERS, TODAY],
        [
            ["Customer id", "Rule id", "Eligible", "Reason", "Reward", "Cost", "Expires"],
            ["a", "R1", True, "Tier is High-end", "a free gift", 4.5, None],
        ],
    ),
    "CLV_REWARD_WHY": (
        ["b", "r1", CUSTOMERS, ORDERS, RULES, TIERS, TODAY],
        [["Not eligible: Tier is Budget, needed: High-end"]],
    ),
    "CLV_LOYALTY_TIER": (["a", ORDERS, LOYAL, TODAY], [["High-end"]]),
    "CLV_REWARD_BUDGET": (
        [[["Rule id", "Eligible", "Cost"], ["R1", True, 4.5], ["R1", False, 0]], RULES, 0.5],
        [["Rule id", "Name", "Eligible rewards", "Cost"], ["R1", "Gift", 1.0, 2.25]],
    ),
    "CLV_POINTS": (["a", LEDGER, TODAY], [[70.0]]),
    "CLV_REFERRAL": (
        [100, 0.1, 300, 10, 10],
        [
            *[["Friends won", "Cost", "Value won", "Gain after rewards"]],
            [10.0, 200.0, 3000.0, 2800.0, 300.0],
        ],
    ),
    "CLV_BIRTHDAY": (["1990-06-25", TODAY], [[True]]),
    "CLV_TENURE": (["2025-01-31", "2026-02-28", "months"], [[13.0]]),
    "CLV_CHECK": (
        [None, [["Customer id"], ["a"], ["a"]]],
        [
            ["Check", "Result", "Where", "How to fix"],
            ["Customer rows can be read", "✔ OK", "", ""],
        ],
    ),
    "CLV_VERSION": ([], [[f"xlclv {__version__}, workbook schema {SCHEMA}"]]),
}


def flat(block: Block) -> Iterator[object]:
    for row in block:
        yield from row
