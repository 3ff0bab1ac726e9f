"""The vocabulary: every argument and table column, with meaning, unit and range, defined once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xlclv.errors import InputError
from xlclv.words import word

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
DateArray = NDArray[np.datetime64]
TextArray = NDArray[np.object_]
BoolArray = NDArray[np.bool_]
Array = NDArray[Any]  # any of these
# A result of several columns, each of shape (n,); the order is the order on the sheet.
Frame = dict[str, Array]

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
A_LIFE = 100_000  # days; nobody waits longer between two orders
LARGEST = 1e15  # a spreadsheet keeps 15 digits; beyond, a number is a slip of the keyboard

Kind = Literal["number", "date", "text", "id", "boolean", "table"]
Unit = Literal[
    "none", "money", "count", "fraction", "days", "periods", "years", "per period", "points"
]


@dataclass(frozen=True, slots=True)
class Term:
    """What a name means and which values it allows.

    Args:
        meaning: A few words for help and glossary, English.
        unit: What a number counts.
        kind: What a cell must hold; an `id` is text, and a whole number becomes its digits.
        at_least: Smallest value allowed.
        above: The value must be greater than this.
        at_most: Largest value allowed.
        below: The value must be less than this.
        whole: Only whole numbers are allowed.
        choices: The texts allowed, matched without regard to case.
        endless: Infinity is allowed: "for ever".
        many: Of a function that does not answer row by row, the argument is a column all the
            same: "rows" where it goes row by row with others, "list" where it stands alone.
    """

    meaning: str
    unit: Unit = "none"
    kind: Kind = "number"
    at_least: float = -math.inf
    above: float = -math.inf
    at_most: float = math.inf
    below: float = math.inf
    whole: bool = False
    choices: tuple[str, ...] = ()
    endless: bool = False
    many: Literal["no", "rows", "list"] = "no"

    @property
    def expected(self) -> str:
        """Say which values are allowed, as a message quotes it.

        >>> TERMS["margin"].expected
        'a number from -1 to 1'
        """
        if self.choices:
            return word("expected.choice", choices=", ".join(self.choices))
        if self.kind != "number":
            return word(f"expected.{self.kind}")
        noun = word("expected.whole" if self.whole else "expected.number")
        return " ".join([noun, *self._limits()])

    def _limits(self) -> Iterator[str]:
        low, high = max(self.at_least, self.above), min(self.at_most, self.below)
        if math.isinf(low) and math.isinf(high):
            return
        from_key = "above" if self.above >= self.at_least else "at_least"
        to_key = "below" if self.below <= self.at_most else "at_most"
        if math.isinf(high):
            yield word(f"expected.{from_key}", low=f"{low:g}")
        elif math.isinf(low):
            yield word(f"expected.{to_key}", high=f"{high:g}")
        else:
            yield word(f"expected.{from_key}_{to_key}", low=f"{low:g}", high=f"{high:g}")

    def refuses(self, values: FloatArray) -> BoolArray:
        """Say which numbers are outside the range, shape of `values`."""
        outside = (values < self.at_least) | (values <= self.above)
        outside |= (values > self.at_most) | (values >= self.below) | np.isnan(values)
        outside |= np.abs(values) > LARGEST
        if self.endless:
            outside &= ~np.isposinf(values)
        if self.whole:
            outside |= np.isfinite(values) & (values != np.floor(values))
        return outside

    def hint(self, value: object) -> str:
        """Guess what a user meant who typed 40 for 40 %; an empty text where there is no guess.

        >>> TERMS["margin"].hint(40.0)
        ' Did you mean 40%?'
        """
        if self.unit != "fraction" or not isinstance(value, float | int):
            return ""
        meant = self.refuses(np.atleast_1d(np.float64(value))).all() and 1 < abs(value) <= 100  # noqa: PLR2004
        if meant and not self.refuses(np.atleast_1d(np.float64(value / 100))).any():
            return word("expected.percent_hint", percent=f"{value:g}%")
        return ""


def _money(meaning: str, **limits: float) -> Term:
    return Term(meaning, unit="money", **limits)  # type: ignore[arg-type]


def _column(
    meaning: str, kind: Kind = "number", unit: Unit = "none", at_least: float = -math.inf
) -> Term:
    return Term(meaning, kind=kind, unit=unit, at_least=at_least, many="rows")


def _text(meaning: str, *choices: str) -> Term:
    return Term(meaning, kind="text", choices=choices)


def _date(meaning: str) -> Term:
    return Term(meaning, kind="date")


def _share(meaning: str, at_least: float = 0, at_most: float = 1) -> Term:
    return Term(meaning, unit="fraction", at_least=at_least, at_most=at_most)


def _count(meaning: str, unit: Unit = "count", at_least: float = 0) -> Term:
    return Term(meaning, unit=unit, at_least=at_least, whole=True)


TERMS: dict[str, Term] = {
    # value
    "avg_value": _money("average purchase value: revenue per order", at_least=0),
    "frequency": Term(
        "purchases per period, in the same period as lifespan", "per period", at_least=0
    ),
    "lifespan": Term("how long a customer stays, in periods (years)", "periods", at_least=0),
    "margin": _share("profit margin as a fraction of revenue", at_least=-1),
    "discount_rate": Term("yearly discount rate as a fraction", "fraction", at_least=0, below=1),
    "acq_cost": _money("cost to acquire the customer", at_least=0),
    "timing": _share("when in a year the money comes: 0 end, 0.5 middle, 1 start"),
    "period_margin": _money("profit from one customer per period"),
    "retention": _share("share of customers kept from one period to the next"),
    "periods": Term(
        "number of periods counted; left out: for ever", "periods", at_least=0, endless=True
    ),
    "promotion_cost": _money("cost per customer and period of keeping customers", at_least=0),
    "order_margin": _money("profit from one order"),
    "order_chances": Term(
        "chance to order in the next period, by periods since the last order",
        "fraction",
        at_least=0,
        at_most=1,
        many="list",
    ),
    "first_certain": Term("TRUE: the first margin is sure and comes at once", kind="boolean"),
    "churn": _share("share of customers lost per period"),
    "step_size": Term("change tried on each driver, as a fraction", "fraction", above=0, at_most=1),
    # customers and orders
    "customer_ids": _column("customer of each order", "id"),
    "order_dates": _column("day of each order", "date"),
    "amounts": _column("net amount of each order; a refund is negative", unit="money"),
    "as_of": _date("the day for which the values are computed"),
    "horizon": Term("how many years ahead are counted", "years", at_least=0),
    "headers": Term("TRUE: the result begins with a row of headers", kind="boolean"),
    "first_order": _date("day of the first order"),
    "last_order": _date("day of the last order"),
    "avg_gap": Term("average days between two orders", "days", at_least=0, at_most=A_LIFE),
    "birth_date": _date("date of birth"),
    "days_before": _count("days before the birthday that count", "days"),
    "days_after": _count("days after the birthday that count", "days"),
    "unit": _text("unit of the result", "years", "months", "days"),
    # models
    "repeat_orders": Term(
        "orders after the first one", "count", at_least=0, whole=True, many="rows"
    ),
    "recency": Term("time from the first to the last order", "periods", at_least=0, many="rows"),
    "age": Term(
        "time from the first order to the day of the data", "periods", at_least=0, many="rows"
    ),
    "avg_spend": Term("average money per repeat order", "money", many="rows"),
    "last_occasion": Term(
        "number of the last occasion with an order; 0: none",
        "count",
        at_least=0,
        whole=True,
        many="rows",
    ),
    "occasions": Term(
        "occasions that the customer had", "count", at_least=0, whole=True, many="rows"
    ),
    "customer_counts": Term(
        "customers that each row stands for; left out: one", "count", at_least=0, many="rows"
    ),
    "order_number": _count("number of repeat orders"),
    "model": _text(
        "model of the orders; best: the likeliest", "BG/NBD", "MBG/NBD", "Pareto/NBD", "best"
    ),
    "discount_force": Term("continuous discount rate per unit of age", at_least=0),
    "time_ahead": Term("how far ahead, in the unit of age", "periods", at_least=0),
    "months_ahead": Term(
        "how many months ahead are counted", "periods", at_least=1, at_most=600, whole=True
    ),
    "fit": Term("table that a fit such as CLV_FIT returns, with headers", kind="table"),
    "customers_left": Term(
        "customers still there: at the start, then after each period",
        "count",
        at_least=0,
        whole=True,
        many="list",
    ),
    "renewals": _count("renewals made so far"),
    # columns of the fit table
    "model_name": _text("model that a parameter belongs to"),
    "parameter": _text("name of a parameter"),
    "estimate": Term("its value"),
    "std_error": Term("its standard error", at_least=0),
    "remark": _text("what to think of the fit"),
    # segments
    "value": _money("value to place in a tier"),
    "values": _column("value of each customer", unit="money"),
    "tier_table": Term("table with the columns Tier and Enter at", kind="table"),
    "shares": Term(
        "share of customers per tier, best first; sum 1",
        "fraction",
        above=0,
        at_most=1,
        many="list",
    ),
    "names": Term("names of the tiers, best first", kind="text", many="list"),
    "segment_labels": _column("segment of each customer", "text"),
    "costs": _column("cost of each customer, taken off its value", unit="money"),
    "top": Term("share of the customers that counts as the best", "fraction", above=0, at_most=1),
    "bins": Term("number of score classes", "count", at_least=2, at_most=10, whole=True),
    "expected_gap": Term(
        "usual days between two orders of this customer", "days", above=0, at_most=A_LIFE
    ),
    "at_risk": Term("multiple of the usual gap from which a customer is at risk", above=0),
    "passive": Term("multiple of the usual gap from which a customer is passive", above=0),
    "lost": Term("multiple of the usual gap from which a customer is lost", above=0),
    # rewards and checks
    "customers": Term("table of customers with its header row", kind="table"),
    "orders": Term("table of orders with its header row", kind="table"),
    "rule_table": Term("table of reward rules with its header row", kind="table"),
    "ledger": Term("table of points and rewards booked, with its header row", kind="table"),
    "feedback": Term("table of feedback with its header row", kind="table"),
    "rewards": Term("what CLV_REWARDS spilled, with its header row", kind="table"),
    "show": _text("which decisions to list", "eligible", "all"),
    "eligible": Term("TRUE: the reward is granted", kind="boolean"),
    "state": _text(
        "which points to count",
        *("available", "pending", "used", "expired", "reversed", "earned", "earned 12m"),
    ),
    "referrals": _column("people whom customers recommend us to", unit="count", at_least=0),
    "conversion": Term(
        "share of those referred who buy", "fraction", at_least=0, at_most=1, many="rows"
    ),
    "new_clv": _column("CLV of a customer won in this way, before rewards", unit="money"),
    "referrer_reward": _column("reward of the referrer", unit="money", at_least=0),
    "redemption": _share("share of the rewards granted that are used"),
    "customer_id": Term("identifier of a customer", kind="id"),
    "rule_id": Term("identifier of a reward rule", kind="id"),
    # columns of the order table
    "order_id": Term("identifier of the order; lines of one order share it", kind="id"),
    "order_date": _date("day of the order"),
    "amount_net": _money("net amount after discount; a refund is negative"),
    "discount": _money("discount given, already taken off the net amount"),
    "tax": _money("tax, not part of the net amount"),
    "cost": _money("cost of the goods"),
    "channel": _text("where the order came from"),
    "campaign": _text("campaign that led to the order"),
    "product": _text("what was bought"),
    "qty": Term("pieces bought", "count"),
    "is_refund": Term("Yes: the row is a refund and its amount counts as negative", kind="boolean"),
    "ref_order": Term("order that a refund belongs to", kind="id"),
    "currency_code": _text("currency of the amount, such as EUR"),
    "order_status": _text("status of the order, such as Paid or Cancelled"),
    "customer_name": _text("name of the customer"),
    "customer_email": _text("e-mail address of the customer"),
    "left_out": _text("why a row does not count; blank: it counts"),
    "order_key": Term("number that the rows of one order share", "count"),
    # columns of the customer table
    "label": _text("name or note; not needed"),
    "segment": _text("your own segment, such as region or line of business"),
    "joined": _date("day on which the customer joined"),
    "acq_channel": _text("channel that brought the customer"),
    "newsletter": Term("receives the newsletter", kind="boolean"),
    "referred_by": Term("customer who referred this one", kind="id"),
    "opt_in": Term("No: may not be contacted, gets no rewards", kind="boolean"),
    "tags": _text("your own marks, separated by ;"),
    "plan_usage": Term("used part of the plan", "fraction", at_least=0),
    "current_tier": _text("tier that the customer was given, on the day Tier since"),
    "tier_since": _date("day since which the customer has the current tier"),
    "last_contact": _date("day of the last message to the customer"),
    "revenue": _money("revenue to date"),
    "order_count": _count("orders to date"),
    # columns of the ledger and of feedback
    "entry_date": _date("day of the entry"),
    "reference": Term("order, or day of the event, that it is for", kind="id"),
    "points": Term("points; used or reversed ones are negative", "points", whole=True),
    "face_value": _money("what the reward is worth to the customer"),
    "booked_cost": _money("what the reward costs us"),
    "entry_state": _text("state of the entry", "pending", "active", "used", "expired", "reversed"),
    "usable_from": _date("first day on which it can be used; blank: the day of the entry"),
    "expires_on": _date("last day on which it can be used; blank: never expires"),
    "feedback_date": _date("day of the feedback"),
    "kind": _text(
        "kind of feedback", "NPS", "CSAT", "complaint", "cancellation", "request", "review"
    ),
    "score": Term("score given: 0 to 10 for NPS", at_least=0, at_most=10),
    "comment": _text("what the customer said"),
    # settings that are no argument
    "points_value": _money("what one point costs us when it is used", at_least=0),
    "contact_cap": Term(
        "most offers and messages to a customer in 30 days; blank: any number",
        "count",
        above=0,
        whole=True,
    ),
    "count_tax": Term("Yes: tax counts for points, tiers and smallest orders", kind="boolean"),
    "period": _text("unit of frequency and lifespan on a customer sheet", "year", "month"),
    "money_symbol": _text("sign of your money in titles"),
    # columns of the tier table
    "tier": _text("name of the tier"),
    "measure": _text("what decides the tier", "CLV", "Net spend", "Orders", "Points earned"),
    "enter_at": Term("value from which the tier is reached"),
    "keep_at": Term("value from which the tier is kept; blank: same as Enter at"),
    "window": _text("time that counts", "Rolling 12 months", "Calendar year", "Lifetime"),
    "valid_months": _count("months a tier once reached is valid"),
    "round_up_to": _text("validity is rounded up to", "none", "month end", "year end"),
    "grace_days": _count("days of grace after the validity", "days"),
    "if_not_kept": _text("what happens then", "One tier down", "To earned tier", "Keep"),
    "points_factor": Term("factor on points earned in this tier", at_least=0),
    "entry_reward": Term("rule that is granted on entry", kind="id"),
    "skipped_tiers": _text("entry rewards of tiers passed", "Top only", "Each tier passed"),
    "treatment": _text("how this tier is treated"),
    # columns of the rule table
    "active": Term("No: the rule rests", kind="boolean"),
    "rule_name": _text("name of the rule"),
    "rule_type": _text("kind of rule", "Earn points", "Offer", "Perk", "Thank-you"),
    "trigger": _text(
        "event that grants the reward",
        *("Order", "First order", "Nth order", "Birthday", "Tenure", "Tier reached", "Passive"),
        *("Referral", "Survey answered", "Date range", "Manual"),
    ),
    "trigger_value": Term("number of the trigger: n-th order, years, days before a birthday"),
    "window_after": _count("days after the trigger that count", "days"),
    "only_tiers": _text("tiers the rule is for, separated by ;"),
    "only_segments": _text("segments or tags the rule is for, separated by ;"),
    "not_for": _text("tiers, segments, tags or customer ids that never get it, separated by ;"),
    "min_order": _money("smallest order", at_least=0),
    "products": _text("products in and out, such as +cat:Shoes; -sku:GIFT"),
    "reward": _text(
        "what is granted",
        *("Points per money", "Fixed points", "% off", "Amount off", "Free gift"),
        *("Free shipping", "Service", "Note"),
    ),
    "reward_value": Term("size of the reward: 20% off is 0.2", at_least=0),
    "friend_reward": _column("reward of the referred friend", at_least=0),
    "max_per_order": _money("most that one order can earn", at_least=0),
    "max_times": _count("most times per customer"),
    "max_per": _text("time over which the most times count", "Order", "Month", "Year", "Ever"),
    "cool_down": _count("days between two grants", "days"),
    "budget": _money("most that the rule may cost", at_least=0),
    "budget_per": _text("time of the budget", "Month", "Quarter", "Year", "Whole run"),
    "cost_each": _text("what one grant costs us: money, or % of the face value"),
    "waiting_days": _count("days before the reward can be used", "days"),
    "expires_days": _count("days until the reward expires", "days"),
    "expiry_restarts": Term("Yes: activity restarts the expiry", kind="boolean"),
    "valid_from": _date("first day of the rule"),
    "valid_to": _date("last day of the rule"),
    "priority": Term("1 is served first", at_least=0),
    "together": _text("with other rewards", "Stack", "Best of group", "Only this"),
    "group": _text("group within which the best reward counts"),
    "note": _text("owner or note"),
    **{
        f"{part}_{number}": _text(meaning, *choices)
        for number in (1, 2, 3)
        for part, meaning, choices in (
            ("field", f"field of condition {number}", ()),
            (
                "test",
                f"test of condition {number}",
                ("≥", ">", "≤", "<", "=", "≠", "between", "in list"),
            ),
            ("value", f"value of condition {number}; between: two values separated by ;", ()),
        )
    },
}


def numbers(**arguments: ArrayLike) -> tuple[FloatArray, ...]:
    """Check each argument against its term and return them as float arrays of one shape.

    Raises:
        InputError: A value is outside its range; `rows` tells which.

    >>> numbers(avg_value=[50, 60], frequency=2)
    (array([50., 60.]), array([2., 2.]))
    """
    arrays = []
    for name, given in arguments.items():
        values = np.asarray(given, dtype=float)
        refused = TERMS[name].refuses(values)
        if refused.any():
            raise out_of_range(name, TERMS[name], values, refused)
        arrays.append(values)
    return tuple(np.broadcast_arrays(*arrays))


def out_of_range(name: str, term: Term, values: FloatArray, refused: BoolArray) -> InputError:
    """Return the error for the values that a term refuses."""
    hints = np.array([term.hint(float(value)) for value in values[refused].flat], dtype=object)
    hint = np.full(values.shape, "", dtype=object)
    hint[refused] = hints
    key = "not_whole" if term.whole and _all_but_whole(term, values[refused]) else "out_of_range"
    rows = refused if values.ndim else None
    return InputError(key, rows=rows, name=name, value=values, expected=term.expected, hint=hint)


def _all_but_whole(term: Term, values: FloatArray) -> bool:
    return not term.refuses(np.floor(values)).any()


def dates(**arguments: ArrayLike) -> tuple[DateArray, ...]:
    """Return the arguments as arrays of days of one shape.

    >>> dates(as_of="2026-01-31")
    (array('2026-01-31', dtype='datetime64[D]'),)
    """
    days = [np.asarray(given, dtype="datetime64[D]") for given in arguments.values()]
    return tuple(np.broadcast_arrays(*days))


def one_day(**argument: ArrayLike) -> np.datetime64:
    """Return the day of an argument that must be the same in every row.

    Raises:
        InputError: It is not.

    >>> one_day(as_of=["2026-01-31"])
    np.datetime64('2026-01-31')
    """
    ((name, given),) = argument.items()
    days = np.unique(np.asarray(given, dtype="datetime64[D]"))
    if days.size != 1:
        raise InputError("one_cell", name=name, size=np.size(given))
    return np.datetime64(days[0], "D")


def texts(value: ArrayLike) -> TextArray:
    """Return labels as an object array of text."""
    return np.asarray(value, dtype=object)


def choice(name: str, value: str) -> str:
    """Return the allowed text that equals `value` without regard to case.

    Raises:
        InputError: There is none.

    >>> choice("unit", "Months")
    'months'
    """
    for allowed in TERMS[name].choices:
        if allowed.casefold() == str(value).strip().casefold():
            return allowed
    raise InputError("not_a_choice", name=name, value=value, expected=TERMS[name].expected)
