"""One refresh for every host: read, compute, and prepare what is to be drawn and filled."""
