"""What each tab shows: one small module per tab, each with a `draw(drawing, results)`."""

from collections.abc import Callable, Mapping

from xlclv.analysis.results import Results
from xlclv.workbook.drawing import Drawing
from xlclv.workbook.tabs import (
    checks,
    columns,
    contacts,
    details,
    examples,
    glossary,
    history,
    inputs,
    ledger,
    lists,
    loyalty,
    rewards,
    segments,
    start,
    summary,
    tables,
    values,
)

DRAW: Mapping[str, Callable[[Drawing, Results], None]] = {
    "Start": start.draw,
    "Input": inputs.draw,
    "Orders": tables.draw_orders,
    "Columns": columns.draw,
    "Customers": tables.draw_customers,
    "Feedback": tables.draw_feedback,
    "Tiers": tables.draw_tiers,
    "RewardRules": tables.draw_rules,
    "Ledger": ledger.draw,
    "CustomerValues": values.draw,
    "Summary": summary.draw,
    "Details": details.draw,
    "Contacts": contacts.draw,
    "Segments": segments.draw,
    "Rewards": rewards.draw,
    "Loyalty": loyalty.draw,
    "Examples": examples.draw,
    "Checks": checks.draw,
    "History": history.draw,
    "Glossary": glossary.draw,
    "Lists": lists.draw,
}
