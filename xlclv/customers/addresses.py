"""E-mail addresses: told from other texts, and compared."""

import numpy as np
import pandas as pd

from xlclv.terms import BoolArray, TextArray


def addresses(texts: TextArray) -> TextArray:
    """Return texts as e-mail addresses are compared, "" for what is none, shape of `texts`.

    >>> addresses(np.array([" Ann@Example.com", "C0001", ""], dtype=object)).tolist()
    ['ann@example.com', '', '']
    """
    codes, known = pd.factorize(texts)
    alike: TextArray = np.empty(len(known), dtype=object)
    alike[:] = [each.strip().casefold() if "@" in each else "" for each in map(str, known)]
    return alike[codes]


def among(texts: TextArray, known: TextArray) -> BoolArray:
    """Say which texts are among others, "" never, shape of `texts`."""
    found = pd.Index(texts, dtype=object).isin(pd.Index(known, dtype=object))
    return np.asarray(found & (texts != ""), bool)
