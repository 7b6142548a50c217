"""Issuers' keys: found by their metadata, kept for a bounded time, fetched at a bounded rate."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias, final
from urllib.parse import SplitResult, urlsplit

from core.errors import IdentityUnavailable
from core.identity.issuer import Issuer
from core.identity.jwk import Key, keyset
from core.identity.token import Members, strict
from core.ports import Clock

# GET an address: its body. Raises IdentityUnavailable for whatever is not a short, timely 200.
Fetch: TypeAlias = Callable[[str], Awaitable[bytes]]

FRESH: Final = timedelta(minutes=10)  # a key that its issuer withdrew is refused after this
STALE: Final = timedelta(hours=1)  # how long known keys serve while the issuer is down: one token's longest life
REFETCH: Final = timedelta(seconds=30)  # between two fetches, whatever kids arrive
RETRY: Final = timedelta(seconds=5)  # after a fetch that failed
DOCUMENT_BYTES: Final = 65_536  # of metadata and of a key set; the largest of the well-known providers is 12 KB
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class KeySource(Protocol):
    """Keys by issuer and kid."""

    async def key(self, issuer: Issuer, kid: str) -> Key | None:
        """Find a key; None: the issuer was asked and has none of that name.

        Raises: IdentityUnavailable, when that cannot be said.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What is known of one issuer's keys."""

    keys: Mapping[str, Key]
    fetched_at: datetime | None  # None: never
    tried_at: datetime
    failed: bool  # the last try


@final
class JwksKeys:
    """Keys fetched from each issuer's JWK set: at most one fetch in flight an issuer, and one per 30 s."""

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._flights: dict[str, asyncio.Task[None]] = {}

    async def key(self, issuer: Issuer, kid: str) -> Key | None:
        """Find a key, fetching when the known ones are old or do not hold it."""
        held = self._held.get(issuer.issuer)
        if held is None or kid not in held.keys or not self._within(held.fetched_at, FRESH):
            held = await self._refreshed(issuer)
        if not self._within(held.fetched_at, STALE):
            raise IdentityUnavailable("keys: none that are recent enough")
        if kid not in held.keys and held.failed:
            raise IdentityUnavailable("keys: the issuer cannot be asked for a new one")
        return held.keys.get(kid)

    async def known(self, issuers: Sequence[Issuer]) -> bool:
        """Say whether any issuer's keys are recent enough; true where there is no issuer.

        Those that are not are asked; it is waited for only where none is known.
        """
        asked = [flight for one in issuers if not self._recent(one) and (flight := self._flight(one)) is not None]
        if asked and not any(self._recent(one) for one in issuers):
            await asyncio.shield(asyncio.wait(asked))
        return not issuers or any(self._recent(one) for one in issuers)

    def ages(self) -> Mapping[str, float]:
        """Seconds since each issuer's keys were fetched, where they ever were."""
        now = self._clock.now()
        return {
            issuer: (now - held.fetched_at).total_seconds()
            for issuer, held in self._held.items()
            if held.fetched_at is not None
        }

    def _recent(self, issuer: Issuer) -> bool:
        held = self._held.get(issuer.issuer)
        return held is not None and self._within(held.fetched_at, STALE)

    def _within(self, moment: datetime | None, span: timedelta) -> bool:
        return moment is not None and timedelta(0) <= self._clock.now() - moment < span

    async def _refreshed(self, issuer: Issuer) -> _Held:
        flight = self._flight(issuer)
        if flight is not None:
            # shielded: a client that disconnects must not end the fetch that others wait for
            await asyncio.shield(flight)
        return self._held[issuer.issuer]

    def _flight(self, issuer: Issuer) -> asyncio.Task[None] | None:
        """Begin to fetch, where that is due and nobody has begun."""
        name = issuer.issuer
        flight = self._flights.get(name)
        if flight is None and self._due(name):
            flight = asyncio.create_task(self._load(issuer))
            self._flights[name] = flight
            flight.add_done_callback(lambda _: self._flights.pop(name, None))
        return flight

    def _due(self, name: str) -> bool:
        held = self._held.get(name)
        return held is None or not self._within(held.tried_at, RETRY if held.failed else REFETCH)

    async def _load(self, issuer: Issuer) -> None:
        name, now = issuer.issuer, self._clock.now()
        before = self._held.get(name, _Held(keys={}, fetched_at=None, tried_at=now, failed=True))
        # first, so that whatever goes wrong below counts as a try
        self._held[name] = replace(before, tried_at=now, failed=True)
        try:
            keys = keyset(await self._document(await self._address(issuer)))
        except IdentityUnavailable:
            return
        if keys:  # a set without one usable key is an outage, not a withdrawal of all
            self._held[name] = _Held(keys=keys, fetched_at=now, tried_at=now, failed=False)

    async def _address(self, issuer: Issuer) -> str:
        if issuer.keys is not None:
            return safe(issuer.keys, issuer)
        for address in wellknown(issuer.issuer):
            try:
                found = await self._document(safe(address, issuer))
            except IdentityUnavailable:
                continue
            # OpenID Connect Discovery 1.0 4.3, RFC 8414 3.3: the issuer inside is identical, or nothing of it is used
            where = found.get("jwks_uri")
            if found.get("issuer") == issuer.issuer and isinstance(where, str):
                return safe(where, issuer)
        raise IdentityUnavailable("keys: no metadata of this issuer names them")

    async def _document(self, address: str) -> Members:
        return document(await self._fetch(address))


def document(content: bytes) -> Members:
    """Read a document of an issuer.

    Raises: IdentityUnavailable.
    """
    if len(content) > DOCUMENT_BYTES:
        raise IdentityUnavailable("keys: the document is too large")
    try:
        return strict(content)
    except ValueError as error:
        raise IdentityUnavailable("keys: the document is no JSON object") from error


def wellknown(issuer: str) -> tuple[str, str]:
    """OpenID Connect Discovery 1.0 4 appends to the path; RFC 8414 3.1 goes before it."""
    parts = urlsplit(issuer)
    return (
        issuer.rstrip("/") + "/.well-known/openid-configuration",
        f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path.rstrip('/')}",
    )


def safe(address: str, issuer: Issuer) -> str:
    """Keys come by https, or from loopback, or as an operator acknowledged for this issuer.

    Raises: IdentityUnavailable.
    """
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "http" and (issuer.plaintext or _local(parts, issuer))
        reachable = bool(parts.hostname) and parts.port != 0  # reading a port above 65535 raises
    except ValueError as error:
        raise IdentityUnavailable("keys: the address is none") from error
    if not reachable or (parts.scheme != "https" and not plain):
        raise IdentityUnavailable("keys: the address is not https")
    return address


def _local(parts: SplitResult, issuer: Issuer) -> bool:
    """Both on loopback: an issuer elsewhere may not point us at ourselves."""
    return parts.hostname in LOOPBACK and urlsplit(issuer.issuer).hostname in LOOPBACK
