"""From an order log to customers: who bought when, how much, and how they stand today."""
