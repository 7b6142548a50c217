"""What only a BigQuery Source could say wrongly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from core.masking.warehouse.keysets import Keyset, keyset
from core.settings import tls
from core.settings.reader import Reader, Table
from core.warehouse import Registered

MASKS: Final = "assent_masks"
ROUTINE: Final = re.compile(r"(?:[A-Za-z0-9_-]+\.)?[A-Za-z0-9_]+\.[A-Za-z0-9_]+", re.ASCII)
DATASET: Final = re.compile(r"[A-Za-z0-9]\w{0,1023}", re.ASCII)


def warehouse(reader: Reader, table: Table) -> None:
    """Look at one."""
    if table.text("masking", "spliced") == "enforced":
        enforced(reader, table)
    endpoint = urlsplit(table.text("endpoint"))
    if table.has("endpoint") and (endpoint.scheme not in {"http", "https"} or not tls.local(endpoint.hostname or "-")):
        reader.findings.error((*table.path, "endpoint"), "only a server of this machine takes the place of Google's")
    for key in sorted(accepted(table) - {"trusted"}):
        reader.findings.error((*table.path, "accept", key), "a bigquery Source has trusted views alone")
    apart = (("read_account", "write_account"), ("credentials", "write_credentials"))
    for reads, writes in apart:
        if table.has(writes) and named(table, reads) == named(table, writes):
            reader.findings.error((*table.path, writes), f"what changes is another account than {reads}")


def accepted(table: Table) -> frozenset[str]:
    """Name what an operator accepts."""
    raw = table.values.get("accept", {})
    return frozenset(map(str, raw)) if isinstance(raw, dict) else frozenset()


def routines(reader: Reader, table: Table) -> Mapping[str, Registered]:
    """Read which code may be called, each with the etag of what was looked at."""
    found: dict[str, Registered] = {}
    for name, said in table.texts("functions").items():
        kind, _, etag = said.partition(":")
        if kind not in {"pure", "masked"} or not etag or not ROUTINE.fullmatch(name):
            wanted = '"dataset.function" = "pure:ETAG", or "masked:ETAG" where it may see masked values'
            reader.findings.error((*table.path, "functions", name), wanted)
        else:
            found[name] = Registered(etag=etag, masked=kind == "masked")
    return MappingProxyType(found)


def tokens(reader: Reader, table: Table) -> Keyset | None:
    """Make what tokens are made with; None where nothing says it, or says it wrongly."""
    halves = [key for key in ("token_key", "token_keyset") if table.has(key)]
    if len(halves) == 1:
        reader.findings.error((*table.path, halves[0]), "token_key and token_keyset are named together")
    if len(halves) < len(("token_key", "token_keyset")):
        return None
    try:
        return keyset(table.text("token_key"), table.text("token_keyset"))
    except ValueError as error:
        reader.findings.error((*table.path, "token_keyset"), str(error))
        return None


def named(table: Table, key: str) -> str:
    """Give a word, or where a secret comes from."""
    secret = table.secret(key)
    return table.text(key) if secret is None else secret.reference


def enforced(reader: Reader, table: Table) -> None:
    """Look at what only the enforced form needs: accounts by name, for harden names them in what it says."""
    for key in ("read_account", "dry_account"):
        if not table.has(key):
            reader.findings.error((*table.path, key), "masking by views needs to know the account by name")
    same = [
        key
        for key in ("read_account", "write_account")
        if table.has(key) and table.text(key) == table.text("dry_account")
    ]
    for key in same:
        reader.findings.error(
            (*table.path, "dry_account"), f"what knows protected tables is another account than {key}"
        )
    if not DATASET.fullmatch(table.text("masks_dataset", MASKS)):
        reader.findings.error((*table.path, "masks_dataset"), "letters, digits and underscores name a dataset")
