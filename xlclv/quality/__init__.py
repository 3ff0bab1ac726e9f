"""Is the data fit to be computed with? What to look at, where, and how to mend it."""
