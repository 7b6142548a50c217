"""Who is stopped by a block, as `assent doctor` reads it beside a running gateway, from either store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final, TypeVar

from core.assembly.stores import located
from core.settings import Role, Settings, Sqlite
from core.stores import rows
from core.stores.log.checkpoints import NAMES
from core.stores.postgres.links import Address, drive
from core.stores.sqlite.beside import perform
from core.stores.steps import Row, Steps, ask

T = TypeVar("T")

BLOCKS: Final = "SELECT party, until FROM blocks ORDER BY party"
VERSION: Final = "SELECT version FROM in_force"
APPLY: Final = "assent policy apply puts it in force; a start takes it where one process serves a file"
SEEN: Final = "put the newer store back, or go on from a copy under a name of its own: assent store restore"
REMEDY: Final = "assent block list names who; assent unblock proposes that it ends"


async def stopped(settings: Settings) -> tuple[str, ...]:
    """Say each block that stands.

    Raises: StoreError, UnsafeStart.
    """
    found = await asked(settings, lambda: ask(BLOCKS))
    return tuple(said(tuple(found or ())))


async def contradicted(settings: Settings) -> tuple[str, ...]:
    """Say each place outside for whose word everything is stopped.

    Raises: StoreError, UnsafeStart.
    """
    found = await asked(settings, lambda: ask(NAMES))
    return tuple(f"everything is stopped: {name} saw another log than this, or more of it" for (name,) in found or ())


async def differs(settings: Settings) -> tuple[str, ...]:
    """Say where the file's policy is not the one in force; nothing where it is, or none is.

    Raises: StoreError, UnsafeStart.
    """
    versions = [str(version) for (version,) in await asked(settings, lambda: ask(VERSION)) or ()]
    if settings.policy.version in versions or not versions:
        return ()
    return (f"the file says policy {settings.policy.version[:12]}, and {versions[0][:12]} is in force",)


async def asked(settings: Settings, steps: Callable[[], Steps[T]]) -> T | None:
    """Ask the store as it stands, beside whoever runs on it; None where there is none yet.

    Raises: StoreError, UnsafeStart.
    """
    place = settings.gateway.store
    if isinstance(place, Sqlite):
        return perform(place.path, steps())
    link = await Address(url=located(settings, frozenset(Role)).url, name="assent doctor").connect()
    try:
        return await drive(link, steps())
    finally:
        link.terminate()


def said(found: tuple[Row, ...]) -> Iterator[str]:
    """Word blocks; a person's name is a pseudonym here."""
    now = rows.micros(datetime.now(UTC))
    for party, until in found:
        if until is None or until > now:
            end = "until it is released" if until is None else f"until {rows.instant(until):%Y-%m-%d %H:%M} UTC"
            yield ("everything" if party == "all" else str(party)) + f" is stopped {end}"
