"""PostgreSQL: the real grammar (libpg_query), the server's own analysed tree, and their agreement."""
