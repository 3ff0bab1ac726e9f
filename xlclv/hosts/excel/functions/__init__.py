"""The functions as Excel calls them."""
