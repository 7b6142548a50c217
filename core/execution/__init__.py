"""Attempts and slots: claim, prepare, finish, stop, recover."""
