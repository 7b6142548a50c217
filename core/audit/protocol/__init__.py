"""Which sequences of Entries are legal, read from the log alone: slots, grants, openings of results."""
