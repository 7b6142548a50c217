"""A copy of a store's files while it runs, wrapped data keys apart from the rest, and a store from such a copy.

The log is copied first, then payloads, then keys: what an Entry names is durable before it, so nothing of the copied
log is missing; and a key that was destroyed meanwhile is not in the copy. Of keys keep the newest copy alone: it has
none that was erased before.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from core.audit.transparency import note
from core.audit.transparency.note import BadNote
from core.audit.transparency.trust import Pin, Trust
from core.audit.verification.verify import Asked, verify
from core.custody.effects import forgotten
from core.errors import Lost, NotFound, UnsafeStart
from core.execution.recovery.voiding import Voiding
from core.model import Json
from core.ports import Clock
from core.stores.encryption.vault import Keys
from core.stores.files import synced
from core.stores.log import restoring
from core.stores.operational import forgetting
from core.stores.sqlite import migrations, schema
from core.stores.sqlite.check import copied
from core.stores.sqlite.drive import drive
from core.stores.sqlite.files import PRIVATE_FOLDER, Place, private
from core.stores.sqlite.sheet import LOG, Sheet, Source, fresh, read, write
from core.stores.sqlite.store import SqliteStore
from core.stores.sqlite.ticking import transact

TRIES: Final = 3  # months that are dropped while they are copied
SIGNERS: Final = "SELECT name, public FROM key_named WHERE purpose = 'signing' AND state <> 'next' ORDER BY n"


def backup(path: Path, folder: Path, keys: Path) -> Sheet:
    """Copy a store, running or not, into a new folder, and its wrapped data keys into a new file elsewhere.

    Raises: UnsafeStart when there is no store, or something stands where the copy goes.
    """
    place = Place(path)
    if not path.is_file() or not place.keys.is_file():
        raise UnsafeStart(f"there is no store at {path}")
    for _ in range(TRIES):
        with contextlib.suppress(_Dropped), fresh(folder, keys):
            before = place.months()
            _copy(path, folder / LOG)
            if not _months(place, folder) >= set(before):
                raise _Dropped
            _copy(place.keys, keys)
            return write(folder, keys)
    raise UnsafeStart("months of payloads are being dropped: try again")


class _Dropped(Exception):
    """A month was dropped while it was copied."""


def _months(place: Place, folder: Path) -> set[Path]:
    """Copy the months that are there, and say which."""
    done: set[Path] = set()
    for month in place.months():
        try:
            _copy(month, folder / month.name)
        except sqlite3.OperationalError:  # dropped this moment
            continue
        done.add(month)
    return done


def _copy(source: Path, target: Path) -> None:
    private(target)
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def restore(path: Path, source: Source, *, keys: Keys, base: str, clock: Clock) -> str:
    """Make a store from a copy, closed and under a new name, which it returns; a crash leaves none that opens.

    Raises: UnsafeStart naming what is wrong with the copy, the place or the keys; AuditUnavailable.
    """
    place = Place(path)
    if path.exists() or place.folder.exists():
        raise UnsafeStart(f"there is something at {path}, or in {place.folder}: move it away first")
    shutil.rmtree(place.restoring, ignore_errors=True)
    place.restoring.mkdir(mode=PRIVATE_FOLDER)
    try:
        staged = Place(place.restoring / path.name)
        origin = anew(staged, source, keys=keys, base=base, clock=clock)
        durable(staged)
        staged.folder.rename(place.folder)
        staged.database.rename(path)  # without it nothing opens
        synced(path.parent)
    finally:
        shutil.rmtree(place.restoring, ignore_errors=True)  # last: what is left of it says that this was cut off
    return origin


def anew(staged: Place, source: Source, *, keys: Keys, base: str, clock: Clock) -> str:
    """Make the store that a copy goes on as, in a place of its own: closed, ended, signed under its new name.

    Raises: UnsafeStart, AuditUnavailable.
    """
    said = read(source.folder)
    try:
        _laid(source, said, staged)
        migrations.changed(staged)
        _held_to(said, staged, keys)
        origin = _renamed(source, said, staged, keys, base, clock)
        asyncio.run(_ended(staged, keys, base, clock))
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise UnsafeStart(f"{source.folder} does not open as a store: {error}") from error
    return origin


def durable(staged: Place) -> None:
    """Make every file durable before it counts."""
    for path in (*staged.folder.iterdir(), staged.folder, staged.database, staged.database.parent):
        synced(path)


def _laid(source: Source, said: Sheet, staged: Place) -> None:
    staged.folder.mkdir(mode=PRIVATE_FOLDER)
    for name in said.files:
        target = staged.database if name == LOG else staged.folder / Path(name).name
        private(target)
        shutil.copyfile(source.folder / name, target)
    private(staged.keys)
    try:
        shutil.copyfile(source.keys, staged.keys)
        with closing(sqlite3.connect(staged.keys)) as held:
            (first,) = held.execute("SELECT first FROM copied").fetchone()
            held.execute("DROP TABLE copied")
            held.commit()
    except (OSError, sqlite3.Error, TypeError) as error:
        raise UnsafeStart(f"{source.keys} is no copy of a store's keys: {error}") from error
    if first != said.first:
        raise UnsafeStart(f"{source.keys} holds the keys of another store")


def _held_to(said: Sheet, staged: Place, keys: Keys) -> None:
    """Verify the copied log under the signing keys that it was under, the last of which this process holds.

    What a key of ours signed last covers what announced that key: so the others need no word but the log's.
    Raises: UnsafeStart.
    """
    with closing(sqlite3.connect(staged.database)) as log:
        named = log.execute(SIGNERS).fetchall()
        last = log.execute("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1").fetchone()
    mine = _mine(said, keys)
    held = keys.public(said.origin)  # a copy of an older version does not hold what verifies its first key
    known = [public or held.get(name, "") for name, public in named]
    pins = tuple(_pin(public, said.origin) for public in known if public) or mine
    with copied(staged.database) as log_:
        report = verify(log_, Asked(trust=Trust(pins=pins)))
    if report.findings:
        finding = report.findings[0]
        raise UnsafeStart(f"the copied log does not hold: {finding.rule}: {finding.detail}")
    try:
        if last is not None:
            Trust(pins=mine).read(last[0])
    except BadNote as error:
        raise UnsafeStart(
            f"the copied log does not hold: [keys] signing did not sign its last checkpoint: {error}"
        ) from error


def _mine(said: Sheet, keys: Keys) -> tuple[Pin, ...]:
    return tuple(_pin(one, said.origin) for one in keys.public(said.origin).values())


def _pin(public: str, origin: str) -> Pin:
    """Pin a key under the log's name now: keys stay when it goes on under another."""
    return Pin(key=replace(note.verifier(public), name=origin))


def _renamed(source: Source, said: Sheet, staged: Place, keys: Keys, base: str, clock: Clock) -> str:
    known: dict[str, Json] = {}
    if source.signed is not None:
        try:
            last, _ = Trust(pins=_mine(said, keys)).read(source.signed.read_bytes())
        except (OSError, BadNote) as error:
            raise UnsafeStart(f"{source.signed} was not signed by this key for this log: {error}") from error
        known = {"size": last.size, "root": last.root.hex()}
    with closing(schema.writable(staged.keys, schema.KEYS, erase=True)) as ring:
        wraps = drive(ring, restoring.wrapped())
    with closing(schema.writable(staged.database, (*schema.LOG, *schema.ROWS))) as log:
        return transact(log, lambda: restoring.goes_on(base, known, wraps, clock.now()))


async def _ended(staged: Place, keys: Keys, base: str, clock: Clock) -> None:
    """Void what people allowed, end what was on its way, destroy again what was erased, and sign the new name."""
    with closing(schema.writable(staged.keys, schema.KEYS, erase=True)) as ring:
        alive, ended = drive(ring, restoring.named())
    try:
        async with SqliteStore.open(staged.database, keys=keys, origin=base, clock=clock, adopt=True) as store:
            await store.ring.destroy(await store.writer.perform(restoring.erased))
            reviews = store.reviews
            voiding = Voiding(
                journal=store.journal, reviews=reviews, grants=store.grants, results=reviews, acts=store.custody
            )
            await voiding.end()
            gone = await store.writer.perform(partial(restoring.gone, alive, ended))
            for change in await forgotten(gone, store.custody, store.macs):
                with contextlib.suppress(Lost):  # a change that nobody can tell of needs them: erase once more after it
                    await store.writer.perform(partial(forgetting.forget, change, clock.now()))
    except NotFound as error:
        raise UnsafeStart(f"[keys] do not open this copy: {error}") from error
