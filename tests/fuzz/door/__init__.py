"""Requests of every wrong shape at the agents' door: nothing crashes, hangs, leaks or runs that should not."""
