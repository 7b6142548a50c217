"""What a click does: who listens, Votes, brakes, break-glass, linking a person."""
