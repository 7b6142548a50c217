"""Edits of the file by somebody who wants more without a second operator: each makes another policy, and is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.assembly.policy import begin
from core.model import EntryKind
from core.policy.changing.widen import widenings
from core.policy.written import read
from tests.settings_files import loaded
from tests.unit.test_custody import World

READS = 'verbs = ["read"]\nthen = "allow"\nreturned_rows = 5000'
SAME = '\n[[same_person]]\nperson = "acme:alice"\naccounts = ["acme:alice-admin"]\n'
BUDGET = '\n[[budget]]\nname = "rows"\nper = "caller"\nwindow = "{}"\nrows = 10_000\n'
KIND = '[source.shop]\nkind = "postgres"\n'
Edit = tuple[str, str]

# What the file says before, what it says after: (text of the sketch, text in its place), and what is added at its end.
WIDER: dict[str, tuple[tuple[Edit, ...], str, tuple[Edit, ...], str]] = {
    "a group under another name": (
        (), "", (("[group.dba]", "[group.dbas]"), ("reviewers = { dba = 1 }", "reviewers = { dbas = 1 }"),
                 ("{ dba = 1, security = 1 }", "{ dbas = 1, security = 1 }")), "",
    ),
    "a removed tag": ((), "", (('"public.customers.ssn" = "pii.national_id"\n', ""),), ""),
    "a weaker mask": ((), "", (('"pii.national_id" = "hide"', '"pii.national_id" = "last4"'),), ""),
    "another unit": (
        ((READS, READS + '\ntimeout = "15 s"'),), "", ((READS, READS + '\ntimeout = "15 min"'),), "",
    ),
    "another time zone": (
        ((READS, READS + '\nhours = ["Mon-Fri 09:00-17:00 Europe/Berlin"]'),), "",
        ((READS, READS + '\nhours = ["Mon-Fri 09:00-17:00 America/New_York"]'),), "",
    ),
    "another window of a budget": ((), BUDGET.format("day"), (), BUDGET.format("hour")),
    "a budget less": ((), BUDGET.format("day"), (), ""),
    "another owner": ((), "", (('"pii.*" = "privacy"', '"pii.*" = "dba"'),), ""),
    "one human's accounts apart": ((), SAME, (), ""),
    "another role of a Source": ((), "", (("env:SHOP_READ_URL", "env:SHOP_WRITE_URL"),), ""),
    "fewer countries' phone numbers": ((), "", ((KIND, KIND + 'phone_regions = ["US"]\n'),), ""),
    "tokens that live longer": ((), "", (("review_audiences", 'lifetime = "59 min"\nreview_audiences'),), ""),
    "a sign-in's proof of a person": ((), "", (('{ idtyp = "user" }', '{ idtyp = "app" }'),), ""),
    "another who answers for an agent": ((), "", (('owner = "acme:8f3c"', 'owner = "acme:0000"'),), ""),
    "an operator more": ((), "", (('operators = ["platform"]', 'operators = ["platform", "dba"]'),), ""),
    "one operator, acknowledged": (
        (), "", (('members = ["dan@acme.example", "erin@acme.example"]', 'members = ["dan@acme.example"]'),
                 ("acknowledge = []", 'acknowledge = ["single-operator"]')), "",
    ),
    "a floor that is none any more": (
        (), BUDGET.format("day") + "floor = true\n", (), BUDGET.format("day"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WIDER)
def test_no_edit_of_the_file_lets_anybody_do_more_unseen(name: str, tmp_path: Path) -> None:
    before, more_before, after, more_after = WIDER[name]
    old, new = loaded(tmp_path, *before, more=more_before), loaded(tmp_path, *after, more=more_after)
    assert old.policy.version != new.policy.version
    found = widenings(read(old.policy.text), read(new.policy.text))
    assert found
    assert not any("@" in one.sentence for one in found)


async def test_a_start_with_a_file_that_lets_somebody_do_more_is_on_record_and_alerts(tmp_path: Path) -> None:
    room = World()
    for rows, alerts in ((5_000, 0), (50_000, 1), (500, 1), (5_000, 2)):  # the last: an older version again
        settings = loaded(tmp_path, ("returned_rows = 5000", f"returned_rows = {rows}"))
        await begin(settings, room.store, room.store.journal)  # type: ignore[arg-type]  # a store of one process
        assert await room.store.standing.version() == settings.policy.version
        said = [one["alert"] for one in room.said(EntryKind.ALERT)]
        assert said == ["policy_widened"] * alerts
    assert [one.get("widens") for one in room.said(EntryKind.POLICY_CHANGE)] == [0, 1, 0, 1]
