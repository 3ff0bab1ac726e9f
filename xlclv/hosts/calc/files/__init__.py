"""The extension as a file."""
