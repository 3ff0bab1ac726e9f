"""What words and layouts mean, as data."""
