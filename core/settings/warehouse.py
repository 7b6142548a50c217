"""What only a BigQuery Source could say wrongly."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.settings import tls
from core.settings.reader import Reader, Table


def warehouse(reader: Reader, table: Table) -> None:
    """Look at one."""
    endpoint = urlsplit(table.text("endpoint"))
    if table.has("endpoint") and (endpoint.scheme not in {"http", "https"} or not tls.local(endpoint.hostname or "-")):
        reader.findings.error((*table.path, "endpoint"), "only a server of this machine takes the place of Google's")
    apart = (("read_account", "write_account"), ("credentials", "write_credentials"))
    for reads, writes in apart:
        if table.has(writes) and named(table, reads) == named(table, writes):
            reader.findings.error((*table.path, writes), f"what changes is another account than {reads}")


def named(table: Table, key: str) -> str:
    """Give a word, or where a secret comes from."""
    secret = table.secret(key)
    return table.text(key) if secret is None else secret.reference
