"""Faults that the suite must see: each breaks one line that guards a promise, in a copy of the tree."""
