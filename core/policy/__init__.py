"""Rules, facts, decision, permit and digest; pure."""
