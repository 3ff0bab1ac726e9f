"""Setting up the spreadsheets of this computer, and finding out why something does not work."""
