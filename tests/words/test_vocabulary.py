"""One thing, one word: no text that a user can meet says what another word has replaced.

Every text of tabs, lists, charts, VBA, ribbon, Calc, Lite, help, doctor, errors and commands comes
from the catalogue, as `test_books` and `test_texts` show; so the catalogue is read here, key by
key, with the pages of the documentation.
"""

import re
from collections.abc import Iterator

import pytest

from tests.docs.paper import NAMES, commands, prose, text_of
from xlclv.words import catalogue

# What replaced it: how it may not be said any more.
REPLACED = {
    "Predicted value": r"customer equity|equity ahead",
    "Predicted loss from churn": r"at risk ahead",
    "Value of slipping customers": r"CLV at risk",
    "Unprofitable customers": r"worth less than nothing",
    "Forecast, Actual": r"\bforetold\b|^came$",
    "Lapsed": r"\bpassive\b",
    "Outstanding rewards": r"\bowed to customers\b|\bopen (?:points|rewards)\b|\bpoints open\b",
    "Redemption rate": r"^points used$",
    "Rewards issued": (
        r"\b(?:grant|award)(?:s|ed|ing)?\b|\bbooked\b|\bposted\b|\bposting\b|\bpost rewards\b"
        r"|\bnever given\b|\bbook (?:the rewards|what|these|them)\b"
    ),
    "Orders per year": r"\bpurchases per year\b",
    "Average order value (AOV)": r"\baverage (?:purchase )?value\b|\baverage purchase\b",
    "Typical days between orders": r"\busual gap\b|\btypical gap\b|\bexpected gap\b",
    "Lower bound, upper bound": r"\b(?:low|high) \(95",
    "Columns not used": r"\bnot needed\b",
    "%": r"\bshare of\b|\bdiscount share\b|\d %",
    "Gold, Silver, Bronze": r"\bHigh-end\b|\bMid\b|Budget tier",
    "Review, Fix": r"✖ (?:Look|Correct)|\bneeds? a look\b|checks? to look at",
}
# Texts that have to say it: old titles that are still understood, what old books hold, names typed.
KEPT = {
    "start.old_steps": "what an old book says, so that it is known again",
}
HEADERS = re.compile(r"<!-- made: headers -->.*?<!-- /made -->", re.DOTALL)  # what others say
OLD = re.compile(r"\.was$|^headers\.|^columns\.|^former\.")
CODES = re.compile(
    r"at_risk, passive and lost|\{\w+\}|--[\w-]+|xlclv [a-z]+|[a-z]+_[a-z_]+|`[^`]*`"
)


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text of the catalogue with its key, without what is typed or filled in."""
    for key, value in catalogue().items():
        if key in KEPT or OLD.search(key):
            continue
        for text in [value] if isinstance(value, str) else value:
            yield key, CODES.sub(" ", str(text))


@pytest.mark.parametrize("word", REPLACED)
def test_no_text_says_what_was_replaced(word: str) -> None:
    old = re.compile(REPLACED[word], re.IGNORECASE)
    assert [(key, text) for key, text in texts() if old.search(text)] == []


@pytest.mark.parametrize("page", NAMES)
def test_no_page_does(page: str) -> None:
    text = text_of(page)
    typed = "\n".join(commands(text))
    said = CODES.sub(" ", HEADERS.sub("", prose(text)))
    said = "\n".join(line for line in said.splitlines() if line not in typed)
    found = {
        word: re.findall(f".*(?:{old}).*", said, re.IGNORECASE) for word, old in REPLACED.items()
    }
    assert {word: lines for word, lines in found.items() if lines} == {}


def test_the_words_that_replaced_them_are_said() -> None:
    everything = " | ".join(text for _, text in texts())
    for word in (
        *("Predicted value, next", "Predicted loss from churn", "Value of slipping customers"),
        *("Unprofitable customers", "Actual", "Lapsed", "Outstanding rewards", "Redemption rate"),
        *("Rewards issued", "Average order value (AOV)", "Typical days between orders"),
        *("lower bound (95% of the mean)", "upper bound (95% of the mean)", "Columns not used"),
        *("Gold", "Silver", "Bronze", "⚠ Review", "✖ Fix", "Total customer value (simple CLV)"),
    ):
        assert word in everything, word


def test_every_check_says_what_was_found() -> None:
    """The title of a check that can be amber or red is the pass; `found` is the finding."""
    known = catalogue()
    for key in known:
        if key.startswith("checks.") and key.endswith(".found"):
            title = known[f"{key.removesuffix('found')}title"]
            assert known[key] != title, key


def test_a_replaced_word_would_be_found() -> None:
    assert re.search(REPLACED["Lapsed"], "Status Passive", re.IGNORECASE)
    assert re.search(REPLACED["Rewards issued"], "Rewards granted", re.IGNORECASE)
    assert not re.search(REPLACED["Rewards issued"], "Open the book", re.IGNORECASE)
