"""A small shop with everything that masking must cope with; its tags, masks and roles."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from core.catalog import Protection, Snapshot
from core.connectors.postgres import harden
from core.connectors.postgres.catalog import checks
from core.masking import Accepted, protect
from core.masking.hardening.checks import Finding, RoleKind
from core.masking.hardening.wanted import Wish

Make: TypeAlias = Callable[..., Coroutine[Any, Any, str]]
NUMBER = itertools.count()

SHOP = """
CREATE SCHEMA hr;
CREATE TYPE public.status AS ENUM ('new', 'paid');
CREATE DOMAIN public.mail AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE public.customers (
  id int PRIMARY KEY, plan text, email public.mail, ssn varchar(11), born date, note text,
  mail_low text GENERATED ALWAYS AS (lower(email)) STORED);
INSERT INTO public.customers (id, plan, email, ssn, born, note) VALUES
  (1, 'a', 'anna@example.test', '078-05-1120', '1980-02-03', 'call anna@example.test'),
  (2, 'b', 'ben@example.test', '219-09-9999', '1990-05-06', 'pays by 4111 1111 1111 1111'),
  (3, 'b', NULL, NULL, NULL, NULL);
CREATE INDEX ON public.customers (ssn) INCLUDE (id);
CREATE TABLE public.orders (id int PRIMARY KEY, customer int REFERENCES public.customers, total numeric, state status);
INSERT INTO public.orders SELECT n, 1 + n % 3, n * 10, 'paid' FROM generate_series(1, 20) n;
CREATE TABLE public.events (at date, kind text, email text) PARTITION BY RANGE (at);
CREATE TABLE public.events_1 PARTITION OF public.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
INSERT INTO public.events VALUES ('2024-03-04', 'login', 'anna@example.test');
CREATE TABLE hr.pay (id int PRIMARY KEY, income int, card bigint);
INSERT INTO hr.pay VALUES (1, 51234, 4111111111111111);
CREATE VIEW public.buyers AS
  SELECT c.id, c.email, o.total FROM public.customers c JOIN public.orders o ON o.customer = c.id WHERE o.total > 50;
CREATE VIEW public.top_buyers AS SELECT email, sum(total) AS total FROM public.buyers GROUP BY email;
CREATE VIEW public.plans AS SELECT id, plan FROM public.customers;
CREATE VIEW public.whole AS SELECT c.id, to_jsonb(c) AS document FROM public.customers c;
CREATE VIEW public.activity AS SELECT pid, query FROM pg_stat_activity;
CREATE MATERIALIZED VIEW public.mails AS SELECT email FROM public.customers;
CREATE FUNCTION hr.card_of(who int) RETURNS bigint LANGUAGE sql SECURITY DEFINER
  AS 'SELECT card FROM hr.pay WHERE id = who';
"""

TAGS = {
    "public.customers.email": "pii.email",
    "public.customers.ssn": "pii.national_id",
    "public.customers.born": "pii.birth",
    "public.customers.note": "free_text",
    "public.events.email": "pii.email",
    "hr.pay.income": "pii.income",
    "hr.pay.card": "pci",
}
MASKS = {"pii.email": "token", "pii.*": "hide", "pii.birth": "year", "pci": "token", "pii.income": "bucket"}
SECRET = b"s" * 32


def wish(
    read_role: str,
    write_role: str | None = None,
    tags: dict[str, str] | None = None,
    accepted: Accepted | None = None,
) -> Wish:
    """The shop's tags and masks for two roles, which are the cluster's and so named per test."""
    return Wish(
        tags=TAGS if tags is None else tags,
        masks=MASKS,
        read_role=read_role,
        write_role=write_role,
        accepted=accepted or Accepted(),
    )


@dataclass
class Hardened:
    """A shop whose DBA ran `assent harden`, and a connection of each role."""

    url: str
    wish: Wish
    dba: Any
    reader: Any

    async def check(self, kind: RoleKind = RoleKind.READ, *, enforced: bool = True) -> tuple[Finding, ...]:
        return await checks.check(
            self.reader, await self.seen(), self.wish, kind=kind, enforced=enforced, secret=SECRET
        )

    async def names(self) -> set[str]:
        return {finding.name for finding in await self.check()}

    async def seen(self) -> Snapshot:
        async with self.reader.transaction():
            await self.reader.execute("SET LOCAL search_path = ''")
            return await harden.schema_of(self.reader)

    async def protection(self) -> Protection:
        return protect(await self.seen(), self.wish.tags, self.wish.masks, enforced=True, accepted=self.wish.accepted)


@asynccontextmanager
async def hardened(
    database: Make,
    *,
    version: int = 18,
    sql: str = SHOP,
    more: str = "",
    tags: dict[str, str] | None = None,
    accepted: Accepted | None = None,
) -> AsyncIterator[Hardened]:
    """Make a shop, harden it, and log in as its DBA and as its read role; the roles end with it."""
    url = await database(sql + more, version=version)
    number = next(NUMBER)
    want = wish(f"read_{number}", f"write_{number}", tags, accepted)
    await harden.apply(url, want, SECRET)
    dba = await asyncpg.connect(url)
    await dba.execute(f"ALTER ROLE {want.read_role} PASSWORD 'r'")
    reader = await asyncpg.connect(url, user=want.read_role, password="r")
    try:
        yield Hardened(url, want, dba, reader)
    finally:
        await reader.close()
        await dba.execute(f"DROP OWNED BY {want.read_role}, {want.write_role}")
        await dba.execute(f"DROP ROLE {want.read_role}, {want.write_role}")
        await dba.close()
