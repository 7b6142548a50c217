"""A PostgreSQL Source: snapshot, witness, execution, fate."""
