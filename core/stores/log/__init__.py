"""The log as a tree: grown, signed, handed on, how far others are in it, and how one from a copy goes on."""
