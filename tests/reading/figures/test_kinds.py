"""Small made-up files of every kind, and exports of the largest shops, with their right figures."""

import shutil
from pathlib import Path

import pytest

from .expectations import Expected, expected, verdict
from .product import check, settled, written_figures

FILES = [
    pytest.param(one, id=f"{folder}/{one.path.name}")
    for folder in ("kinds", "shops")
    for one in expected(folder)
]


@pytest.mark.parametrize("wanted", FILES)
def test_the_figures_are_right_or_the_file_is_rightly_refused(wanted: Expected) -> None:
    assert verdict(wanted, *settled(wanted.path)) == "", wanted.note


@pytest.mark.parametrize("wanted", [one for one in FILES if "shops" in str(one.id)])
def test_an_export_of_a_large_shop_is_read_at_once(wanted: Expected) -> None:
    first, _ = settled(wanted.path)
    assert not first.refused, first.said
    assert first.facts["layout"], "the layout has no name"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["shopify-orders.csv", "etsy-orders.csv", "stripe-payments.csv"])
def test_the_workbook_holds_what_the_check_says(name: str, tmp_path: Path) -> None:
    (wanted,) = (one for one in expected("shops") if one.path.name == name)
    path = Path(shutil.copy(wanted.path, tmp_path))
    assert written_figures(path) == check(path).figures
