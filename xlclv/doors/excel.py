"""What the VBA of the add-in and of macro books calls: the functions, and the tasks of macros.

xlwings looks for functions among the names that the module has; tasks load when one is run.
"""

from typing import Final

from xlclv.functions import FUNCTIONS
from xlclv.hosts.excel.functions import udfs
from xlclv.lazy import lazily

TASKS: Final = (
    *("refresh", "post_rewards", "freeze_for_sharing", "load_sample", "clear_sample", "doctor"),
)
globals().update({function.name: getattr(udfs, function.name) for function in FUNCTIONS})
__getattr__ = lazily(__name__, dict.fromkeys(TASKS, "xlclv.hosts.excel.book.tasks"))
