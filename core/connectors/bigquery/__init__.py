"""BigQuery: priced and witnessed by dry runs, run as one job with an id of ours, read through masks in the text."""

from core.connectors.bigquery.accounts import signed
from core.connectors.bigquery.connector import Accepted, BigQueryConnector, Views
from core.connectors.bigquery.service import Place

__all__ = ["Accepted", "BigQueryConnector", "Place", "Views", "signed"]
