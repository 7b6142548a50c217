"""The server's word: its own analysed tree of a statement, read, counted and held against the parser's."""
