"""Rewards as the tab lists them: offers first, the points of a customer in one row."""

import numpy as np

from xlclv.rewards.listing import reward_list, shown_list
from xlclv.workbook.template import sample_results


def test_offers_come_first_and_points_are_summed() -> None:
    decisions = sample_results().decisions
    every, shown = reward_list(decisions), shown_list(decisions)
    giving = {one.rule.rule_id for one in decisions.by_rule if one.rule.gives_points}
    is_points = np.array([str(one).split(", ")[0] in giving for one in shown["rule_id"]])
    assert is_points.any()
    assert not is_points[: int((~is_points).sum())].any()
    assert np.unique(shown["customer_id"][is_points]).size == is_points.sum()
    assert np.nansum(shown["cost"]) == round(np.nansum(every["cost"]), 2)
    points = sum(int(one.awards.points.sum()) for one in decisions.by_rule)
    told = [int(text.split()[0].replace(",", "")) for text in shown["reward"][is_points]]
    assert sum(told) == points
