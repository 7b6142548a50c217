"""`assent check`: statements read and decided; none of them runs."""
