"""What every contestant stands on: one PostgreSQL with 100,000 items, hardened, an issuer, and Assent's own files."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, LiteralString, final

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench import answers
from core.audit.transparency import note
from core.connectors.postgres import harden
from core.masking import Wish
from demo import issuer
from demo.postgres import Postgres
from demo.world import SECRETS, address, free, passwords, write
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening

HOST: Final = "127.0.0.1"
DATABASE: Final = "bench"
PLAIN: Final = "items"
MASKED: Final = "items_masked"
TAG: Final = "pii.email"
MASK: Final = "token"
SOURCE: Final = "bench"
CLIENT: Final = "bench-agent"
USUAL: Final = "analysts"
WIDE: Final = "exporters"  # who may have thousands of rows in one answer
TOKEN_LIFE: Final = timedelta(minutes=55)  # below the hour that an issuer may give

TABLES: Final[LiteralString] = """
CREATE TABLE items (id int PRIMARY KEY, name text, email text, amount numeric(10,2), created_at timestamptz,
  active boolean);
CREATE TABLE items_masked (LIKE items INCLUDING ALL);
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where everything is."""

    folder: Path  # 0700; the store and every server's log lie here
    config: Path  # Assent's
    url: str  # of the gateway
    owner: str = field(repr=False)  # the role of everyone who has none of its own
    rows: int
    server: Postgres
    mint: issuer.Mint
    key: note.VerifierKey  # what the log must be signed with

    @property
    def store(self) -> Path:
        """Assent's store."""
        return self.folder / "assent.db"

    def token(self, group: str = USUAL) -> str:
        """Mint a token for the agent that calls."""
        return self.mint.person("ana", (group,), f"{self.url}/mcp", client=CLIENT, exp=expiry())


def expiry() -> int:
    """When a token made now ends: a run outlasts the usual half hour."""
    return int((datetime.now(UTC) + TOKEN_LIFE).timestamp())


@asynccontextmanager
async def ground(folder: Path, rows: int, *, say: Callable[[str], None]) -> AsyncIterator[Ground]:
    """Start PostgreSQL and the issuer, load and harden the items, write secrets and `assent.toml` into `folder`.

    Raises: PostgresUnavailable, GatewayError.
    """
    keys = {name: secrets.token_bytes(32) for name in SECRETS}
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(database(rows, secret=keys["mask"], say=say))
        taken = bound(Address(host=HOST))
        gateway, console = free(), free()
        url = f"http://{HOST}:{gateway}"
        mint = issuer.Mint(address(taken), directory="bench", audiences=(f"{url}/mcp",))
        app = issuer.app(issuer.Endpoints(mint, (), users=False))
        await stack.enter_async_context(listening(app, taken, address=Address(host=HOST), drain=Drain()))
        signing = Ed25519PrivateKey.from_private_bytes(keys["signing"])
        yield Ground(
            folder=folder,
            config=write(folder, keys, made.urls, configuration(mint.url, gateway, console)),
            url=url,
            owner=made.owner,
            rows=rows,
            server=made.server,
            mint=mint,
            key=note.public(f"{HOST}:{gateway}/assent", signing),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A hardened PostgreSQL with its items."""

    server: Postgres
    owner: str = field(repr=False)
    urls: Mapping[str, str] = field(repr=False)  # of Assent's two roles, by name


@asynccontextmanager
async def database(rows: int, *, secret: bytes, say: Callable[[str], None]) -> AsyncIterator[Database]:
    """Start a PostgreSQL, load and harden the items; `secret` is `[keys] mask`.

    Raises: PostgresUnavailable, GatewayError.
    """
    say(f"a PostgreSQL with 2 x {rows:,} items")
    starting = asyncio.create_task(asyncio.to_thread(Postgres.start))
    try:
        server = await asyncio.shield(starting)
    except asyncio.CancelledError:  # a thread cannot be stopped: what it makes must still be closed
        (await starting).close()
        raise
    try:
        owner = await loaded(server, rows)
        yield Database(server=server, owner=owner, urls=await hardened(server, owner, secret))
    finally:
        server.close()


async def loaded(server: Postgres, rows: int) -> str:
    """Create the database, its owner and both tables; return the owner's URL."""
    password = secrets.token_urlsafe(16)
    root = await asyncpg.connect(server.url())
    try:
        await root.execute(f"CREATE ROLE bench_owner LOGIN SUPERUSER PASSWORD '{password}'")
        await root.execute("CREATE DATABASE bench OWNER bench_owner")
    finally:
        await root.close()
    owner = server.url(DATABASE, "bench_owner", password)
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute(TABLES)
        for table in (PLAIN, MASKED):
            await connection.copy_records_to_table(table, records=items(rows))
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return owner


def items(rows: int) -> Iterator[tuple[int, str, str, Decimal, datetime, bool]]:
    """Make the rows, the same ones every time; 5,000 of them with masked e-mails fit into one answer of 900 kB."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(1, rows + 1):
        amount, moment = Decimal(number * 37 % 1_000_000) / 100, began + timedelta(seconds=number)
        yield number, answers.name(number), answers.email(number), amount, moment, number % 3 == 0


async def hardened(server: Postgres, owner: str, secret: bytes) -> dict[str, str]:
    """Make Assent's two roles and its masking views as `assent harden` does; return the roles' URLs."""
    tags, masks = {f"public.{MASKED}.email": TAG}, {TAG: MASK}
    await harden.apply(owner, Wish(tags=tags, masks=masks, read_role="bench_read", write_role="bench_write"), secret)
    return await passwords(server, owner, DATABASE, ("bench_read", "bench_write"))


def configuration(issuer_url: str, gateway: int, console: int) -> str:
    """Word Assent's `assent.toml`: everything on, every limit at its default but how often one agent may call."""
    return f"""\
[gateway]
url = "http://{HOST}:{gateway}"
listen = "{HOST}:{gateway}"
store = "sqlite:assent.db"
calls_per_minute = 1000000

[keys]
questions = "file:questions"
results = "file:results"
signing = "file:signing"
mask = "file:mask"

[[identity]]
issuer = "{issuer_url}"
audiences = ["http://{HOST}:{gateway}/mcp"]
directory = "bench"
groups = ["{USUAL}", "{WIDE}"]
domains = ["bench.example"]
clients = ["{CLIENT}"]
person_when = {{ idtyp = "user" }}
person_claim = "oid"

[group.dba]
members = ["rita@bench.example"]

[group.security]
members = ["otto@bench.example"]

[console]
listen = "{HOST}:{console}"
auditors = ["security"]

[source.{SOURCE}]
kind = "postgres"
read_url = "file:bench_read"
write_url = "file:bench_write"

[source.{SOURCE}.tags]
"public.{MASKED}.email" = "{TAG}"

[mask]
"{TAG}" = "{MASK}"

[[rule]]
name = "analysts read"
groups = ["analysts"]
verbs = ["read"]
then = "allow"

[[rule]]
name = "exporters read more"
groups = ["{WIDE}"]
verbs = ["read"]
then = "allow"
returned_rows = 5000
returned_bytes = "900 kB"

[[rule]]
name = "changes need one DBA"
groups = ["analysts"]
verbs = ["insert", "update", "delete"]
then = "ask"
reviewers = {{ dba = 1 }}
"""
