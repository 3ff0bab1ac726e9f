"""The meaning of an order table. Nothing here knows a file: cells and headers in, a reading out."""
