"""Adapters to the store: one unit of work over Journal and operational rows."""
