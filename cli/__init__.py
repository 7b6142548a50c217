"""The `assent` command."""
