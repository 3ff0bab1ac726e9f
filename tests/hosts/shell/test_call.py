"""Any function from a shell: literals, columns and tables in; CSV or JSON out."""

import csv
import io
import json
from pathlib import Path

import pytest

from xlclv.errors import XlclvError
from xlclv.hosts.shell.call import Answer, called

TIERS = "Tier,Enter at\nHigh-end,1000\nBudget,0\nMid,200\n"
LOG = "who,when,paid\n007,2026-01-01,10\n7,2026-01-05,20\n007,2026-02-01,30\n"


def result(name: str, *arguments: str) -> str:
    outcome = called(name, arguments)
    assert outcome.messages == ()
    return outcome.as_csv()


def refused(name: str, *arguments: str) -> str:
    with pytest.raises(XlclvError) as caught:
        called(name, arguments)
    return str(caught.value)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiers.csv").write_text(TIERS)
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path


# --- literals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("CLV", "50", "2", "3"), "300"),
        (("clv", "50", "2", "3"), "300"),
        (("CLV", "50", "2", "3", "40%"), "120"),
        (("CLV", "50", "2", "3", "0.4"), "120"),
        (("CLV", "50", "2", "3", "-40%"), "-120"),
        (("CLV", "50", "2", "3", "_", "_", "100.5"), "199.5"),
        (("CLV", "5e1", "+2", ".5"), "50"),
        (("CLV_LIFESPAN", "25%"), "4"),
        (("CLV_NEXT_ORDER", "2026-01-31", "30"), "2026-03-02"),
        (("CLV_STATUS", "2026-01-01", "2026-06-30", "30"), "Lost"),
        (("CLV_BIRTHDAY", "1988-02-29", "2026-02-28", "0", "0"), "TRUE"),
        (("CLV_TENURE", "2024-02-29", "2026-02-28", "months"), "24"),
    ],
)
def test_literals(arguments: tuple[str, ...], expected: str) -> None:
    assert result(*arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("CLV", "50", "2", "3", "_", "10%"), 248.6852),
        (("CLV", "50", "2", "3", "_", "10%", "_", "0.5"), 260.8232),
        (("CLV_RETENTION", "100", "80%", "10%"), 366.6667),
        (("CLV_RETENTION", "-100", "80%"), -500),
        (("CLV_RETENTION", "100", "80%", "10%", "_", "FALSE"), 266.6667),
        (("CLV_RETENTION", "100", "80%", "10%", "_", "false"), 266.6667),
    ],
)
def test_golden_values(arguments: tuple[str, ...], expected: float) -> None:
    assert float(result(*arguments)) == pytest.approx(expected, abs=5e-5)


# --- files ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_a_table_and_a_literal() -> None:
    assert result("CLV_TIER", "250", "@tiers.csv") == "Mid"
    assert result("CLV_TIER_GAP", "250", "@tiers.csv") == "750"


def test_columns_of_a_file(here: Path) -> None:
    columns = [f"@log.csv:{name}" for name in ("who", "when", "paid")]
    block = list(csv.DictReader(io.StringIO(result("CLV_CUSTOMERS", *columns, "2026-06-30"))))
    assert [row["Customer id"] for row in block] == ["007", "7"]  # zeros are kept
    assert [row["Revenue"] for row in block] == ["40", "20"]
    assert [row["First order"] for row in block] == ["2026-01-01", "2026-01-05"]
    absolute = [f"@{here / 'log.csv'}:{name}" for name in ("who", "when", "paid")]
    assert result("CLV_CUSTOMERS", *absolute, "2026-06-30") == result(
        "CLV_CUSTOMERS", *columns, "2026-06-30"
    )


@pytest.mark.usefixtures("here")
def test_a_header_is_found_whatever_its_case() -> None:
    assert result("CLV_TOP_SHARE", "@log.csv:PAID", "50%") == f"{50 / 60:.15g}"


def test_a_file_of_one_column_needs_no_name(here: Path) -> None:
    (here / "values.csv").write_text("value\n" + "\n".join(map(str, range(10, 110, 10))))
    cuts = list(csv.reader(io.StringIO(result("CLV_TIER_CUTS", "@values.csv"))))
    assert [row[1] for row in cuts[1:]] == ["90", "60", "0"]


def test_a_german_file(here: Path) -> None:
    (here / "de.csv").write_bytes("Wert;Region\n1.000,50;Süd\n2.000,25;Nord\n".encode("cp1252"))
    rows = list(
        csv.DictReader(io.StringIO(result("CLV_SEGMENTS", "@de.csv:Wert", "@de.csv:Region")))
    )
    assert [(row["Segment"], row["Sum"]) for row in rows] == [
        ("Nord", "2000.25"),
        ("Süd", "1000.5"),
    ]


def test_a_workbook_serves_as_well(here: Path) -> None:
    import openpyxl  # noqa: PLC0415 - this test alone needs it

    book = openpyxl.Workbook()
    for row in (["Tier", "Enter at"], ["Gold", 100], ["Silver", 0]):
        book.active.append(row)
    book.save(here / "tiers.xlsx")
    assert result("CLV_TIER", "100", "@tiers.xlsx") == "Gold"


# --- what goes wrong --------------------------------------------------------------------------


def test_an_error_is_a_value_with_a_message() -> None:
    outcome = called("CLV", ["50", "2", "3", "40"])
    assert outcome.as_csv() == "#VALUE!"
    assert outcome.messages == (
        "CLV: margin is 40; expected a number from -1 to 1. Did you mean 40%? [V103]",
    )
    assert json.loads(outcome.as_json()) == {"error": "#VALUE!", "message": outcome.messages[0]}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("CLV", "_", "2", "3"), "#VALUE!", "avg_value is empty"),
        (("CLV", "50"), "#VALUE!", "frequency is empty"),
        (("CLV", "fifty", "2", "3"), "#VALUE!", '"fifty"'),
        (("CLV", "TRUE", "2", "3"), "#VALUE!", "avg_value is TRUE"),
        (("CLV", "-5", "2", "3"), "#VALUE!", "avg_value is -5"),
        (("CLV_LIFESPAN", "0"), "#NUM!", "churn is 0"),
        (("CLV_NEXT_ORDER", "31.01.2026", "30"), "#VALUE!", "2026-01-31"),
        (("CLV_NEXT_ORDER", "2026-02-30", "30"), "#VALUE!", "2026-02-30"),
        (("CLV_TENURE", "2027-01-01", "2026-01-01"), "#VALUE!", "up to as_of"),
        (("CLV_TENURE", "2024-01-01", "2026-01-01", "weeks"), "#VALUE!", "years, months, days"),
        (("CLV", "#REF!", "2", "3"), "#REF!", "contains #REF!"),
    ],
)
def test_error_values(arguments: tuple[str, ...], code: str, said: str) -> None:
    name, *rest = arguments
    outcome = called(name, rest)
    assert outcome.as_csv() == code
    (message,) = outcome.messages
    assert message.startswith(f"{name}: ")
    assert said in message
    assert len(message) <= 250


def test_a_bad_row_of_a_column_spoils_no_other(here: Path) -> None:
    (here / "v.csv").write_text("value,n\n50,1\nx,2\n,3\n70,4\n")
    outcome = called("CLV", ["@v.csv:value", "2", "3"])
    assert [cell.code if hasattr(cell, "code") else cell for (cell,) in outcome.block] == [
        *(300.0, "#VALUE!", None, 420.0)
    ]
    assert len(outcome.messages) == 1
    assert json.loads(outcome.as_json())[1][0]["error"] == "#VALUE!"


@pytest.mark.usefixtures("here")
def test_what_cannot_be_called() -> None:
    assert "CLV_TIER" in refused("CLV_TEIR", "1")
    assert "at most 7" in refused("CLV", *"12345678")
    assert "nowhere.csv" in refused("CLV_TIER", "1", "@nowhere.csv")
    assert "who, when, paid" in refused("CLV_TOP_SHARE", "@log.csv:amount")
    assert "several columns" in refused("CLV_TOP_SHARE", "@log.csv")


@pytest.mark.usefixtures("here")
def test_a_table_that_lacks_a_column_says_which() -> None:
    outcome = called("CLV_TIER", ["1", "@log.csv"])
    assert outcome.as_csv() == "#VALUE!"
    assert "Tier" in outcome.messages[0]
    assert "who, when, paid" in outcome.messages[0]


def test_columns_of_unequal_length(here: Path) -> None:
    (here / "short.csv").write_text("n\n1\n2\n")
    outcome = called("CLV", ["@log.csv:paid", "@short.csv", "3"])
    assert outcome.as_csv() == "#VALUE!"
    assert "3" in outcome.messages[0]
    assert "2" in outcome.messages[0]


# --- what is printed --------------------------------------------------------------------------


def test_text_that_looks_like_a_formula_is_made_harmless(here: Path) -> None:
    traps = ["=1+1", "+1", "-1", "@x", "=cmd|'/C calc'!A0"]
    rows = "".join(f'"{trap}",{10 * at}\n' for at, trap in enumerate(traps, 1))
    (here / "t.csv").write_text(f"label,value\n{rows}")
    printed = result("CLV_SEGMENTS", "@t.csv:value", "@t.csv:label")
    labels = [row[0] for row in csv.reader(io.StringIO(printed))][1:]
    assert sorted(labels) == sorted(f"'{trap}" for trap in traps)
    as_json = json.loads(called("CLV_SEGMENTS", ["@t.csv:value", "@t.csv:label"]).as_json())
    assert sorted(row[0] for row in as_json[1:]) == sorted(traps)


def test_numbers_below_zero_stay_numbers() -> None:
    block = [[-1.5, "-1.5"], [None, True]]
    assert Answer(block, ()).as_csv() == "-1.5,'-1.5\n,TRUE"


def test_json_keeps_types() -> None:
    assert called("CLV", ["50", "2", "3"]).as_json() == "300.0"
    assert called("CLV_NEXT_ORDER", ["2026-01-31", "30"]).as_json() == '"2026-03-02"'
    assert called("CLV_BIRTHDAY", ["1990-01-01", "2026-01-01"]).as_json() == "true"
    table = json.loads(called("CLV_SCHEDULE", ["50", "2", "3", "_", "10%"]).as_json())
    assert table[0] == ["Year", "Value of the year", "Discounted", "Cumulative"]
    assert table[-1][-1] == pytest.approx(248.6852, abs=5e-5)


def test_csv_can_be_read_back(here: Path) -> None:
    (here / "s.csv").write_text('label,value\n"North, ""far""",1\nSouth,2\n')
    printed = result("CLV_SEGMENTS", "@s.csv:value", "@s.csv:label")
    assert [row[0] for row in csv.reader(io.StringIO(printed))][1:] == ["South", 'North, "far"']
