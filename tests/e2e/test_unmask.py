"""A reviewed unmasking, and a reviewed copy, through the whole house: asked, shown on the card, run once."""

from __future__ import annotations

import asyncio
import io
import os
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cli.serve.house import opened
from core.connectors.postgres import harden
from core.masking import Wish
from core.model import Decision, Identity, Person
from core.ports import Ballot, Said, Shown
from core.settings import load
from demo.shop.tags import MASKS, TAGS
from demo.terminal import card as terminal_card
from demo.world import REVIEWER, World, world
from slackbot.views.cards import card
from tests.e2e.conftest import Place
from tests.e2e.test_line import call, query, settled
from tests.waiting import until

OTTO = Identity(person=Person(directory="demo", id="otto"), name="otto", email="otto@demo.example", via="terminal")
ASKED = "SELECT name, email, national_id, city FROM customers WHERE id = 1"
OWNER = """
[owner]
"pii.email" = "privacy"

[group.privacy]
members = ["demo:otto"]

[[rule]]
name = "support may be shown an address"
groups = ["support"]
verbs = ["read"]
tags = ["pii.email"]
then = "ask"
reviewers = { privacy = 1 }
unmask = ["pii.email"]

[[rule]]
name = "support may keep an address as a lead"
groups = ["support"]
verbs = ["insert"]
tables = ["public.leads"]
then = "ask"
reviewers = { dba = 1 }
copies = ["public.customers.email -> public.leads.email"]
affected_rows = 10
"""
LEADS = """
CREATE TABLE leads (id int PRIMARY KEY, email text, note text);
GRANT SELECT, INSERT, UPDATE ON leads TO shop_write
"""  # a table that came after the roles: what changes may touch is granted by hand
WEAKER = """
CREATE ROLE shop_raw LOGIN NOINHERIT PASSWORD 'raw';
GRANT USAGE ON SCHEMA public, hr TO shop_raw;
GRANT SELECT ON ALL TABLES IN SCHEMA public, hr TO shop_raw;
ALTER ROLE shop_raw SET log_min_messages = panic
"""


async def prepared(made: World, mode: str) -> None:
    """Give the shop a role for unmaskings, and the configuration an owner and a rule."""
    secret = b64decode((made.folder / "mask").read_text())
    for statement in LEADS.split(";"):
        await Place(made, None).fetch(statement)  # type: ignore[arg-type]
    wish = Wish(
        tags={**TAGS, "public.leads.email": "pii.email"},
        masks=MASKS,
        read_role="shop_read",
        write_role="shop_write",
        unmask_role="shop_unmask",
        owned=frozenset({"pii.email"}),
    )
    await harden.apply(made.owner, wish, secret)
    await Place(made, None).fetch("ALTER ROLE shop_unmask PASSWORD 'u'")  # type: ignore[arg-type]
    host = made.owner.rpartition("@")[2]
    written(made.folder / "shop_unmask", f"postgresql://shop_unmask:u@{host}")
    text = made.config.read_text().replace(
        'write_url = "file:shop_write"', 'write_url = "file:shop_write"\nunmask_url = "file:shop_unmask"'
    )
    if mode == "spliced":
        for statement in WEAKER.split(";"):
            await Place(made, None).fetch(statement)  # type: ignore[arg-type]
        written(made.folder / "shop_raw", f"postgresql://shop_raw:raw@{host}")
        text = text.replace('read_url = "file:shop_read"', 'masking = "spliced"\nread_url = "file:shop_raw"')
        text = text.replace("[gateway]\n", '[gateway]\nacknowledge = ["spliced:shop"]\n')
    text = text.replace("[source.shop.tags]\n", '[source.shop.tags]\n"public.leads.email" = "pii.email"\n')
    made.config.write_text(text + OWNER)


def written(place: Path, text: str) -> None:
    place.touch(mode=0o600)
    place.write_text(text)


@pytest.fixture(scope="module", params=("enforced", "spliced"))
async def lifting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    folder = tmp_path_factory.mktemp(f"unmask_{request.param}")
    async with world(folder, say=lambda _: None) as made:
        await prepared(made, request.param)
        async with opened(load(made.config, os.environ), votes=False) as house:
            yield Place(made, house)


async def waiting(place: Place) -> Shown:
    return (await until(lambda: place.pending(OTTO)))[0]


def drawn(shown: Shown) -> str:
    """Give the terminal's card as a person reads it, on a line that folds nothing."""
    out = io.StringIO()
    Console(file=out, width=1_000, highlight=False).print(terminal_card(shown))
    return out.getvalue()


async def intent(place: Place, of: str) -> dict[str, Any]:
    return dict((await place.house.house.journal.entries(of))[0].body)


async def test_the_owners_seat_alone_lets_exactly_the_named_column_be_seen(lifting: Place) -> None:
    raw = (await lifting.fetch(ASKED))[0]
    async with lifting.agent("sam") as client:
        work = asyncio.create_task(call(client, "query", sql=ASKED))
        shown = await waiting(lifting)
        assert [mask.name for mask in shown.question.unmasked] == ["public.customers.email"]
        assert "public.customers.email (pii.email)" in str(card(shown).blocks)
        assert "public.customers.email (pii.email)" in drawn(shown)
        ballot = Ballot(review=shown.review.id, digest=shown.review.digest, decision=Decision.APPROVE)
        assert await lifting.house.house.desk.vote(REVIEWER, ballot) is Said.UNKNOWN  # of no seat it asks
        assert await lifting.decide(Decision.APPROVE, who=OTTO) is Said.APPROVED
        answer = await settled(client, await work)
    assert answer["status"] == "answered", answer
    assert answer["rows"] == [["***", raw["email"], "***", raw["city"]]]
    assert [column.get("mask") for column in answer["columns"]] == ["hide", None, "hide", None]
    assert "public.customers.email" in str(answer)
    said = await intent(lifting, answer["call"])
    assert said["verdict"]["unmasked"] == ["public.customers.email"]
    assert "public.customers.email" not in said["verdict"]["masked"]
    outcome = (await lifting.house.house.journal.entries(answer["call"]))[1].body
    assert [one["role"] for one in outcome["payloads"]] == ["unmasked"]  # type: ignore[union-attr,index,call-overload]


async def test_the_result_is_collected_by_who_asked_and_by_nobody_else(lifting: Place) -> None:
    sql = "SELECT email FROM customers WHERE id = 2"
    raw = (await lifting.fetch(sql))[0]["email"]
    async with lifting.agent("sam") as client:
        work = asyncio.create_task(call(client, "query", sql=sql))
        await waiting(lifting)
        assert await lifting.decide(Decision.APPROVE, who=OTTO) is Said.APPROVED
        answer = await settled(client, await work)
        again = await call(client, "collect", call=answer["call"])
    assert answer["rows"] == again["rows"] == [[raw]]
    async with lifting.agent("ana") as client:
        assert raw not in str(await call(client, "collect", call=answer["call"]))


async def test_who_no_rule_lets_ask_is_answered_with_masks_at_once(lifting: Place) -> None:
    raw = (await lifting.fetch(ASKED))[0]["email"]
    answer = await query(lifting, ASKED)
    assert answer["status"] == "answered", answer
    assert raw not in str(answer)
    assert "unmasked" not in (await intent(lifting, answer["call"]))["verdict"]


async def test_a_denied_unmasking_shows_nothing(lifting: Place) -> None:
    async with lifting.agent("sam") as client:
        work = asyncio.create_task(call(client, "query", sql="SELECT email FROM customers WHERE id = 3"))
        await waiting(lifting)
        assert await lifting.decide(Decision.DENY, reason="not now", who=OTTO) is Said.DENIED
        answer = await settled(client, await work)
    assert answer["status"] == "refused"
    assert "@" not in str(answer)


COPY = "INSERT INTO leads (id, email) SELECT id, email FROM customers WHERE id = 4"


async def test_a_copy_that_a_rule_names_is_shown_to_people_and_runs_once_as_approved(lifting: Place) -> None:
    raw = (await lifting.fetch("SELECT email FROM customers WHERE id = 4"))[0]["email"]
    async with lifting.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=COPY))
        shown = (await until(lifting.pending))[0]
        assert "copies protected values" in str(card(shown).blocks)
        assert raw not in str(card(shown).blocks)
        assert await lifting.decide(Decision.APPROVE) is Said.COUNTED  # reading the column asks its tag's owner, too
        assert await lifting.decide(Decision.APPROVE, who=OTTO) is Said.APPROVED
        answer = await settled(client, await work)
        assert answer["status"] == "answered", answer
    read = await query(lifting, "SELECT email FROM leads WHERE id = 4")
    assert read["status"] == "answered", read
    assert raw not in str(answer) + str(read)
    assert [dict(row) for row in await lifting.fetch("SELECT * FROM leads")] == [{"id": 4, "email": raw, "note": None}]


@pytest.mark.parametrize(
    "sql",
    [
        COPY.replace("(id, email)", "(id, note)"),
        "INSERT INTO leads (id, email) SELECT id, name FROM customers WHERE id = 5",
        "INSERT INTO leads (id, email) SELECT id, email FROM customers WHERE id = 5 RETURNING email",
        "UPDATE leads SET email = c.email FROM customers c WHERE c.id = leads.id",
    ],
    ids=["into-an-untagged-column", "of-another-tag", "handed-back", "by-another-verb"],
)
async def test_any_other_copy_is_refused_and_nobody_is_asked(lifting: Place, sql: str) -> None:
    before = await lifting.fetch("SELECT * FROM leads")
    async with lifting.agent("sam") as client:
        answer = await call(client, "execute", sql=sql)
    assert answer["status"] == "refused", answer
    assert await lifting.pending() == ()
    assert await lifting.fetch("SELECT * FROM leads") == before
