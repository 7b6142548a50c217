"""Files that no policy is made of: each says what is wrong, with its line, and the old policy stays in force."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.assembly.policy import reading as reads
from core.assembly.policy import reload
from core.custody.ruling import Ruling
from core.errors import BadCall, SettingsError
from core.model import EntryKind, Hints, Refuse
from core.policy.conditions import globs
from core.policy.judge import InForce
from core.policy.rules import Conditions, Then
from core.settings import examples, load
from core.settings.findings import COMPARED, MOST, nearest
from tests.policies import SHOP, Still, call, machine, pair, person, policy, reading, rule
from tests.settings_files import ENVIRON, SKETCH, written
from tests.unit.test_custody import World

HOURS = '[[rule]]\nname = "late"\nthen = "refuse"\nhours = ["Mon-Fri 08:00-18:00 {}"]\n'
RULE = '[[rule]]\nname = "twice"\nthen = "refuse"\n'

# What stands in the file, and what is said of it.
BAD: dict[str, tuple[str, str]] = {
    "10 MB": (SKETCH + "#" * 10_000_000, "larger than"),
    "10,000 wrong rules": (SKETCH + RULE.replace('"refuse"', '"no"') * 10_000, "the rest was not looked for"),
    "one name twice": (SKETCH + RULE * 2, 'another rule is called "twice"'),
    "one table twice": (SKETCH + "[group.dba]\nmembers = []\n", "line"),
    "a zone that is none": (SKETCH + HOURS.format("Mars/Base"), "no time zone"),
    "a zone of each machine's own": (SKETCH + HOURS.format("localtime"), "no time zone"),
    "a zone that is a file": (SKETCH + HOURS.format("../../../etc/passwd"), "no time zone"),
    "a group named backwards": (SKETCH + '[group."ops\u202espo"]\nmembers = ["acme:x"]\n', "plain characters"),
    "a group named by two lines": (SKETCH + '[group."a\\nb"]\nmembers = ["acme:x"]\n', "plain characters"),
    "a group without a name": (SKETCH + '[group.""]\nmembers = ["acme:x"]\n', "plain characters"),
    "a group that is nowhere": (SKETCH.replace("{ dba = 1 }", "{ dbá = 1 }"), ""),
    "a wildcard of another language": (SKETCH + RULE + 'tables = ["hr.[a-z]*"]\n', "only * is a wildcard"),
    "depth": (SKETCH + "x = " + "[" * 50_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_broken_file_says_where_and_keeps_the_old_policy(name: str, tmp_path: Path) -> None:
    text, says = BAD[name]
    path = written(tmp_path, SKETCH)
    room = World()
    ruling = Ruling(standing=room.store.standing, policies=room.judge, read=reads(path))
    room.judge.replace(load(path, ENVIRON).policy)
    await room.store.journal.commit(await ruling.put(await ruling.look(), {"by": "start"}))
    before = await room.store.standing.version()
    path.write_text(text)
    with pytest.raises(SettingsError) as refused:
        await ruling.look()
    lines = str(refused.value).splitlines()
    assert says in str(refused.value)
    assert len(lines) <= MOST + 1
    assert all(str(path) in line for line in lines)
    await reload(ruling, room.store.journal)
    assert await room.store.standing.version() == before
    assert [one["alert"] for one in room.said(EntryKind.ALERT)] == ["policy_broken"]


def test_of_thousands_of_names_nobody_looks_for_the_nearest() -> None:
    known = [f"group {number}" for number in range(COMPARED + 1)]
    assert nearest("group x", known[:-1])
    assert nearest("group x", known) == ""


def test_a_pattern_of_thousands_of_stars_looks_at_a_name_once_for_each() -> None:
    looks = 0

    class Name(str):
        __slots__ = ()

        def find(self, *arguments: object) -> int:
            nonlocal looks
            looks += 1
            return str.find(self, *arguments)  # type: ignore[arg-type]

    assert not globs.matches("*a" * 2_000 + "*b*", Name("a" * 4_000))
    assert looks == 2_001


def test_examples_that_name_themselves_as_their_policy_are_no_policy(tmp_path: Path) -> None:
    path = tmp_path / "policy_test.toml"
    path.write_text('policy = "policy_test.toml"\n[[example]]\nname = "a"\n')
    with pytest.raises(SettingsError, match="a file of rules holds"):
        examples(path)


@pytest.mark.parametrize("client", ["night bot", "Nightly", "nightly ", "nightlу"])
def test_a_client_whose_name_imitates_anothers_decides_nothing(client: str) -> None:
    rules = policy(rule("the nightly reads", Then.ALLOW, when=Conditions(agents=frozenset({"nightly"}))))
    judge, asked = InForce(rules, Still()), reading(pair("public.t"))
    named = replace(call(), hints=Hints(client="nightly", agent="nightly/1.0", conversation=("agent", "nightly")))
    assert not isinstance(judge.decide(named, machine(client="nightly"), SHOP, asked), Refuse)
    assert isinstance(judge.decide(named, machine(client=client), SHOP, asked), Refuse)
    assert isinstance(judge.decide(named, person("analysts"), SHOP, asked), Refuse)


async def test_the_policy_in_force_is_not_applied_again(tmp_path: Path) -> None:
    room, path = World(), written(tmp_path, SKETCH)
    ruling = Ruling(standing=room.store.standing, policies=room.judge, read=reads(path))
    room.judge.replace(load(path, ENVIRON).policy)
    await room.store.journal.commit(await ruling.put(await ruling.look(), {"by": "start"}))
    with pytest.raises(BadCall):
        await ruling.look()
