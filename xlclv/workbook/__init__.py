"""The workbook: what stands on which tab, how it is read, computed, drawn and saved."""
