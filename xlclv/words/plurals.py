"""The forms of a text for a count: `KEY` is the general one, `KEY_one`, `KEY_few` … the others.

Which numbers take which form is the rule of the language, `language.plural`; its name is the
first language of the CLDR that has it (https://cldr.unicode.org, plural rules, integers).
"""

from collections.abc import Callable
from typing import Final

from xlclv.words.catalogue import ENGLISH, has, says_itself, speaking, word
from xlclv.words.numbers import Number, number


def _east_slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:  # noqa: PLR2004 - the digits are the rule
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _polish(n: int) -> str:
    return "one" if n == 1 else "few" if _east_slavic(n) == "few" else "many"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if n in (2, 3, 4) else "other"


def _arabic(n: int) -> str:
    if n in (0, 1, 2):
        return ("zero", "one", "two")[n]
    few, many = 3 <= n % 100 <= 10, 11 <= n % 100 <= 99  # noqa: PLR2004
    return "few" if few else "many" if many else "other"


RULES: Final[dict[str, Callable[[int], str]]] = {
    "none": lambda _: "other",  # Japanese, Chinese, Korean: one form
    "en": lambda n: "one" if n == 1 else "other",  # German, Dutch, Spanish, Italian …
    "fr": lambda n: "one" if n in (0, 1) else "other",  # Portuguese of Brazil
    "ru": _east_slavic,
    "pl": _polish,
    "cs": _czech,
    "ar": _arabic,
}


def plural_key(key: str, count: Number) -> str:
    """Return the key of the text for a count, in the language that has the text.

    >>> plural_key("advice.grace", 1), plural_key("advice.grace", 2)
    ('advice.grace_one', 'advice.grace')
    """
    own = says_itself(key)
    whole = int(count) if count == int(count) and count >= 0 else None
    if own:
        rule, exists = word("language.plural"), says_itself
    else:
        with speaking(ENGLISH):
            rule, exists = word("language.plural"), has
    form = "other" if whole is None else RULES[rule](whole)
    return f"{key}_{form}" if exists(f"{key}_{form}") else key


def counted(key: str, count: Number, **facts: object) -> str:
    """Return the text of a key for a count, which stands in it as {count}.

    >>> counted("advice.grace", 1), counted("advice.grace", 1200)[:15]
    ('1 customer is about to lose the tier.', '1,200 customers')
    """
    return word(plural_key(key, count), count=number(count), **facts)
