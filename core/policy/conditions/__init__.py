"""How a condition of a rule is read for one statement, and which rules hold for which pair."""
