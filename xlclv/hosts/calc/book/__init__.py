"""The open document in Calc: read, drawn and filled in place."""
