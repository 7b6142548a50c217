"""Adapters to Sources; they do not know each other."""
