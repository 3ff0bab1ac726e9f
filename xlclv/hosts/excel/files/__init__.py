"""The macro workbook and the add-in as files, and their VBA."""
