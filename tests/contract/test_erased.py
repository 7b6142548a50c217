"""What is left of somebody after erasure, and what retention tells before it acts: on every real store, by bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from core.custody.acts import Bench
from core.custody.effects import effects
from core.custody.keeper import HOUR, Keeper
from core.custody.notes import Notes
from core.errors import NotFound
from core.model import Decision, Identity, Json, PayloadId, Person
from core.ports import KeyKind, Payload, Role, Said, Unit
from core.stores.postgres.rights import GRANTS, Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.contract.conftest import Clock
from tests.pgstore import Ground
from tests.policies import silent, unruled

pytestmark = pytest.mark.parametrize("place", ["sqlite", "postgres"], indirect=True)

Real = SqliteStore | PostgresStore
DAY = timedelta(days=1)
WORDS = {Role.STATEMENT: b"select zanzibar", Role.PURPOSE: b"because quokka", Role.RESULT: b'{}\n["wombat"]\n'}
TRACES = (b"zanzibar", b"quokka", b"wombat", b"annabel")


def keeper(store: Real, clock: Clock, terms: Mapping[str, int]) -> Keeper:
    return Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=clock,
        configured=terms,
    )


def bench(store: Real, clock: Clock) -> Bench:
    return Bench(
        journal=store.journal,
        acts=store.custody,
        custody=store.custody,
        ruling=unruled(store.standing),
        tell=silent,
        standing=store.standing,
        sources=frozenset(),
        subjects=store.subjects,
        macs=store.macs,
        clock=clock,
        notes=Notes(journal=store.journal, payloads=store.payloads),
        effects=effects(keys=store.ring, custody=store.custody, keeper=keeper(store, clock, {}), macs=store.macs),
        is_operator=lambda _: True,
        alone=False,
    )


def operator(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name, email=None, via="terminal")


async def asked(store: Real, clock: Clock, name: str) -> list[PayloadId]:
    """A Call of somebody that ended, all its words kept, and looked up once so that every index has it."""
    call = entries.call(clock.now(), conversation=("c", f"{name} hint"))
    session = await store.sessions.join(entries.caller(name), call)
    kept = await store.payloads.keep(
        call.id, session.id, "shop", [Payload(role=role, content=text) for role, text in WORDS.items()]
    )
    named: list[Json] = [dict(one.reference) for one in kept]
    intent = entries.intent(call.id, session=session.id, payloads=named)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
    await store.history.sessions()
    return [one.id for one in kept]


async def everything(place: Path | Ground) -> bytes:
    """Every file of a store, write-ahead logs with them; of a database every row of every table."""
    if isinstance(place, Path):
        return b"".join(one.read_bytes() for one in sorted(place.parent.rglob("*")) if one.is_file())
    dba = await place.dba()
    rows = [await dba.fetch(f"SELECT * FROM assent.{table}") for table in GRANTS]
    await dba.close()
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode()
        for found in rows
        for row in found
        for value in row.values()
    )


async def wrapped(place: Path | Ground, numbers: set[int]) -> list[bytes]:
    if isinstance(place, Path):
        held = sqlite3.connect(f"file:{Place(place).keys}?mode=ro", uri=True)
        found = held.execute("SELECT id, wrapped FROM dek").fetchall()
        held.close()
    else:
        dba = await place.dba()
        found = [tuple(row) for row in await dba.fetch("SELECT id, wrapped FROM dek")]
        await dba.close()
    return [bytes(raw) for number, raw in found if number in numbers]


async def sealed(place: Path | Ground, store: Real) -> list[bytes]:
    if isinstance(place, Path):
        return []  # goes with the month's file; nobody opens it
    assert isinstance(store, PostgresStore)
    return [bytes(row[0]) for row in await store.log.reads.rows("SELECT ct FROM payload")]


async def test_after_an_erasure_nothing_in_the_store_holds_the_words_the_name_or_a_key_to_them(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    await asked(store, clock, "annabel")
    before = await sealed(place, store)
    others = await asked(store, clock, "bob")
    mine = {key.number for key in await store.ring.alive() if key.scope.kind is KeyKind.PERSON or key.scope.session}
    people = bench(store, clock)
    act = await people.propose(operator("dan"), "erase", {"kind": "person", "id": "acme:annabel"})
    keys = await wrapped(place, mine)
    alive = {key.number for key in await store.ring.alive()}
    assert await people.decide(operator("erin"), act.id, Decision.APPROVE) is Said.APPROVED
    gone = alive - {key.number for key in await store.ring.alive()}
    assert len(gone) == 3  # questions, results, name
    raw = await everything(place)
    for trace in TRACES:
        assert trace not in raw
    assert sum(key in raw for key in keys) == len(keys) - len(gone)
    for cipher in before:
        assert cipher not in raw
    assert [await store.payloads.open(one) for one in others] == list(WORDS.values())


async def test_a_dry_run_tells_what_the_next_sweep_ends_and_changes_nothing(
    place: Path | Ground, store: Real, clock: Clock
) -> None:
    payloads = await asked(store, clock, "annabel")
    keeping = keeper(store, clock, {"questions": 1, "results": 400})
    await keeping.start()
    clock.advance(5 * DAY)
    before = await store.journal.tail(0, 999), await store.ring.alive(), await sealed(place, store)
    told = await keeping.due()
    assert [(one.reason, one.purpose, one.source, one.keys, one.held) for one in told] == [
        ("age", "questions", "shop", 1, 0)
    ]
    assert (await store.journal.tail(0, 999), await store.ring.alive(), await sealed(place, store)) == before
    await keeping.sweep()
    opened = []
    for one in payloads:
        try:
            opened.append(await store.payloads.open(one))
        except NotFound:
            opened.append(b"")
    assert opened == [b"", b"", WORDS[Role.RESULT]]
    clock.advance(HOUR)
    assert await keeping.due() == ()
    assert len(await sealed(place, store)) in {0, 1}


async def test_no_role_deletes_a_payload_whose_key_is_alive(place: Path | Ground, store: Real, clock: Clock) -> None:
    payloads = await asked(store, clock, "annabel")
    if isinstance(place, Ground):
        for part in (Part.GATEWAY, Part.PEOPLE):
            link = await asyncpg.connect(place.url(part), server_settings={"search_path": "assent"})
            assert await link.execute("DELETE FROM payload") == "DELETE 0"
            await link.close()
    assert [await store.payloads.open(one) for one in payloads] == list(WORDS.values())
