"""A connector over a fresh database, with a small stand-in for the reading room: the server's tree, as it is."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, final

import asyncpg

from core.catalog import Oid, Protection, Snapshot, Type
from core.classify.postgres import Access, Parsed, Witnessed, supported
from core.connectors.postgres import Bounds, Options, PostgresConnector, Rooms
from core.connectors.postgres.connection.values import decoder
from core.model import (
    Call,
    Caller,
    CallId,
    Dialect,
    Digest,
    Door,
    Kind,
    Limits,
    Pair,
    Parameters,
    Permit,
    Reading,
    Rows,
    Scalar,
    Source,
    Thing,
    Tool,
    Unreadable,
    Verb,
)
from core.ports import Statement

SECRET: Final = "canary-7731-é"
VERBS: Final = {"1": Verb.READ, "2": Verb.UPDATE, "3": Verb.INSERT, "4": Verb.DELETE, "5": Verb.UPDATE}
READER: Final = "shop_read"
WRITER: Final = "shop_write"
ROLES: Final = f"""
DO $$ BEGIN CREATE ROLE {READER} LOGIN PASSWORD 'r' NOINHERIT; EXCEPTION WHEN duplicate_object THEN END $$;
DO $$ BEGIN CREATE ROLE {WRITER} LOGIN PASSWORD 'w' NOINHERIT; EXCEPTION WHEN duplicate_object THEN END $$;
"""
SHOP: Final = (
    ROLES
    + f"""
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, email text);
CREATE TABLE orders (id serial PRIMARY KEY, customer_id int REFERENCES customers ON DELETE CASCADE, note text);
CREATE TABLE log (what text);
CREATE VIEW names AS SELECT id, name FROM customers;
INSERT INTO customers SELECT n, 'name ' || n, '{SECRET}' FROM generate_series(1, 100) n;
INSERT INTO orders (customer_id, note) SELECT 1 + n % 100, 'x' FROM generate_series(1, 300) n;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}, {WRITER};
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WRITER};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WRITER};
GRANT CREATE ON SCHEMA public TO {WRITER};
"""
)


@final
class Now:
    """The operating system's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def teach(settings: Any, types: Mapping[Oid, Type]) -> None:
    """Let a connection of the driver alone read every type as the connector does: exact text, by the same decoders."""
    for oid, type_ in types.items():
        settings.add_python_codec(oid, type_.name, type_.schema, [], "scalar", str, decoder(type_, types), "text")


def parse(text: str, parameters: Parameters = ()) -> Parsed | Unreadable:
    word = text.split(maxsplit=1)[0].lower()
    access = {"select": Access.READ, "with": Access.READ, "values": Access.READ}.get(
        word, Access.WRITE if word in {"insert", "update", "delete", "merge"} else Access.UTILITY
    )
    root = {"insert": "InsertStmt", "update": "UpdateStmt", "delete": "DeleteStmt", "merge": "MergeStmt"}.get(
        word, "CreateStmt" if access is Access.UTILITY else "SelectStmt"
    )
    return Parsed(
        text=text, parameters=len(parameters), root=root, access=access, verbs=frozenset({Verb.READ}), names=()
    )


def witness(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
    oids = {Oid(int(number)) for number in re.findall(r":(?:relid|funcid)\s([0-9]+)", dump) if number != "0"}
    todo = list(oids)
    while todo:
        relation = snapshot.relations.get(todo.pop())
        more = (relation.children | relation.depends) - oids if relation else frozenset()
        oids |= more
        todo += more
    verb = VERBS.get(next(iter(re.findall(r":commandType\s([0-9])", dump)), ""), Verb.DEFINE)
    stamps = {str(oid): snapshot.stamp.get(oid, "") for oid in sorted(oids)}
    tree = hashlib.sha256(json.dumps([dump, stamps, protection.version]).encode()).hexdigest()
    names = {snapshot.relations[oid].qualified for oid in oids if oid in snapshot.relations}
    reading = Reading(
        dialect=Dialect.POSTGRES,
        statement=parsed.text,
        text=parsed.text,
        pairs=frozenset(Pair(thing=Thing(kind="table", name=name), verb=verb) for name in names | {""}),
        tree=Digest(tree),
        witnessed=True,
    )
    return Witnessed(reading=reading, closure=frozenset(oids), index_scans_off=False)


def untagged(snapshot: Snapshot) -> Protection:
    return Protection(tags={}, tainted=frozenset(), closed={}, version=snapshot.database)


ROOMS: Final = Rooms(parse=parse, witness=witness, supported=supported)


def as_role(url: str, role: str) -> str:
    host = url.rpartition("@")[2]
    return f"postgresql://{role}:{'r' if role == READER else 'w'}@{host}"


@asynccontextmanager
async def connected(
    url: str, *, connections: int = 2, writes: bool = True, rooms: Rooms = ROOMS, **bounds: timedelta
) -> AsyncIterator[PostgresConnector]:
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
        read_url=as_role(url, READER),
        write_url=as_role(url, WRITER) if writes else None,
        masks={},
        clock=Now(),
        options=Options(bounds=Bounds(connections=connections, waiting=2, **bounds)),
        rooms=rooms,
        protect=untagged,
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()


CALLER: Final = Caller(
    issuer="i",
    subject="s",
    client="c",
    kind=Kind.PERSON,
    person=None,
    owner=None,
    email=None,
    groups=frozenset(),
    scopes=frozenset(),
    authenticated_at=None,
    expires_at=datetime(2100, 1, 1, tzinfo=UTC),
)


def permit(reading: Reading, parameters: tuple[Scalar, ...] = (), *, seconds: float = 20, **limits: int) -> Permit:
    call = Call(
        id=CallId("call_test"),
        door=Door("mcp-http"),
        tool=Tool.QUERY,
        source="shop",
        received_at=datetime.now(UTC),
        statement=reading.statement,
        parameters=parameters,
    )
    return Permit(
        call=call,
        caller=CALLER,
        reading=reading,
        limits=Limits(timeout=timedelta(seconds=seconds), **limits),
        text=reading.text,
        parameters=parameters,
        digest=Digest("0" * 64),
        attempt=1,
        deadline=datetime.now(UTC) + timedelta(seconds=60),
    )


async def read(connector: PostgresConnector, text: str, parameters: tuple[Scalar, ...] = ()) -> Reading:
    async with connector.visit(Statement(text=text, parameters=parameters), name="assent:read:0") as visit:
        reading = await visit.read()
    assert isinstance(reading, Reading), reading
    return reading


async def refusal(connector: PostgresConnector, text: str) -> Unreadable:
    async with connector.visit(Statement(text=text), name="assent:read:0") as visit:
        found = await visit.read()
    assert isinstance(found, Unreadable), (text, found)
    return found


async def query(
    connector: PostgresConnector, text: str, parameters: tuple[Scalar, ...] = (), *, seconds: float = 20, **limits: int
) -> Rows:
    """Read and run in one visit, as an allowed statement does."""
    async with connector.visit(Statement(text=text, parameters=parameters), name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), reading
        return await visit.run(permit(reading, parameters, seconds=seconds, **limits))


async def change(connector: PostgresConnector, text: str, *, commit: bool = True, **limits: int) -> Rows:
    async with connector.visit(Statement(text=text), name="assent:test:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), reading
        rows = await visit.run(permit(reading, (), **limits))
        if commit:
            await visit.commit()
        return rows


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 2) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if await condition():
            return True
        await asyncio.sleep(0.02)
    return False


async def told(url: str, sql: str) -> list[asyncpg.Record]:
    """Ask the database as its owner."""
    owner = await asyncpg.connect(url)
    try:
        return list(await owner.fetch(sql))
    finally:
        await owner.close()


async def done(url: str, sql: str) -> None:
    """Do something as the database's owner, in a session of its own."""
    owner = await asyncpg.connect(url)
    try:
        await owner.execute(sql)
    finally:
        await owner.close()
