"""The arrays that the sums pass around, and a few limits of the calendar and of cells."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
DateArray = NDArray[np.datetime64]
TextArray = NDArray[np.object_]
BoolArray = NDArray[np.bool_]
Array = NDArray[Any]  # any of these
# A result of several columns, each of shape (n,); the order is the order on the sheet.
Frame = dict[str, Array]

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
A_LIFE = 100_000  # days; nobody waits longer between two orders
LARGEST = 1e15  # a spreadsheet keeps 15 digits; beyond, a number is a slip of the keyboard
