"""Names, words and results as stored bytes and back: which key wraps what, where they lie, and how they end."""
