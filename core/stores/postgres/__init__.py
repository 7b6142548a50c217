"""The store in a PostgreSQL database: several replicas append to one log, each role with its own rights."""
