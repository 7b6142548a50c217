"""Taking the log away: auditors alone, an Entry before each stretch, and no statement in it."""

from __future__ import annotations

import json

import pytest

from core import subject
from core.audit.export.events import Events
from core.audit.export.taking import STRETCH, Taking
from core.errors import AuditUnavailable
from core.model import Identity, Person
from core.ports import Sealed, Unit
from tests import entries
from tests.doubles import ORIGIN, MemoryStore


def person(name: str) -> Identity:
    return Identity(person=Person(directory="acme", id=name), name=name.title(), email=None, via="terminal")


ANN, SUE = person("ann"), person("sue")


class Log:
    """The double's log, read from a number on."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def tail(self, start: int, limit: int) -> tuple[Sealed, ...]:
        return tuple(one for _, one in self._store.journal.tables.log[start : start + limit])

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        return await self._store.journal.entries(scope)


def taking(store: MemoryStore) -> Taking:
    return Taking(
        tail=Log(store),
        journal=store.journal,
        subjects=store.subjects,
        macs=store.macs,
        origin=ORIGIN,
        version="0",
        is_auditor=lambda who: who == SUE,
    )


async def filled(calls: int) -> MemoryStore:
    store = MemoryStore()
    for _ in range(calls):
        call = entries.call_id()
        await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call))))
    return store


async def test_an_auditor_takes_every_entry_stretch_by_stretch_and_each_is_an_entry() -> None:
    store = await filled(STRETCH // 2 + 5)
    held = len(store.journal.tables.log)
    first = await taking(store).stretch(SUE, 0)
    assert first is not None
    assert first.next == STRETCH
    second = await taking(store).stretch(SUE, STRETCH, cef=True)
    assert second is not None
    assert second.next is None
    assert [json.loads(line)["metadata"]["sequence"] for line in first.lines] == list(range(STRETCH))
    assert len(second.lines) == held + 1 - STRETCH  # the first look is in the log by then
    assert all(line.startswith("CEF:0|Assent|") for line in second.lines)
    looks = [one.body for _, one in store.journal.tables.log if one.body["kind"] == "audit.export"]
    assert [(one["by"], one["first_seq"]) for one in looks] == [
        (subject.of_identity(store.macs, SUE), 0),
        (subject.of_identity(store.macs, SUE), STRETCH),
    ]


async def test_who_is_no_auditor_takes_nothing_away() -> None:
    assert await taking(await filled(1)).stretch(ANN, 0) is None


async def test_a_stretch_that_cannot_be_recorded_is_not_given() -> None:
    store = await filled(1)
    store.journal.failure = AuditUnavailable("disk")
    with pytest.raises(AuditUnavailable):
        await taking(store).stretch(SUE, 0)


async def test_an_entry_keeps_the_name_of_the_log_that_it_was_written_under() -> None:
    """A log that was restored goes on under another name: what was sent before is known by the first one."""
    events = Events(tail=Log(await filled(1)), payloads=None, origin=f"{ORIGIN}/2", version="0")
    earlier = Sealed(sequence=7, body={"kind": "system.start", "log": ORIGIN, "ts": 1}, leaf="")
    assert (await events.of(earlier)).uid == f"{ORIGIN}:7"
