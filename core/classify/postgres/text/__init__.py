"""The parser's word: libpg_query's raw tree of a text, before any server is asked."""
