"""bearer -> Caller: every claim of a token is checked, required or ignored by name."""
