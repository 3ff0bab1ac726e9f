"""What is worked out from a table is worked out once, however many cells ask for it."""

from collections.abc import Callable
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from xlclv.errors import XlclvError
from xlclv.tables.table import Table
from xlclv.words import voice

P = ParamSpec("P")
R = TypeVar("R")
_lock = RLock()


def remembered(
    most: int,
) -> Callable[[Callable[Concatenate[Table, P], R]], Callable[Concatenate[Table, P], R]]:
    """Let a sum over a table keep its last results with the table, and its errors likewise.

    A table never changes: other cells are another table. So a result is as true as on the first
    day, and goes with its table. It is shared by all who ask, who must not change it. The sum
    takes a table and what else its result hangs on, all of it hashable.

    Args:
        most: Results that are kept for a table, say for so many days.
    """

    def keeping(
        compute: Callable[Concatenate[Table, P], R],
    ) -> Callable[Concatenate[Table, P], R]:
        @wraps(compute)
        def recalled(table: Table, /, *rest: P.args, **named: P.kwargs) -> R:
            key = (voice(), *rest, *named.items())
            with _lock:
                kept = table.known.setdefault(compute, {})
                if key not in kept:
                    while len(kept) >= most:
                        del kept[next(iter(kept))]
                    kept[key] = _outcome(compute, table, *rest, **named)
                outcome = kept[key]
            if isinstance(outcome, XlclvError):
                raise outcome.with_traceback(None)
            return outcome  # type: ignore[no-any-return]

        return recalled

    return keeping


def _outcome(
    compute: Callable[Concatenate[Table, P], R], table: Table, *rest: P.args, **named: P.kwargs
) -> R | XlclvError:
    try:
        return compute(table, *rest, **named)
    except XlclvError as error:
        return error
