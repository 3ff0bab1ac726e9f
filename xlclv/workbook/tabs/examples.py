"""Examples: one live row per function: what it does, the formula, the expected value."""

from dataclasses import dataclass

from xlclv import __version__
from xlclv.analysis.results import Results
from xlclv.functions import BY_NAME
from xlclv.schema import BODY, TAB
from xlclv.tables import SCHEMA
from xlclv.words import word, words
from xlclv.workbook.drawing import Drawing

WIDTHS = (20, 60, 74, 16, 16, 7)
ORDERS = "tblOrders[Customer id],tblOrders[Order date],tblOrders[Amount net]"
TABLES = "tblCustomers[#All],tblOrders[#All],tblRules[#All],tblTiers[#All]"
LOYALTY = "tblOrders[#All],tblTiers[#All]"
DAY = "DATE(2026,6,30)"
FIT = (
    '{"Model","Parameter","Estimate";"BG/NBD","r",0.243;"BG/NBD","alpha",4.414;'
    '"BG/NBD","a",0.793;"BG/NBD","b",2.426}'
)
SPEND_FIT = (
    '{"Model","Parameter","Estimate";"Gamma-Gamma","p",6.25;"Gamma-Gamma","q",3.74;'
    '"Gamma-Gamma","v",15.44}'
)
STAY_FIT = '{"Model","Parameter","Estimate";"sBG","alpha",0.668;"sBG","beta",3.806}'
BUYERS = "tblValues[Repeat orders],tblValues[Recency t_x (days)],tblValues[Age T (days)]"
WHY = "Not eligible: Status is Active, needed: Passive or Lost"


@dataclass(frozen=True, slots=True)
class Example:
    """A formula over constants and the sample data, and what it must give."""

    function: str
    formula: str
    expected: float | str


EXAMPLES = (
    Example("CLV", "CLV(50,2,3)", 300.0),
    Example("CLV_RETENTION", "CLV_RETENTION(100,80%,10%)", 366.666667),
    Example("CLV_PROMOTION", "CLV_PROMOTION(260,50,75%,20%,10)", 568.783067434),
    Example("CLV_MIGRATION", "INDEX(CLV_MIGRATION({30%;20%;15%;5%},40,4,20%),2,2)", 52.319609439),
    Example("CLV_LIFESPAN", "CLV_LIFESPAN(25%)", 4.0),
    Example("CLV_SCHEDULE", "INDEX(CLV_SCHEDULE(50,2,3,1,10%),5,4)", 248.685199),
    Example("CLV_SENSITIVITY", "INDEX(CLV_SENSITIVITY(50,2,3),2,5)", 60.0),
    Example("CLV_CUSTOMERS", f"INDEX(CLV_CUSTOMERS({ORDERS},{DAY}),2,4)", 34.0),
    Example(
        "CLV_NEXT_ORDER", 'TEXT(CLV_NEXT_ORDER(DATE(2026,1,31),30),"yyyy-mm-dd")', "2026-03-02"
    ),
    Example("CLV_STATUS", f"CLV_STATUS(DATE(2026,5,5),{DAY},30)", "At risk"),
    Example("CLV_TIER", "CLV_TIER(250,tblTiers[#All])", "Mid"),
    Example("CLV_TIER_GAP", "CLV_TIER_GAP(250,tblTiers[#All])", 750.0),
    Example("CLV_TIER_CUTS", "INDEX(CLV_TIER_CUTS(tblOrders[Amount net]),2,2)", 48.0),
    Example(
        "CLV_SEGMENTS", "INDEX(CLV_SEGMENTS(tblOrders[Amount net],tblOrders[Channel]),2,1)", "Web"
    ),
    Example("CLV_TOP_SHARE", "CLV_TOP_SHARE(tblOrders[Amount net])", 0.569755247),
    Example("CLV_RFM", f"INDEX(CLV_RFM({ORDERS},{DAY}),2,5)", "355"),
    Example("CLV_FIT", f"INDEX(CLV_FIT({BUYERS}),2,3)", 0.436085021),
    Example("CLV_COMPARE_MODELS", f"INDEX(CLV_COMPARE_MODELS({BUYERS}),2,1)", "Pareto/NBD"),
    Example(
        "CLV_OCCASION_FIT",
        "INDEX(CLV_OCCASION_FIT({0;1;1;2;2;3},{0;1;3;2;3;3},{3;3;3;3;3;3},{90;30;20;15;25;20}),2,3)",
        4.988706874,
    ),
    Example("CLV_P_ALIVE", f"CLV_P_ALIVE({FIT},2,30.43,38.86)", 0.726578570),
    Example("CLV_EXPECTED_ORDERS", f"CLV_EXPECTED_ORDERS({FIT},2,30.43,38.86,39)", 1.226028175),
    Example("CLV_ORDER_CHANCE", f"CLV_ORDER_CHANCE({FIT},0,39)", 0.573786352),
    Example("CLV_DERT", f"CLV_DERT({FIT},2,30.43,38.86,LN(1.15)/52)", 5.169553928),
    Example("CLV_EXPECTED_SPEND", f"CLV_EXPECTED_SPEND({SPEND_FIT},1,30)", 31.590656285),
    Example("CLV_FORECAST", f"INDEX(CLV_FORECAST({ORDERS},{DAY}),2,5)", 372.692642765),
    Example(
        "CLV_SURVIVAL_FIT",
        "INDEX(CLV_SURVIVAL_FIT({1000;869;743;653;593;551;517;491}),2,3)",
        0.668088351,
    ),
    Example("CLV_SURVIVAL", f"CLV_SURVIVAL({STAY_FIT},8)", 0.460478959),
    Example("CLV_NEW_SUBSCRIBER", f"CLV_NEW_SUBSCRIBER({STAY_FIT},100,10%)", 592.259640761),
    Example("CLV_RESIDUAL", f"CLV_RESIDUAL({STAY_FIT},5,100,10%)", 713.600189948),
    Example("CLV_LOYALTY_TIER", f'CLV_LOYALTY_TIER("C0001",{LOYALTY},{DAY})', "Mid"),
    Example("CLV_REWARDS", f"INDEX(CLV_REWARDS({TABLES},{DAY}),2,2)", "R02"),
    Example("CLV_REWARD_WHY", f'CLV_REWARD_WHY("C0001","R08",{TABLES},{DAY})', WHY),
    Example(
        "CLV_REWARD_BUDGET",
        f"INDEX(CLV_REWARD_BUDGET(CLV_REWARDS({TABLES},{DAY}),tblRules[#All]),5,4)",
        132.0,
    ),
    Example("CLV_POINTS", f'CLV_POINTS("C0059",tblLedger[#All],{DAY})', 272.0),
    Example("CLV_REFERRAL", "INDEX(CLV_REFERRAL(100,10%,300,10,10),2,4)", 2800.0),
    Example("CLV_BIRTHDAY", f'IF(CLV_BIRTHDAY(DATE(1988,7,2),{DAY}),"yes","no")', "yes"),
    Example("CLV_TENURE", f"CLV_TENURE(DATE(2023,7,1),{DAY})", 2.0),
    Example("CLV_CHECK", "INDEX(CLV_CHECK(tblOrders[#All],tblCustomers[#All]),2,2)", "✔ OK"),
    Example("CLV_VERSION", "CLV_VERSION()", word("version", version=__version__, schema=SCHEMA)),
)


def draw(drawing: Drawing, results: Results) -> None:
    """Draw the tab; every formula carries its value, so that it reads right without the add-in."""
    del results
    sheet = drawing.tab("Examples")
    columns = [
        {"header": text, "header_format": drawing.style("header")}
        for text in words("examples.columns")
    ]
    options = {"name": TAB["Examples"].table, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(BODY, 0, BODY + len(EXAMPLES), len(columns) - 1, options)
    for row, example in enumerate(EXAMPLES, start=BODY + 1):
        sheet.write_string(row, 0, example.function, drawing.style("label"))
        sheet.write_string(row, 1, BY_NAME[example.function].help, drawing.style("wrap"))
        sheet.write_string(row, 2, f"={example.formula}", drawing.style("wrap"))
        sheet.write_formula(
            row, 3, f"={example.formula}", drawing.style("output"), example.expected
        )
        drawing.cell(sheet, row, 4, example.expected, drawing.style())
        sheet.write_formula(row, 5, _verdict(row + 1), drawing.style(), "✔")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    good = {"type": "cell", "criteria": "==", "value": '"✔"', "format": drawing.style("good")}
    bad = {"type": "cell", "criteria": "!=", "value": '"✔"', "format": drawing.style("bad")}
    sheet.conditional_format(BODY + 1, 5, BODY + len(EXAMPLES), 5, good)
    sheet.conditional_format(BODY + 1, 5, BODY + len(EXAMPLES), 5, bad)
    sheet.freeze_panes(BODY + 1, 1)


def _verdict(row: int) -> str:
    """Compare result and expected value of a sheet row: numbers to six digits, texts exactly."""
    close = f"ABS(D{row}-E{row})<=0.000001*MAX(1,ABS(E{row}))"
    return f'=IF(ISERROR(D{row}),"✖",IF(IF(ISNUMBER(E{row}),{close},EXACT(D{row},E{row})),"✔","✖"))'
