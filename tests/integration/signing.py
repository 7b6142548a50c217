"""A people's side that signs people in, over a real socket and a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import final

from starlette.applications import Starlette

from console.app import build
from console.operating import Operating
from console.signing.cookies import Cookies
from console.signing.handing import Handing
from console.signing.limits import Tries
from console.signing.linking import LinkPages
from console.signing.oidc import OidcSignIn
from console.signing.routes import Saml, Ways
from console.signing.sessions import Sessions
from console.signing.stopped import Stopped
from core import subject
from core.identity.fetch import HttpFetch
from core.identity.issuer import Issuer
from core.identity.keys import JwksKeys
from core.identity.linking import Linking
from core.identity.matching import Matching
from core.identity.minted import Minter
from core.identity.same import APART
from core.identity.signin import IdTokens
from core.identity.verifier import Verifier
from core.model import Entry, EntryKind, Json, Person
from core.ports import Block, Party, PartyKind, SetBlock, Unit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from demo.issuer import Wall
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.doubles import ORIGIN
from tests.identities import Network, Still, trust, verifier
from tests.integration.provider import PEOPLE, Provider
from tests.integration.test_console import MINT, ArchiveDouble, DeskDouble

RESOURCE = "http://127.0.0.1:1/mcp"
CLIENT = "assent-people"
MINTING, NEXT = b"m" * 32, b"M" * 32
KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32, minting=MINTING, next={"minting": NEXT})
Saying = Callable[[str, SqliteStore, "Ahead"], Mapping[str, Saml]]


@final
class Ahead:
    """The machine's clock, moved on by a test."""

    def __init__(self) -> None:
        self.by = timedelta(0)

    def now(self) -> datetime:
        return Wall().now() + self.by


@final
@dataclass(kw_only=True)
class Site:
    """The people's side, where it is, and what a test may look into."""

    url: str
    store: SqliteStore
    clock: Ahead
    ways: Ways
    linking: Linking
    gateway: Verifier  # of a gateway that knows the minted issuer and no other
    denied: list[str] = field(default_factory=list)


async def stop(at: Site, person: str = "alice") -> None:
    """Have operators stop somebody."""
    party = Party(kind=PartyKind.PERSON, id=subject.of_person(at.store.macs, Person(directory="company", id=person)))
    said = Entry(kind=EntryKind.BLOCK_SET, body={"of": {"kind": "person", "id": party.id}, "by": "b", "via": "v"})
    await at.store.journal.commit(Unit(entries=(said,), changes=(SetBlock(block=Block(party=party)),)))


def minted(url: str, *, directory: str = "company") -> Issuer:
    """Give the `[[identity]]` table of the console's own tokens."""
    return Issuer(
        issuer=url,
        directory=directory,
        audiences=frozenset({RESOURCE}),
        groups=frozenset({"support"}),
        domains=frozenset({"example.test"}),
        clients=frozenset({"assent-relay"}),
        person_when={"kind": "person"},
        person_claim="oid",
        ignored=frozenset({"kind"}),
    )


def way(issuer: Issuer, url: str, name: str, store: SqliteStore, clock: Ahead, fetch: HttpFetch) -> OidcSignIn:
    """Make one issuer's sign-in."""
    return OidcSignIn(
        issuer=issuer,
        client=CLIENT,
        secret=PEOPLE,
        redirect=f"{url}/oidc/{name}/callback",
        ask=fetch,
        tokens=IdTokens(JwksKeys(fetch, clock), clock),
        tickets=store.tickets,
        clock=clock,
    )


def door(ways: Ways, host: str, operating: Operating | None = None) -> Starlette:
    """Make the whole of the people's side, with doubles behind it."""

    async def verify() -> Mapping[str, Json]:
        return {}

    return build(
        desk=DeskDouble(),
        archive=ArchiveDouble(),
        verifier=verifier(Network(MINT), Still(), trust(MINT)),
        verify=verify,
        hosts=frozenset({host}),
        ways=ways,
        operating=operating,
    )


@asynccontextmanager
async def site(
    folder: Path,
    *,
    providers: Mapping[str, Provider],
    saml: Saying | None = None,
    tries: int = 1_000,
    secure: bool = False,
    operators: Callable[[SqliteStore, Ahead], Operating] | None = None,
) -> AsyncIterator[Site]:
    """Run it over these providers, by the names of their sign-ins; `secure` cookies suit browsers on loopback too."""
    async with AsyncExitStack() as stack:
        taken = bound(Address())
        host = f"127.0.0.1:{taken.getsockname()[1]}"
        url, clock = f"http://{host}", Ahead()
        store = await stack.enter_async_context(
            SqliteStore.open(folder / "assent.db", keys=KEYS, origin=ORIGIN, clock=clock)
        )
        fetch = await stack.enter_async_context(HttpFetch())
        denied: list[str] = []
        stopped = Stopped(store.standing, store.macs, APART, clock)
        minter = Minter([MINTING, NEXT], minted(url), store.names, clock)
        linking = Linking(links=store.links, tickets=store.tickets, journal=store.journal, macs=store.macs, clock=clock)
        ways = Ways(
            oidc={name: way(made.trust(), url, name, store, clock, fetch) for name, made in providers.items()},
            saml={} if saml is None else saml(url, store, clock),
            sessions=Sessions(store.tickets, stopped, clock),
            cookies=Cookies(secure=secure),
            linking=LinkPages(linking),
            matching=Matching(store.tickets, clock, frozenset({"example.test"})),
            handing=Handing(minter, store.tickets, store.journal, stopped, clock),
            tries=Tries(clock, tries=tries),
            deny=lambda reason, _: denied.append(reason),
        )
        gateway = Verifier([minted(url)], [], JwksKeys(fetch, clock), clock)
        app = door(ways, host, None if operators is None else operators(store, clock))
        await stack.enter_async_context(listening(app, taken, address=Address(), drain=Drain()))
        yield Site(url=url, store=store, clock=clock, ways=ways, linking=linking, gateway=gateway, denied=denied)
