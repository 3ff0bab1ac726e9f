"""What lifetimes 0.11.3 says of the CDNOW sample, for docs/howto/lifetimes.md and its test.

Usage: PYTHON tools/lifetimes_figures.py, with a Python that has lifetimes 0.11.3, numpy below 2
and pandas below 2.2. Writes tests/data/lifetimes.json. Nothing of xlclv is imported.
"""

import json
import warnings
from pathlib import Path

import lifetimes
import pandas as pd
from lifetimes import (
    BetaGeoBetaBinomFitter,
    BetaGeoFitter,
    GammaGammaFitter,
    ModifiedBetaGeoFitter,
    ParetoNBDFitter,
    utils,
)

DATA = Path(__file__).parent.parent / "tests" / "data"
END = "1997-09-30"  # the calibration period of the literature: 39 weeks
SHOWN = ("0001", "0006", "0157", "1432")
DAYS = 90


def main() -> None:
    """Fit, predict, write."""
    warnings.simplefilter("ignore")
    log = pd.read_csv(DATA / "cdnow_sample.csv", dtype={"customer_id": str})
    every = ("customer_id", "order_date", "amount")
    summary = utils.summary_data_from_transaction_data(log, *every, observation_period_end=END)
    history = summary["frequency"], summary["recency"], summary["T"]
    again = summary[summary["frequency"] > 0]
    fits = {
        "BG/NBD": BetaGeoFitter().fit(*history),
        "MBG/NBD": ModifiedBetaGeoFitter().fit(*history),
        "Pareto/NBD": ParetoNBDFitter().fit(*history),
        "Gamma-Gamma": GammaGammaFitter().fit(again["frequency"], again["monetary_value"]),
    }
    orders, spend = fits["BG/NBD"], fits["Gamma-Gamma"]
    rows = summary.loc[list(SHOWN)]
    of_rows = rows["frequency"], rows["recency"], rows["T"]
    ahead = orders.conditional_expected_number_of_purchases_up_to_time
    donors = pd.read_csv(DATA / "donations.csv")
    occasions = BetaGeoBetaBinomFitter().fit(*(donors[name] for name in donors.columns[:4]))
    held = utils.calibration_and_holdout_data(log, *every[:2], END, "1998-06-30")
    said = {
        "source": f"lifetimes {lifetimes.__version__}, tools/lifetimes_figures.py",
        "customers": list(SHOWN),
        "summary": {name: list(map(float, rows[name])) for name in rows},
        "parameters": {name: dict(fit.params_.astype(float)) for name, fit in fits.items()},
        "BG/BB": dict(occasions.params_.astype(float)),
        "p_alive": list(map(float, orders.conditional_probability_alive(*of_rows))),
        "orders": list(map(float, ahead(DAYS, *of_rows))),
        "orders_of_a_new_customer": float(orders.expected_number_of_purchases_up_to_time(DAYS)),
        "chance_of_2": float(orders.probability_of_n_purchases_up_to_time(DAYS, 2)),
        "spend": list(
            map(
                float,
                spend.conditional_expected_average_profit(
                    rows["frequency"], rows["monetary_value"]
                ),
            )
        ),
        "value": list(
            map(
                float,
                spend.customer_lifetime_value(
                    orders, *of_rows, rows["monetary_value"], time=12, discount_rate=0.01
                ),
            )
        ),
        "holdout_orders": float(held["frequency_holdout"].sum()),
    }
    (DATA / "lifetimes.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
