"""Names that a module offers without importing where they stand before somebody asks for one."""

from collections.abc import Callable, Mapping
from importlib import import_module


def lazily(module: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` of a module that offers names of other modules.

    Args:
        module: Its name.
        homes: Each name with the module it is from; there it may be called otherwise, as in
            "xlclv.models.choice:fit_orders".

    >>> lazily("mine", {"tau": "math", "nought": "math:inf"})("nought")
    inf
    """

    def offered(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        home, _, there = homes[name].partition(":")
        return getattr(import_module(home), there or name)

    return offered
