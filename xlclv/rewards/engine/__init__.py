"""The decision: who gets which reward on a day, and why not."""
