"""xlwings Lite: Excel with Python in a browser."""
