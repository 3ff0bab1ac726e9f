"""What calc_calls.py asks of the open document; runs in the Python of LibreOffice."""

import time
from typing import Any


def edit(driver: Any, cell: str, value: float, result: str) -> float:  # noqa: ANN401 - of UNO
    """Type a value; return the seconds until a cell that depends on it shows what follows."""
    start = time.perf_counter()
    driver.area(cell).getCellByPosition(0, 0).Value = value
    driver.document.calculate()
    driver.text(result)
    return time.perf_counter() - start
