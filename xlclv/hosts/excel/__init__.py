"""Excel itself: the functions for xlwings, their VBA, the macro workbook and the add-in."""
