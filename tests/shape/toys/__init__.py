"""A connector and a door as a newcomer would add them; they run in a copy of the tree alone."""
