"""What a rule may ask for and a book may lack: each a table or column that somebody fills in."""

ORDERS, FEEDBACK, REFERRALS = "orders", "feedback", "referrals"
TABLES = frozenset({ORDERS, FEEDBACK, REFERRALS})
