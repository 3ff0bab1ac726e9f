"""Columns of the rule table."""

from xlclv.terms.term import Term, column, count, date, money, text

TERMS: tuple[Term, ...] = (
    Term("active", kind="boolean"),
    text("rule_name", width=24),
    text("rule_type", "Earn points", "Offer", "Perk", "Thank-you"),
    text(
        "trigger",
        *("Order", "First order", "Nth order", "Birthday", "Tenure", "Tier reached", "Passive"),
        *("Referral", "Survey answered", "Date range", "Manual"),
    ),
    Term("trigger_value"),
    count("window_after", "days"),
    text("only_tiers", width=24),
    text("only_segments", width=24),
    text("not_for"),
    money("min_order", at_least=0),
    text("products"),
    text(
        "reward",
        *("Points per money", "Fixed points", "% off", "Amount off", "Free gift"),
        *("Free shipping", "Service", "Note"),
    ),
    Term("reward_value", at_least=0),
    column("friend_reward", at_least=0),
    money("max_per_order", at_least=0),
    count("max_times"),
    text("max_per", "Order", "Month", "Year", "Ever"),
    count("cool_down", "days"),
    money("budget", at_least=0),
    text("budget_per", "Month", "Quarter", "Year", "Whole run"),
    Term("cost_each", "money", "text"),  # 55% is a text here
    count("waiting_days", "days"),
    count("expires_days", "days"),
    Term("expiry_restarts", kind="boolean"),
    date("valid_from"),
    date("valid_to"),
    Term("priority", at_least=0),
    text("together", "Stack", "Best of group", "Only this"),
    text("group"),
    text("note", width=24),
    *(
        term
        for number in (1, 2, 3)
        for term in (
            text(f"field_{number}"),
            text(f"test_{number}", "≥", ">", "≤", "<", "=", "≠", "between", "in list"),
            text(f"value_{number}"),
        )
    ),
)
