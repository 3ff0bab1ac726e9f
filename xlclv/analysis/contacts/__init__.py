"""From score to action: whom to write to, why, and what to offer."""
