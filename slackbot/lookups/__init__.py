"""`/audit` and what follows it: what was asked, and what is found."""
