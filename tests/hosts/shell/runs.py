"""A command that was run, and the orders most of them read."""

from collections.abc import Callable
from dataclasses import dataclass

ORDERS = "Customer id,Order date,Amount\na,2026-01-01,10\nb,2026-01-05,20\na,2026-02-01,30\n"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
