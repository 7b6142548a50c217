"""`[metrics]`, made."""

from __future__ import annotations

from core.settings import schema
from core.settings.build import listen
from core.settings.nouns import MetricsSettings
from core.settings.reader import Reader


def metrics(reader: Reader, raw: object) -> MetricsSettings:
    """Make `[metrics]`."""
    table = reader.table(schema.METRICS, raw, ("metrics",))
    hosts = table.names("hosts") or frozenset()
    return MetricsSettings(listen=listen(reader, table, "127.0.0.1:9090"), hosts=frozenset(map(str.lower, hosts)))
