"""Two databases that differ in tagged values alone: copies of one server, made alike: equal OIDs and token keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, final

import asyncpg

from core.connectors.postgres import Bounds, Options, PostgresConnector, Rooms, harden
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.rooms import ROOMS
from core.masking.hardening.wanted import Wish
from core.model import Dialect, Source
from demo.postgres import Postgres
from tests.integration.connecting import Now

DATA: Final = Path(__file__).parent / "data"
SECRET: Final = b"f" * 32
READER, WRITER = "fuzz_read", "fuzz_write"
PATH: Final = ("care", "public")
CONNECTIONS: Final = 4
ACKNOWLEDGED: Final = frozenset({"masking-spliced:shop", "spliced:shop", "read-role-writes:shop", "texts-in-log:shop"})
# Nothing in the background moves a page or a statistic; what a scan starts at does not depend on other scans.
SERVER: Final = ("autovacuum=off", "synchronize_seqscans=off", "max_parallel_workers_per_gather=0", "jit=off")

# schema.table -> "column=tag"; on 18 a virtual generated column besides.
TAGGED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "care.member": (
            "mail=pii.mail passport=pii.id born=pii.born income=pii.income note=pii.note prefs=pii.prefs mood=pii.mood "
            "code=pii.code card=pii.card seen=pii.net at=pii.born words=pii.words codes=pii.codes contact=pii.contact "
            "boxes=pii.boxes paid=pii.income bio=pii.bio level=pii.level flag=pii.flag raw=pii.raw spot=pii.spot "
            "span=pii.span"
        ),
        "care.child": "secret=pii.secret",
        "care.stem": "mail=pii.mail",
        "care.leaf": "passport=pii.id",
        "care.tenant": "secret=pii.secret",
        "care.ward": "mail=pii.note",
        "care.shown": "level=pii.level mail=pii.note",
        "care.event": "mail=pii.note amount=pii.income",
        "care.grain": "amount=pii.income",
        "care.ledger": "account=pii.note amount=pii.income score=pii.level",
        "care.filed": "amount=pii.level mail=pii.note",
        "care.shelf": "mail=pii.note",
        "care.older": "secret=pii.secret",
        "public.customers": "name=pii.name email=pii.mail phone=pii.phone national_id=pii.id birth_date=pii.born "
        "notes=pii.note",
        "public.payments": "card_number=pii.id iban=pii.id",
        "public.tickets": "body=pii.note",
        "hr.payroll": "salary=pii.income iban=pii.id",
    }
)
ODD: Final = {
    'care."Odd name"."naïve\nline"': "pii.note",
    'care."Odd name"."päss  wort"': "pii.secret",
    '"Odd schema"."FROM care.member".":relid 1259"': "pii.note",
    '"Odd schema"."FROM care.member".mail': "pii.note",
}
TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        f"{table}.{column}": tag
        for table, columns in TAGGED.items()
        for column, _, tag in (pair.partition("=") for pair in columns.split())
    }
    | ODD
)


@final
@dataclass(frozen=True, slots=True)
class Config:
    """How tags are masked; under `kept` values differ only in what those masks take away, and tokens are equal."""

    name: str
    masks: Mapping[str, str]
    kept: bool
    enforced: bool = True


HIDE: Final = Config("hide", MappingProxyType({"*": "hide"}), kept=False)
MASKS: Final = Config(
    "masks",
    MappingProxyType(
        {
            "*": "hide",
            "pii.mail": "token",
            "pii.code": "token",
            "pii.card": "token",
            "pii.id": "last4",
            "pii.born": "year",
            "pii.income": "bucket",
            "pii.net": "network",
        }
    ),
    kept=True,
)
SPLICED: Final = Config("spliced", MASKS.masks, kept=True, enforced=False)
CONFIGS: Final = MappingProxyType({config.name: config for config in (HIDE, MASKS, SPLICED)})

# What differs: words of letters that are no hexadecimal digits, so that no token looks like one. The second twin has
# few distinct values.
SEED: Final = """
CREATE SCHEMA seed;
CREATE FUNCTION seed.hash(n int, salt text, twin text) RETURNS text IMMUTABLE LANGUAGE sql
  RETURN md5(twin || salt || CASE twin WHEN 'two' THEN n % 3 ELSE n END);
CREATE FUNCTION seed.letters(hash text) RETURNS text IMMUTABLE LANGUAGE sql
  RETURN substr(translate(hash, '0123456789abcdef', 'ghjklmnpqrstvwxz'), 1, 14);
CREATE FUNCTION seed.digits(hash text, below int) RETURNS int IMMUTABLE LANGUAGE sql
  RETURN (('x' || substr(hash, 1, 7))::bit(28)::int % below);
CREATE FUNCTION seed.word(n int, salt text) RETURNS text IMMUTABLE LANGUAGE sql
  RETURN seed.letters(seed.hash(n, salt, '{twin}'));
CREATE FUNCTION seed.equal(n int, salt text) RETURNS text IMMUTABLE LANGUAGE sql
  RETURN seed.letters(seed.hash(n, salt, '{equal}'));
CREATE FUNCTION seed.pick(n int, below int) RETURNS int IMMUTABLE LANGUAGE sql
  RETURN seed.digits(seed.hash(n, 'pick', '{twin}'), below);
CREATE FUNCTION seed.whole(n int) RETURNS bigint IMMUTABLE LANGUAGE sql
  RETURN 1000000000::bigint + seed.digits(seed.hash(n, 'whole', '{equal}'), 99999999);
CREATE FUNCTION seed.number(n int) RETURNS numeric IMMUTABLE LANGUAGE sql
  RETURN 10000 + 1000 * seed.digits(seed.hash(n, 'thousand', '{equal}'), 80)
    + seed.digits(seed.hash(n, 'number', '{twin}'), 1000);
CREATE FUNCTION seed.day(n int) RETURNS date IMMUTABLE LANGUAGE sql
  RETURN make_date(1950 + seed.digits(seed.hash(n, 'year', '{equal}'), 50), 1, 1)
    + seed.digits(seed.hash(n, 'day', '{twin}'), 365);
CREATE FUNCTION seed.host(n int) RETURNS inet IMMUTABLE LANGUAGE sql
  RETURN ('10.1.' || seed.digits(seed.hash(n, 'net', '{equal}'), 200) || '.'
    || 100 + seed.digits(seed.hash(n, 'host', '{twin}'), 100))::inet;
"""
WORD: Final = {"one": "kqzwjxgvpthmsn", "two": "nmshtpvgxjwzqk"}
RAW: Final = f"""
CREATE ROLE {READER} NOINHERIT; CREATE ROLE {WRITER} NOINHERIT;
ALTER ROLE {READER} SET log_min_messages = panic; ALTER ROLE {WRITER} SET log_min_messages = panic;
GRANT USAGE ON SCHEMA care, hr, "Odd schema" TO {READER}, {WRITER};
GRANT SELECT ON ALL TABLES IN SCHEMA care, hr, public, "Odd schema" TO {READER}, {WRITER};
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA care, hr, public, "Odd schema" TO {WRITER};
"""
COPY: Final = "copy"  # of each twin as it was made, for whoever must lock or change something
VIRTUAL: Final = "ALTER TABLE care.member ADD COLUMN pass_low text GENERATED ALWAYS AS (lower(passport)) VIRTUAL;"
PASSWORDS: Final = f"ALTER ROLE {READER} LOGIN PASSWORD 'r'; ALTER ROLE {WRITER} LOGIN PASSWORD 'w';"


@final
@dataclass(frozen=True, slots=True)
class Twin:
    """One of the two: a connector as the product makes it, and its owner's URL."""

    name: str
    connector: PostgresConnector
    url: str

    @property
    def copy(self) -> str:
        """Its copy's URL."""
        return f"{self.url.removesuffix('shop')}{COPY}"


@final
@dataclass(frozen=True, slots=True)
class Twins:
    """Both, and what they were made as."""

    one: Twin
    two: Twin
    config: Config
    version: int


def wish(config: Config) -> Wish:
    """Tags, masks and roles, the same in both."""
    return Wish(tags=TAGS, masks=config.masks, read_role=READER, write_role=WRITER)


def sql(name: str, version: int, config: Config) -> str:
    """Write what makes one twin."""
    equal = "same" if config.kept else name
    made = SEED.replace("{twin}", name).replace("{equal}", equal)
    rows = (DATA / "rows.sql").read_text("utf-8").replace("{WORD}", WORD[name])
    virtual = VIRTUAL if version >= 18 else ""
    return f"{(DATA / 'schema.sql').read_text('utf-8')}\n{made}\n{virtual}\n{rows}\nDROP SCHEMA seed CASCADE;"


async def made(server: Postgres, name: str, config: Config) -> str:
    """Make one twin's database; harden it, or let the read role read everything, as `spliced` must."""
    owner = await asyncpg.connect(server.url())
    await owner.execute("CREATE DATABASE shop STRATEGY FILE_COPY")
    await owner.close()
    url = server.url("shop")
    database = await asyncpg.connect(url)
    await database.execute(sql(name, server.version, config))
    if config.enforced:
        await harden.apply(url, wish(config), SECRET)
    else:
        await database.execute(RAW)
    await database.execute(PASSWORDS)
    for table in [*(row[0] for row in await database.fetch(TABLES))]:
        await database.execute(f"VACUUM (FREEZE, ANALYZE) {table}")
    await database.close()
    owner = await asyncpg.connect(server.url())
    await owner.execute(f"CREATE DATABASE {COPY} TEMPLATE shop STRATEGY FILE_COPY")
    await owner.close()
    return url


TABLES: Final = (
    "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384 "
    "AND relnamespace::regnamespace::text <> 'assent' ORDER BY oid"
)


def connector(url: str, config: Config, rooms: Rooms) -> PostgresConnector:
    """Connect as the product does, start-up checks included."""
    asked = inspector(wish(config), source="shop", secret=SECRET, acknowledged=ACKNOWLEDGED, enforced=config.enforced)
    host = url.rpartition("@")[2]
    return PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags=TAGS, enforced=config.enforced),
        read_url=f"postgresql://{READER}:r@{host}",
        write_url=f"postgresql://{WRITER}:w@{host}",
        masks=config.masks,
        clock=Now(),
        options=Options(search_path=PATH, bounds=Bounds(connections=CONNECTIONS, waiting=64), mask_key=SECRET),
        rooms=rooms,
        inspect=asked,
    )


@asynccontextmanager
async def twins(config: Config, version: int = 18, *, rooms: Rooms = ROOMS) -> AsyncIterator[Twins]:
    """Start two servers, make the twins, connect; all of it ends with the context."""
    async with AsyncExitStack() as stack:
        seed = await asyncio.to_thread(Postgres.start, version)
        stack.callback(seed.close)
        await asyncio.to_thread(seed.stop)
        servers = []
        for _ in range(2):
            server = await asyncio.to_thread(Postgres.start, version, settings=SERVER, like=seed)
            stack.callback(server.close)
            servers.append(server)
        names = ("one", "two")
        urls = [await made(server, name, config) for server, name in zip(servers, names, strict=True)]
        opened = []
        for name, url in zip(names, urls, strict=True):
            link = connector(url, config, rooms)
            await link.open()
            stack.push_async_callback(link.close)
            opened.append(Twin(name, link, url))
        yield Twins(opened[0], opened[1], config, version)
