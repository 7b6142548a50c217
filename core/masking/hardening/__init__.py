"""What makes a PostgreSQL database itself refuse, and how a start sees that it does."""
