"""Plain tables in every language, kind and writing are read: refusing everything is no answer."""

from dataclasses import replace
from itertools import product as pairs
from pathlib import Path

import pytest

from .files import Writing, write
from .layouts import EXTRAS, PER_LINE, PER_ORDER, Case, Layout
from .locales import LOCALES
from .product import settled
from .samples import sample
from .simple_reader import read

EVERYWHERE = ["net", "gross_tax", "line_total", "price", "order_first_all"]
ELSEWHERE = ["en-US", "de", "ja"]
KINDS = [
    *pairs(LOCALES, EVERYWHERE),
    *(
        (place, kind)
        for kind in [*PER_ORDER, *PER_LINE]
        if kind not in EVERYWHERE
        for place in ELSEWHERE
    ),
]
PLAIN = Layout(currency="column")
VARIED = {
    "e-mails": replace(PLAIN, customer="email"),
    "names": replace(PLAIN, customer="name"),
    "ids and e-mails": replace(PLAIN, customer="id_or_email"),
    "guests without id": replace(PLAIN, guests="blank"),
    "guests by a word": replace(PLAIN, guests="word"),
    "refund column": replace(PLAIN, refunds="column"),
    "refund column of gross": replace(PLAIN, money="gross_tax_shipping", refunds="column"),
    "refund column per line": replace(PLAIN, money="line_total", refunds="column"),
    "refund rows": replace(PLAIN, refunds="rows"),
    "returned goods": replace(PLAIN, money="price", refunds="rows"),
    "storno rows": replace(PLAIN, refunds="storno", status=True),
    "refunds in brackets": replace(PLAIN, refunds="rows", minus="()"),
    "minus behind": replace(PLAIN, refunds="rows", minus="behind"),
    "cancelled at": replace(PLAIN, cancelled_at=True),
    "cancelled at, first lines": replace(PLAIN, money="order_first_all", cancelled_at=True),
    "gift cards": replace(PLAIN, money="line_total", gift=True),
    "gift cards by price": replace(PLAIN, money="price", gift=True, place="de"),
    "no order numbers": replace(PLAIN, numbered=False),
    "no currency": Layout(),
    "signs": Layout(currency="sign"),
    "titles": replace(PLAIN, titles=3),
    "footer": replace(PLAIN, footer=True),
    "shuffled": replace(PLAIN, order=(5, 3, 8, 1, 4)),
    "extras": replace(PLAIN, extras=tuple(EXTRAS)),
    "statuses on first lines": replace(PLAIN, money="order_first_price", status=True),
} | {f"statuses {place}": replace(PLAIN, place=place, status=True) for place in LOCALES}
WRITINGS = {
    "semicolons": Writing(separator=";"),
    "tabs": Writing(separator="\t", encoding="utf-16"),
    "old letters": Writing(encoding="old", quote_all=True, newline="\r\n"),
    "workbook": Writing("xlsx"),
    "workbook of text": Writing("xlsx text"),
}


def is_read(case: Case, writing: Writing, folder: Path) -> None:
    """Assert that a table is read as it is meant, at once or by its own line to try."""
    assert read(case.sheet(), case.roles, case.layout.locale).figures == case.truth
    _, last = settled(write(case, writing, folder))
    assert last.figures == case.truth, last.said or last.red
    assert not last.red


@pytest.mark.parametrize(("place", "kind"), KINDS)
def test_every_kind_is_read_in_every_language(place: str, kind: str, tmp_path: Path) -> None:
    is_read(sample(Layout(place=place, money=kind, currency="column")), Writing(), tmp_path)


@pytest.mark.parametrize("layout", [pytest.param(one, id=name) for name, one in VARIED.items()])
def test_every_variation_is_read(layout: Layout, tmp_path: Path) -> None:
    is_read(sample(layout), Writing(), tmp_path)


@pytest.mark.parametrize("place", ["en-US", "de", "zh-Hans"])
@pytest.mark.parametrize("writing", [pytest.param(one, id=name) for name, one in WRITINGS.items()])
def test_every_writing_is_read(writing: Writing, place: str, tmp_path: Path) -> None:
    is_read(sample(Layout(place=place, money="price_total", status=True)), writing, tmp_path)
