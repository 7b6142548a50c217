"""Processes killed and frozen over one store and a real database: one harness, for seconds or for hours."""
