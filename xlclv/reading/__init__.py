"""Reading: a workbook or a text file becomes cells, tables and settings; nothing is computed."""
