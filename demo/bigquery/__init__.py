"""A BigQuery-compatible server on loopback: DuckDB runs what sqlglot transpiles, for the demo and the tests.

It imports nothing of `core.classify`, so that its dry run stays a witness of its own. REST v2:
https://cloud.google.com/bigquery/docs/reference/rest
"""

from demo.bigquery.faults import Drop, Fault, Phase
from demo.bigquery.server import BigQuery
from demo.bigquery.world import World

__all__ = ["BigQuery", "Drop", "Fault", "Phase", "World"]
