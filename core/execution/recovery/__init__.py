"""What ends that nobody ended: after a crash, after a restore, when a clock runs out."""
