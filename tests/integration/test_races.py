"""A second session acts between snapshot, Parse, Bind, fetch and the last look (sql 1.1, 19): nothing new comes out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import asyncpg
import pytest

from core.connectors.postgres import PostgresConnector
from core.connectors.postgres.connection.session import Session
from core.connectors.postgres.visit import PostgresVisit
from core.errors import SourceError
from core.model import Reading, Unreadable
from core.ports import Statement
from demo.postgres import Postgres
from tests.databases import Make, fresh
from tests.integration.connecting import permit
from tests.integration.modes import SCHEMA, Modes, modes
from tests.slices import NEWEST, OLDER, today

MORE: Final = """
CREATE TABLE care.stranger (id int PRIMARY KEY, plan text, mail text);
INSERT INTO care.stranger VALUES (1, 'x', 'nobody');
CREATE TABLE care.late (at date, kind text, mail text);
INSERT INTO care.late VALUES ('2025-02-03', 'k1', 'm99@x.test');
CREATE TABLE care.heir (LIKE care.person);
INSERT INTO care.heir VALUES (99, 'heir', 'm98@x.test');
CREATE TABLE public.journal (id int, what text);
INSERT INTO public.journal VALUES (1, 'public');
CREATE FUNCTION care.band(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n / 10';
CREATE VIEW care.shown AS SELECT id, plan FROM care.member;
CREATE DOMAIN care.word AS text;
CREATE TABLE care.said (id int, word care.word);
INSERT INTO care.said VALUES (1, 'x');
"""
RAW: Final = ("@x.test", "P0000000")  # no mask of these tests shows either
SWAP: Final = """BEGIN; ALTER TABLE care.{0} RENAME TO z; ALTER TABLE care.{1} RENAME TO {0};
 ALTER TABLE care.z RENAME TO {1}; COMMIT"""
LOCK: Final = "SET lock_timeout = '{}ms'"


@dataclass(frozen=True)
class Act:
    """What the second session does, the statement that it aims at, and how it is undone.

    `harmless` acts may leave the rows as they were; after all others what is not kept waiting by a lock is withheld.
    """

    sql: str
    text: str
    undo: str
    harmless: bool = False


BOTH: Final = "SELECT m.id, m.mail, c.mail, m.passport FROM care.member m JOIN care.contact c USING (id) WHERE id < 4"
STRANGER: Final = "SELECT id, mail FROM care.stranger"
PERSON: Final = "SELECT id, mail, name FROM care.person WHERE name >= 'h'"
ACTS: Final = {
    "two tables change names": Act(SWAP.format("member", "stranger"), STRANGER, SWAP.format("member", "stranger")),
    "the protected of two that change names": Act(
        SWAP.format("member", "stranger"), "SELECT id, mail FROM care.member", SWAP.format("member", "stranger")
    ),
    "two columns change names": Act(
        "BEGIN; ALTER TABLE care.person RENAME mail TO z; ALTER TABLE care.person RENAME name TO mail;"
        " ALTER TABLE care.person RENAME z TO name; COMMIT", PERSON,
        "BEGIN; ALTER TABLE care.person RENAME mail TO z; ALTER TABLE care.person RENAME name TO mail;"
        " ALTER TABLE care.person RENAME z TO name; COMMIT",
    ),
    "a column is added": Act(
        "ALTER TABLE care.member ADD more text DEFAULT 'P0000000'", "SELECT m FROM care.member m",
        "ALTER TABLE care.member DROP more",
    ),
    "a view is replaced": Act(
        "CREATE OR REPLACE VIEW care.shown AS SELECT id, mail::text AS plan FROM care.member",
        "SELECT id, plan FROM care.shown", "CREATE OR REPLACE VIEW care.shown AS SELECT id, plan FROM care.member",
    ),
    "a masking view is replaced": Act(
        "ALTER VIEW care__masked.person RENAME TO z;"
        "CREATE VIEW care__masked.person AS SELECT id, name, mail FROM care.person;"
        "GRANT SELECT ON care__masked.person TO {read}", PERSON,
        "DROP VIEW care__masked.person; ALTER VIEW care__masked.z RENAME TO person",
    ),
    "a function is replaced": Act(
        "CREATE OR REPLACE FUNCTION care.band(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n'",
        "SELECT id, care.band(id) FROM care.visit",
        "CREATE OR REPLACE FUNCTION care.band(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n / 10'",
    ),
    "an overload appears": Act(
        "CREATE FUNCTION care.band(n bigint) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 7'",
        "SELECT id, care.band(id) FROM care.visit", "DROP FUNCTION care.band(bigint)", harmless=True,
    ),
    "a right is granted": Act(
        "GRANT SELECT (mail) ON care.member TO {read}", BOTH, "REVOKE SELECT (mail) ON care.member FROM {read}"
    ),
    "a right is taken": Act(
        "REVOKE SELECT ON care.visit FROM {read}, {raw}", "SELECT fee FROM care.visit",
        "GRANT SELECT ON care.visit TO {read}, {raw}",
    ),
    "a policy appears": Act(
        "ALTER TABLE care.visit ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON care.visit USING (id < 3)",
        "SELECT id FROM care.visit", "DROP POLICY p ON care.visit; ALTER TABLE care.visit DISABLE ROW LEVEL SECURITY",
    ),
    "a partition is attached": Act(
        "ALTER TABLE care.event ATTACH PARTITION care.late FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "SELECT at, mail FROM care.event", "ALTER TABLE care.event DETACH PARTITION care.late",
    ),
    "a child is attached": Act(
        "ALTER TABLE care.heir INHERIT care.person", PERSON, "ALTER TABLE care.heir NO INHERIT care.person"
    ),
    "a check is added to a domain": Act(
        "ALTER DOMAIN care.word ADD CONSTRAINT c CHECK (VALUE <> 'y')", "SELECT word, 'x'::care.word FROM care.said",
        "ALTER DOMAIN care.word DROP CONSTRAINT c",
    ),
    "an index is added": Act(
        "CREATE INDEX i ON care.visit (memo)", "SELECT id FROM care.visit", "DROP INDEX care.i"
    ),
    "a table of that name comes earlier in the path": Act(
        "CREATE TABLE care.journal AS SELECT 1 AS id, 'care'::text AS what; "
        "GRANT SELECT ON care.journal TO {read}, {raw}", "SELECT what FROM journal", "DROP TABLE care.journal",
        harmless=True,
    ),
    "the role becomes a member": Act(
        "GRANT pg_read_all_data TO {read}, {raw}", BOTH, "REVOKE pg_read_all_data FROM {read}, {raw}", harmless=True
    ),
    "a table is dropped and made again": Act(
        "ALTER TABLE care.stranger RENAME TO z;"
        "CREATE TABLE care.stranger AS SELECT id, plan, mail::text FROM care.member",
        STRANGER, "DROP TABLE care.stranger; ALTER TABLE care.z RENAME TO stranger",
    ),
}  # fmt: skip
Once: TypeAlias = Callable[[], Awaitable[None]]


class Second:
    """The second session: acts once, at the point where it is let in."""

    def __init__(self, owner: Any, act: Act, names: dict[str, str]) -> None:
        self._owner, self._act, self._names = owner, act, names
        self.acted = False
        self.waited = False

    async def __call__(self, patience: int = 100) -> None:
        """Act, or find that a lock of the first session is in the way for so many milliseconds."""
        if self.acted or self.waited:
            return
        await self._owner.execute(LOCK.format(patience))
        try:
            await self._owner.execute(self._act.sql.format(**self._names))
            self.acted = True
        except asyncpg.LockNotAvailableError:
            self.waited = True
            await self._owner.execute("ROLLBACK" if self._owner.is_in_transaction() else "SELECT 1")

    async def undo(self, connector: PostgresConnector) -> None:
        """Leave all as it was, and known so."""
        if self.acted:
            await self._owner.execute(LOCK.format(5_000))
            await self._owner.execute(self._act.undo.format(**self._names))
            await connector.renew()


def before(name: str, kind: type[Any]) -> Callable[[pytest.MonkeyPatch, Once], None]:
    """Let the second session in before a step of the first."""

    def put(patch: pytest.MonkeyPatch, second: Once) -> None:
        real = getattr(kind, name)

        async def step(self: Any, *given: Any, **named: Any) -> Any:
            await second()
            return await real(self, *given, **named)

        patch.setattr(kind, name, step)

    return put


# Before its own Parse of a replaced text; before Bind, behind which the rows and the last look come in one round trip.
POINTS: Final = {
    "running": before("_run", PostgresVisit),
    "Bind": before("fetch", Session),
}


# Of each act on each version: half of them a day on the newest, a sixth on the others.
EACH: Final = pytest.mark.parametrize(
    ("version", "name"),
    [
        pytest.param(version, name, id=f"{version}-{name.replace(' ', '_')}")
        for version in (*OLDER, NEWEST)
        for name in today(ACTS, str, 2 if version == NEWEST else 6)
    ],
)


async def ran(visit: Any, reading: Reading) -> object:
    """Run as an allowed statement; rows, or the code of the error that came instead."""
    try:
        return (await visit.run(permit(reading, returned_rows=50))).rows
    except SourceError as error:
        return error.code


async def asked(connector: PostgresConnector, text: str) -> object:
    """Ask anew: rows, a doubt, or an error's code."""
    async with connector.visit(Statement(text=text), name="assent:race:1") as visit:
        found = await visit.read()
        return found.doubt if isinstance(found, Unreadable) else await ran(visit, found)


def silent(said: object) -> None:
    """No raw value came out."""
    assert not [word for word in RAW if word in repr(said)], said


async def raced(
    connector: PostgresConnector, second: Second, act: Act, point: Callable[[pytest.MonkeyPatch, Once], None]
) -> None:
    """Read, let the second session in at a point, and see that its act changes nothing that comes out."""
    was = await asked(connector, act.text)
    assert isinstance(was, tuple), was
    async with connector.visit(Statement(text=act.text), name="assent:race:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), reading
        with pytest.MonkeyPatch.context() as patch:
            point(patch, second)
            said = await ran(visit, reading)
    silent(said)
    assert second.acted or second.waited
    if second.waited or (act.harmless and isinstance(said, tuple)):
        assert said == was
    else:
        assert said == "drifted", said


async def across(connector: PostgresConnector, second: Second, act: Act) -> None:
    """Read in one visit, run in another, as after an approval."""
    async with connector.visit(Statement(text=act.text), name="assent:race:1") as visit:
        reading = await visit.read()
        assert isinstance(reading, Reading), reading
    was = await asked(connector, act.text)
    await second(5_000)  # a background load may hold locks for a moment
    assert second.acted
    async with connector.visit(Statement(text=act.text), name="assent:race:2") as visit:
        said = await ran(visit, reading)
    silent(said)
    assert said == "drifted" or (act.harmless and said == was), said


async def stale(connector: PostgresConnector, second: Second, act: Act) -> None:
    """Act after the snapshot's load, then ask: a refusal, or what a fresh look at the new state answers, masked."""
    assert isinstance(await asked(connector, act.text), tuple)
    await second(5_000)  # a background load may hold locks for a moment
    assert second.acted
    silent(await asked(connector, act.text))


@dataclass(frozen=True)
class Place:
    """One database in both modes, and the connectors that run the start-up checks over each load besides."""

    both: Modes
    watched: tuple[PostgresConnector, PostgresConnector]
    owner: Any

    def second(self, act: Act) -> Second:
        return Second(self.owner, act, {"read": self.both.wish.read_role, "raw": self.both.raw})


async def made(stack: AsyncExitStack, make: Make, version: int) -> Place:
    """Make a place that ends with the stack."""
    both = await stack.enter_async_context(modes(make, version=version, sql=SCHEMA + MORE))
    owner = await asyncpg.connect(both.url)
    stack.push_async_callback(owner.close)
    for connector in (watched := both.watched()):
        await connector.open()
        stack.push_async_callback(connector.close)
    return Place(both, watched, owner)


@pytest.fixture(scope="module")
async def places(clusters: Callable[[int], Postgres]) -> AsyncIterator[Callable[[int], Awaitable[Place]]]:
    """Give the one place of a server version, made when it is first asked for."""
    known: dict[int, Place] = {}
    async with fresh(clusters) as make, AsyncExitStack() as stack:

        async def place(version: int) -> Place:
            if version not in known:
                known[version] = await made(stack, make, version)
            return known[version]

        yield place


@pytest.fixture
async def place(places: Callable[[int], Awaitable[Place]], version: int) -> Place:
    return await places(version)


@EACH
async def test_no_act_beside_a_read_changes_what_comes_out(place: Place, name: str) -> None:
    """Let one act in at every point of a read, enforced and spliced."""
    act, modes_ = ACTS[name], [(place.both.enforced, list(POINTS))]
    if "masked" not in act.sql:  # there are no views in the weaker mode
        modes_.append((place.both.spliced, list(POINTS)))
    for connector, points in modes_:
        for point in points:
            second = place.second(act)
            await raced(connector, second, act, POINTS[point])
            await second.undo(connector)
        second = place.second(act)
        await across(connector, second, act)
        await second.undo(connector)


@EACH
async def test_no_act_before_a_read_is_an_unmasking(place: Place, name: str) -> None:
    for connector in place.watched:
        second = place.second(ACTS[name])
        await stale(connector, second, ACTS[name])
        await second.undo(connector)
