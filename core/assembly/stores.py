"""Settings -> the open store: a file of this process alone, or a database that processes share by their roles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from core.audit.entry import verify_run
from core.audit.transparency import note
from core.audit.transparency.trust import Pin, Trust
from core.audit.verification.keys import SIGNING
from core.audit.verification.verify import Asked, Report
from core.errors import SettingsError
from core.model import Json
from core.ports import Clock, Journal, KeyState, Unit
from core.settings import Postgres, Role, Secret, Settings
from core.stores.encryption.vault import Keys
from core.stores.given import Common
from core.stores.postgres import check as database
from core.stores.postgres.log import Log, Site
from core.stores.postgres.nudges import Wake
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore

Store: TypeAlias = SqliteStore | PostgresStore
Roles: TypeAlias = frozenset[Role]

VOUCHED: Final = 60.0  # seconds until the signer must have signed a process's start; it does within one


@asynccontextmanager
async def opened(settings: Settings, clock: Clock, roles: Roles, *, adopt: bool = False) -> AsyncIterator[Store]:
    """Open the configured store for a process of these roles; nothing is done on a log that its signer does not sign.

    `adopt`: the operator's word that a log whose signer's state file is gone is the right one.
    Raises: SettingsError for a file and one role alone: one process writes a file; UnsafeStart, AuditUnavailable.
    """
    place = settings.gateway.store
    recorded = {one.source.name: one.recorded for one in settings.sources}
    held, log = keys(settings, roles), origin(settings)
    if isinstance(place, Postgres):
        site = located(settings, roles)
        shared = PostgresStore.open(site, keys=held, origin=log, clock=clock, recorded=recorded, adopt=adopt)
        async with shared as store:
            if Role.SIGNER not in roles:
                await store.log.vouched(VOUCHED)
            yield store
        return
    if roles != frozenset(Role):
        raise SettingsError("[gateway] store: roles run apart on a PostgreSQL store alone; a file serves one process")
    file = SqliteStore.open(place.path, keys=held, origin=log, clock=clock, recorded=recorded, adopt=adopt)
    async with file as store:
        yield store


def alone(store: Store) -> str | None:
    """Name this process where no other may write the store: what an earlier one left open there is nobody's."""
    return store.boot if isinstance(store, SqliteStore) else None


def signing(settings: Settings, clock: Clock, *, adopt: bool = False) -> AbstractAsyncContextManager[Log]:
    """Open the log for the one process that signs it: no door, no Source, no other room of the store.

    Raises: SettingsError where the store is a file: its own process signs.
    """
    roles = frozenset({Role.SIGNER})
    if not isinstance(settings.gateway.store, Postgres):
        raise SettingsError("[gateway] store: a file's own process signs; --role signer is for a PostgreSQL store")
    common = Common(keys=keys(settings, roles), origin=origin(settings), clock=clock, adopt=adopt)
    return Log.open(located(settings, roles), common)


def located(settings: Settings, roles: Roles) -> Site:
    """Say where a PostgreSQL store is for these roles; the signer's state is beside the configuration."""
    place = settings.gateway.store
    if not isinstance(place, Postgres):
        raise SettingsError("[gateway] store is no database")
    parts = frozenset(Part(role.value) for role in roles)
    return Site(url=place.url.text().strip(), parts=parts, signed=place.signed if Part.SIGNER in parts else None)


def keys(settings: Settings, roles: Roles) -> Keys:
    """Take those of [keys] that these roles hold."""
    held, minting = settings.keys, settings.console.minting
    people = bool(roles & {Role.GATEWAY, Role.PEOPLE})
    return Keys(
        questions=taken(held.questions, mine=people),
        results=taken(held.results, mine=Role.GATEWAY in roles),
        signing=taken(held.signing, mine=Role.SIGNER in roles),
        mask=taken(held.mask, mine=Role.GATEWAY in roles),
        minting=b"" if minting is None else taken(minting, mine=Role.PEOPLE in roles),
        next={purpose: secret.key() for purpose, secret in held.next.items() if secret.held},
    )


def taken(secret: Secret, *, mine: bool) -> bytes:
    """Read a key that is this process's to hold."""
    return secret.key() if mine else b""


def origin(settings: Settings) -> str:
    """Name the log: the gateway's host and port, and /assent (C2SP tlog-checkpoint: a schema-less URL)."""
    return f"{urlsplit(settings.gateway.url).netloc}/assent"


def followed(store: Store, wake: Wake) -> AbstractAsyncContextManager[None]:
    """Wake whoever waits in this process for what other processes of the store commit."""
    return store.following(wake) if isinstance(store, PostgresStore) else nullcontext()


async def report(settings: Settings, store: Store) -> Report:
    """Verify the whole log, held to the signing keys that the store was under where this process holds one."""
    place = settings.gateway.store
    asked = Asked(trust=None if store.verifier is None else await trusted(store))
    if isinstance(place, Postgres):
        async with database.copied(place.url.text().strip()) as path:
            return await asyncio.to_thread(verify_store, path, asked)
    return await asyncio.to_thread(verify_store, place.path, asked, running=True)


async def trusted(store: Store) -> Trust:
    """Give every signing key that the store was under, the first one first: each other is announced in the log."""
    named = [one for one in await store.names.named() if one.purpose == SIGNING and one.state is not KeyState.NEXT]
    # A restored log goes on under another name, and its keys with it.
    return Trust(pins=tuple(Pin(key=replace(note.verifier(one.public), name=store.origin)) for one in named))


async def verified(settings: Settings, store: Store, journal: Journal) -> Mapping[str, Json]:
    """Verify the whole log, and record that it was done."""
    found = await report(settings, store)
    await journal.commit(Unit(entries=(verify_run("gateway", len(found.findings), found.entries),)))
    return {
        "result": found.result.name.lower(),
        "entries": found.entries,
        "signed": found.signed,
        "checkpoints": found.checkpoints,
        "findings": [f"#{finding.sequence} {finding.rule}: {finding.detail}" for finding in found.findings[:20]],
        "key": str(store.verifier or ""),
    }
