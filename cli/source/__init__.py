"""`assent init`, `scan` and `harden`: a database looked at, what it wants, and what a DBA runs there."""
