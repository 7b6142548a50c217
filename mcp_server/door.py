"""Opens this door over Streamable HTTP: what `assent serve` serves to agents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from tempfile import NamedTemporaryFile

from core.assembly.house import Hall
from core.settings.secret import Secret
from mcp_server.bounds import Bounds
from mcp_server.http import Public, application
from mcp_server.listen import Address, bound, listening
from mcp_server.room import HTTP, Room
from mcp_server.server import build


@asynccontextmanager
async def opened(hall: Hall) -> AsyncIterator[str]:
    """Serve until the block ends, then drain; yield the endpoint's URL.

    Raises: SettingsError when the address cannot be had.
    """
    gateway = hall.settings
    public = Public(url=gateway.url, issuers=tuple(issuer.issuer for issuer in hall.issuers if issuer.audiences))
    room = Room.of(
        hall.line,
        hall.clock,
        HTTP,
        deny=hall.line.admission.deny,
        bounds=Bounds(minute=gateway.calls_per_minute),
        heard=hall.heard,
    )
    app = application(build(room), room, public, ready=hall.ready, redeem=hall.redeem)
    with laid(gateway.key) as key:
        address = Address(
            host=gateway.listen.host,
            port=gateway.listen.port,
            certificate=str(gateway.certificate) if gateway.certificate else None,
            key=key,
            proxies=gateway.proxies,
        )
        async with listening(app, bound(address), address=address, drain=room.drain):
            yield public.resource


@contextmanager
def laid(key: Secret | None) -> Iterator[str | None]:
    """Lay a private key where the TLS library can read it, as long as it reads: by a path alone, for this account."""
    if key is None:
        yield None
        return
    with NamedTemporaryFile(prefix="assent-") as file:
        file.write(key.text().encode())
        file.flush()
        yield file.name
