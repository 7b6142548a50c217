"""What a copy of a store is: a folder of files that a sheet names by their digests, and wrapped data keys elsewhere.

It has one form whether a file or a database was copied, so that either can be made anew from it.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, final

from core.audit.transparency.tree import leaf
from core.errors import UnsafeStart
from core.stores.sqlite.files import PRIVATE_FOLDER, private

FORM: Final = 1
SHEET: Final = "copy.json"
LOG: Final = "assent.db"
MARK: Final = "CREATE TABLE copied (first TEXT NOT NULL)"  # in a copy of keys: of which log


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a copy says of itself: its log by the leaf of the first Entry, and each file's digest."""

    origin: str
    size: int
    first: str
    files: Mapping[str, str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A copy: the folder, the file of keys, and what the lost store's signer signed last where that is known."""

    folder: Path
    keys: Path
    signed: Path | None = None


@contextmanager
def fresh(folder: Path, keys: Path) -> Iterator[None]:
    """Make the folder of a copy, its keys apart; what does not end well leaves nothing.

    Raises: UnsafeStart, and what the block raises.
    """
    if folder.exists() or keys.exists():
        raise UnsafeStart(f"{folder if folder.exists() else keys} is there already: a copy goes into a new place")
    if folder in keys.parents or keys.resolve().parent == folder.resolve():
        raise UnsafeStart("keys are kept apart: name a file outside of the folder")
    folder.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        keys.unlink(missing_ok=True)
        raise


def write(folder: Path, keys: Path) -> Sheet:
    """Mark a copy's keys with its log, and write its sheet: last, so that a copy that was cut off has none.

    Raises: UnsafeStart for a log without an Entry.
    """
    with closing(sqlite3.connect(folder / LOG)) as log:
        size, origin = log.execute("SELECT next, origin FROM log_coord").fetchone()
        found = log.execute("SELECT body FROM log_entry WHERE seq = 0").fetchone()
    if found is None:
        raise UnsafeStart("nothing was ever recorded in this store: there is nothing to copy")
    first = leaf(found[0]).hex()
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


def read(folder: Path) -> Sheet:
    """Read what a copy says of itself, and hold its files to it.

    Raises: UnsafeStart for what is no copy, or not the one that was made.
    """
    try:
        said = json.loads((folder / SHEET).read_text(encoding="utf-8"))
        found = Sheet(origin=said["origin"], size=said["size"], first=said["first"], files=dict(said["files"]))
        whole = said["v"] == FORM and LOG in found.files and all(Path(name).name == name for name in found.files)
        changed = [name for name, wanted in found.files.items() if digest(folder / name) != wanted]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnsafeStart(f"{folder} holds no whole copy of a store: {error}") from error
    if not whole:
        raise UnsafeStart(f"{folder} holds a copy of another form than this program writes")
    if changed:
        raise UnsafeStart(f"{folder / changed[0]} is not as it was copied")
    return found
