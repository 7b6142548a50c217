"""What the demo and the tests need to be real: PostgreSQL, shop data, token issuer, fake Slack, the story."""
