"""What people look up: rows made of the log alone, how they are found, and what Calls that ask alike have in common."""
