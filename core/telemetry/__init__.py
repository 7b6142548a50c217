"""What a process tells of itself: numbers, lines and traces; no statement, value, token or name of people."""
