"""Measurements as ratios in one run: the floor, the ceiling, and what Assent adds between them."""
