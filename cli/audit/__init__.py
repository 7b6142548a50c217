"""`assent audit`: the record looked up at the gateway, verified, proven to outsiders, replayed."""
