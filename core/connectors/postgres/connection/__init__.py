"""Connections of ours: made where they are safe, lent within bounds, one transaction each, clean again."""
