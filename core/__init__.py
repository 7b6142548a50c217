"""The line from a Call to an Answer; it knows no door."""
