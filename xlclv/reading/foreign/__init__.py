"""Workbooks that are read and never written: .xls, .xlsb, .ods."""
