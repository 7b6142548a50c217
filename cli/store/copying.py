"""`assent store backup|restore|open`: a copy of the store, a store from a copy, and its opening by two operators."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from cli import dba
from cli.people import keeping
from cli.reach import People
from cli.show import say, working
from core.assembly import SystemClock
from core.assembly.stores import keys as held
from core.assembly.stores import origin
from core.settings import Postgres, Role, Settings, load
from core.stores.postgres import copies as database
from core.stores.sqlite import copies
from core.stores.sqlite.sheet import Source


def backup(config: Path, folder: Path, keys: Path, reference: str | None) -> None:
    """Copy a store.

    Raises: SettingsError, UnsafeStart, AuditUnavailable.
    """
    settings = load(config, os.environ, roles=frozenset())
    place = settings.gateway.store
    url = login(settings, reference) if isinstance(place, Postgres) else ""
    with working("copying"):
        if isinstance(place, Postgres):
            made = asyncio.run(database.backup(url, folder, keys))
        else:
            made = copies.backup(place.path, folder, keys)
    say(f"{made.size} Entries of {made.origin} are in {folder}; their wrapped data keys are in {keys}")
    say("keep the keys elsewhere, and the newest alone: what was erased since is in older ones")


def restore(config: Path, source: Source, reference: str | None) -> None:
    """Make a store from a copy.

    Raises: SettingsError, UnsafeStart, AuditUnavailable.
    """
    settings = load(config, os.environ)
    place, base = settings.gateway.store, origin(settings)
    secrets, clock = held(settings, frozenset(Role)), SystemClock()
    url = login(settings, reference) if isinstance(place, Postgres) else ""
    with working("restoring"):
        if isinstance(place, Postgres):
            name = asyncio.run(database.restore(url, place.signed, source, keys=secrets, base=base, clock=clock))
        else:
            name = copies.restore(place.path, source, keys=secrets, base=base, clock=clock)
    pins = ", ".join(secrets.public(name).values())
    say(f"the record goes on as {name}; who verifies it pins its key under that name, beside the former one: {pins}")
    if isinstance(place, Postgres):
        say(f"the signer goes on from {place.signed}: put that file where it looks for its state")
    say("it is closed: start it, and let two operators open it: assent store open")


def login(settings: Settings, reference: str | None) -> str:
    """Return the URL of who copies: a DBA's, as for setup."""
    plain = "no-tls:store" in settings.gateway.acknowledged
    return dba.asked(reference, plain=plain, remedy='acknowledge = ["no-tls:store"]')


def open_(people: People, config: Path, *, as_json: bool) -> None:
    """Propose to open a restored store."""
    policy = load(config, os.environ, roles=frozenset()).policy.version
    keeping.propose(people, "store.open", {"policy": policy}, as_json=as_json)
