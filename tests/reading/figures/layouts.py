"""A log drawn as a table, in every kind of layout that shops and people use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from .locales import LOCALES, ROLES, Locale
from .shoplog import Allowed, Fate, Figures, Order, is_counted, logs, tax_on, truth

# Columns of money, per kind; one row per order, or per line of it.
PER_ORDER = {
    "net": ("net",),
    "gross_tax": ("gross", "tax"),
    "gross_tax_shipping": ("gross", "shipping", "tax"),
    "gross_rate": ("gross", "tax_rate"),
    "net_gross": ("net", "tax", "gross"),
    "all": ("subtotal", "coupon", "shipping", "tax", "gross"),
    "subtotal_coupon_net": ("subtotal", "coupon", "net"),
}
PER_LINE = {
    "line_total": ("quantity", "line_total"),
    "price": ("quantity", "price"),
    "price_discount": ("quantity", "price", "line_discount"),
    "price_total": ("quantity", "price", "line_total"),
    "price_discount_total": ("quantity", "price", "line_discount", "line_total"),
    "order_repeated": ("order_total",),
    "order_repeated_price": ("order_total", "quantity", "price"),
    "order_first": ("order_total",),
    "order_first_price": ("order_total", "quantity", "price"),
    "order_first_all": ("subtotal", "coupon", "shipping", "tax", "gross", "quantity", "price"),
}
# Kinds in which no total of the order holds the gift cards as well.
GIFTS_ON_LINES = ("line_total", "price", "price_discount", "price_total", "price_discount_total")
OF_ORDER = frozenset(
    [
        "order_total",
        "subtotal",
        "coupon",
        "net",
        "shipping",
        "tax",
        "tax_rate",
        "gross",
        "status",
        "refund",
        "currency",
        "cancelled_at",
    ]
)
MONEY = frozenset(
    [
        "price",
        "line_total",
        "line_discount",
        "order_total",
        "subtotal",
        "coupon",
        "net",
        "shipping",
        "tax",
        "gross",
        "refund",
    ]
)
EXTRAS = {
    "Notes": ("", "leave at the door", "call first; then ring", 'says "thanks"'),
    "Ship city": ("Testville", "Köln", "Sampleton"),
    "Weight": ("0.3", "1.2", "4"),
    "Warehouse": ("A", "B"),
    "Tracking": ("1Z999", "1Z998", ""),
}


@dataclass(frozen=True)
class Layout:
    """How a log is drawn.

    Args:
        place: Locale.
        money: Kind, of PER_ORDER or PER_LINE.
        customer: Column or columns that name the buyer.
        guests: How a buyer nobody knows is written: "" there is none, blank, or a word.
        refunds: "", a column, rows of their own, or cancelling documents (storno).
        status: There is a column of states.
        cancelled_at: There is a column that tells when an order was cancelled.
        gift: Gift cards are sold.
        numbered: There is a column of order numbers.
        currency: "", a column, a sign in each amount, or either of these with two currencies.
        minus: How a negative amount is written.
        order: Seed of the order of columns.
        extras: Columns of no account.
        titles: Title rows above the header.
        totals: A row of totals below.
        footer: A line below that counts the rows.
    """

    place: str = "en-US"
    money: str = "net"
    customer: str = "id"
    guests: str = ""
    refunds: str = ""
    status: bool = False
    cancelled_at: bool = False
    gift: bool = False
    numbered: bool = True
    currency: str = ""
    minus: str = "-"
    order: tuple[int, ...] = ()
    extras: tuple[str, ...] = ()
    titles: int = 0
    totals: bool = False
    footer: bool = False
    tax_rate: int = 20

    @property
    def locale(self) -> Locale:
        return LOCALES[self.place]

    @property
    def per_line(self) -> bool:
        return self.money in PER_LINE

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the roles of the columns in their natural order."""
        money = PER_LINE[self.money] if self.per_line else PER_ORDER[self.money]
        who = {"id": ("customer_id",), "email": ("email",), "name": ("name",)}
        wanted = {
            *(("order_id",) if self.numbered else ()),
            *who.get(self.customer, ("customer_id", "email")),
            "date",
            *(("product",) if self.per_line else ()),
            *money,
            *(("status",) if self.status else ()),
            *(("cancelled_at",) if self.cancelled_at else ()),
            *(("refund",) if self.refunds == "column" else ()),
            *(("currency",) if self.currency.endswith("column") else ()),
        }
        return tuple(role for role in ROLES if role in wanted)

    @property
    def is_mixed(self) -> bool:
        return self.currency.startswith("mixed")

    def allows(self) -> Allowed:
        """Return what a log may hold, so that this layout shows all of it."""
        fates = [Fate.COUNTS, Fate.COUNTS, Fate.COUNTS]
        if self.status:
            fates += [Fate.LATER, Fate.DEAD, Fate.RETURNED]
        elif self.refunds == "column":
            fates += [Fate.RETURNED]
        if self.cancelled_at:
            fates += [Fate.DEAD]
        columns = self.columns
        return Allowed(
            fates=tuple(fates),
            guests=bool(self.guests),
            line_discounts="line_discount" in columns,
            coupons="coupon" in columns,
            shipping="shipping" in columns,
            refunds=bool(self.refunds),
            tax_rate=self.tax_rate if {"tax", "tax_rate"} & set(columns) else 0,
            gift=self.gift,
            whole_units=self.money == "gross_rate" or not self.locale.places,
        )


@dataclass(frozen=True)
class Case:
    """A log, how it is drawn, and the table.

    Args:
        layout: How it is drawn.
        log: What is drawn.
        rows: Cells as text: header row, then a row each; no titles, totals or footers.
        roles: Header to role, of the columns that mean something.
        sums: The row of totals that stands below where the layout has one.
    """

    layout: Layout
    log: tuple[Order, ...]
    rows: tuple[tuple[str, ...], ...]
    roles: Mapping[str, str]
    sums: tuple[str, ...]

    @property
    def truth(self) -> Figures:
        return truth(self.log, self.layout.locale.unit, numbered=self.layout.numbered)

    def sheet(self) -> list[list[str]]:
        """Return the table with what stands above and below it."""
        width = len(self.rows[0])
        titles = [["Demo shop"], ["Report of all orders", ""], [""]][: self.layout.titles]
        below = []
        if self.layout.totals:
            below.append(list(self.sums))
        if self.layout.footer:
            below.append([f"{len(self.rows) - 1} record(s) downloaded"])
        return [row + [""] * (width - len(row)) for row in (*titles, *map(list, self.rows), *below)]


def draw_table(layout: Layout, log: tuple[Order, ...]) -> Case:
    """Draw a log in a layout."""
    columns = [*layout.columns, *layout.extras]
    keys = dict(zip(columns, layout.order, strict=False))
    columns.sort(key=lambda column: keys.get(column, 0))
    headers = tuple(layout.locale.headers.get(column, column) for column in columns)
    drawn = [(row, at) for at, order in enumerate(log) for row in _rows_of(layout, order)]
    if layout.refunds in ("rows", "storno"):
        drawn += [(_refund_row(layout, one), at) for at, one in enumerate(log) if one.refund]
    rows = (headers, *(_cells(layout, columns, row, at) for row, at in drawn))
    roles = {layout.locale.headers[role]: role for role in layout.columns}
    return Case(layout, log, rows, roles, _sums(layout, columns, [row for row, _ in drawn]))


def _sums(layout: Layout, columns: list[str], rows: "list[_Row]") -> tuple[str, ...]:
    """Add up the columns of money below the table, but for prices."""
    cells = [""] * len(columns)
    for at, column in enumerate(columns):
        if column in MONEY - {"price"}:
            cells[at] = _money(layout, sum(row.money.get(column) or 0 for row in rows), 0)
    word = layout.locale.total
    return (word, *cells[1:]) if not cells[0] else (cells[0], word, *cells[2:])


@dataclass(frozen=True)
class _Row:
    """One row to draw: the numbers of its money columns, the texts of the others."""

    order: Order
    money: Mapping[str, int | None]
    texts: Mapping[str, str] = field(default_factory=dict)


def _rows_of(layout: Layout, order: Order) -> list[_Row]:
    whole = _order_money(layout, order)
    texts = {"tax_rate": f"{order.tax_rate}%"}
    if not layout.per_line:
        return [_Row(order, whole, texts)]
    first_only = layout.money.startswith("order_first")
    rows = []
    for at, line in enumerate(order.lines):
        of_line = {"price": line.price, "line_total": line.total, "line_discount": line.discount}
        blank = first_only and at > 0
        of_order = dict.fromkeys(whole) if blank else whole
        hidden = dict.fromkeys(OF_ORDER, "") if blank else {}
        name = layout.locale.gift if line.gift else line.product
        texts = {"product": name, "quantity": str(line.quantity), **hidden}
        rows.append(_Row(order, {**of_order, **of_line}, texts))
    return rows


def _order_money(layout: Layout, order: Order) -> dict[str, int | None]:
    refund = order.refund
    if order.fate is Fate.RETURNED:
        shown = {"gross", "tax", "shipping", "tax_rate"} & set(layout.columns)
        refund = order.gross if shown else order.net
    return {
        "order_total": order.net,
        "subtotal": order.subtotal,
        "coupon": order.coupon,
        "net": order.net,
        "shipping": order.shipping,
        "tax": order.tax,
        "gross": order.gross,
        "refund": refund,
    }


def _refund_row(layout: Layout, order: Order) -> _Row:
    """Return money paid back as a row of its own, ten days after."""
    back = -order.refund
    money = dict.fromkeys(("net", "subtotal", "order_total", "line_total", "price"), back)
    tax = tax_on(back, order.tax_rate)
    money |= {"coupon": 0, "shipping": 0, "line_discount": 0, "tax": tax, "gross": back + tax}
    texts = {"product": order.lines[0].product, "quantity": "1", "tax_rate": f"{order.tax_rate}%"}
    if "price" in layout.columns:  # the goods come back: a price times a negative quantity
        money["price"] = -back
        texts["quantity"] = "-1"
    texts["order_id"] = f"R{order.number}"
    texts["cancelled_at"] = ""
    texts["date"] = layout.locale.date(order.moment + timedelta(days=10))
    if layout.refunds == "storno":
        texts["status"] = layout.locale.states["dead"][0]
    return _Row(order, money, texts)


def _cells(layout: Layout, columns: list[str], row: _Row, at: int) -> tuple[str, ...]:
    return tuple(_cell(layout, column, row, at) for column in columns)


def _cell(layout: Layout, column: str, row: _Row, at: int) -> str:
    if column in EXTRAS:
        return EXTRAS[column][at % len(EXTRAS[column])]
    if column in row.texts:
        return row.texts[column]
    if column in MONEY:
        amount = row.money.get(column)
        return "" if amount is None else _money(layout, amount, at)
    return _TEXTS[column](layout, row.order, at)


def _money(layout: Layout, amount: int, at: int) -> str:
    locale = layout.locale
    number = locale.number(abs(amount))
    if layout.currency.endswith("sign"):
        other = layout.currency == "mixed_sign" and at % 2
        sign = "{} £" if other and locale.code != "GBP" else "US$ {}" if other else locale.money
        number = sign.format(number)
    if amount >= 0:
        return number
    return {"-": f"-{number}", "()": f"({number})", "behind": f"{number}-"}[layout.minus]


def _status(layout: Layout, order: Order, _at: int) -> str:
    words = layout.locale.states[order.fate.value]
    return words[order.word % len(words)]


def _named(text: str, blank: bool = False) -> Callable[[Layout, Order, int], str]:  # noqa: FBT001, FBT002
    def cell(layout: Layout, order: Order, at: int) -> str:
        if order.customer is None:
            words = layout.locale.nobody
            return "" if layout.guests == "blank" or blank else words[at % len(words)]
        return text.format(order.customer + 17)

    return cell


def _customer_id(layout: Layout, order: Order, at: int) -> str:
    """Write the id; where an e-mail stands beside it, customers of odd position have none."""
    if layout.customer == "id_or_email" and (order.customer is None or order.customer % 2):
        return ""
    return _named("C{}")(layout, order, at)


_TEXTS: Mapping[str, Callable[[Layout, Order, int], str]] = {
    "order_id": lambda _layout, order, _at: str(order.number),
    "customer_id": _customer_id,
    "email": _named("buyer{}@example.com", blank=True),
    "name": _named("Ann Example {}"),
    "date": lambda layout, order, _at: layout.locale.date(order.moment),
    "status": _status,
    "cancelled_at": lambda layout, order, _at: (
        layout.locale.date(order.moment + timedelta(days=1)) if order.fate is Fate.DEAD else ""
    ),
    "currency": lambda layout, _order, at: (
        "CAD" if layout.currency == "mixed_column" and at % 2 else layout.locale.code
    ),
}


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Draw a layout; choices that shrink to the plainest."""
    money = draw(st.sampled_from([*PER_ORDER, *PER_LINE]))
    status = draw(st.booleans())
    numbered = True if money in PER_LINE else draw(st.sampled_from([True, True, True, False]))
    ways = ["", "column", "rows", *(["storno"] if status else [])] if numbered else [""]
    layout = Layout(
        place=draw(st.sampled_from(list(LOCALES))),
        money=money,
        customer=draw(st.sampled_from(["id", "email", "name", "id_or_email"])),
        guests=draw(st.sampled_from(["", "", "blank", "word"])),
        refunds=draw(st.sampled_from(ways)),
        status=status,
        cancelled_at=draw(st.sampled_from([False, False, True])),
        gift=money in GIFTS_ON_LINES and draw(st.sampled_from([False, False, True])),
        numbered=numbered,
        currency=draw(
            st.sampled_from(["", "", "column", "sign", "sign", "mixed_column", "mixed_sign"])
        ),
        minus=draw(st.sampled_from(["-", "()", "behind"])),
        tax_rate=draw(st.sampled_from([20, 10, 25])),
    )
    extras = draw(st.lists(st.sampled_from(list(EXTRAS)), max_size=3, unique=True))
    width = len(layout.columns) + len(extras)
    return Layout(
        **{name: getattr(layout, name) for name in Layout.__dataclass_fields__}
        | {
            "extras": tuple(extras),
            "order": tuple(draw(st.lists(st.integers(0, 9), max_size=width))),
            "titles": draw(st.integers(0, 3)),
            "totals": draw(st.booleans()),
            "footer": draw(st.booleans()),
        }
    )


@st.composite
def cases(draw: st.DrawFn, of: st.SearchStrategy[Layout] | None = None) -> Case:
    """Draw a table together with its truth."""
    layout = draw(of if of is not None else layouts())
    return draw_table(layout, draw(logs(layout.allows())))


def says_whose(case: Case) -> bool:
    """Say whether the table tells amounts of lines from amounts of whole orders.

    Line totals that happen to be equal in every order of several lines look like order totals.
    """
    if case.layout.money != "line_total":
        return True
    several = [order for order in case.log if len(order.lines) > 1]
    return not several or any(len({line.total for line in o.lines}) > 1 for o in several)


def shows_two_currencies(case: Case) -> bool:
    """Say whether orders that count are in two currencies, so that no one total is right."""
    counted = {at % 2 for at, order in enumerate(case.log) if is_counted(order)}
    return case.layout.is_mixed and len(counted) > 1
