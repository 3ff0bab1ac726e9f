"""Whoever said No is on no list, however it was said."""

import os

import pytest

from tests.analysis.contacts.made_up import Book, made_up
from xlclv.analysis.contacts.exports import export, names_of_lists
from xlclv.analysis.contacts.tools import TOOLS, hashed

pytestmark = pytest.mark.slow

BOOKS = int(os.environ.get("XLCLV_BOOKS", "200"))  # make consent: 10,000
AT_ONCE = 50


def on_lists(book: Book) -> tuple[set[str], set[str], int]:
    """Return ids and addresses on the tab and on all lists, and how many rows there were."""
    results = book.results()
    frame = results.contacts.frame()
    ids = {str(each) for each in frame["customer_id"]}
    mails = {str(each) for each in frame["customer_email"]}
    rows = len(frame["customer_id"])
    for name in names_of_lists(results):
        for tool in TOOLS:
            made = export(results, name, tool)
            rows += len(made.rows)
            cells = {cell.strip().casefold() for row in made.rows for cell in row}
            mails |= cells
            if "Customer ID" in made.headers:
                ids |= {row[made.headers.index("Customer ID")] for row in made.rows}
    return ids, {mail.strip().casefold() for mail in mails}, rows


@pytest.mark.parametrize("first", range(0, BOOKS, AT_ONCE))
def test_nobody_who_refused_is_on_a_list(first: int) -> None:
    listed, refused = 0, 0
    for seed in range(first, first + AT_ONCE):
        book = made_up(seed)
        ids, mails = book.refused()
        found, addresses, rows = on_lists(book)
        assert not found & ids, seed
        assert not addresses & mails, seed
        assert not addresses & {hashed(mail) for mail in mails}, seed
        listed += rows
        refused += len(ids)
    assert listed  # the lists are not empty
    assert refused
