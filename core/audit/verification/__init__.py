"""A log held to its rules, byte by byte, and what an outsider takes along to do the same without Assent."""
