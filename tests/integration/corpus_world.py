"""The corpus's schema, hardened, behind a connector of its own: what a statement of the corpus is read as."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from core.classify.postgres import Witnessed
from core.connectors.postgres import Options, PostgresConnector, Rooms, harden
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.rooms import remembering
from core.masking.hardening.wanted import Wish
from core.model import Dialect, Pair, Reading, Source, Thing, Unreadable
from core.ports import Statement
from tests.generate.cases import parameters, tree
from tests.integration.connecting import Now, done

NUMBER: Final = itertools.count()
SECRET: Final = b"c" * 32
PATH: Final = ("care", "shop", "hr", "app", "public")
TAGS: Final = {
    "care.member.mail": "pii.email",
    "care.member.passport": "pii.id",
    "care.member.born": "pii.born",
    "care.member.income": "pii.income",
    "care.member.note": "pii.note",
    "care.member.prefs": "pii.prefs",
    "care.member.ip": "pii.ip",
    "shop.customer.name": "pii.name",
    "shop.customer.email": "pii.email",
    "shop.customer.phone": "pii.phone",
    "shop.customer.home": "pii.home",
    "shop.orders.note": "free",
    "hr.employee.name": "pii.name",
    "hr.employee.salary": "pii.income",
    "hr.employee.iban": "pii.iban",
    "hr.employee.photo": "pii.photo",
}
MASKS: Final = {
    "pii.email": "token",
    "pii.*": "hide",
    "pii.born": "year",
    "pii.income": "bucket",
    "pii.ip": "network",
    "pii.phone": "last4",
    "pii.iban": "last4",
    "free": "free_text",
}
ACKNOWLEDGED: Final = frozenset({"masking-spliced:corpus", "read-role-writes:corpus"})
OPEN: Final = """
CREATE ROLE {read} NOINHERIT; CREATE ROLE {write} NOINHERIT;
ALTER ROLE {read} SET log_min_messages = panic; ALTER ROLE {write} SET log_min_messages = panic;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA care, shop, hr, app, public FROM PUBLIC;
GRANT USAGE ON SCHEMA care, shop, hr, app, public TO {read}, {write};
GRANT SELECT ON ALL TABLES IN SCHEMA care, shop, hr, app, public TO {read}, {write};
"""
PLAIN: Final = frozenset({"table", "view"})


def unasked() -> Rooms:
    """Give rooms that ask for no rights: the corpus says what statements mean, whoever may run them."""
    rooms = remembering()
    return replace(
        rooms,
        witness=lambda *of: bare(rooms.witness(*of)),
        extend=lambda *of: bare(rooms.extend(*of)),
    )


def bare(found: Witnessed | Unreadable) -> Witnessed | Unreadable:
    """Take away what would be asked of the server about rights."""
    return found if isinstance(found, Unreadable) else replace(found, needs=frozenset())


@asynccontextmanager
async def world(url: str, *, enforced: bool = True) -> AsyncIterator[PostgresConnector]:
    """Harden a database that holds the schema, or let one role read all of it, and connect; the roles end with it."""
    number = next(NUMBER)
    wish = Wish(tags=TAGS, masks=MASKS, read_role=f"corpus_read_{number}", write_role=f"corpus_write_{number}")
    if enforced:
        await harden.apply(url, wish, SECRET)
    else:
        await done(url, OPEN.format(read=wish.read_role, write=wish.write_role))
    await done(url, f"ALTER ROLE {wish.read_role} LOGIN PASSWORD 'r'; ALTER ROLE {wish.write_role} LOGIN PASSWORD 'w'")
    host = url.rpartition("@")[2]
    connector = PostgresConnector(
        Source(name="corpus", dialect=Dialect.POSTGRES, tags=TAGS, enforced=enforced),
        read_url=f"postgresql://{wish.read_role}:r@{host}",
        write_url=f"postgresql://{wish.write_role}:w@{host}",
        masks=MASKS,
        clock=Now(),
        options=Options(search_path=PATH, mask_key=SECRET),
        rooms=unasked(),
        inspect=inspector(wish, source="corpus", secret=SECRET, acknowledged=ACKNOWLEDGED, enforced=enforced),
    )
    await connector.open()
    try:
        yield connector
    finally:
        await connector.close()
        await done(url, f"DROP OWNED BY {wish.read_role}, {wish.write_role}")
        await done(url, f"DROP ROLE {wish.read_role}, {wish.write_role}")


def asked(text: str) -> Statement:
    """Make a Statement with NULL for each parameter."""
    return Statement(text=text, parameters=(None,) * parameters(tree(text)))


async def reading(connector: PostgresConnector, text: str) -> Reading | Unreadable:
    """Read a statement as `check` does; nothing of it runs."""
    async with connector.visit(asked(text), name="assent:corpus:1") as visit:
        return await visit.read()


def worded(found: Reading | Unreadable) -> str:
    """Write a Reading as a line of the corpus."""
    if isinstance(found, Unreadable):
        return f"! {found.doubt}"
    verbs: dict[str, list[str]] = {}
    for pair in sorted(found.pairs, key=order):
        verbs.setdefault(pair.verb.value, []).append(title(pair.thing))
    said = "; ".join(" ".join([verb, *things]) for verb, things in verbs.items())
    masked = ["masked"] if any(mask.at_source for mask in found.masks) else []
    facts = [*masked, *sorted(fact.value for fact in found.facts)]
    return f"{said} | {' '.join(facts)}" if facts else said


def order(pair: Pair) -> tuple[str, str, str]:
    return (pair.verb.value, pair.thing.kind, pair.thing.name)


def title(thing: Thing) -> str:
    name = thing.name.replace(" ", "_")
    return name if thing.kind in PLAIN else f"{thing.kind}:{name}"
