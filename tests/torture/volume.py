"""Results of megabytes recorded while operators erase and hold beside it, by processes that are killed at any moment.

    python -m tests.torture.volume [--kills N] [--seconds S] [--seed N] [--store sqlite|postgres]
    python -m tests.torture.volume --live WHERE --number N --seed N        (a process of it)

What a process says it was acknowledged stands in lines of a pipe. At the end, after one more start: all of it is there
and opens to the same bytes, unless an Entry ended its key; then nothing of it opens, and no key is left half ended.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

from core.audit.entry import session_open
from core.custody.effects import about, effects
from core.custody.keeper import Keeper
from core.errors import BadCall, Held, NotFound, StoreError
from core.model import ActId, CallId, Entry, EntryKind, Json, PayloadId, Person, SessionId
from core.ports import Act, Extent, ExtentKind, Payload, Role, SetHold, Unit
from core.stores.postgres.log import Site
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests import entries
from tests.doubles import ManualClock
from tests.pgstore import emptied
from tests.torture.places import KEYS, ORIGIN

ROOT: Final = Path(__file__).parents[2]
RECORDERS: Final = 4
LARGEST: Final = 900_000  # bytes of a result; two of it do not compress
SESSIONS: Final = 6  # of one process, on their way at once
HOLDS: Final = 0.2  # of the sessions that an operator touches
Store: TypeAlias = SqliteStore | PostgresStore


@asynccontextmanager
async def opened(where: str, clock: ManualClock) -> AsyncIterator[Store]:
    """Open a file, or a database: its URL and, behind a blank, the signer's state."""
    if where.startswith("postgresql:"):
        url, _, signed = where.partition(" ")
        site = Site(url=url, signed=Path(signed))
        async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=clock) as shared:
            yield shared
    else:
        async with SqliteStore.open(Path(where), keys=KEYS, origin=ORIGIN, clock=clock) as file:
            yield file


def keeper(store: Store, clock: ManualClock) -> Keeper:
    """Make what ends keys."""
    return Keeper(
        journal=store.journal,
        keys=store.ring,
        custody=store.custody,
        months=store.payloads,
        results=store.reviews,
        clock=clock,
        configured={},
    )


# ---------------------------------------------------------------- a process


class Life:
    """One process: it records, erases and holds until it is killed, and says what it was acknowledged."""

    def __init__(self, store: Store, clock: ManualClock, number: int, dice: Random) -> None:
        self._store = store
        self._dice = dice
        self._number = number
        keeping = keeper(store, clock)
        self._erasing = effects(keys=store.ring, custody=store.custody, keeper=keeping, macs=store.macs)["erase"]
        self._clock = clock
        self._begun: list[SessionId] = []

    async def run(self) -> None:
        """Do all of it at once."""
        await asyncio.gather(*(self._record(me) for me in range(RECORDERS)), self._erase())

    async def _record(self, me: int) -> None:
        count = 0
        while True:
            session = SessionId(f"ses_{self._number}_{me}_{count // SESSIONS}")
            with contextlib.suppress(StoreError):  # refused while its keys end: nothing is acknowledged
                await self._one(session, CallId(f"call_{self._number}_{me}_{count}"))
            count += 1

    async def _one(self, session: SessionId, call: CallId) -> None:
        text = os.urandom(self._dice.randrange(1000, LARGEST))
        (kept,) = await self._store.payloads.keep(call, session, "shop", [Payload(role=Role.RESULT, content=text)])
        opens = (session_open(session, {"ps": "p"}, person="p"),) if session not in self._begun else ()
        said: list[Json] = [dict(kept.reference)]
        intent = entries.intent(call, session=session)
        await self._store.journal.commit(Unit(entries=(*opens, intent, entries.outcome(call, payloads=said))))
        if opens:
            self._begun.append(session)
        say("kept", kept.id, str(kept.key), hashlib.sha256(text[: kept.kept or len(text)]).hexdigest())

    async def _erase(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            if not self._begun:
                continue
            extent = Extent(kind=ExtentKind.SESSION, id=self._dice.choice(self._begun))
            if self._dice.random() < HOLDS:
                entry = Entry(kind=EntryKind.HOLD_SET, body={"of": about(extent), "by": "p"})
                with contextlib.suppress(StoreError):
                    await self._store.journal.commit(Unit(entries=(entry,), changes=(SetHold(extent=extent),)))
                    say("held", extent.id)
                continue
            now = self._clock.now()
            person, of = Person(directory="acme", id="dan"), {"kind": "session", "id": extent.id}
            act = Act(id=ActId("act_1"), does="erase", of=of, by=person, at=now, until=now + timedelta(hours=1))
            with contextlib.suppress(BadCall, Held, StoreError):
                await self._store.journal.commit(await self._erasing.unit(act, "p"))
                await self._erasing.done()
                say("erased", extent.id)


def say(*words: str) -> None:
    """Say that something is acknowledged; one write, so that no line is torn."""
    os.write(1, f"{' '.join(words)}\n".encode())


async def live(where: str, number: int, seed: int) -> None:
    """Be one process, until killed."""
    clock = ManualClock(datetime.now(UTC))
    async with opened(where, clock) as store:
        await keeper(store, clock).start()
        say("began")
        await Life(store, clock, number, Random(f"{seed} {number}")).run()  # noqa: S311


# ---------------------------------------------------------------- the judge


@dataclass
class Seen:
    """What the processes were acknowledged."""

    kept: dict[PayloadId, tuple[int, str]] = field(default_factory=dict)  # its key and its digest
    erased: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)

    def take(self, line: str) -> None:
        """Take a line; one that was torn off by a kill says nothing."""
        match line.split():
            case ["kept", name, key, digest] if line.endswith("\n"):
                self.kept[PayloadId(name)] = (int(key), digest)
            case ["erased", session]:
                self.erased.add(session)
            case ["held", session]:
                self.held.add(session)
            case _:
                pass


async def judged(where: str, seen: Seen) -> tuple[list[str], str]:
    """Start once more and hold what was said against what is there."""
    clock, found = ManualClock(datetime.now(UTC)), list[str]()
    async with opened(where, clock) as store:
        await keeper(store, clock).start()
        ended, holds, owned = await read(store)
        alive = {key.number for key in await store.ring.alive()}
        found += [f"key {number} was ended and is there" for number in ended.keys() & alive]
        found += [f"a key of {name} ended at {at} under its hold of {holds[name]}" for name, at in late(owned, holds)]
        found += [f"{left} keys are half ended" for left in [len(await store.custody.shredding())] if left]
        gone = 0
        for payload, (key, digest) in seen.kept.items():
            content = await content_of(store, payload)
            gone += content is None
            if content is None and key not in ended:
                found.append(f"{payload} was acknowledged and does not open")
            elif content is not None and key in ended:
                found.append(f"{payload} opens though its key was ended")
            elif content is not None and hashlib.sha256(content).hexdigest() != digest:
                found.append(f"{payload} opens to something else")
        await store.checkpoint()
        key_ = store.verifier
    if not where.startswith("postgresql:"):
        found += [f"{one.rule}: {one.detail}" for one in verify_store(Path(where), key_).findings]
    return found, f"{len(seen.kept)} results kept, {gone} of them erased; {len(seen.held)} sessions held"


async def content_of(store: Store, payload: PayloadId) -> bytes | None:
    """Open it, if it opens."""
    try:
        return await store.payloads.open(payload)
    except NotFound:
        return None


async def read(store: Store) -> tuple[dict[int, int], dict[str, int], dict[str, list[int]]]:
    """Read which key ended where, which session was held from where, and where keys of a session ended."""
    ended, holds, owned, number = dict[int, int](), dict[str, int](), defaultdict[str, list[int]](list), 0
    while page := await store.journal.tail(number, 500):
        for one in page:
            number, of = one.sequence + 1, one.body.get("of")
            name = str(of.get("id")) if isinstance(of, dict) else ""
            deks = one.body.get("deks")
            if one.body["kind"] == EntryKind.SHRED.value and isinstance(deks, list):
                ended |= {int(str(dek)): one.sequence for dek in deks}
                owned[name].append(one.sequence)
            elif one.body["kind"] == EntryKind.HOLD_SET.value:
                holds.setdefault(name, one.sequence)
    return ended, holds, owned


def late(owned: dict[str, list[int]], holds: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Name sessions of which a key ended behind the Entry of their hold."""
    for name, at in holds.items():
        yield from ((name, one) for one in owned.get(name, []) if one > at)


# ---------------------------------------------------------------- the harness


def killed(where: str, asked: argparse.Namespace, seen: Seen) -> None:
    """Run one process after another; kill each at a moment of its own."""
    dice = Random(asked.seed)  # noqa: S311
    for number in range(asked.kills):
        which = ("--number", str(number), "--seed", str(asked.seed))
        command = (sys.executable, "-m", "tests.torture.volume", "--live", where, *which)
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            if child.stdout.readline() != "began\n":
                raise RuntimeError("a process that did not begin")
            until = time.monotonic() + asked.seconds * dice.uniform(0.5, 1.5)
            for line in child.stdout:
                seen.take(line)
                if time.monotonic() > until:
                    child.kill()
        if child.returncode != -signal.SIGKILL:
            raise RuntimeError(f"a process that ended by itself: {child.returncode}")


@contextlib.contextmanager
def record(kind: str) -> Iterator[str]:
    """Give an empty record."""
    with tempfile.TemporaryDirectory(prefix="volume") as folder:
        if kind == "sqlite":
            yield str(Path(folder) / "assent.db")
            return
        with Postgres.start(settings=("fsync=on",)) as server:
            ground = asyncio.run(emptied(server, Path(folder)))
            yield f"{ground.url()} {folder}/signed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, or be a process of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--live", default="", metavar="WHERE")
    parser.add_argument("--number", type=int, default=0)
    asked = parser.parse_args(arguments)
    if asked.live:
        asyncio.run(live(asked.live, asked.number, asked.seed))
        return 0
    seen, began = Seen(), time.monotonic()
    with record(asked.store) as where:
        killed(where, asked, seen)
        found, told = asyncio.run(judged(where, seen))
    sys.stdout.write(f"{asked.kills} kills in {time.monotonic() - began:.0f} s: {told}; {len(found)} violations\n")
    sys.stdout.writelines(f"{one}\n" for one in found[:20])
    return int(bool(found) or not seen.kept or not seen.erased)


if __name__ == "__main__":
    sys.exit(main())
