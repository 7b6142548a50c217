"""A toy door for agents."""
