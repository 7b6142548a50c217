"""A Review's states, votes and approvals, as units for the store; pure."""
