"""The command line: what it prints, what it writes, how it ends."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl import load_workbook

from tests.hosts.shell.runs import ORDERS, Run
from tests.refresh.books import switched_on
from xlclv import __version__
from xlclv.customers.status import STATUSES
from xlclv.functions import FUNCTIONS
from xlclv.words import word

pytestmark = pytest.mark.slow

CDNOW = Path(__file__).parents[2] / "data" / "cdnow_sample.csv"
COMMANDS = ["demo", "refresh", "award", "check", "template", "freeze", "functions"]
COMMANDS += ["call", "export"]
HEAVY = {"numpy", "pandas", "scipy", "openpyxl", "xlsxwriter", "lxml", "python_calamine"}


# --- help -------------------------------------------------------------------------------------


def test_help_lists_the_commands(run: Run) -> None:
    for flag in ("--help", "-h"):
        ran = run(flag)
        assert ran.code == 0
        for command in COMMANDS:
            assert command in ran.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"xlclv {command} [OPTIONS]" in ran.out.splitlines()[0]
    assert len(ran.out.splitlines()) > 5


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version(run: Run, option: str) -> None:
    assert run(option).out.strip() == f"xlclv, version {__version__}"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['xlclv', {}'--help']\n"
        "from xlclv.hosts.shell.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted(sys.modules))"
    )
    for command in ("", "'refresh', "):
        done = subprocess.run(
            [sys.executable, "-c", code.format(command)],
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
        assert HEAVY & loaded == set()


# --- how it ends ------------------------------------------------------------------------------


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlclv"]
    done = subprocess.run(
        [*command, "call", "CLV", "50", "2", "3"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "300\n", "")
    done = subprocess.run(
        [*command, "refresh", str(tmp_path / "nowhere.csv")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("refresh",),
        ("refresh", "o.csv", "--frobnicate"),
        ("refresh", "o.csv", "--as-of", "30.06.2026"),
        ("refresh", "o.csv", "--as-of", "2026-02-30"),
        ("refresh", "o.csv", "--map", "order_date"),
        ("refresh", "o.csv", "--map", "=Datum"),
        ("refresh", "o.csv", "--decimal", ";"),
        ("refresh", "o.csv", "--dates", "dym"),
        ("functions", "CLV", "CLV_TIER"),
    ],
)
def test_a_command_typed_wrong_is_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Error" in ran.err
    assert "Traceback" not in ran.err


def test_a_fault_of_ours_is_code_3_and_kept_in_a_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken() -> str:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("xlclv.hosts.shell.functions.function_list", broken)
    ran = run("functions")
    assert (ran.code, ran.out) == (3, "")
    assert "Traceback" not in ran.err
    (kept,) = (tmp_path / "app").iterdir()
    assert str(kept) in ran.err
    assert "ZeroDivisionError: a bug" in kept.read_text()


@pytest.mark.parametrize("command", ["demo", "template", "refresh", "check"])
def test_a_path_that_is_something_else_is_no_fault_of_ours(
    run: Run, log: Path, command: str
) -> None:
    taken = log.with_name("taken.xlsx")
    taken.write_text("text")
    folder = log.with_name("folder.xlsx")
    folder.mkdir()
    ran = run(command, taken if command == "demo" else folder)
    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("Error: ")
    assert taken.read_text() == "text"


# --- refresh ----------------------------------------------------------------------------------


def test_refresh_reports_what_it_found_and_wrote(run: Run, log: Path) -> None:
    ran = run("refresh", log)
    assert ran.code == 0
    assert ran.err == ""  # no steps in a pipe
    for said in (
        "Found the order table at orders!A1:C4.",
        "No as-of date is set, so the day of the last order counts: 2026-02-01.",
        "Customers                                        2",
        "✔ All checks passed",
        f"Wrote {log.with_name('orders-refreshed.xlsx')}",
    ):
        assert said in ran.out
    assert max(map(len, ran.out.splitlines())) < 250
    assert log.read_text() == ORDERS


def test_quiet_prints_the_path_alone(run: Run, log: Path) -> None:
    ran = run("refresh", log, "--quiet")
    out = log.with_name("orders-refreshed.xlsx")
    assert (ran.code, ran.out, ran.err) == (0, f"{out}\n", "")
    assert openpyxl.load_workbook(out)["CustomerValues"]["A6"].value == "a"


def test_out_and_replace(run: Run, log: Path) -> None:
    out = log.with_name("mine.xlsx")
    assert run("refresh", log, "-o", out, "--quiet").out == f"{out}\n"
    kept = out.read_bytes()
    ran = run("refresh", log, "--out", out)
    assert ran.code == 1
    assert "mine.xlsx is already there" in ran.err
    assert out.read_bytes() == kept
    assert run("refresh", log, "-o", out, "--replace").code == 0


def test_refresh_takes_what_the_user_says(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes('Kunde;Tag;Wert\nÄ;03/04/2026;"1,5"\nB;04/04/2026;2\n'.encode("cp1252"))
    options = ["--map", "customer_id=Kunde", "--map", "order_date=Tag", "--map", "amount_net=Wert"]
    options += ["--encoding", "cp1252", "--decimal", ",", "--dates", "dmy"]
    ran = run("refresh", path, *options, "--as-of", "2026-06-30", "--quiet")
    assert ran.code == 0
    sheet = openpyxl.load_workbook(ran.out.strip())["CustomerValues"]
    heads = [cell.value for cell in sheet[5]]
    rows = [dict(zip(heads, [cell.value for cell in row], strict=True)) for row in sheet["6:7"]]
    assert {row["Customer id"]: row["Revenue"] for row in rows} == {"Ä": 1.5, "B": 2}
    assert {str(row["Last order"].date()) for row in rows} == {"2026-04-03", "2026-04-04"}
    summary = openpyxl.load_workbook(ran.out.strip())["Summary"]
    assert "As of 2026-06-30" in summary["B3"].value


def test_a_sheet_may_be_named(run: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("2025", "2026"):
        sheet = book.create_sheet(name)
        sheet.append(["Customer id", "Average purchase value", "Purchase frequency", "Lifespan"])
        sheet.append([name, 50, 2, 3])
    book.save(tmp_path / "b.xlsx")
    assert run("refresh", tmp_path / "b.xlsx").code == 1
    ran = run("refresh", tmp_path / "b.xlsx", "--sheet", "2026", "--quiet")
    assert ran.code == 0
    written = openpyxl.load_workbook(ran.out.strip())
    assert written["2026"]["E2"].value == 300
    assert written["2025"]["E2"].value is None


def test_problems_are_reported_and_the_result_is_written(run: Run, log: Path) -> None:
    log.write_text(ORDERS + "c,2026-01-09,much\n")
    ran = run("refresh", log)
    assert ran.code == 0
    assert "✖ Fix: 1 cell of an order row cannot be read (1)" in ran.out
    assert 'orders!C5: Amount net is "much"' in ran.out
    assert log.with_name("orders-refreshed.xlsx").exists()


# --- check ------------------------------------------------------------------------------------


def test_check_writes_nothing(run: Run, log: Path) -> None:
    ran = run("check", log)
    assert ran.code == 0
    assert "✔ OK: Order rows can be read" in ran.out
    assert [path.name for path in log.parent.iterdir()] == ["orders.csv"]


def test_check_is_code_1_where_something_needs_a_look(run: Run, log: Path) -> None:
    log.write_text(ORDERS + "c,2026-01-09,much\n")
    ran = run("check", log)
    assert ran.code == 1
    assert "✖ Fix: 1 cell of an order row cannot be read (1)" in ran.out


def test_check_as_json(run: Run, log: Path) -> None:
    log.write_text(ORDERS + "c,2026-01-09,much\n")
    ran = run("check", log, "--json")
    assert ran.code == 1
    told = json.loads(ran.out)
    assert told["problems"] == 1
    (bad,) = (one for one in told["checks"] if one["level"] == "fault")
    assert (bad["check"], bad["count"]) == ("orders_unreadable", 1)
    assert "orders!C5" in bad["where"]


def test_check_of_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes(b"")
    ran = run("check", tmp_path / "e.csv", "--json")
    assert ran.code == 1
    assert json.loads(ran.out)["code"] == "F204"
    assert "e.csv is empty" in ran.err


# --- award ------------------------------------------------------------------------------------


@pytest.fixture
def ruled(run: Run, log: Path) -> Path:
    """Return the orders in a book whose reward rules are switched on."""
    assert run("refresh", log, "-o", log.with_name("shop.xlsx"), "--quiet").code == 0
    return switched_on(log.with_name("shop.xlsx"))


def test_award_of_a_book_without_rules_grants_nothing(run: Run, log: Path) -> None:
    assert "Nothing is due on 2026-02-01." in run("award", log).out


def test_award_lists_what_is_due_and_writes_nothing(run: Run, ruled: Path) -> None:
    before = sorted(ruled.parent.iterdir())
    ran = run("award", ruled)
    assert ran.code == 0
    assert "Due on 2026-02-01, rows of the ledger: " in ran.out
    assert re.search(r"R01 .* 3   60 points, cost 0\.60", ran.out)
    assert "Add --post" in ran.out
    assert sorted(ruled.parent.iterdir()) == before


def test_award_as_json(run: Run, ruled: Path) -> None:
    told = json.loads(run("award", ruled, "--json").out)
    rule = next(one for one in told["rules"] if one["rule"] == "R01")
    assert (rule["rows"], rule["points"], rule["cost"]) == (3, 60, 0.6)
    assert (told["as_of"], told["written"]) == ("2026-02-01", None)
    posted = json.loads(run("award", ruled, "--post", "--json").out)
    assert posted["rows"] == told["rows"]
    assert Path(posted["written"]).exists()


def test_award_posted_is_not_due_again(run: Run, log: Path, ruled: Path) -> None:
    ran = run("award", ruled, "--post")
    out = ruled.with_name(f"{ruled.stem}-refreshed.xlsx")
    assert ran.code == 0
    assert f"Wrote {out}\nGo on with this file" in ran.out
    assert openpyxl.load_workbook(out)["Ledger"]["B6"].value in ("a", "b")
    assert "Nothing is due on 2026-02-01." in run("award", out).out
    quiet = run("award", out, "--post", "--quiet")
    assert quiet.out == f"{ruled.with_name(f'{ruled.stem}-refreshed-2.xlsx')}\n"
    assert log.read_text() == ORDERS


def test_posting_asks_on_a_terminal_only(
    run: Run, ruled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(text: str) -> None:
        terminal = io.StringIO(text)
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", terminal)

    out = ruled.with_name(f"{ruled.stem}-refreshed.xlsx")
    typed("n\n")
    ran = run("award", ruled, "--post")
    assert (ran.code, out.exists()) == (1, False)
    assert re.search(r"Issue these rewards\? \d+ rows are added .*; cost \d+\.\d\d\.", ran.err)
    assert "Nothing was issued" in ran.err
    typed("y\n")
    assert run("award", ruled, "--post").code == 0
    assert out.exists()
    for option in ("--yes", "--quiet"):
        typed("")  # nobody answers
        ran = run("award", ruled, "--post", option)
        assert (ran.code, "Issue" in ran.err) == (0, False)


# --- template and demo ------------------------------------------------------------------------


def test_freeze_writes_a_copy_without_our_formulas(run: Run, tmp_path: Path) -> None:
    run("template", "shop.xlsx")
    before = (tmp_path / "shop.xlsx").read_bytes()
    ran = run("freeze", "shop.xlsx")
    assert (ran.code, ran.err) == (0, "")
    assert "shop-frozen.xlsx" in ran.out
    assert (tmp_path / "shop.xlsx").read_bytes() == before
    for name, found in (("shop.xlsx", True), ("shop-frozen.xlsx", False)):
        cells = [cell for tab in load_workbook(name) for row in tab.iter_rows() for cell in row]
        ours = [cell for cell in cells if cell.data_type == "f" and "CLV" in str(cell.value)]
        assert bool(ours) == found
    assert "shop-frozen-2.xlsx" in run("freeze", "shop.xlsx").out
    assert run("freeze", "nowhere.xlsx").code == 1


def test_template_never_overwrites_unasked(run: Run, tmp_path: Path) -> None:
    assert run("template").out == "xlclv.xlsx\n"
    out = tmp_path / "xlclv.xlsx"
    assert "Examples" in openpyxl.load_workbook(out).sheetnames
    out.write_text("mine")
    ran = run("template")
    assert (ran.code, out.read_text()) == (1, "mine")
    assert "already there" in ran.err
    assert run("template", out, "--replace").code == 0
    assert run("template", tmp_path / "nowhere" / "t.xlsx").code == 1


def test_demo_writes_two_books_and_says_where_to_look(run: Run, tmp_path: Path) -> None:
    ran = run("demo")
    folder = tmp_path / "xlclv-demo"
    assert ran.code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "xlclv-demo-refreshed.xlsx",
        "xlclv-demo.xlsx",
    ]
    assert "Average CLV" in ran.out
    last = ran.out.splitlines()[-1]
    assert str(Path("xlclv-demo") / "xlclv-demo-refreshed.xlsx") in last
    assert "Summary" in last
    assert run("demo", "xlclv-demo").code == 0  # again, over its own files


# --- functions --------------------------------------------------------------------------------


def test_functions_lists_all_below_the_title_of_their_group(run: Run) -> None:
    lines = run("functions").out.splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert listed == [function.name for function in FUNCTIONS]
    titles = [line for line in lines if line and not line.startswith(" ")]
    assert titles == [word(f"groups.{key}") for key in dict.fromkeys(f.group for f in FUNCTIONS)]


@pytest.mark.parametrize("name", ["CLV_TIER", "clv_tier"])
def test_functions_explains_one(run: Run, name: str) -> None:
    ran = run("functions", name)
    assert ran.out.startswith("CLV_TIER(value, tier_table)")
    assert "value           value to place in a tier: a number (needed)" in ran.out
    assert ran.out.endswith("Example: =CLV_TIER(250,tblTiers[#All]) gives Silver\n")


def test_functions_of_an_unknown_name_lists_those_there_are(run: Run) -> None:
    ran = run("functions", "CLV_TEIR")
    assert ran.code == 1
    assert "CLV_TEIR" in ran.err
    assert "CLV_TIER" in ran.err


def test_the_report_speaks_the_words_of_the_catalogue(run: Run, log: Path) -> None:
    ran = run("refresh", log)
    assert any(status in ran.out for status in STATUSES)
    for internal in ("order_date", "amount_net", "customer_id", "NaN", "None"):
        assert internal not in ran.out
