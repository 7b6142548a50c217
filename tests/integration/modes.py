"""One database in both modes: a read role behind masking views, and one that reads everything through spliced masks."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import asyncpg

from core.connectors.postgres import Bounds, Options, PostgresConnector, Rooms, harden
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.catalog.known import Inspect
from core.connectors.postgres.rooms import ROOMS
from core.masking import Accepted, Wish
from core.model import Dialect, Source
from tests.integration.connecting import Now
from tests.integration.shop import Make

SECURITY: Final = Path(__file__).parents[1] / "security"
SCHEMA: Final = (SECURITY / "masked_schema.sql").read_text("utf-8")
SECRET: Final = b"m" * 32
NUMBER = itertools.count()
NOTHING: Final = Accepted()
TAGS: Final = {
    "care.member.mail": "pii.email",
    "care.member.passport": "pii.id",
    "care.member.born": "pii.born",
    "care.member.income": "pii.income",
    "care.member.card": "pci.card",
    "care.member.ref": "pii.ref",
    "care.member.net": "pii.net",
    "care.member.note": "pii.note",
    "care.member.prefs": "pii.prefs",
    "care.member.level": "pii.note",
    "care.member.home": "pii.note",
    "care.member.phones": "pii.note",
    "care.member.pin": "pci.pin",
    "care.person.mail": "pii.email",
    "care.worker.wage": "pii.income",
    "care.event.mail": "pii.email",
    'care."Odd .name"."Weird "" col"': "pii.email",
    'care."Odd .name"."é ü"': "pii.note",
}
ACKNOWLEDGED: Final = frozenset({"masking-spliced:care", "spliced:care", "read-role-writes:care"})
OWNED: Final = frozenset({"pii.email", "pii.id", "pii.income", "pii.prefs"})
MASKS: Final = {
    "pii.email": "token",
    "pii.id": "last4",
    "pii.born": "year",
    "pii.income": "bucket",
    "pci.card": "token",
    "pii.ref": "token",
    "pii.net": "network",
    "pci.pin": "token",
    "pii.prefs": 'json without ["b.c"]',
}


@dataclass(frozen=True)
class Modes:
    """Both connectors over one database."""

    url: str
    enforced: PostgresConnector
    spliced: PostgresConnector
    without: PostgresConnector  # enforced, and no role for unmaskings
    wish: Wish
    raw: str  # the role that reads everything
    tags: dict[str, str]
    masks: dict[str, str]

    def blind(self, rooms: Rooms) -> PostgresConnector:
        """Make another connector of the weaker mode, over other rooms; not open yet."""
        return connector(self.url, self.raw, self.tags, self.masks, enforced=False, rooms=rooms)

    def watched(self) -> tuple[PostgresConnector, PostgresConnector]:
        """Make one of each mode that runs the start-up checks over each load; not open yet."""
        roles = ((self.wish.read_role, True), (self.raw, False))
        made = []
        for role, enforced in roles:
            wish = replace(self.wish, read_role=role)
            asked = inspector(wish, source="care", secret=SECRET, acknowledged=ACKNOWLEDGED, enforced=enforced)
            made.append(connector(self.url, role, self.tags, self.masks, enforced=enforced, inspect=asked))
        return made[0], made[1]


def login(url: str, role: str) -> str:
    return f"postgresql://{role}:r@{url.rpartition('@')[2]}"


def connector(
    url: str,
    role: str,
    tags: dict[str, str],
    masks: dict[str, str],
    *,
    enforced: bool,
    unmask: str | None = None,
    rooms: Rooms = ROOMS,
    accepted: Accepted = NOTHING,
    inspect: Inspect | None = None,
) -> PostgresConnector:
    return PostgresConnector(
        Source(name="care", dialect=Dialect.POSTGRES, tags=tags, enforced=enforced),
        read_url=login(url, role),
        write_url=None,
        unmask_url=login(url, unmask) if unmask else None,
        masks=masks,
        clock=Now(),
        rooms=rooms,
        inspect=inspect,
        options=Options(
            search_path=("care", "public"),
            bounds=Bounds(connections=2, waiting=2),
            accepted=accepted,
            mask_key=SECRET,
        ),
    )


@asynccontextmanager
async def modes(
    database: Make,
    *,
    version: int,
    sql: str = SCHEMA,
    tags: dict[str, str] = TAGS,
    masks: dict[str, str] = MASKS,
    accepted: Accepted = NOTHING,
) -> AsyncIterator[Modes]:
    """Make the database, harden it for one role, let the other read it all; the roles end with it."""
    url = await database(sql, version=version)
    number = next(NUMBER)
    reader, raw, unmask = (f"modes_{role}_{number}" for role in ("read", "raw", "unmask"))
    wish = Wish(tags=tags, masks=masks, read_role=reader, unmask_role=unmask, owned=OWNED, accepted=accepted)
    await harden.apply(url, wish, SECRET)
    dba = await asyncpg.connect(url)
    await dba.execute(
        f"ALTER ROLE {reader} PASSWORD 'r'; ALTER ROLE {unmask} PASSWORD 'r';"
        f"CREATE ROLE {raw} LOGIN NOINHERIT PASSWORD 'r'"
    )
    await dba.execute(
        f"GRANT USAGE ON SCHEMA care, public TO {raw}; GRANT SELECT ON ALL TABLES IN SCHEMA care, public TO {raw};"
        f"ALTER ROLE {raw} SET log_min_messages = panic"
    )
    try:
        async with AsyncExitStack() as stack:
            made = []
            for role, enforced, lifts in ((reader, True, unmask), (raw, False, None), (reader, True, None)):
                one = connector(url, role, tags, masks, enforced=enforced, unmask=lifts, accepted=accepted)
                await one.open()
                stack.push_async_callback(one.close)
                made.append(one)
            yield Modes(url, made[0], made[1], made[2], wish, raw, tags, masks)
    finally:
        await dba.execute(f"DROP OWNED BY {reader}, {raw}, {unmask}; DROP ROLE {reader}, {raw}, {unmask}")
        await dba.close()
