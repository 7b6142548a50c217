"""Where Entries go besides the log: each sink follows it at its own pace, and none is ever waited for."""
