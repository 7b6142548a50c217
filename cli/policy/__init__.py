"""`assent policy`: what people ask about rules before these decide anything."""
