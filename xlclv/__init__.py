"""Customer lifetime value, tiers and loyalty rewards, inside a spreadsheet and without one.

The names below are what Python code is to use; they load what they need when they are first
asked for, so that `import xlclv` takes no time.
"""

from typing import TYPE_CHECKING

from xlclv.lazy import lazily

if TYPE_CHECKING:
    from xlclv.errors import InputError, NotEnoughData, UndefinedError, XlclvError
    from xlclv.functions import FUNCTIONS
    from xlclv.hosts.answer import call
    from xlclv.models.choice import fit_orders as fit
    from xlclv.models.trust.functions import forecast_table as forecast
    from xlclv.refresh.refresh import RefreshRequest
    from xlclv.refresh.refresh import refresh as refresh_book
    from xlclv.segments.rfm import rfm_table
    from xlclv.value.retention import retention_clv
    from xlclv.value.simple import clv

__version__ = "0.1.0"
__all__ = [
    "FUNCTIONS",
    "InputError",
    "NotEnoughData",
    "RefreshRequest",
    "UndefinedError",
    "XlclvError",
    "__version__",
    "call",
    "clv",
    "fit",
    "forecast",
    "refresh_book",
    "retention_clv",
    "rfm_table",
]

__getattr__ = lazily(
    __name__,
    {
        "FUNCTIONS": "xlclv.functions",
        "InputError": "xlclv.errors",
        "NotEnoughData": "xlclv.errors",
        "RefreshRequest": "xlclv.refresh.refresh",
        "UndefinedError": "xlclv.errors",
        "XlclvError": "xlclv.errors",
        "call": "xlclv.hosts.answer",
        "clv": "xlclv.value.simple",
        "fit": "xlclv.models.choice:fit_orders",
        "forecast": "xlclv.models.trust.functions:forecast_table",
        "refresh_book": "xlclv.refresh.refresh:refresh",
        "retention_clv": "xlclv.value.retention",
        "rfm_table": "xlclv.segments.rfm",
    },
)
