"""What a write needs besides: its transaction id, the rows it changed, its cap, and what COMMIT's answer means."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString, final

from core.connectors.postgres.connection import sqlstates
from core.connectors.postgres.connection.waiting import answered
from core.errors import OutcomeUnknown, SourceError, StatementFailed
from core.model import Permit, Work

if TYPE_CHECKING:
    import asyncpg

    from core.catalog import Oid
    from core.connectors.postgres.connection.link import Link

# Rows are counted by the difference of these, never by the command tag: a deleting CTE says SELECT 1, and cascades and
# triggers are in no tag (PostgreSQL docs 27.2.20, pg_stat_xact_user_tables).
CHANGED: Final[LiteralString] = """
'changed', (SELECT COALESCE(pg_catalog.sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int8
              FROM pg_catalog.pg_stat_xact_user_tables),
'target', (SELECT pg_catalog.json_build_array(COALESCE(pg_catalog.sum(n_tup_ins + n_tup_upd), 0)::int8,
                                              COALESCE(pg_catalog.sum(n_tup_del), 0)::int8)
             FROM pg_catalog.pg_stat_xact_user_tables
            WHERE relid = ANY (pg_catalog.string_to_array($1::text, ',')::oid[]))
"""
# What no statistics count: a TRUNCATE inside code takes its table's counts back and a DROP takes them along, each under
# the strongest lock; rows of foreign tables are counted elsewhere. Tables of this session alone may come and go.
UNCOUNTED: Final[LiteralString] = """
'uncounted', EXISTS (SELECT FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.relation >= 16384
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
    AND (c.relkind = 'f' OR (l.mode = 'AccessExclusiveLock' AND c.relpersistence IS DISTINCT FROM 't')))
"""
# Constraint triggers that wait for COMMIT run now, so that what they do is counted and looked at as well.
SETTLE: Final[LiteralString] = "set constraints all immediate"
# The timeline of the WAL being written: the control file's own can lag behind a promotion until its next checkpoint.
WHERE: Final[LiteralString] = """
'system', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
'timeline', pg_catalog."left"(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8),
'backend', pg_catalog.pg_backend_pid()::text
"""
ASSIGN: Final[LiteralString] = (
    "SELECT pg_catalog.json_build_object('xid', pg_catalog.pg_current_xact_id()::text,"
    + WHERE
    + ","
    + CHANGED
    + ")::text"
)
ASSIGNED: Final[LiteralString] = (
    "SELECT pg_catalog.json_build_object('xid', pg_catalog.pg_current_xact_id_if_assigned()::text,"
    + WHERE
    + ","
    + UNCOUNTED
    + ","
    + CHANGED
    + ")::text"
)
ROLLED_BACK: Final = "The database rolled the change back when it was to be committed; nothing was changed."


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a transaction stands."""

    xid: str | None
    system: str
    timeline: str
    backend: str
    changed: int
    made: int  # rows of the target that were inserted or updated
    gone: int  # rows of the target that were deleted
    uncounted: bool  # something was emptied, dropped or changed elsewhere: `changed` is not all

    def touched(self, since: Mark) -> int:
        """Count the target's rows; one that moves to another partition is deleted there and inserted here."""
        return max(self.made - since.made, self.gone - since.gone)

    def work(self, affected: int) -> Work:
        """What recovery asks for; the timeline in decimal."""
        return Work(
            xid=str(self.xid),
            system=self.system,
            timeline=str(int(self.timeline, 16)),
            backend=self.backend,
            affected=affected,
        )


async def settle(connection: Link, targets: frozenset[Oid]) -> Mark:
    """Let everything happen that waits for COMMIT, then read where the transaction stands."""
    await answered(connection, connection.tell(SETTLE))
    return await measure(connection, targets, assign=False)


async def measure(connection: Link, targets: frozenset[Oid], *, assign: bool) -> Mark:
    """Read the transaction id (assigning one if asked) and the rows that this connection's statements changed."""
    asked = connection.ask(ASSIGN if assign else ASSIGNED, ",".join(map(str, sorted(targets))))
    seen = json.loads(str(await answered(connection, asked)))
    return Mark(
        xid=seen["xid"],
        system=str(seen["system"]),
        timeline=str(seen["timeline"]),
        backend=str(seen["backend"]),
        changed=int(seen["changed"]),
        made=int(seen["target"][0]),
        gone=int(seen["target"][1]),
        uncounted=bool(seen.get("uncounted")),
    )


def cap(permit: Permit) -> int | None:
    """Give the smaller of the rule's and the approval's cap on changed rows."""
    caps = [permit.limits.affected_rows, permit.approval.affected_rows if permit.approval else None]
    return min((limit for limit in caps if limit is not None), default=None)


def capped(permit: Permit) -> bool:
    """Whether any number of rows is too many."""
    return cap(permit) is not None or permit.limits.target_rows is not None


def beyond(start: Mark, end: Mark, permit: Permit, *, defines: bool) -> str:
    """Say for operators what went beyond the caps between two marks; "": nothing. Definitions drop by their word."""
    most, changed, touched = permit.limits.target_rows, end.changed - start.changed, end.touched(start)
    if capped(permit) and end.uncounted and not defines:
        return "code that ran with it emptied or dropped a table, or changed a foreign one"
    limits = ((changed, cap(permit)), (touched, most))
    over = any(limit is not None and rows > limit for rows, limit in limits)
    return f"{changed} rows, cap {cap(permit)}; {touched} of the target, counted {most}" if over else ""


def uncommitted(error: asyncpg.PostgresError) -> SourceError:
    """An ERROR in answer to COMMIT proves that it rolled back (a deferred constraint); a FATAL one proves nothing."""
    code = error.sqlstate or "XX000"
    if getattr(error, "severity_en", None) == "ERROR" and code[:2] != "08":
        return StatementFailed(code, public=f"{ROLLED_BACK} {sqlstates.sentence(code)}")
    return OutcomeUnknown(f"sqlstate {code} in answer to COMMIT")


def rolled_back() -> StatementFailed:
    """COMMIT of a failed transaction raises nothing and answers with the tag ROLLBACK (PostgreSQL docs, COMMIT)."""
    return StatementFailed("25P02", public=ROLLED_BACK)
