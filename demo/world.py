"""Everything the demo needs beside the gateway itself: a hardened shop, an issuer, secrets and a configuration."""

from __future__ import annotations

import asyncio
import secrets
import socket
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, final
from urllib.parse import quote

import asyncpg

from core.connectors.postgres import harden
from core.masking import Wish
from core.model import Identity, Person
from demo import issuer
from demo.postgres import Postgres
from demo.shop.load import load
from demo.shop.tags import MASKS, TAGS
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening

DIRECTORY: Final = "demo"
HOST: Final = "127.0.0.1"  # never another: the demo is no boundary against anyone on a network
AGENTS: Final[Mapping[str, tuple[str, ...]]] = {"ana": ("analysts",), "dora": ("dbas",), "sam": ("support",)}
CLIENT: Final = "demo-agent"
REVIEWER: Final = Identity(
    person=Person(directory=DIRECTORY, id="rita"), name="rita", email=f"rita@{DIRECTORY}.example", via="terminal"
)
SECRETS: Final = ("questions", "results", "signing", "mask")

# Wrong worlds that the scripted story must notice: its checks could not be trusted otherwise.
PLANTS: Final[Mapping[str, frozenset[str]]] = {"untagged": frozenset({"public.customers.email"})}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where everything is; nothing in it outlives the demo but what `--keep` keeps."""

    folder: Path
    config: Path
    url: str  # of the gateway
    owner: str = field(repr=False)  # the shop's owner's own connection
    secret: str = field(repr=False)  # what `assent token` shows the issuer
    mint: issuer.Mint

    def token(self, name: str) -> str:
        """Mint a short-lived token for one person's agent; never one that could review."""
        return self.mint.person(name, AGENTS[name], f"{self.url}/mcp", client=CLIENT)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A Slack platform to be named in `[slack]`, and which of its users are which persons."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    channel: str
    api: str
    hooks: str
    people: Mapping[str, str]  # Slack user -> "directory:person id"

    @property
    def secrets(self) -> Mapping[str, str]:
        """What stands in files of its own."""
        return {"slack_bot": self.bot_token, "slack_app": self.app_token}


@asynccontextmanager
async def world(
    folder: Path, *, say: Callable[[str], None], plant: str = "", chat: Chat | None = None, more: str = ""
) -> AsyncIterator[World]:
    """Start PostgreSQL and the issuer, load and harden the shop, write secrets and `assent.toml` into `folder`.

    `more` is the settings' part about another Source.

    Raises: PostgresUnavailable, GatewayError.
    """
    tags = {name: tag for name, tag in TAGS.items() if name not in PLANTS.get(plant, frozenset())}
    async with AsyncExitStack() as stack:
        say("starting a PostgreSQL of its own")
        server = await asyncio.to_thread(Postgres.start)
        stack.callback(server.close)
        owner = await shop(server)
        say("loading the shop")
        rows = await load(owner)
        say(f"{rows:,} rows; taking the read role's rights to tagged columns away (assent harden)")
        keys = {name: secrets.token_bytes(32) for name in SECRETS}
        wish = Wish(tags=tags, masks=MASKS, read_role="shop_read", write_role="shop_write")
        await harden.apply(owner, wish, keys["mask"])
        urls = await passwords(server, owner, "shop", ("shop_read", "shop_write"))
        taken = bound(Address(host=HOST))
        gateway, console = free(), free()
        url = f"http://{HOST}:{gateway}"
        mint = issuer.Mint(address(taken), directory=DIRECTORY, audiences=(f"{url}/mcp",), algorithm="ES256")
        secret = secrets.token_urlsafe(16)
        app = issuer.app(issuer.Endpoints(mint, clients(secret, f"{url}/mcp"), users=False))
        await stack.enter_async_context(listening(app, taken, address=Address(host=HOST), drain=Drain()))
        text = configuration(mint.url, gateway, console, tags, chat=chat) + more
        config = write(folder, keys, {**urls, **(chat.secrets if chat else {})}, text)
        yield World(folder=folder, config=config, url=url, owner=owner, secret=secret, mint=mint)


def clients(secret: str, audience: str) -> tuple[issuer.Client, ...]:
    """Give each of the demo's people an agent that may ask for its tokens again."""
    return tuple(
        issuer.Client(id=name, secret=secret, groups=frozenset(groups), audience=audience, person=name, agent=CLIENT)
        for name, groups in AGENTS.items()
    )


async def shop(server: Postgres) -> str:
    """Create the shop's database and return its owner's URL."""
    password = secrets.token_urlsafe(16)
    root = await asyncpg.connect(server.url())
    try:
        await root.execute(f"CREATE ROLE shop_owner LOGIN SUPERUSER PASSWORD '{password}'")
        await root.execute("CREATE DATABASE shop OWNER shop_owner")
    finally:
        await root.close()
    return server.url("shop", "shop_owner", password)


async def passwords(server: Postgres, owner: str, database: str, roles: Sequence[str]) -> dict[str, str]:
    """Give each role that `harden` made a password; return their URLs."""
    made: dict[str, str] = {}
    connection = await asyncpg.connect(owner)
    try:
        for role in roles:
            password = secrets.token_urlsafe(16)
            await connection.execute(f"ALTER ROLE {role} PASSWORD '{password}'")
            made[role] = server.url(database, role, quote(password))
    finally:
        await connection.close()
    return made


def address(taken: socket.socket) -> str:
    """URL of a bound socket."""
    return f"http://{HOST}:{taken.getsockname()[1]}"


def free() -> int:
    """Return a loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def write(folder: Path, keys: Mapping[str, bytes], urls: Mapping[str, str], text: str) -> Path:
    """Write the secrets and the configuration, for their owner's eyes only."""
    for name, secret in {**{name: b64encode(key).decode() for name, key in keys.items()}, **urls}.items():
        place = folder / name
        place.touch(mode=0o600)
        place.write_text(secret)
    config = folder / "assent.toml"
    config.touch(mode=0o600)
    config.write_text(text)
    return config


def conversing(chat: Chat | None) -> str:
    """Word `[slack]`; nothing where nobody asked for it."""
    if chat is None:
        return ""
    people = "\n".join(f'{user} = "{person}"' for user, person in chat.people.items())
    return f"""
[slack]
bot_token = "file:slack_bot"
app_token = "file:slack_app"
channel = "{chat.channel}"
api = "{chat.api}"
hooks = "{chat.hooks}"

[slack.people]
{people}
"""


def configuration(
    issuer_url: str, gateway: int, console: int, tags: Mapping[str, str], *, chat: Chat | None = None
) -> str:
    """Word the demo's `assent.toml`; the same file a real installation would have, with a file for each secret."""
    tagged = "\n".join(f'"{name}" = "{tag}"' for name, tag in tags.items())
    masks = "\n".join(f'"{tag}" = "{kind}"' for tag, kind in MASKS.items() if tag in tags.values())
    return f"""\
[gateway]
url = "http://{HOST}:{gateway}"
listen = "{HOST}:{gateway}"
store = "sqlite:assent.db"

[keys]
questions = "file:questions"
results = "file:results"
signing = "file:signing"
mask = "file:mask"

[[identity]]
issuer = "{issuer_url}"
audiences = ["http://{HOST}:{gateway}/mcp"]
directory = "{DIRECTORY}"
groups = ["analysts", "dbas", "support"]
domains = ["{DIRECTORY}.example"]
clients = ["{CLIENT}"]
person_when = {{ idtyp = "user" }}
person_claim = "oid"

[group.dba]
members = ["{DIRECTORY}:rita", "{DIRECTORY}:dora"]

[group.security]
members = ["{DIRECTORY}:rita", "{DIRECTORY}:otto"]

[console]
listen = "{HOST}:{console}"
auditors = ["security"]
{conversing(chat)}
[source.shop]
kind = "postgres"
description = "A shop: customers, orders, payments, support tickets"
read_url = "file:shop_read"
write_url = "file:shop_write"

[source.shop.tags]
{tagged}

[mask]
{masks}

[[rule]]
name = "staff read the shop"
groups = ["analysts", "dbas", "support"]
verbs = ["read"]
then = "allow"
returned_rows = 1000

[[rule]]
name = "changes need one DBA"
groups = ["dbas", "support"]
verbs = ["insert", "update", "delete"]
then = "ask"
reviewers = {{ dba = 1 }}
affected_rows = 1000

[[rule]]
name = "schema changes need two people"
groups = ["dbas"]
verbs = ["define", "grant"]
then = "ask"
reviewers = {{ dba = 1, security = 1 }}

[[rule]]
name = "nobody touches payroll"
tables = ["hr.payroll"]
then = "refuse"
"""
