"""What a forecast is worth: seasons found, tried on earlier days, ranges of its totals."""
