"""What triggers and the engine go by: the past, the orders, occasions and hurdles."""
