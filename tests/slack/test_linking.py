"""`/audit link`: who began it types its code; who is sent somebody else's linking, links nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from core import subject
from core.errors import BadCall
from core.identity.linking import LETTER, LETTERS, TRIES, Account
from core.identity.same import Same
from core.identity.signin import SignedIn
from core.model import Entry, EntryKind, Person, State
from core.ports import Block, Party, PartyKind, SetBlock, Unit
from demo.slack import Slack
from demo.slack.world import TEAM, Member
from tests.slack.floor import CONSOLE, Floor, floor

DORA, EVE, OTTO = "U0DORA", "U0EVE", "U0OTTO"
HOUR: Final = timedelta(hours=1)
OTTOS: Final = Person(directory="acme", id="otto")
DORAS: Final = Person(directory="acme", id="dora")
GROUPS: Final = {"dba": frozenset({"acme:dora", "otto@acme.example"}), "security": frozenset[str]()}


@asynccontextmanager
async def ground(
    slack: Slack, transport: str = "socket", *, replicas: int = 1, same: Same | None = None
) -> AsyncIterator[Floor]:
    """A workspace in which otto is linked by an operator and nobody else is."""
    for user, name in ((DORA, "dora"), (EVE, "<b>eve</b>"), (OTTO, "otto")):
        slack.member(Member(id=user, name=name))
    people = {OTTO: "acme:otto"}
    async with floor(slack, transport, people=people, groups=GROUPS, same=same or Same(), replicas=replicas) as on:
        yield on


@pytest.fixture
async def on(slack: Slack) -> AsyncIterator[Floor]:
    async with ground(slack) as made:
        yield made


def who(on: Floor, name: str, **changed: object) -> SignedIn:
    made = SignedIn(
        person=Person(directory="acme", id=name),
        email=f"{name}@acme.example",
        groups=frozenset(),
        at=on.room.clock.now(),
        issuer="https://login.acme.example",
    )
    return replace(made, **changed)  # type: ignore[arg-type]


async def begun(on: Floor, user: str) -> str:
    """Type the command; gives the name in the address it shows."""
    shown = await on.slack.slash(user, "link")
    assert shown is not None
    button = shown.button("link.open")
    assert button is not None
    found = re.fullmatch(rf"{CONSOLE}/link\?of=([\w-]{{43}})", str(button["url"]))
    assert found is not None, shown.words
    return found[1]


async def typed(on: Floor, user: str, code: str) -> str:
    shown = await on.slack.slash(user, f"link {code}")
    assert shown is not None
    return shown.words


async def linked(on: Floor, user: str, name: str) -> str:
    """Go through all of it as one person."""
    _, code = await on.linking.code(await begun(on, user), who(on, name))
    return await typed(on, user, code)


def entries(on: Floor, kind: EntryKind) -> list[dict[str, object]]:
    log = on.room.store.journal.tables.log
    return [dict(one.body) for _, one in log if one.body["kind"] == kind.value]


@pytest.mark.parametrize(("transport", "replicas"), [("socket", 1), ("http", 1), ("socket", 2), ("http", 2)])
async def test_who_signs_in_and_types_the_code_decides_after_an_hour_over_either_transport(
    slack: Slack, transport: str, replicas: int
) -> None:
    async with ground(slack, transport, replicas=replicas) as on:
        row, card = await on.asked()
        assert "linked to dora@acme.example, acme:dora" in await linked(on, DORA, "dora")
        assert await on.acts(DORA, row, card, "click", of=OTTO) is not None
        await slack.world.until(lambda: "acts here from" in slack.whispered(DORA), "the whisper")
        assert (await on.row(row.id)).state is State.PENDING
        assert await on.room.store.reviews.votes(row.id) == ()
        on.room.clock.advance(HOUR)
        row, card = await on.asked()
        assert await on.acts(DORA, row, card, "click", of=OTTO) is not None
        assert (await on.row(row.id)).state is State.APPROVED
        (vote,) = await on.room.store.reviews.votes(row.id)
        assert (vote.person, vote.via) == (DORAS, f"slack:{TEAM}:{DORA}")
        (made,) = entries(on, EntryKind.LINK_MADE)
        assert made["via"] == f"slack:{TEAM}:{DORA}"
        assert made["by"] == subject.of_person(on.room.store.macs, DORAS)


async def test_whoever_opens_somebody_elses_linking_links_nothing(on: Floor) -> None:
    """Eve sends Dora her address; Dora signs in, says yes, and types what she is shown in her own Slack."""
    _, code = await on.linking.code(await begun(on, EVE), who(on, "dora"))
    assert "no code for this account" in await typed(on, DORA, code)
    assert await on.room.store.links.link(TEAM, DORA) is None
    assert await on.room.store.links.link(TEAM, EVE) is None
    assert entries(on, EntryKind.LINK_MADE) == []


async def test_a_code_ends_with_its_fifth_wrong_try_and_serves_once(on: Floor) -> None:
    _, code = await on.linking.code(await begun(on, EVE), who(on, "dora"))
    for _ in range(TRIES):
        assert "no code" in await typed(on, EVE, "AAAAA-AAAAA-AAAAA")
    assert "no code" in await typed(on, EVE, code)
    _, code = await on.linking.code(await begun(on, EVE), who(on, "dora"))
    for _ in range(TRIES - 1):
        assert "no code" in await typed(on, EVE, "AAAAA-AAAAA-AAAAA")
    assert "linked to" in await typed(on, EVE, code.lower().replace("-", ""))
    assert "no code" in await typed(on, EVE, code)


async def test_of_two_who_type_one_code_at_once_one_links(slack: Slack) -> None:
    async with ground(slack, replicas=2) as on:
        _, code = await on.linking.code(await begun(on, DORA), who(on, "dora"))
        said = await asyncio.gather(*(typed(on, DORA, code) for _ in range(8)))
        assert sum("linked to" in one for one in said) == 1
        assert len(entries(on, EntryKind.LINK_MADE)) == 1


async def test_names_and_codes_last_minutes_and_looking_keeps_none_alive(on: Floor) -> None:
    name = await begun(on, DORA)
    for _ in range(2):
        on.room.clock.advance(timedelta(minutes=4))
        assert await on.linking.asked(name) is not None
    on.room.clock.advance(timedelta(minutes=2))
    assert await on.linking.asked(name) is None
    with pytest.raises(BadCall):
        await on.linking.code(name, who(on, "dora"))
    _, code = await on.linking.code(await begun(on, DORA), who(on, "dora"))
    on.room.clock.advance(timedelta(minutes=5))
    assert "no code" in await typed(on, DORA, code)


async def test_looking_at_the_page_uses_nothing_up_and_going_on_uses_it_up(on: Floor) -> None:
    name = await begun(on, DORA)
    account = Account(team=TEAM, user=DORA, workspace="Assent Test", name="dora @dora")
    assert [await on.linking.asked(name) for _ in range(3)] == [account] * 3
    _, first = await on.linking.code(name, who(on, "dora"))
    with pytest.raises(BadCall):
        await on.linking.code(name, who(on, "dora"))
    _, second = await on.linking.code(await begun(on, DORA), who(on, "dora"))
    assert "no code" in await typed(on, DORA, first)
    assert "linked to" in await typed(on, DORA, second)


async def test_an_old_sign_in_links_nobody(on: Floor) -> None:
    with pytest.raises(BadCall):
        await on.linking.code(await begun(on, DORA), who(on, "dora", at=on.room.clock.now() - timedelta(minutes=5)))


async def test_an_account_begins_five_linkings_an_hour_at_whichever_replica(slack: Slack) -> None:
    async with ground(slack, "http", replicas=2) as on:
        for _ in range(5):
            await begun(on, EVE)
        shown = await on.slack.slash(EVE, "link")
        assert shown is not None
        assert "five linkings an hour" in shown.words
        await begun(on, DORA)
        on.room.clock.advance(HOUR)
        await begun(on, EVE)


async def test_another_account_takes_the_place_of_the_first_and_both_are_told(on: Floor) -> None:
    await linked(on, DORA, "dora")
    on.room.clock.advance(HOUR)
    await linked(on, EVE, "dora")
    assert await on.room.store.links.link(TEAM, DORA) is None
    (gone,) = entries(on, EntryKind.LINK_ENDED)
    assert (gone["via"], gone["why"]) == (f"slack:{TEAM}:{DORA}", "replaced")
    rooms = {f"D{user[1:]}": user for user in (DORA, EVE)}

    def told() -> dict[str, str]:
        return {rooms[one.channel]: one.words for one in on.slack.world.messages if one.channel in rooms}

    await on.slack.world.until(lambda: EVE in told() and "not linked" in told().get(DORA, ""), "both are told")
    assert EVE in told()[DORA]
    assert "linked to dora@acme.example, acme:dora" in told()[EVE]
    row, card = await on.asked()
    for user in (DORA, EVE):
        assert await on.acts(user, row, card, "click", of=OTTO) is not None
    assert (await on.row(row.id)).state is State.PENDING


async def test_an_account_that_goes_over_to_another_person_waits_again(on: Floor) -> None:
    await linked(on, DORA, "eve")
    on.room.clock.advance(HOUR)
    await linked(on, DORA, "dora")
    row, card = await on.asked()
    assert await on.acts(DORA, row, card, "click", of=OTTO) is not None
    assert (await on.row(row.id)).state is State.PENDING
    (gone,) = entries(on, EntryKind.LINK_ENDED)
    eves = Person(directory="acme", id="eve")
    assert gone["person"] == subject.of_person(on.room.store.macs, eves)
    assert gone["by"] == subject.of_person(on.room.store.macs, DORAS)


async def test_who_unlinks_decides_nothing_from_then_on(on: Floor) -> None:
    await linked(on, DORA, "dora")
    on.room.clock.advance(HOUR)
    shown = await on.slack.slash(DORA, "link off")
    assert shown is not None
    assert "not linked any more" in shown.words
    (gone,) = entries(on, EntryKind.LINK_ENDED)
    assert gone["why"] == "asked"
    row, card = await on.asked()
    await on.acts(DORA, row, card, "click", of=OTTO)
    await on.slack.world.until(lambda: "not linked" in on.slack.whispered(DORA), "the whisper")
    assert (await on.row(row.id)).state is State.PENDING
    again = await on.slack.slash(DORA, "link off")
    assert again is not None
    assert "is not linked" in again.words


async def test_nobody_links_a_person_or_an_account_that_an_operator_linked(on: Floor) -> None:
    shown = await on.slack.slash(OTTO, "link")
    assert shown is not None
    assert "An operator linked this account" in shown.words
    with pytest.raises(BadCall):
        await on.linking.code(await begun(on, EVE), who(on, "otto"))


async def test_a_link_made_before_an_operator_listed_its_person_counts_no_more(slack: Slack) -> None:
    async with ground(slack) as on:
        await linked(on, EVE, "dora")
        link = await on.room.store.links.link(TEAM, EVE)
    async with floor(slack, "socket", people={DORA: "acme:dora"}, groups=GROUPS) as on:
        assert link is not None
        on.room.store.journal.tables.links[TEAM, EVE] = link
        on.room.clock.advance(HOUR)
        row, card = await on.asked()
        await on.acts(EVE, row, card, "click", of=DORA)
        await slack.world.until(lambda: "not linked" in slack.whispered(EVE), "the whisper")
        assert await on.room.store.reviews.votes(row.id) == ()


async def test_one_human_with_two_accounts_does_not_link_beside_an_operators_word(slack: Slack) -> None:
    admin = Person(directory="admins", id="otto-adm")
    async with ground(slack, same=Same([(OTTOS, admin)])) as on:
        with pytest.raises(BadCall):
            await on.linking.code(await begun(on, EVE), who(on, "otto", person=admin))


async def test_who_is_stopped_is_not_linked(on: Floor) -> None:
    _, code = await on.linking.code(await begun(on, DORA), who(on, "dora"))
    party = Party(kind=PartyKind.PERSON, id=subject.of_person(on.room.store.macs, DORAS))
    said = Entry(kind=EntryKind.BLOCK_SET, body={"of": {"kind": "person", "id": party.id}, "by": "b"})
    await on.room.store.journal.commit(Unit(entries=(said,), changes=(SetBlock(block=Block(party=party)),)))
    assert "Operators stopped this person" in await typed(on, DORA, code)
    assert await on.room.store.links.link(TEAM, DORA) is None


@pytest.mark.parametrize(
    "member",
    [
        Member(id=EVE, name="guest", restricted=True),
        Member(id=EVE, name="stranger", stranger=True),
        Member(id=EVE, name="elsewhere", team="T0OTHER"),
        Member(id=EVE, name="gone", deleted=True),
    ],
    ids=["guest", "stranger", "other workspace", "deactivated"],
)
async def test_who_is_no_full_member_begins_and_finishes_nothing(on: Floor, member: Member) -> None:
    on.slack.member(member)
    for words in ("link", "link AAAAA-AAAAA-AAAAA", "link off"):
        shown = await on.slack.slash(EVE, words)
        assert shown is not None
        assert shown.button("link.open") is None
    assert on.tally("link.made") == on.tally("link.refused") == 0


async def test_the_address_stands_in_no_entry_and_the_code_in_no_row(on: Floor) -> None:
    name = await begun(on, DORA)
    _, code = await on.linking.code(name, who(on, "dora"))
    tables = repr((on.room.store.tickets._rows, on.room.store.journal.tables))
    assert code.replace("-", "") not in tables
    assert name not in repr(on.room.store.journal.tables)


async def test_a_member_listed_by_email_decides_by_the_one_verified_at_the_sign_in(slack: Slack) -> None:
    groups = {"dba": frozenset({"dora@acme.example"}), "security": frozenset[str]()}
    slack.member(Member(id=DORA, name="dora"))
    slack.member(Member(id=OTTO, name="otto"))
    async with floor(slack, "socket", people={}, groups=groups) as on:
        await linked(on, DORA, "dora")
        on.room.clock.advance(HOUR)
        row, card = await on.asked()
        assert await on.acts(DORA, row, card, "click", of=DORA) is not None
        assert (await on.row(row.id)).state is State.APPROVED


def test_a_code_is_of_seventy_five_bits() -> None:
    assert len(set(LETTERS)) ** LETTER >= 2**75
