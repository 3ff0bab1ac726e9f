"""Thin adapters between the function list and whoever calls: a spreadsheet or a shell."""
