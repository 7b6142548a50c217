"""SHOW of a listed setting, answered by a constant text of ours; no agent's SHOW runs."""

from __future__ import annotations

from typing import Final

from core.classify.postgres.nouns import Doubted, Parsed, Witnessed
from core.classify.postgres.tree.read import digest
from core.model import Dialect, Doubt, Form, Reading

LISTED: Final = frozenset(
    {
        "server_version", "server_version_num", "server_encoding", "client_encoding", "timezone", "datestyle",
        "intervalstyle", "search_path", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
        "transaction_isolation", "transaction_read_only", "default_transaction_isolation",
        "default_transaction_read_only", "in_hot_standby", "standard_conforming_strings", "bytea_output",
        "default_text_search_config", "max_connections", "work_mem",
    }
)  # fmt: skip
# In 16 and 18 these are columns of pg_database, no settings any more.
COLUMNS: Final = {"lc_collate": "datcollate", "lc_ctype": "datctype"}


def show(parsed: Parsed) -> Witnessed:
    """Read SHOW.

    Raises: Doubted for a setting that is not listed.
    """
    name = str(parsed.tree.get("name", "")).lower()
    if name in LISTED:
        text = f"SELECT pg_catalog.current_setting('{name}') AS {name}"
    elif name in COLUMNS:
        text = (
            f"SELECT datcollate AS {name} FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()"
        ).replace("datcollate", COLUMNS[name])
    else:
        raise Doubted(Doubt.UNKNOWN, f"SHOW answers only: {', '.join(sorted(LISTED | COLUMNS.keys()))}.")
    reading = Reading(
        dialect=Dialect.POSTGRES,
        statement=parsed.text,
        text=text,
        pairs=parsed.pairs,
        outputs=(frozenset(),),
        tree=digest({"show": name}),
        witnessed=True,
        form=Form.SETTING,
    )
    return Witnessed(reading=reading, closure=frozenset(), index_scans_off=False)
