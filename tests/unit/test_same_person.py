"""`[[same_person]]`: one human's accounts are one person in votes, blocks, budgets and sessions, and in no right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core import subject
from core.identity.issuer import Agent
from core.identity.keys import JwksKeys
from core.identity.same import Same
from core.identity.verifier import Verifier
from core.model import Caller, Identity, Person, Refuse, Tool
from core.policy.conditions.situation import situation
from core.policy.decide import decide
from core.policy.force import enact
from core.policy.rules import Conditions, Terms, Then
from core.ports import ExtentKind, PartyKind, Said
from core.reviews.votes import bar, listed
from demo.issuer import Mint
from slackbot.links import Joined, Listed
from tests.doubles import ManualClock, MemoryStore
from tests.identities import CONSOLE, DOOR, REVIEW, Network, Still, trust
from tests.policies import NOON, READ, SHOP, pair, reading, rule
from tests.settings_files import loaded
from tests.unit.test_custody import DAN, World
from tests.unit.test_settings_load import refused
from tests.unit.test_votes import ballot, review, standing, vote

CLOCK = Still()
ACME = Mint("https://login.example", directory="acme", clock=CLOCK)
ADMINS = Mint("https://admins.example", directory="admins", clock=CLOCK)
DORA, ADMIN = Person(directory="acme", id="dora"), Person(directory="admins", id="dora-adm")
SAME = Same([(DORA, ADMIN)])
MACS = MemoryStore(ManualClock()).macs


def door(*, agents: tuple[Agent, ...] = ()) -> Verifier:
    network, issuers = Network(ACME, ADMINS), (trust(ACME), trust(ADMINS))
    return Verifier(issuers, agents, JwksKeys(network, CLOCK), CLOCK, clients=CONSOLE, same=SAME)


async def caller(mint: Mint, name: str) -> Caller:
    return await door().caller(mint.person(name, ["analysts"], DOOR, client="claude"))


async def reviewer(mint: Mint, name: str) -> Identity:
    now = CLOCK.seconds()
    token = mint.person(name, [], REVIEW, client="assent-cli", scope="assent:review", auth_time=now, exp=now + 300)
    return await door().reviewer(token, scope="assent:review")


# ---------------------------------------------------------------- who it is


async def test_every_account_of_a_human_is_that_person_at_both_doors() -> None:
    agent, person = await caller(ADMINS, "dora-adm"), await reviewer(ADMINS, "dora-adm")
    assert (agent.person, agent.accounts) == (DORA, frozenset({DORA, ADMIN}))
    assert (person.person, person.account) == (DORA, ADMIN)
    assert (await caller(ACME, "dora")).person == DORA


async def test_an_account_in_no_table_is_a_human_of_its_own() -> None:
    agent = await caller(ADMINS, "dora")
    assert (agent.person, agent.accounts) == (replace(ADMIN, id="dora"), frozenset({replace(ADMIN, id="dora")}))


async def test_who_answers_for_a_machine_is_that_person_too() -> None:
    verifier = door(agents=(Agent(client="acme:nightly", owner=ADMIN),))
    assert (await verifier.caller(ACME.machine("nightly", [], DOOR))).owner == DORA


async def test_a_slack_user_is_the_human_behind_the_linked_account() -> None:
    found = await Joined(Listed({"U1": str(ADMIN)}), SAME).identity("T1", "U1")
    assert isinstance(found, Identity)
    assert (found.person, found.account) == (DORA, ADMIN)


# ---------------------------------------------------------------- votes


async def test_nobody_votes_on_their_own_question_by_another_account() -> None:
    asked = await caller(ACME, "dora")
    voter = await reviewer(ADMINS, "dora-adm")
    assert bar(standing(review(requester=asked.person)), voter, ballot()) is Said.SELF


async def test_two_accounts_of_one_human_fill_one_seat() -> None:
    daily, admin = await reviewer(ACME, "dora"), await reviewer(ADMINS, "dora-adm")
    row = review(("dba", 2), requester=Person(directory="acme", id="dana"))
    assert bar(standing(row, vote(daily)), admin, ballot()) is Said.REPEAT


async def test_a_seat_is_the_accounts_that_the_group_lists() -> None:
    daily, admin = await reviewer(ACME, "dora"), await reviewer(ADMINS, "dora-adm")
    assert listed(admin, frozenset({str(ADMIN)})) == str(ADMIN)
    assert listed(daily, frozenset({str(ADMIN)})) == ""


async def test_a_member_is_listed_by_an_address_of_their_directory_and_no_others() -> None:
    admin = await reviewer(ADMINS, "dora-adm")
    assert listed(admin, frozenset({"admins:Dora-adm@admins.example"}))
    assert not listed(admin, frozenset({"acme:dora-adm@admins.example"}))


# ---------------------------------------------------------------- blocks, budgets, sessions


async def test_one_pseudonym_stands_for_all_of_them() -> None:
    daily, admin = await caller(ACME, "dora"), await caller(ADMINS, "dora-adm")
    assert subject.payer(MACS, daily) == subject.payer(MACS, admin)
    assert subject.behind(MACS, daily) == subject.behind(MACS, admin)
    person = {one for one in subject.parties(MACS, daily, "shop") if one.kind is PartyKind.PERSON}
    assert person & subject.parties(MACS, admin, "shop")


async def test_a_block_of_one_account_is_a_block_of_the_human() -> None:
    world = World(same=SAME)
    (block,) = await world.bench.block(DAN, {"kind": ExtentKind.PERSON, "id": str(ADMIN)})
    assert block.party.id == subject.of_person(world.store.macs, DORA)


# ---------------------------------------------------------------- rules


@pytest.mark.parametrize("named", [DORA, ADMIN])
async def test_a_rule_that_refuses_a_person_refuses_every_account_of_theirs(named: Person) -> None:
    her = Conditions(callers=frozenset({str(named)}))
    policy = enact(Terms(rules=(rule("reads", Then.ALLOW, READ), rule("not her", Then.REFUSE, when=her))))
    for who in (await caller(ACME, "dora"), await caller(ADMINS, "dora-adm")):
        verdict = decide(policy, who, SHOP, reading(pair("public.orders")), tool=Tool.QUERY, now=NOON)
        assert isinstance(verdict, Refuse)


async def test_an_address_is_of_the_directory_that_says_it() -> None:
    directories = {ACME.url: "acme", ADMINS.url: "admins"}
    asked = situation(directories, await caller(ADMINS, "dora-adm"), SHOP, reading(), now=NOON)
    assert "admins:dora-adm@admins.example" in asked.callers
    assert not any(name.startswith("acme:") and "@" in name for name in asked.callers)


# ---------------------------------------------------------------- the configuration

ONE = '\n[[same_person]]\nperson = "acme:dora"\naccounts = ["acme:dora-adm"]\n'


def test_who_is_whose_account_is_part_of_the_policy_and_widens_it(tmp_path: Path) -> None:
    plain, joined = loaded(tmp_path), loaded(tmp_path, more=ONE)
    assert joined.same.person(Person(directory="acme", id="dora-adm")) == Person(directory="acme", id="dora")
    assert joined.policy.version != plain.policy.version


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ONE.replace("acme:dora-adm", "other:dora"), "no directory:person id"),
        (ONE.replace("acme:dora-adm", "dora"), "no directory:person id"),
        (ONE.replace("acme:dora-adm", "acme:"), "no directory:person id"),
        (ONE.replace("acme:dora-adm", "acme:dora"), "none twice"),
        (ONE.replace('["acme:dora-adm"]', "[]"), "one account more"),
        (ONE + ONE.replace('"acme:dora"', '"acme:rita"'), "in another"),
    ],
)
def test_a_table_that_joins_nobody_or_somebody_twice_refuses_start(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, more=text)
