"""What the fictional tea shop heard from its customers, and what it has booked for some."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from xlclv.rewards.rules.starter import HIGH_END, MID, starter_tiers, tier_name
from xlclv.words import word

Cells = dict[str, object]
Lines = Sequence[Mapping[str, object]]

ANSWERS, WITHIN = 60, timedelta(days=365)
SCORES = ((10, 16), (9, 14), (8, 12), (7, 7), (6, 4), (5, 3), (3, 2), (1, 1))
ANNOYED = 5
OTHERS = (
    ("complaint", "email", "crack"),
    ("complaint", "shop", "till"),
    ("complaint", "email", "missing"),
    ("complaint", "phone", "call"),
    ("request", "email", "wish"),
    ("review", "web", "best"),
    ("cancellation", "phone", "away"),
)

# Regulars who have had points for a year, with the tier they are in.
CLUB = {"C0025": MID, "C0077": MID, "C0152": MID}
CLUB_FROM, CLUB_TO = date(2025, 5, 1), date(2026, 5, 31)
WAITING, LIFE, POINT = timedelta(days=14), timedelta(days=365), Decimal("0.01")


def feedback_rows(orders: Lines, as_of: date) -> list[Cells]:
    """Make up what customers said in the days after an order of the last year."""
    chance = random.Random(20260701)  # noqa: S311 - made-up answers, no secret
    visits = sorted(
        {(day, str(line["customer_id"])) for line, day in _bought(orders) if day > as_of - WITHIN}
    )
    rows: list[Cells] = []
    for place, (day, customer) in enumerate(chance.sample(visits, ANSWERS + len(OTHERS))):
        heard = min(as_of, day + timedelta(days=3 + place % 5))
        rows.append({"feedback_date": heard, "customer_id": customer, **_said(chance, place)})
    return sorted(rows, key=lambda row: (str(row["feedback_date"]), row["customer_id"]))


def _said(chance: random.Random, place: int) -> Cells:
    if place >= ANSWERS:
        kind, channel, comment = OTHERS[place - ANSWERS]
        return {"kind": kind, "channel": _text(channel), "comment": _text(f"comment_{comment}")}
    scores, weights = zip(*SCORES, strict=True)
    score = int(chance.choices(scores, weights)[0])
    heard = "praise" if score == max(scores) else "blame" if score <= ANNOYED else ""
    said = _text(f"comment_{heard}") if heard else None
    return {"kind": "NPS", "channel": _text("email"), "score": score, "comment": said}


def _text(key: str) -> str:
    return word(f"sample.{key}")


def _bought(orders: Lines) -> Iterator[tuple[Mapping[str, object], date]]:
    """Yield the lines that are no refunds, with their day."""
    for line in orders:
        day = line["order_date"]
        if isinstance(day, date) and line.get("is_refund") is None:
            yield line, day


def ledger_rows(orders: Lines) -> list[Cells]:
    """Return what was booked before the as-of date, by day."""
    rows = [*_club_points(orders), *_points_of_others(), *_points_used(), *_rewards()]
    return sorted(rows, key=lambda row: str(row["entry_date"]))


def _club_points(orders: Lines) -> Iterator[Cells]:
    """Book the points of the orders of the club, what was given back taken off."""
    spent: dict[object, Decimal] = defaultdict(Decimal)
    for line in orders:
        spent[line.get("ref_order") or line["order_id"]] += Decimal(str(line["amount_net"]))
    factors = {str(row["tier"]): Decimal(str(row["points_factor"])) for row in starter_tiers()}
    placed = {line["order_id"]: (day, str(line["customer_id"])) for line, day in _bought(orders)}
    for order, (day, customer) in placed.items():
        if customer in CLUB and CLUB_FROM <= day <= CLUB_TO and spent[order] > 0:
            points = int(spent[order] * factors[tier_name(CLUB[customer])])
            yield _points(day, customer, str(order), points)


def _points(day: date, customer: str, order: str, points: int, state: str = "active") -> Cells:
    return {
        **_entry(day, customer, "R01", order, state),
        "points": points,
        "booked_cost": float(points * POINT),
        "usable_from": day + WAITING,
        "expires_on": day + LIFE,
    }


def _points_of_others() -> Iterator[Cells]:
    """Book points of single orders: one cancelled since, one refunded in part, one quite new."""
    yield _points(date(2025, 11, 30), "C0141", "O01227", 33)
    yield {
        **_entry(date(2025, 12, 6), "C0141", "R01", "O01227", "reversed"),
        "points": -33,
        "booked_cost": -0.33,
        "note": _text("note_cancelled"),
    }
    yield _points(date(2026, 5, 25), "C0002", "O00031", 41)
    yield _points(date(2026, 6, 20), "C0160", "O01439", 17, "pending")


def _points_used() -> Iterator[Cells]:
    for day, customer, points in (
        (date(2026, 3, 18), "C0077", 300),
        (date(2026, 5, 19), "C0025", 100),
    ):
        note = _text("note_points")
        yield {**_entry(day, customer, None, None, "used"), "points": -points, "note": note}
    survey = date(2026, 3, 5)
    yield {
        **_entry(survey, "C0056", "R11", str(survey), "active"),
        "points": 50,
        "booked_cost": float(50 * POINT),
        "expires_on": survey + LIFE,
    }


def _rewards() -> Iterator[Cells]:
    birthday, note = date(2025, 6, 30), _text("note_off")
    given = _entry(birthday - timedelta(days=5), "C0073", "R04", str(birthday), "used")
    yield {**given, "booked_cost": 16.5, "expires_on": birthday + timedelta(days=60), "note": note}
    for day, customer, tier in (
        (date(2025, 9, 30), "C0132", HIGH_END),
        (date(2025, 12, 29), "C0138", HIGH_END),
        (date(2026, 1, 30), "C0077", MID),
        (date(2026, 2, 27), "C0025", MID),
        (date(2026, 3, 31), "C0152", MID),
    ):
        given = _entry(day, customer, "R12", tier_name(tier), "used")
        yield {**given, "face_value": 15, "booked_cost": 9, "note": _text("note_tin")}
    for customer in ("C0132", "C0138"):
        given = _entry(date(2026, 1, 5), customer, "R02", tier_name(HIGH_END), "active")
        yield {**given, "booked_cost": 0, "note": _text("note_harvest")}
    met = date(2026, 5, 14)  # 14 days after the friend's first order
    for customer in ("C0010", "C0092"):
        given = _entry(met, customer, "R09", "C0092", "active")
        cells = {"face_value": 10, "booked_cost": 10, "expires_on": met + timedelta(days=90)}
        yield {**given, **cells, "note": _text("note_friend")}
    given = _entry(date(2026, 6, 7), "C0092", "R10", "O00752", "used")
    yield {**given, "face_value": 8, "booked_cost": 4, "note": _text("note_honey")}


def _entry(
    day: date, customer: str, rule_id: str | None, reference: str | None, state: str
) -> Cells:
    return {
        "entry_date": day,
        "customer_id": customer,
        "rule_id": rule_id,
        "reference": reference,
        "entry_state": state,
    }
