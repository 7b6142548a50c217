"""A copy of a store's files while it runs, wrapped data keys apart from the rest, and a store from such a copy.

The log is copied first, then payloads, then keys: what an Entry names is durable before it, so nothing of the copied
log is missing; and a key that was destroyed meanwhile is not in the copy. Of keys keep the newest copy alone: it has
none that was erased before.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit import checkpoint, note
from core.audit.note import BadNote
from core.audit.tree import leaf
from core.audit.trust import only
from core.audit.verify import Asked, verify
from core.errors import NotFound, UnsafeStart
from core.execution.voiding import Voiding
from core.model import Json
from core.ports import Clock
from core.stores import restoring
from core.stores.sqlite import schema
from core.stores.sqlite.check import copied
from core.stores.sqlite.drive import drive
from core.stores.sqlite.files import PRIVATE_FOLDER, Place, private
from core.stores.sqlite.store import SqliteStore
from core.stores.sqlite.ticking import transact
from core.stores.vault import Keys

FORM: Final = 1
SHEET: Final = "copy.json"
LOG: Final = "assent.db"
TRIES: Final = 3  # months that are dropped while they are copied
MARK: Final = "CREATE TABLE copied (first TEXT NOT NULL)"  # in a copy of keys: of which log


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a copy says of itself: its log by the leaf of the first Entry, and each file's digest."""

    origin: str
    size: int
    first: str
    files: Mapping[str, str]


def backup(path: Path, folder: Path, keys: Path) -> Sheet:
    """Copy a store, running or not, into a new folder, and its wrapped data keys into a new file elsewhere.

    Raises: UnsafeStart when there is no store, or something stands where the copy goes.
    """
    place = Place(path)
    if not path.is_file() or not place.keys.is_file():
        raise UnsafeStart(f"there is no store at {path}")
    if folder.exists() or keys.exists():
        raise UnsafeStart(f"{folder if folder.exists() else keys} is there already: a copy goes into a new place")
    if folder in keys.parents or keys.resolve().parent == folder.resolve():
        raise UnsafeStart("keys are kept apart: name a file outside of the folder")
    for _ in range(TRIES):
        folder.mkdir(mode=PRIVATE_FOLDER)
        before = place.months()
        _copy(path, folder / LOG)
        whole = _months(place, folder) >= set(before)
        _copy(place.keys, keys)
        if whole:
            return _sheet(folder, keys)
        shutil.rmtree(folder)
        keys.unlink()
    raise UnsafeStart("months of payloads are being dropped: try again")


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


def _sheet(folder: Path, keys: Path) -> Sheet:
    with closing(sqlite3.connect(folder / LOG)) as log:
        size, origin = log.execute("SELECT next, origin FROM log_coord").fetchone()
        (body,) = log.execute("SELECT body FROM log_entry WHERE seq = 0").fetchone()
    first = leaf(body).hex()
    with closing(sqlite3.connect(keys)) as held:
        held.execute(MARK)
        held.execute("INSERT INTO copied VALUES (?)", (first,))
        held.commit()
    files = {one.name: digest(one) for one in sorted(folder.iterdir()) if not one.name.endswith(("-wal", "-shm"))}
    said = {"v": FORM, "origin": origin, "size": size, "first": first, "files": files}
    private(folder / SHEET)
    (folder / SHEET).write_text(json.dumps(said, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return Sheet(origin=origin, size=size, first=first, files=files)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        made = sha256()
        while part := stream.read(1 << 20):
            made.update(part)
    return made.hexdigest()


def sheet(folder: Path) -> Sheet:
    """Read what a copy says of itself, and hold its files to it.

    Raises: UnsafeStart for what is no copy, or not the one that was made.
    """
    try:
        said = json.loads((folder / SHEET).read_text(encoding="utf-8"))
        found = Sheet(origin=said["origin"], size=said["size"], first=said["first"], files=dict(said["files"]))
        whole = said["v"] == FORM and LOG in found.files
        changed = [name for name, wanted in found.files.items() if digest(folder / name) != wanted]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnsafeStart(f"{folder} holds no whole copy of a store: {error}") from error
    if not whole:
        raise UnsafeStart(f"{folder} holds a copy of another form than this program writes")
    if changed:
        raise UnsafeStart(f"{folder / changed[0]} is not as it was copied")
    return found


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A copy: the folder, the file of keys, and what the lost store's signer signed last where that is known."""

    folder: Path
    keys: Path
    signed: Path | None = None


def restore(path: Path, source: Source, *, keys: Keys, base: str, clock: Clock) -> str:
    """Make a store from a copy, closed and under a new name, which it returns; a crash leaves none.

    Raises: UnsafeStart naming what is wrong with the copy, the place or the keys; AuditUnavailable.
    """
    place, said = Place(path), sheet(source.folder)
    if path.exists() or place.folder.exists():
        raise UnsafeStart(f"there is something at {path}, or in {place.folder}: move it away first")
    staging = path.with_name(f".{path.name}.restoring")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=PRIVATE_FOLDER)
    try:
        staged = Place(staging / path.name)
        _laid(source, said, staged)
        _held_to(said, staged, keys)
        origin = _renamed(source, said, staged, keys, base, clock)
        asyncio.run(_ended(staged, keys, base, clock))
        staged.folder.rename(place.folder)
        staged.database.rename(path)  # last: without it nothing opens
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise UnsafeStart(f"{source.folder} does not open as a store: {error}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return origin


def seed(keys: Keys) -> Ed25519PrivateKey:
    """Return the signing key."""
    return Ed25519PrivateKey.from_private_bytes(keys.signing)


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
    """Verify the copied log under the signing key of this process.

    Raises: UnsafeStart.
    """
    with copied(staged.database) as log:
        report = verify(log, Asked(trust=only(note.public(said.origin, seed(keys)))))
    if report.findings:
        finding = report.findings[0]
        raise UnsafeStart(f"the copied log does not hold: {finding.rule}: {finding.detail}")


def _renamed(source: Source, said: Sheet, staged: Place, keys: Keys, base: str, clock: Clock) -> str:
    known: dict[str, Json] = {}
    if source.signed is not None:
        try:
            last = checkpoint.trusted(source.signed.read_bytes(), note.public(said.origin, seed(keys)))
        except (OSError, BadNote) as error:
            raise UnsafeStart(f"{source.signed} was not signed by this key for this log: {error}") from error
        known = {"size": last.size, "root": last.root.hex()}
    with closing(schema.writable(staged.keys, schema.KEYS, erase=True)) as ring:
        wraps = drive(ring, restoring.wrapped())
    with closing(schema.writable(staged.database, (*schema.LOG, *schema.ROWS))) as log:
        return transact(log, lambda: restoring.goes_on(base, known, wraps, clock.now()))


async def _ended(staged: Place, keys: Keys, base: str, clock: Clock) -> None:
    """Void what people allowed, end what was on its way, destroy again what was erased, and sign the new name."""
    try:
        async with SqliteStore.open(staged.database, keys=keys, origin=base, clock=clock, adopt=True) as store:
            await store.ring.destroy(await store.writer.perform(restoring.erased))
            reviews = store.reviews
            await Voiding(journal=store.journal, reviews=reviews, results=reviews, acts=store.custody).end()
    except NotFound as error:
        raise UnsafeStart(f"[keys] do not open this copy: {error}") from error
