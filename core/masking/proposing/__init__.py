"""Which columns should be tagged, and what speaks for it: for a person to decide."""
