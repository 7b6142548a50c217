"""A PostgreSQL Source: pools, snapshot, visits, fate."""

from core.connectors.postgres.catalog.known import Known
from core.connectors.postgres.connection.pool import Bounds
from core.connectors.postgres.connector import Options, PostgresConnector
from core.connectors.postgres.rooms import Rooms

__all__ = ["Bounds", "Known", "Options", "PostgresConnector", "Rooms"]
