"""Who gets which reward, and why not: rules are data, every "no" has its reason."""
