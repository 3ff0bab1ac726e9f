"""Several files or sheets that are one source: unpacked, stacked, joined, each order once."""
