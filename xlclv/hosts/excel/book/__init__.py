"""The open workbook in Excel: read, drawn and filled in place."""
