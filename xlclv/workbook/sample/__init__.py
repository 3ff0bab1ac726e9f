"""The sample shop: made-up orders, customers, feedback and a ledger, the same on every day."""
