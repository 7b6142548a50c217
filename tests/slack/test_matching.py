"""Matching by e-mail: off, or for listed domains and who signed in with it; behind every link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from core.errors import SettingsError
from core.model import Person, State
from core.ports import SlackLink
from demo.slack import Slack
from demo.slack.world import TEAM, Member
from tests.settings_files import loaded
from tests.slack.floor import Floor, floor
from tests.slack.test_linking import DORA, DORAS, EVE, GROUPS, OTTO, who

DOMAINS: Final = frozenset({"acme.example"})


@pytest.fixture
async def on(slack: Slack) -> AsyncIterator[Floor]:
    slack.member(Member(id=DORA, name="dora", email="Dora@ACME.example"))
    slack.member(Member(id=OTTO, name="otto", email="otto@acme.example"))
    async with floor(slack, "socket", people={OTTO: "acme:otto"}, groups=GROUPS, domains=DOMAINS) as made:
        yield made


async def decides(on: Floor, user: str) -> bool:
    row, card = await on.asked()
    assert await on.acts(user, row, card, "click", of=OTTO) is not None
    return (await on.row(row.id)).state is State.APPROVED


async def test_who_signed_in_with_the_email_that_slack_shows_decides(on: Floor) -> None:
    assert not await decides(on, DORA)
    await on.matching.heard(who(on, "dora"))
    assert await decides(on, DORA)


async def test_without_the_setting_no_email_makes_anybody_somebody(slack: Slack) -> None:
    slack.member(Member(id=DORA, name="dora", email="dora@acme.example"))
    slack.member(Member(id=OTTO, name="otto"))
    async with floor(slack, "socket", people={OTTO: "acme:otto"}, groups=GROUPS) as on:
        await on.matching.heard(who(on, "dora"))
        assert not await decides(on, DORA)


async def test_an_email_of_a_domain_that_is_not_listed_is_nobodys(on: Floor) -> None:
    for email in ("dora@other.example", "dora@acme.example.other.example", "acme.example", ""):
        await on.matching.heard(who(on, "dora", email=email))
        assert await on.matching.person(email) is None


async def test_two_persons_with_one_email_are_nobody_until_both_are_forgotten(on: Floor) -> None:
    other = Person(directory="other", id="dora")
    await on.matching.heard(who(on, "dora"))
    await on.matching.heard(who(on, "dora", person=other))
    assert await on.matching.person("dora@acme.example") is None
    await on.matching.heard(who(on, "dora"))
    assert await on.matching.person("dora@acme.example") is None
    on.room.clock.advance(timedelta(days=30))
    await on.matching.heard(who(on, "dora"))
    assert await on.matching.person("dora@acme.example") == DORAS


async def test_who_did_not_sign_in_for_thirty_days_is_matched_no_more_though_they_click(on: Floor) -> None:
    await on.matching.heard(who(on, "dora"))
    for _ in range(29):
        on.room.clock.advance(timedelta(days=1))
        assert await on.matching.person("dora@acme.example") == DORAS
    on.room.clock.advance(timedelta(days=1))
    assert await on.matching.person("dora@acme.example") is None


async def test_who_is_linked_is_matched_by_no_other_account(on: Floor) -> None:
    await on.matching.heard(who(on, "dora"))
    await on.matching.heard(who(on, "otto"))
    on.room.store.journal.tables.links[TEAM, EVE] = SlackLink(
        team=TEAM, user=EVE, person=DORAS, email="", at=on.room.clock.now()
    )
    on.slack.member(Member(id="U0OTTO2", name="otto", email="otto@acme.example"))
    for user in (DORA, "U0OTTO2"):
        assert not await decides(on, user)


@pytest.mark.parametrize("flag", ["restricted", "ultra_restricted", "stranger", "bot", "deleted"])
async def test_a_guest_or_a_stranger_with_the_email_of_an_employee_is_nobody(on: Floor, flag: str) -> None:
    await on.matching.heard(who(on, "dora"))
    barred = replace(on.slack.world.members[DORA], **{flag: True})  # type: ignore[arg-type]
    on.slack.member(barred)
    assert not await decides(on, DORA)


def test_the_setting_is_acknowledged_by_name_and_part_of_the_policy(tmp_path: Path) -> None:
    known = ("acknowledge = []", 'acknowledge = ["slack-by-email"]')
    domains = ('channel = "C0123456789"\n', 'channel = "C0123456789"\nemail_domains = ["Acme.example"]\n')
    with pytest.raises(SettingsError, match="slack-by-email"):
        loaded(tmp_path, domains)
    without, settings = loaded(tmp_path, known), loaded(tmp_path, known, domains)
    assert settings.slack is not None
    assert settings.slack.email_domains == {"acme.example"}
    assert settings.policy.version != without.policy.version
