"""Operational rows: what each Change of a unit does to them, and each kind of row read back."""
