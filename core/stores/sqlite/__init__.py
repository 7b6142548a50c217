"""The store in one process's SQLite files: one thread writes, aiosqlite reads."""
