"""From an agent's change to a click in Slack and back: the real house, MCP client, PostgreSQL and Bolt app."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from cli.serve.house import chat as door
from cli.serve.house import opened, people
from core.errors import UnsafeStart
from core.model import Decision, EntryKind
from core.ports import Said
from core.settings import Listen, load
from core.settings.secret import Secret
from demo.slack import Slack
from demo.slack.office import ANA, DORA, OTTO, RITA, SAM, chat, office
from demo.slack.page import page
from demo.slack.world import Posted
from demo.world import DIRECTORY, free, world
from tests.browser import tab
from tests.e2e.conftest import Place
from tests.e2e.test_line import call, settled
from tests.waiting import until

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
WRONG: dict[str, dict[str, object]] = {
    "kind": {"type": "static_select", "selected_option": {"value": "scope"}},
    "note": {"type": "plain_text_input", "value": "only yours <!here>"},
}


@dataclass(frozen=True)
class Floor:
    """The house and the workspace that talks to it."""

    place: Place
    slack: Slack

    async def card(self, sql: str) -> Posted:
        """The card that shows this statement."""
        found: list[Posted] = []

        def there() -> bool:
            found[:] = [each for each in self.slack.world.messages if sql in each.words]
            return bool(found)

        await self.slack.world.until(there, f"a card with {sql}")
        return found[-1]

    async def reads(self, card: Posted, word: str) -> None:
        await self.slack.world.until(lambda: word in card.words, f"{word!r} on the card, which says: {card.words}")

    async def told(self, user: str) -> None:
        await self.slack.world.until(lambda: self.slack.whispered(user) != "", f"a word to {user}")

    async def looks(self) -> list[dict[str, Any]]:
        log = await self.place.house.house.store.journal.tail(0, 10_000)
        return [dict(entry.body) for entry in log if entry.body["kind"] == EntryKind.AUDIT_READ.value]

    async def bodies(self, scope: str, kind: EntryKind) -> list[dict[str, Any]]:
        entries = await self.place.house.house.journal.entries(scope)
        return [dict(entry.body) for entry in entries if entry.body["kind"] == kind.value]


@pytest.fixture(scope="module")
async def floor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    with pytest.MonkeyPatch.context() as patch:
        for name in PROXIES:
            patch.delenv(name, raising=False)
        folder = tmp_path_factory.mktemp("chat")  # 0700 by pytest
        async with (
            office(ack_seconds=10.0) as slack,
            world(folder, say=lambda _: None, chat=chat(slack)) as made,
            opened(load(made.config, os.environ), votes=False) as house,
        ):
            yield Floor(Place(made, house), slack)
    assert slack.world.rejected == []


@pytest.fixture(autouse=True)
async def _log_verifies_afterwards(floor: Floor) -> AsyncIterator[None]:
    floor.slack.world.user_errors.clear()
    yield
    report = await floor.place.house.house.verify()
    assert report["findings"] == []
    assert floor.slack.world.user_errors == []
    assert floor.slack.pinged() == []


async def writes(floor: Floor, where: str) -> list[str]:
    """Transactions that last wrote these tickets: one more run, one more number."""
    rows = await floor.place.fetch(f"SELECT xmin::text AS x FROM tickets WHERE {where} ORDER BY id")
    return [row["x"] for row in rows]


async def test_one_click_runs_the_statement_once_and_the_card_and_the_agent_learn_of_it(floor: Floor) -> None:
    sql = "UPDATE tickets SET closed_at = now() WHERE id = 21 RETURNING id"
    before = await writes(floor, "id = 21")
    async with floor.place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=sql))
        card = await floor.card(sql)
        assert await writes(floor, "id = 21") == before
        assert await floor.slack.click(RITA, card, "review.approve") is not None
        answer = await settled(client, await work)
        await floor.reads(card, "Executed")
    assert (answer["status"], answer["rows"]) == ("answered", [[21]]), answer
    assert len(await floor.bodies(answer["call"], EntryKind.PREPARED)) == 1
    assert [end["outcome"] for end in await floor.bodies(answer["call"], EntryKind.OUTCOME)] == ["committed"]
    assert await writes(floor, "id = 21") != before
    assert card.button("review.approve") is None


async def test_a_denial_in_the_modal_reaches_the_agent_in_its_own_field(floor: Floor) -> None:
    sql = "UPDATE tickets SET closed_at = now() WHERE id = 22"
    before = await writes(floor, "id = 22")
    async with floor.place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=sql))
        card = await floor.card(sql)
        await floor.slack.click(DORA, card, "review.deny")
        await floor.slack.world.until(lambda: floor.slack.view(DORA) is not None, "the modal")
        view = floor.slack.view(DORA)
        assert view is not None
        await floor.slack.submit(DORA, view, WRONG)
        answer = await settled(client, await work)
        await floor.reads(card, "Denied")
    assert (answer["status"], answer["code"]) == ("refused", "denied"), answer
    assert answer["reviewer_note"] == "Too broad: narrow it. only yours <!here>"
    assert "only yours" not in answer["message"]
    assert await writes(floor, "id = 22") == before


async def test_nobody_but_an_eligible_other_person_moves_anything(floor: Floor) -> None:
    sql = "UPDATE tickets SET closed_at = now() WHERE id = 23"
    before = await writes(floor, "id = 23")
    async with floor.place.agent("dora") as client:  # dora is a DBA: what bars her is that she asks
        work = asyncio.create_task(call(client, "execute", sql=sql))
        card = await floor.card(sql)
        for user in (DORA, SAM, ANA, OTTO):
            element = floor.slack.visible(RITA, card, "review.approve")
            await floor.slack.press(user, card, element)
            await floor.told(user)
        ((shown,),) = [await floor.place.pending()]
        assert shown.votes == ()
        assert await floor.place.decide(Decision.DENY, reason="no") is Said.DENIED  # by rita, beside Slack
        await floor.reads(card, "Denied")
        assert (await settled(client, await work))["status"] == "refused"
    assert await writes(floor, "id = 23") == before


async def test_ten_clicks_at_once_are_one_run(floor: Floor) -> None:
    sql = "UPDATE tickets SET subject = subject || ' +1' WHERE id = 25"  # says how often it ran
    (before,) = await floor.place.fetch("SELECT subject FROM tickets WHERE id = 25")
    async with floor.place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=sql))
        card = await floor.card(sql)
        element = floor.slack.visible(RITA, card, "review.approve")
        presses = [floor.slack.press(user, card, element) for user in (RITA, DORA) * 5]
        assert None not in await asyncio.gather(*presses)
        answer = await settled(client, await work)
        await floor.reads(card, "Executed")
    assert answer["status"] == "answered", answer
    (after,) = await floor.place.fetch("SELECT subject FROM tickets WHERE id = 25")
    assert after["subject"] == f"{before['subject']} +1"
    review = await floor.place.house.house.store.reviews.review(answer["call"])
    assert review is not None
    assert len(await floor.bodies(review.id, EntryKind.VOTE)) == 1
    assert len(await floor.bodies(review.id, EntryKind.CLAIMED)) == 1


async def test_audit_tells_an_auditor_the_call_and_its_session_and_others_nothing(floor: Floor) -> None:
    sql = "SELECT id, email FROM customers WHERE email = 'nobody@x.example' OR id < 4"
    async with floor.place.agent("ana") as client:
        answer = await call(client, "query", sql=sql)
    assert answer["status"] == "answered", answer
    story = await floor.slack.slash(RITA, f"call {answer['call']}")
    assert story is not None
    assert "nobody@x.example" in story.words
    line = await floor.place.house.house.store.history.call(answer["call"])
    assert line is not None
    session = await floor.slack.slash(OTTO, f"session {line.session}")
    assert session is not None
    assert "nobody@x.example" in session.words
    foreign = await floor.slack.slash(SAM, f"call {answer['call']}")
    assert foreign is not None
    assert "no such call" in foreign.words


async def test_audit_lists_sessions_tells_one_as_a_story_with_its_votes_and_verifies_the_journal(floor: Floor) -> None:
    sql = "UPDATE tickets SET closed_at = now() WHERE id = 29"
    async with floor.place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=sql))
        card = await floor.card(sql)
        assert await floor.slack.click(DORA, card, "review.approve") is not None
        answer = await settled(client, await work)
    line = await floor.place.house.house.store.history.call(answer["call"])
    assert line is not None
    asked = [f"session {line.session}", "list 1h", f"person <@{SAM}|sam>", "pending", "verify"]
    before = len(floor.slack.world.whispers)
    for text in asked:
        await floor.slack.slash(RITA, text)
    await floor.slack.world.until(lambda: len(floor.slack.world.whispers) == before + 6, "the answers")
    said = floor.slack.whispered(RITA)
    assert "approve by dora (" in said
    assert "Entries proven in the signed Journal" in said or "Nothing of it is signed yet" in said
    assert "Sessions, since" in said
    assert f'Find by:"{DIRECTORY}:sam"' in said
    assert "🔒 Journal: " in said
    reads = [body["query"] for body in await floor.looks()]
    assert {"sessions", "session", "find", "pending", "verify"} <= set(reads)


async def test_in_a_real_browser_one_approves_denies_with_a_reason_and_looks_up(floor: Floor, browser: Browser) -> None:
    yes = "UPDATE tickets SET closed_at = now() WHERE id = 31"
    no = "UPDATE tickets SET closed_at = now() WHERE id = 32"
    async with page(floor.slack) as url, tab(browser) as sight, floor.place.agent("sam") as client:

        async def look(sql: str) -> Locator:
            await sight.goto(f"{url}?as={DORA}")
            return sight.locator("article", has_text=sql)

        work = asyncio.create_task(call(client, "execute", sql=yes))
        card = await floor.card(yes)
        await (await look(yes)).get_by_role("button", name="Approve once").click()
        assert (await settled(client, await work))["status"] == "answered"
        await floor.reads(card, "Executed")
        work = asyncio.create_task(call(client, "execute", sql=no))
        card = await floor.card(no)
        await (await look(no)).get_by_role("button", name="Deny…").click()
        await sight.select_option("select", "scope")
        await sight.fill("textarea", "which one? <b>")
        await sight.get_by_role("button", name="Deny", exact=True).click()
        answer = await settled(client, await work)
        assert (answer["code"], answer["reviewer_note"]) == ("denied", "Too broad: narrow it. which one? <b>")
        await floor.reads(card, "Denied")
        await sight.goto(f"{url}?as={DORA}&write=1")
        await sight.fill("input[name=text]", "/audit pending")
        await sight.get_by_role("button", name="Send").click()
        await floor.slack.world.until(lambda: "waits" in floor.slack.whispered(DORA), "the answer")
        assert await (await look("Nothing waits")).count() == 1


async def test_what_was_protected_has_no_count_and_no_literal_for_its_own_requester(floor: Floor) -> None:
    sql = "SELECT id FROM customers WHERE email <> 'guess@x.example' AND id < 8"
    async with floor.place.agent("ana") as client:
        answer = await call(client, "query", sql=sql)
    assert len(answer["rows"]) == 7, answer
    line = await floor.place.house.house.store.history.call(answer["call"])
    assert line is not None
    own = await floor.slack.slash(ANA, f"call {answer['call']}")
    session = await floor.slack.slash(ANA, f"session {line.session}")
    audited = await floor.slack.slash(RITA, f"call {answer['call']}")
    assert own is not None
    assert session is not None
    assert audited is not None
    assert "7 rows" in audited.words
    for told in (own, session):
        assert str(answer["call"]) in told.words
        assert "7 rows" not in told.words
        assert "guess@x.example" not in told.words


async def test_a_call_is_protected_exactly_where_its_reading_was(floor: Floor) -> None:
    history = floor.place.house.house.store.history
    expected = {
        "SELECT id FROM tickets WHERE id < 3": False,
        "SELECT id, status FROM orders WHERE id < 3": False,
        "SELECT id FROM tickets WHERE body LIKE '%refund%'": True,
        "SELECT body FROM tickets WHERE id = 1": True,
        "SELECT count(*) FROM payments WHERE card_number IS NOT NULL": True,
        "SELECT count(*) FROM customer_contacts": True,
    }
    found = {}
    async with floor.place.agent("ana") as client:
        for sql in expected:
            answer = await call(client, "query", sql=sql)
            assert answer["status"] == "answered", answer
            line = await history.call(answer["call"])
            assert line is not None
            found[sql] = line.protected
    assert found == expected


async def test_a_change_that_reads_what_is_protected_is_approved_in_the_modal_and_its_card_never_counts(
    floor: Floor,
) -> None:
    sql = "UPDATE tickets SET closed_at = now() WHERE customer_id IN (SELECT id FROM customers WHERE email LIKE 'a%')"
    async with floor.place.agent("sam") as client:
        work = asyncio.create_task(call(client, "execute", sql=sql))
        (shown,) = await until(floor.place.pending)
        assert shown.facts.protected
        card = await floor.card(shown.review.id)
        assert card.button("review.approve") is None
        assert "'a%'" not in card.words
        await floor.slack.click(SAM, card, "review.open")
        assert floor.slack.view(SAM) is None
        await floor.slack.click(RITA, card, "review.open")
        await floor.slack.world.until(lambda: floor.slack.view(RITA) is not None, "the full view")
        view = floor.slack.view(RITA)
        assert view is not None
        assert sql in view.words
        await floor.slack.submit(RITA, view)
        answer = await settled(client, await work)
        await floor.reads(card, "Executed")
    assert answer["status"] == "answered", answer
    assert "affected" not in answer
    seen = str(card.versions) + floor.slack.whispered(SAM)
    (hit,) = await floor.place.fetch(
        sql.replace("UPDATE tickets SET closed_at = now()", "SELECT count(*) FROM tickets")
    )
    assert hit[0] > 1
    assert not re.search(rf"\b{hit[0]}\b", card.words), card.words
    assert not re.search(r"\d rows", seen.replace("1,000 rows", "")), card.words
    assert "'a%'" not in seen


async def test_a_door_that_could_not_ask_anybody_does_not_open(floor: Floor) -> None:
    house = floor.place.house.house
    slack = house.settings.slack
    assert slack is not None
    forged = Secret("file:x", b"xoxb-of-nobody")
    for changed in (
        replace(slack, bot_token=forged),
        replace(slack, app_token=forged),
        replace(slack, channel="C0ELSEWHERE"),
    ):
        with pytest.raises(UnsafeStart):
            async with door(replace(house, settings=replace(house.settings, slack=changed))):
                pass


async def test_over_http_slack_posts_to_the_peoples_door_and_what_it_did_not_sign_is_refused(floor: Floor) -> None:
    house = floor.place.house.house
    assert house.settings.slack is not None
    slack = replace(house.settings.slack, app_token=None, signing_secret=Secret("file:x", b"s" * 32))
    listen = replace(house.settings.console, listen=Listen(host="127.0.0.1", port=free()))
    changed = replace(house, settings=replace(house.settings, slack=slack, console=listen))
    async with (
        door(changed) as running,
        people(changed, votes=True, slack=running) as url,
        httpx2.AsyncClient(base_url=url) as client,
    ):
        refused = await client.post("/slack/events", content=b"payload=%7B%7D")
        assert refused.status_code == 401
        assert running.tally["http.unsigned"] == 1


async def test_a_card_appears_and_follows_by_wakes_and_not_by_the_slow_poll(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from slackbot import redraw

    monkeypatch.setattr(redraw, "POLL_SECONDS", 3600.0)
    async with floor.place.agent("sam") as client:
        first = asyncio.create_task(call(client, "execute", sql="UPDATE tickets SET subject = 'w' WHERE id = 24"))
        card = await floor.card("WHERE id = 24")
        (shown,) = await until(floor.place.pending)
        withdrawn = await call(client, "cancel", call=shown.review.call)
        assert withdrawn["status"] == "refused"
        await floor.reads(card, "ancelled")
        await first
