"""What Python and the wrappers in VBA agree on."""

from typing import Final

CATEGORY: Final = "xlclv"  # of the functions, in Excel's list
# Python cannot hand Excel an error. A text that begins with TAG stands for one: TAG, code, END,
# message. The wrappers make the error of it; no other text that leaves may begin so.
TAG: Final = "\x02"
END: Final = "\x03"
