"""A disk that fails: a shim between a process and its files records, delays or breaks what is written and synced."""
