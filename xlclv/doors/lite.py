"""What the code in a workbook for xlwings Lite calls: the functions by name, and its scripts."""

from xlclv.hosts.lite.book import called
from xlclv.lazy import lazily

__all__ = ["called"]

TASKS = ("refresh", "post_rewards")
__getattr__ = lazily(__name__, dict.fromkeys(TASKS, "xlclv.hosts.excel.book.tasks"))
