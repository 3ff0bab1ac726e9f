"""What the extension of LibreOffice calls: the functions by name, and the commands of its menu."""

from xlclv.hosts.calc.functions.calls import call
from xlclv.lazy import lazily

__all__ = ["call"]

LATER = {"run": "xlclv.hosts.calc.book.commands", "why": "xlclv.hosts.calc.functions.why"}
__getattr__ = lazily(__name__, LATER)
