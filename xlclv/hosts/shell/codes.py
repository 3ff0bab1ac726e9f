"""How a command ends."""

FAILED, USAGE, BUG = 1, 2, 3  # 2 is click's own for a command typed wrong
