"""The special functions of scipy, loaded when the first one is called.

Loading scipy takes a tenth of a second, which the commands that fit nothing should not pay.
"""

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from xlclv.terms import FloatArray

SERIES_FROM = 100.0  # the next term of the series is below 1e-18 from here on


@cache
def loaded(name: str) -> ModuleType:
    """Return a part of scipy by name, such as "special"."""
    return import_module(f"scipy.{name}")


def _call(name: str, *arguments: ArrayLike) -> Any:  # noqa: ANN401 - scipy is untyped
    return getattr(loaded("special"), name)(*arguments)


def log_gamma(value: ArrayLike) -> FloatArray:
    """Return the logarithm of the gamma function, value > 0."""
    return np.asarray(_call("gammaln", value), float)


def digamma(value: ArrayLike) -> FloatArray:
    """Return the derivative of log_gamma."""
    return np.asarray(_call("psi", value), float)


def trigamma(value: ArrayLike) -> FloatArray:
    """Return the derivative of digamma."""
    return np.asarray(_call("polygamma", 1, value), float)


def digamma_rise(value: ArrayLike, step: ArrayLike) -> FloatArray:
    """Return digamma(value + step) - digamma(value), to full precision at large values too.

    There both are alike and their difference loses digits, while their asymptotic series, whose
    terms are subtracted one by one, ends soon. step >= 0.

    Source: Abramowitz & Stegun (1964), 6.3.18.

    >>> bool(abs(digamma_rise(1e8, 1) * 1e8 - 1) < 1e-15)
    True
    """
    low, far = np.broadcast_arrays(np.asarray(value, float), np.asarray(step, float))
    large = np.maximum(low, SERIES_FROM)
    ratio = np.log1p(far / large)
    rise = ratio + far / (2 * large * (large + far))
    for power, factor in ((2, 1 / 12), (4, -1 / 120), (6, 1 / 252)):
        rise = rise - factor * large**-power * np.expm1(-power * ratio)
    return np.where(low >= SERIES_FROM, rise, digamma(low + far) - digamma(low))


def log_beta(a: ArrayLike, b: ArrayLike) -> FloatArray:
    """Return the logarithm of the beta function, a and b > 0."""
    return np.asarray(_call("betaln", a, b), float)


def beta_share(a: ArrayLike, b: ArrayLike, upper: ArrayLike) -> FloatArray:
    """Return the share of a Beta(a, b) distribution below `upper`."""
    return np.asarray(_call("betainc", a, b, upper), float)


def hyp2f1(a: ArrayLike, b: ArrayLike, c: ArrayLike, z: ArrayLike) -> FloatArray:
    """Return Gauss's hypergeometric function; infinite or NaN where scipy finds no number."""
    return np.asarray(_call("hyp2f1", a, b, c, z), float)


def chi_square_beyond(freedom: float, value: float) -> float:
    """Return the chance that a chi-square of so many degrees of freedom exceeds a value."""
    return float(_call("chdtrc", freedom, value))


def normal_quantile(share: float) -> float:
    """Return the value below which that share of a standard normal distribution lies."""
    return float(_call("ndtri", share))
