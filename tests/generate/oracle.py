"""A live server as oracle: what a statement does there, seen from outside, without any word of our own reading.

Four ways, each on ground that is rolled back or thrown away: Parse alone, with the server's tree; EXPLAIN; inside
BEGIN READ ONLY; for real as a superuser. Watched: transaction id, relations and their locks, rows changed, settings,
role, channels, cursors, prepared statements, advisory locks, notices, code called, files, the server's own state.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg

from demo.postgres import Postgres
from tests.generate.cases import SCHEMA, parameters, tree

PATH: Final = "care, shop, hr, app, public"
VERBS: Final = {"2": "update", "3": "insert", "4": "delete", "5": "merge"}
SESSION: Final = re.compile(r"pg_temp_[0-9]+")  # whichever session it happened to be
FILES: Final = (
    "/tmp/assent-corpus-"  # what statements of the corpus write; each server's own, so that none sees another's
)
NUMBER: Final = itertools.count()
SECONDS: Final = 3.0
LOST: Final = (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError, TimeoutError)
# What a client cannot decode says nothing about the statement.
CLIENT: Final = (
    asyncpg.UnsupportedClientFeatureError, asyncpg.InternalClientError, asyncpg.DataError, ValueError,
    AttributeError,  # asyncpg 0.32 on an empty statement
)  # fmt: skip
SETTINGS: Final = (
    "autovacuum=off", "track_functions=all", "max_prepared_transactions=4", "wal_level=logical", "fsync=off",
    "max_replication_slots=4",
)  # fmt: skip
SEEN: Final = """
SELECT json_build_object(
  'xid', pg_current_xact_id_if_assigned() IS NOT NULL,
  'locks', (SELECT coalesce(json_agg(DISTINCT jsonb_build_array(l.relation::int, l.mode)), '[]')
            FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.relation >= 16384),
  'advisory', (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
  'rows', (SELECT coalesce(json_agg(json_build_array(relid::int, n_tup_ins, n_tup_upd, n_tup_del)), '[]')
           FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0),
  'code', (SELECT coalesce(json_agg(schemaname || '.' || funcname ORDER BY 1), '[]') FROM pg_stat_xact_user_functions),
  'channels', (SELECT count(*) FROM pg_listening_channels()),
  'cursors', (SELECT count(*) FROM pg_cursors WHERE name <> ''),
  'prepared', (SELECT count(*) FROM pg_prepared_statements WHERE from_sql),
  'role', current_user || '/' || session_user,
  'settings', (SELECT json_object_agg(name, setting) FROM pg_settings
               WHERE source = 'session' OR name LIKE 'transaction%'),
  'own', json_build_array(current_setting('app.tenant', true), current_setting('x.y', true)))
"""
NAMES: Final = """
SELECT c.oid::int AS oid, n.nspname || '.' || c.relname AS name, c.relkind::text AS kind,
  (SELECT array_agg(inhparent::int) FROM pg_inherits WHERE inhrelid = c.oid) AS above
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_toast'
"""
WORLD: Final = """
SELECT json_build_array(pg_snapshot_xmax(pg_current_snapshot())::text, pg_conf_load_time()::text,
  (SELECT count(*) FROM pg_replication_slots), (SELECT count(*) FROM pg_replication_origin),
  (SELECT stats_reset::text FROM pg_stat_database WHERE datname = current_database()),
  (SELECT count(*) FROM pg_prepared_xacts), (SELECT count(*) FROM pg_listening_channels()),
  (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'))
"""


@dataclass
class Seen:
    """What one statement did."""

    parse: str = ""  # SQLSTATE of Parse
    verbs: set[str] = field(default_factory=set)  # of the server's tree and plan
    barred: str = ""  # SQLSTATE inside READ ONLY
    failed: str = ""  # SQLSTATE of the real run
    reads: set[str] = field(default_factory=set)
    locks: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    effects: set[str] = field(default_factory=set)
    code: set[str] = field(default_factory=set)

    def label(self) -> str:
        """Write the line of the corpus."""
        if self.parse:
            return f"error {self.parse}"
        known = self._known()
        acts = self.verbs or self.locks or self.changes or self.effects - {"notice"}
        if self.failed and not acts:
            return " ".join(["fails", self.failed, *known])
        if not acts:
            return " ".join(["reads", *(known or ["nothing"])])
        failed = [f"fails:{self.failed}"] if self.failed else []
        return " ".join(["acts", *failed, *known, f"stopped:{self.barred}" if self.barred == "25006" else "unstopped"])

    def _known(self) -> list[str]:
        parts = {"tree": self.verbs, "changes": self.changes, "locks": self.locks, "effects": self.effects}
        words = [f"{name}:{','.join(sorted(found))}" for name, found in parts.items() if found]
        calls = [f"code:{','.join(sorted(self.code))}"] if self.code else []
        return sorted(name.replace(" ", "_") for name in self.reads) + words + calls


class Oracle:
    """One server of one version with the corpus's schema, in a database that statements may try to change."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._connection: Any = None
        self._before: dict[str, Any] = {}
        self._notices: list[str] = []
        self._heard: list[Any] = []

    @classmethod
    async def start(cls, version: int) -> Oracle:
        server = await asyncio.to_thread(Postgres.start, version, settings=SETTINGS)
        self = cls(server)
        await self._admin("CREATE DATABASE corpus_template")
        made = await asyncpg.connect(server.url("corpus_template"))
        await made.execute(SCHEMA.read_text("utf-8"))
        await made.execute("VACUUM (FREEZE, ANALYZE)")
        await made.close()
        await self._renew()
        return self

    async def close(self) -> None:
        await self._leave()
        await asyncio.to_thread(self._server.close)

    async def label(self, text: str) -> str:
        """Show what a statement does, as one line."""
        seen = Seen()
        text = text.replace(FILES, f"{FILES}{self._server.port}-")
        for written in self._written():
            written.unlink()
        await self._parsed(text, seen)
        if not seen.parse:
            await self._planned(text, seen)
            await self._barred(text, seen)
            await self._real(text, seen)
            if seen.failed == "25001":
                await self._alone(text, seen)
            elif not seen.failed and seen.label().startswith("reads"):
                await self._committed(text, seen)
        if self._written():
            seen.effects.add("file")
        return SESSION.sub("pg_temp", seen.label())

    def _written(self) -> list[Path]:
        """Files that a statement left, in this server's own name."""
        return list(Path("/tmp").glob(f"{Path(FILES).name}{self._server.port}-*"))

    # ------------------------------------------------------------ the four ways

    async def _parsed(self, text: str, seen: Seen) -> None:
        """Parse by name inside READ ONLY, with the server's tree."""
        await self._connection.execute(
            f"BEGIN READ ONLY; SET LOCAL search_path = {PATH}; SET LOCAL client_min_messages = log; "
            "SET LOCAL debug_print_rewritten = on; SET LOCAL debug_pretty_print = off"
        )
        await asyncio.sleep(0)
        self._heard.clear()
        try:
            await asyncio.wait_for(self._connection.prepare(text, name=f"c{next(NUMBER)}"), SECONDS)
        except asyncpg.PostgresError as error:
            seen.parse = str(error.sqlstate)
        except (*LOST, *CLIENT):
            pass
        await asyncio.sleep(0)
        trees = [
            m.detail for m in self._heard if m.query == text and m.message == "rewritten parse tree:" and not m.context
        ]
        for dump in trees:
            seen.verbs |= {VERBS[number] for number in re.findall(r"\{QUERY :commandType ([2-5]) ", dump)}
            if ":rowMarks ({" in dump:
                seen.verbs.add("lock")
        await self._back()

    async def _planned(self, text: str, seen: Seen) -> None:
        """EXPLAIN, where the statement can be explained."""
        if parameters(tree(text)):
            return
        await self._connection.execute(f"BEGIN READ ONLY; SET LOCAL search_path = {PATH}")
        with contextlib.suppress(asyncpg.PostgresError, *CLIENT, *LOST):
            plan = str(
                await asyncio.wait_for(self._connection.fetch(f"EXPLAIN (FORMAT JSON, COSTS off) {text}"), SECONDS)
            )
            for node, verb in (("ModifyTable", "change"), ("LockRows", "lock")):
                if f'"{node}"' in plan and not seen.verbs:
                    seen.verbs.add(verb)
        await self._back()

    async def _barred(self, text: str, seen: Seen) -> None:
        """Inside BEGIN READ ONLY."""
        await self._connection.execute(
            f"BEGIN READ ONLY; SET LOCAL search_path = {PATH}; SET LOCAL statement_timeout = '1s'"
        )
        seen.barred = await self._run(text)
        await self._back(fresh=True)

    async def _real(self, text: str, seen: Seen) -> None:
        """In a transaction that is rolled back."""
        await self._connection.execute(f"BEGIN; SET LOCAL search_path = {PATH}; SET LOCAL statement_timeout = '1s'")
        self._before = json.loads(await self._connection.fetchval(SEEN))
        self._notices.clear()
        seen.failed = await self._run(text)
        await asyncio.sleep(0)
        seen.effects |= {"notice"} if self._notices else set()
        if self._connection.is_closed():
            seen.effects.add("lost")
        elif not self._connection.is_in_transaction():
            seen.effects.add("ended")
        elif not seen.failed:
            try:
                await self._observe(seen)
            except asyncpg.PostgresError:  # it took away what watching stands on: rows of pg_class, say
                seen.effects.add("catalogs")
        await self._back(fresh=bool(seen.effects - {"notice"}))
        if "ended" in seen.effects:
            await self._renew()

    async def _alone(self, text: str, seen: Seen) -> None:
        """Outside a transaction, in a database of its own that is thrown away."""
        before = await self._world()
        seen.failed = await self._run(text)
        seen.effects.add("alone")
        if await self._world() != before:
            seen.effects.add("world")
        await self._renew()

    async def _committed(self, text: str, seen: Seen) -> None:
        """What looked like a read, committed: NOTIFY takes a transaction id only then."""
        if parameters(tree(text)):
            return
        before = await self._world()
        await self._connection.execute(f"BEGIN; SET LOCAL search_path = {PATH}; SET LOCAL statement_timeout = '1s'")
        await self._run(text)
        with contextlib.suppress(asyncpg.PostgresError, *LOST):
            await self._connection.execute("COMMIT")
        if await self._world() != before:
            seen.effects.add("world")
            await self._renew()
        await self._back()

    # ------------------------------------------------------------ watching

    async def _run(self, text: str) -> str:
        """Run one statement; give its SQLSTATE, "" for none. By now Parse has shown that it is one statement."""
        count = parameters(tree(text))
        try:
            if count:
                await asyncio.wait_for(self._connection.fetch(text, *[None] * count), SECONDS)
            else:
                await asyncio.wait_for(self._connection.execute(text), SECONDS)
        except asyncpg.PostgresError as error:
            return str(error.sqlstate)
        except CLIENT:
            return ""
        except LOST:
            self._connection.terminate()
            return "client"
        return ""

    async def _observe(self, seen: Seen) -> None:
        now = json.loads(await self._connection.fetchval(SEEN))
        rows = await self._connection.fetch(NAMES)
        names = {row["oid"]: row for row in rows}
        mine = {oid for oid, _ in now["locks"] if oid in names}
        for oid, mode in now["locks"]:
            above = set(names[oid]["above"] or ()) if oid in names else set()
            if oid not in names or above & mine:
                continue
            if mode == "AccessShareLock":
                seen.reads.add(names[oid]["name"])
            else:
                seen.locks.add(f"{names[oid]['name'].replace(' ', '_')}({mode.removesuffix('Lock')})")
        was = {row[0]: row[1:] for row in self._before["rows"]}
        for oid, *counts in now["rows"]:
            gone = [after - earlier for after, earlier in zip(counts, was.get(oid, [0, 0, 0]), strict=True)]
            if any(gone) and oid in names:
                parts = [f"{sign}{n}" for sign, n in zip("+~-", gone, strict=True) if n]
                seen.changes.add(f"{names[oid]['name'].replace(' ', '_')}({''.join(parts)})")
        seen.code |= set(now["code"]) - set(self._before["code"])
        seen.effects |= {"xid"} if now["xid"] else set()
        for part in ("advisory", "channels", "cursors", "prepared", "role", "settings", "own"):
            if now[part] != self._before[part]:
                seen.effects.add(part)

    async def _world(self) -> str:
        if self._connection.is_closed():
            await self._enter()
        return str(await self._connection.fetchval(WORLD))

    # ------------------------------------------------------------ ground

    async def _back(self, *, fresh: bool = False) -> None:
        """Roll back; `fresh` also takes a new session, for what outlives a transaction."""
        if self._connection.is_closed():
            await self._enter()
            return
        try:
            if self._connection.is_in_transaction():
                await self._connection.execute("ROLLBACK")
            await self._connection.execute("DISCARD ALL" if fresh else "DEALLOCATE ALL")
        except (asyncpg.PostgresError, *LOST):
            self._connection.terminate()
            await self._enter()

    async def _enter(self) -> None:
        await self._leave()
        self._connection = await asyncpg.connect(self._server.url("corpus"), statement_cache_size=0)
        self._connection.add_log_listener(self._listen)

    async def _leave(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None

    def _listen(self, _: Any, message: Any) -> None:
        self._heard.append(message)
        if message.severity in {"NOTICE", "WARNING", "INFO"}:
            self._notices.append(str(message.message))

    async def _renew(self) -> None:
        """Take a fresh copy of the database, and undo what reached the cluster."""
        await self._unprepare()
        await self._leave()
        await self._admin("ALTER SYSTEM RESET ALL")
        await self._admin(
            "DROP DATABASE IF EXISTS corpus WITH (FORCE)", "DROP DATABASE IF EXISTS corpus_other WITH (FORCE)"
        )
        await self._admin("CREATE DATABASE corpus TEMPLATE corpus_template STRATEGY FILE_COPY")
        await self._enter()

    async def _unprepare(self) -> None:
        """Roll back what a statement left prepared for a second phase."""
        if self._connection is None:
            return
        if self._connection.is_closed():
            await self._enter()
        if self._connection.is_in_transaction():
            await self._connection.execute("ROLLBACK")
        for row in await self._connection.fetch(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
        ):
            await self._connection.execute(f"ROLLBACK PREPARED '{row['gid']}'")

    async def _admin(self, *texts: str) -> None:
        owner = await asyncpg.connect(self._server.url())
        try:
            for text in texts:
                await owner.execute(text)
        finally:
            await owner.close()
