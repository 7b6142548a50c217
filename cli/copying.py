"""`assent store backup|restore|open`: a copy of the store, a store from a copy, and its opening by two operators."""

from __future__ import annotations

import os
from pathlib import Path

from cli import keeping
from cli.reach import People
from cli.show import Exit, fail, say, working
from core.assembly import SystemClock
from core.assembly.stores import keys as held
from core.assembly.stores import origin
from core.settings import Role, Settings, Sqlite, load
from core.stores.sqlite import copies


def backup(config: Path, folder: Path, keys: Path) -> None:
    """Copy a store.

    Raises: SettingsError, UnsafeStart.
    """
    place = file(load(config, os.environ, roles=frozenset()))
    with working("copying"):
        made = copies.backup(place, folder, keys)
    say(f"{made.size} Entries of {made.origin} are in {folder}; their wrapped data keys are in {keys}")
    say("keep the keys elsewhere, and the newest alone: what was erased since is in older ones")


def restore(config: Path, folder: Path, keys: Path, signed: Path | None) -> None:
    """Make a store from a copy.

    Raises: SettingsError, UnsafeStart, AuditUnavailable.
    """
    settings = load(config, os.environ)
    source = copies.Source(folder=folder, keys=keys, signed=signed)
    roles = frozenset(Role)
    with working("restoring"):
        name = copies.restore(
            file(settings), source, keys=held(settings, roles), base=origin(settings), clock=SystemClock()
        )
    say(f"the record goes on as {name}; tell your auditors, who pin its key under that name")
    say("it is closed: start it, and let two operators open it: assent store open")


def file(settings: Settings) -> Path:
    """Return where a SQLite store is."""
    place = settings.gateway.store
    if not isinstance(place, Sqlite):
        fail("[gateway] store is a database: this version copies files alone", Exit.USAGE)
    return place.path


def open_(people: People, config: Path, *, as_json: bool) -> None:
    """Propose to open a restored store."""
    policy = load(config, os.environ, roles=frozenset()).policy.version
    keeping.propose(people, "store.open", {"policy": policy}, as_json=as_json)
