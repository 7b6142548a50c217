"""GoogleSQL text -> plain values, by sqlglot; runs only in the child process and imports nothing else of Assent."""
