"""The money of each row: which columns hold it, what they are, and what is taken off."""
