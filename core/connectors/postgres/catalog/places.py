"""Which database each Source reaches, as far as anyone has looked: tags belong to the database, not to the Source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, LiteralString, final
from urllib.parse import urlsplit

import asyncpg

from core.catalog import Snapshot
from core.connectors.postgres.connection.away import cause
from core.errors import Away, SourceUnavailable
from core.masking.declared import Accepted
from core.masking.hardening.wanted import Wish
from core.masking.shared import Shared, Tags, accepted

CONNECT_SECONDS: Final = 10.0
IDENTITY: Final[LiteralString] = """
SELECT system_identifier::text AS system, pg_catalog.current_database() AS database FROM pg_catalog.pg_control_system()
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one Source's configuration says about the database it reaches."""

    tags: Tags
    accepted: Accepted


@final
class Places:
    """What was read at each Source's loads; `era` moves whenever the tags of another Source may have changed."""

    def __init__(self, claims: Mapping[str, Claim]) -> None:
        """`claims` are those of every configured PostgreSQL Source, by name."""
        self._claims: Final = dict(claims)
        self._read: dict[str, tuple[str, str]] = {}  # Source -> system identifier and database
        self.era = 0

    def of(self, source: str) -> Place:
        """Give one Source's view of all this."""
        return Place(self, source)

    def seen(self, source: str, place: tuple[str, str]) -> int:
        """Note where a Source was just found to be; answer the era that this makes."""
        if self._read.get(source) != place:
            self._read[source] = place
            self.era += 1
        return self.era

    def wish(self, source: str, wish: Wish) -> Wish:
        """Add what other Sources of the same database want; a Source that was never reached may be one of them."""
        mine = self._read.get(source)
        others = {name: claim for name, claim in self._claims.items() if name != source}
        here = {name: claim for name, claim in others.items() if mine is not None and self._read.get(name) == mine}
        return replace(
            wish,
            accepted=accepted((wish.accepted, *(claim.accepted for claim in here.values()))),
            shared=Shared(
                here={name: claim.tags for name, claim in here.items()},
                unread={name: claim.tags for name, claim in others.items() if name not in self._read},
            ),
        )


@final
@dataclass(frozen=True, slots=True)
class Place:
    """Where one Source is, among the others."""

    places: Places
    source: str

    @property
    def era(self) -> int:
        """Loads of an earlier era are stale: another Source's tags may have come to hold there."""
        return self.places.era

    def seen(self, snapshot: Snapshot) -> int:
        """Note the database of a load; answer the era in which its tags are to be read."""
        return self.places.seen(self.source, (snapshot.system, snapshot.database))

    def wish(self, wish: Wish) -> Wish:
        """Add what other Sources want of the same database."""
        return self.places.wish(self.source, wish)


def alone(source: str) -> Place:
    """Give the place of a Source beside which there is no other."""
    return Places({}).of(source)


# ---------------------------------------------------------------- for a DBA, before any gateway runs


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another configured Source, as `assent harden` may ask it where it is."""

    url: str = field(repr=False)
    claim: Claim


async def among(
    url: str, source: str, wish: Wish, *, read_url: str, others: Mapping[str, Neighbour]
) -> tuple[Wish, tuple[str, ...]]:
    """Add what other Sources want of the database behind a DBA's `url`; name those that could not be asked.

    Before the first run no read role can log in: then the same host, port and database in the URL is the same place.

    Raises: SourceUnavailable when the DBA's own URL does not answer.
    """
    places = Places({name: other.claim for name, other in others.items()})
    here = await identity(url)
    places.seen(source, here)
    away = []
    for name, other in others.items():
        try:
            places.seen(name, await identity(other.url))
        except SourceUnavailable:
            if address(other.url) == address(read_url):
                places.seen(name, here)
            else:
                away.append(name)
    found = places.wish(source, wish)
    return replace(found, shared=replace(found.shared, unread={})), tuple(away)


async def identity(url: str) -> tuple[str, str]:
    """Ask a server which database this is.

    Raises: SourceUnavailable.
    """
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, statement_cache_size=0)
        try:
            row = await connection.fetchrow(IDENTITY)
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise SourceUnavailable(f"the database cannot be reached: {type(error).__name__}", cause(error)) from error
    if row is None:
        raise SourceUnavailable("the database does not say which it is", Away.FAULT)
    return str(row["system"]), str(row["database"])


def address(url: str) -> tuple[str, str]:
    """Give a URL's hosts with ports, and its database."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2], parts.path
