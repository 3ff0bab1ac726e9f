"""What one customer is worth, from averages: no order history, no spreadsheet."""
