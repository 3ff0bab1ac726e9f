"""Every known layout has a sample: it is recognised and gives the figures worked out by hand."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pytest

from xlclv.errors import InputError
from xlclv.refresh.refresh import RefreshRequest, look_at

HERE = Path(__file__).parent
FOLDERS = (
    HERE / "data" / "layouts",
    HERE / "figures" / "data" / "shops",
    HERE.parent / "data" / "exports",
)
STAMP = datetime(2026, 1, 31, 12, 0)  # noqa: DTZ001 - of no consequence
LAYOUTS = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
    for file in (files("xlclv.reading") / "data" / "layouts").iterdir()
    if file.name.endswith(".toml")
}


@dataclass(frozen=True)
class Sample:
    """A file in a layout and what it comes to, in the words of its table of expectations."""

    path: Path
    customers: str
    orders: str
    revenue: str
    layout: str

    def holds(self, headers: list[str]) -> bool:
        """Say whether all these headers stand in the file, whatever its encoding."""
        raw = self.path.read_bytes()
        encodings = ("utf-8", "cp949")
        return any(all(one.encode(code) in raw for one in headers) for code in encodings)

    @property
    def figures(self) -> tuple[int, int, float]:
        return int(self.customers), int(self.orders), float(self.revenue)


def samples_in(folder: Path) -> list[Sample]:
    with (folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [
            Sample(
                folder / row["file"],
                row["customers"],
                row["orders"],
                row["revenue"],
                row.get("layout", ""),
            )
            for row in csv.DictReader(file)
            if Path(row["file"]).suffix in (".csv", ".txt")
        ]


OWN = {sample.path.stem: sample for sample in samples_in(FOLDERS[0])}
OTHERS = [sample for folder in FOLDERS[1:] for sample in samples_in(folder)]


def sample_of(name: str) -> Sample | None:
    """Return the sample of a layout: of its name, or the first one with its headers."""
    needs = LAYOUTS[name]["needs"]
    mine = [OWN[name]] if name in OWN else OTHERS
    return next((sample for sample in mine if sample.holds(needs)), None)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_a_layout_has_a_sample_that_is_read_as_it_should_be(name: str) -> None:
    layout, sample = LAYOUTS[name], sample_of(name)
    assert sample is not None, f"{FOLDERS[0]}/{name}.csv is missing, or its row of expected.csv"
    assert sample.layout in ("", layout["title"])
    if sample.customers == "-":
        with pytest.raises(InputError) as refused:
            look_at(RefreshRequest(sample.path), STAMP)
        assert refused.value.key == layout.get("refuse", "order_columns_missing")
        return
    results = look_at(RefreshRequest(sample.path), STAMP)
    people, log, table = results.people, results.people.log, results.inputs.orders
    if table is None or log is None:  # a list of customers holds their sums
        sums = (people.size, int(people.orders.sum()), round(float(people.revenue.sum()), 2))
        assert sums == sample.figures
        return
    assert table.reading is not None
    assert table.reading.layout == layout["title"]
    assert (log.ids.size, log.amount.size, round(float(log.line_amount.sum()), 2)) == sample.figures
    red = {check.key for check in results.checks if check.level in ("warning", "fault")}
    assert not {key for key in red if "reward" not in key}  # starter rules are not what is read


def test_every_sample_is_of_a_layout() -> None:
    assert set(OWN) <= set(LAYOUTS)
    assert {path.stem for path in FOLDERS[0].glob("*.csv")} == {*OWN, "expected"}
