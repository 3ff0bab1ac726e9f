"""Points and rewards booked: entries, balances, what is owed."""
