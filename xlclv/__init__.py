"""Customer lifetime value, tiers and loyalty rewards, inside a spreadsheet and without one."""

__version__ = "0.1.0"
