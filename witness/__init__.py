"""A witness of logs, run by another team: it signs what follows from what it signed before, and nothing else."""
