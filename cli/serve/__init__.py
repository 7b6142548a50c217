"""`assent serve`, `demo` and `witness`: what runs until a signal."""
