"""Tags belong to the database: two Sources over one, with and without tags, in conflict, and one that comes late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from core.connectors.postgres import Options, PostgresConnector, harden
from core.connectors.postgres import connector as module
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.catalog.places import Claim, Neighbour, Place, Places, among
from core.errors import SourceUnavailable
from core.masking import Accepted, Wish
from core.masking.shared import Shared
from core.model import Dialect, Doubt, Source, Unreadable
from core.ports import Statement
from tests.integration.connecting import Now, query
from tests.integration.shop import MASKS, SECRET, SHOP, TAGS, Hardened, Make, hardened

VERSIONS = pytest.mark.parametrize("version", [15, 16, 17, 18])
CARE = {"public.orders.total": "pii.total"}
TEXT = "SELECT id, email FROM customers WHERE id = 1"


@dataclass
class Pair:
    """Two Sources over one hardened shop: `shop` with its tags, `care` with others or none."""

    shop: PostgresConnector
    care: PostgresConnector
    database: Hardened
    wishes: Mapping[str, Wish]


def connector(name: str, wish: Wish, place: Place, url: str) -> PostgresConnector:
    return PostgresConnector(
        Source(name=name, dialect=Dialect.POSTGRES, tags=wish.tags, enforced=True),
        read_url=url,
        write_url=None,
        masks=MASKS,
        clock=Now(),
        options=Options(accepted=wish.accepted, place=place),
        inspect=inspector(wish, source=name, acknowledged=frozenset(), secret=SECRET, place=place),
    )


@asynccontextmanager
async def two(
    database: Make, care: Mapping[str, str], *, version: int = 18, accepted: Accepted | None = None, other: str = ""
) -> AsyncIterator[Pair]:
    """Both are made, none is open; `care` reads as the same role, in another database if one is given."""
    async with hardened(database, version=version) as shop:
        own = replace(shop.wish, write_role=None)
        wishes = {"shop": own, "care": replace(own, tags=dict(care), accepted=accepted or Accepted())}
        places = Places({name: Claim(tags=wish.tags, accepted=wish.accepted) for name, wish in wishes.items()})
        here, there = (
            f"postgresql://{own.read_role}:r@{url.rpartition('@')[2]}" for url in (shop.url, other or shop.url)
        )
        made = Pair(
            shop=connector("shop", own, places.of("shop"), here),
            care=connector("care", wishes["care"], places.of("care"), there),
            database=shop,
            wishes=wishes,
        )
        try:
            yield made
        finally:
            await made.shop.close()
            await made.care.close()


async def rehardened(pair: Pair) -> None:
    """The DBA hardens for both: what each wants beside the other's tags."""
    wish = replace(pair.wishes["shop"], shared=Shared(here={"care": pair.wishes["care"].tags}))
    await harden.apply(pair.database.url, wish, SECRET)


async def unread(source: PostgresConnector, text: str = TEXT) -> Unreadable:
    async with source.visit(Statement(text=text), name="assent:t:1") as visit:
        reading = await visit.read()
    assert isinstance(reading, Unreadable), reading
    return reading


async def shown(source: PostgresConnector, text: str) -> Any:
    return (await query(source, text)).rows


@VERSIONS
async def test_a_source_without_tags_carries_those_of_the_other(database: Make, version: int) -> None:
    async with two(database, {}, version=version) as pair:
        await pair.care.open()
        await pair.shop.open()
        assert await pair.care.findings(SECRET) == ()
        assert await shown(pair.care, TEXT) == await shown(pair.shop, TEXT)
        assert "anna" not in str(await shown(pair.care, TEXT))


async def test_each_source_carries_the_union_of_all_tags(database: Make) -> None:
    async with two(database, CARE) as pair:
        await rehardened(pair)
        await pair.shop.open()
        await pair.care.open()
        for source in (pair.shop, pair.care):
            assert await source.findings(SECRET) == ()
            assert await shown(source, "SELECT max(total) FROM orders") == ((None,),)
            assert "anna" not in str(await shown(source, TEXT))


async def test_a_column_with_two_different_tags_refuses_both_sources(database: Make) -> None:
    async with two(database, {"public.customers.ema*": "pci"}) as pair:
        await pair.shop.open()
        await pair.care.open()
        for source in (pair.shop, pair.care):
            (finding,) = [one for one in await source.findings(SECRET) if one.name == "tags-differ"]
            assert finding.refuses
            assert "public.customers.email" in finding.line
            assert (await unread(source, "SELECT 1")).doubt is Doubt.CLOSED


async def test_what_only_one_source_accepts_is_not_accepted(database: Make) -> None:
    accepted = Accepted(untagged=frozenset({"public.mails"}))
    async with two(database, TAGS, accepted=accepted) as pair:
        await pair.database.dba.execute(f"GRANT SELECT ON mails TO {pair.wishes['care'].read_role}")
        await pair.care.open()
        await pair.shop.open()
        assert (await unread(pair.care, "SELECT email FROM mails")).doubt is Doubt.CLOSED


async def test_a_source_that_is_reached_later_brings_its_tags_with_it(
    database: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    async with two(database, CARE) as pair:
        role = pair.wishes["care"].read_role
        await pair.shop.open()
        # Nobody knows yet where `care` is: what it would protect here is closed, the rest is open.
        closed = await unread(pair.shop, "SELECT total FROM orders")
        assert (closed.doubt, "not reached" in closed.sentence) == (Doubt.CLOSED, True)
        assert (await shown(pair.shop, "SELECT id FROM customers WHERE id = 1")) == ((1,),)
        await pair.database.dba.execute(f"ALTER ROLE {role} NOLOGIN")
        with pytest.raises(SourceUnavailable):
            await shown(pair.care, "SELECT 1")
        await pair.database.dba.execute(f"ALTER ROLE {role} LOGIN")
        # Once it is, its tags hold here, and what the database does not enforce yet stays closed.
        for source in (pair.care, pair.shop):
            assert (await unread(source, "SELECT total FROM orders")).doubt is Doubt.CLOSED
        await rehardened(pair)
        for source in (pair.shop, pair.care):
            await source.renew()
            assert await shown(source, "SELECT max(total) FROM orders") == ((None,),)


async def test_a_conflict_that_is_found_later_closes_both(database: Make) -> None:
    async with two(database, {"public.customers.ssn": "pci"}) as pair:
        await pair.shop.open()
        assert (await shown(pair.shop, "SELECT id FROM customers WHERE id = 1")) == ((1,),)
        await pair.care.open()
        for source in (pair.shop, pair.care):
            assert "tagged" in (await unread(source, "SELECT 1")).sentence


async def test_another_database_with_the_same_tables_is_another_place(database: Make) -> None:
    async with two(database, CARE, other=await database(SHOP)) as pair:
        await pair.shop.open()
        await pair.care.open()
        assert (await shown(pair.shop, "SELECT total FROM orders WHERE id = 1")) == (("10",),)
        assert "masking-owner" in {finding.name for finding in await pair.care.findings(SECRET)}


async def test_harden_asks_the_other_sources_where_they_are(database: Make) -> None:
    async with hardened(database) as shop:
        host = shop.url.rpartition("@")[2]
        other, claim = await database(SHOP), Claim(tags=CARE, accepted=Accepted())

        async def found(url: str) -> tuple[list[str], tuple[str, ...]]:
            others = {"care": Neighbour(url=url, claim=claim)}
            read = f"postgresql://not_made_yet:x@{host}"
            wish, away = await among(shop.url, "shop", shop.wish, read_url=read, others=others)
            return list(wish.shared.here), away

        assert await found(f"postgresql://{shop.wish.read_role}:r@{host}") == (["care"], ())
        assert await found(f"postgresql://nor_this_one:x@{host}") == (["care"], ())  # the same address
        assert await found(other) == ([], ())
        assert await found("postgresql://r:x@127.0.0.1:9/elsewhere") == ([], ("care",))
        wish, _ = await among(
            shop.url, "shop", shop.wish, read_url="", others={"care": Neighbour(url=shop.url, claim=claim)}
        )
        assert any("total" in step.sql for step in await harden.show(shop.url, wish, SECRET))
