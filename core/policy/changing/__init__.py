"""What a policy would do before it is in force: its mistakes, its examples, what it widens and for whom."""
