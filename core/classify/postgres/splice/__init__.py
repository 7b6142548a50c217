"""Masks put into the text at the source, and the proof that the new tree is the old one with those masks."""
