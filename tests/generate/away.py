"""What each cause of an absent Source means, for the page of metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.errors import Away
from core.telemetry.stages import Asked

CAUSES: Final[Mapping[Away, str]] = {
    Away.REFUSED: "Nobody listens there, or no way leads there.",
    Away.UNKNOWN_HOST: "The host's name is not known.",
    Away.UNADMITTED: "The server does not let the role in: role, password or database (SQLSTATE 28…, 3D…).",
    Away.NOT_READY: "The server starts, recovers or ends (57P03).",
    Away.ENDED: "The server ended the session: a shutdown, a crash beside it, an administrator (57P01, 57P02).",
    Away.CROWDED: "Server or role (CONNECTION LIMIT) has no connection left (53300): raise it, or run fewer gateways.",
    Away.EXHAUSTED: "The server has no memory or disk left (53…).",
    Away.POOL: "Our own pool for the catalogs had no free connection in time.",
    Away.LOST: "The connection went.",
    Away.SILENT: "The server did not answer in time; the connection was ended.",
    Away.PROTOCOL: "What came is no answer to what was asked; the connection was ended.",
    Away.FAULT: "An error of the server's own (58…, XX…).",
    Away.CLOSED: "The Source is not open here: this process ends, or has not begun.",
    Away.RECENT: "It could not be reached seconds ago, and was not tried again yet.",
    Away.UNSAFE: "It is reached, and a check at its opening does not hold: `assent doctor` says which.",
    Away.SERVICE: "BigQuery says that it cannot just now.",
    Away.TOKENLESS: "No access token for BigQuery could be had.",
    Away.UNWITNESSED: "The database gave no second reading for an approved Call; it is tried again.",
}

STEPS: Final[Mapping[Asked, str]] = {
    Asked.VISIT: "a connection, before anything is read",
    Asked.READ: "the reading of a statement, which runs nothing of it",
    Asked.RUN: "the statement itself",
    Asked.COMMIT: "COMMIT: its outcome is the record's to say",
    Asked.PLAN: "a plan",
    Asked.TABLES: "the catalogs",
    Asked.FATE: "what became of a transaction or a job",
    Asked.BILL: "what a job cost",
    Asked.END: "the end of what runs",
    Asked.IMPACT: "a count for reviewers",
    Asked.SAMPLE: "a sample for reviewers",
}

HEAD: Final = """
## Why a Source stayed away

`assent_source_unavailable_total` and the log's line `a source stayed away` have two words for it: `step` is what the
Source was asked, `cause` why nothing came. Both are words of the program; no address, text of a server or statement.

| step | asked was |
|---|---|"""


def away() -> str:
    """Return the section of both tables."""
    steps = (f"| `{asked.value}` | {STEPS[asked]} |" for asked in Asked)
    causes = (f"| `{cause.value}` | {CAUSES[cause]} |" for cause in Away)
    return "\n".join((HEAD, *steps, "", "| cause | means |", "|---|---|", *causes))
