"""What operators do at a command line, against the real bench behind the people's own HTTP door."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import final

import httpx2
import pytest
from typer.testing import Result

from console.app import build
from console.operating import Operating
from core.custody.rotation import Rotation
from core.errors import NotFound
from core.identity.minted import OVERLAP
from core.model import Json, PayloadId, Person
from core.settings import load
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.commands import answer, assent
from tests.doubles import MemoryNames
from tests.identities import Network, trust, verifier
from tests.integration.test_console import CLOCK, MINT, ArchiveDouble, DeskDouble, rita
from tests.settings_files import SKETCH, written
from tests.unit.test_custody import OPERATORS, World
from tests.unit.test_resolve import unknown

OPERATE = "assent:operate"
RITA, OSKAR = Person(directory="demo", id="rita"), Person(directory="demo", id="oskar")


@final
@dataclass(kw_only=True)
class Side:
    """The people's side, listening, over a store in memory."""

    url: str
    world: World

    async def assent(self, *arguments: object, name: str = "rita") -> Result:
        environ = {"ASSENT_TOKEN": rita(name, scope=OPERATE)}
        return await asyncio.to_thread(assent, *arguments, "--url", self.url, environ=environ)

    async def opens(self, payload: PayloadId) -> bool:
        try:
            return bool(await self.world.store.payloads.open(payload))
        except NotFound:
            return False


@pytest.fixture
async def side(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Side]:
    world = World({"questions": 1})
    await world.keeper.start()
    monkeypatch.setattr("tests.unit.test_custody.OPERATORS", OPERATORS | {RITA, OSKAR})

    async def verify() -> Mapping[str, Json]:
        return {}

    unturned = Rotation(
        journal=world.store.journal, names=MemoryNames(), wraps=MemoryNames(), clock=world.clock, tokens=OVERLAP
    )
    taken = bound(Address())
    host = f"127.0.0.1:{taken.getsockname()[1]}"
    app = build(
        desk=DeskDouble(),
        archive=ArchiveDouble(),
        verifier=verifier(Network(MINT), CLOCK, trust(MINT)),
        verify=verify,
        hosts=frozenset({host}),
        operating=Operating(world.bench, world.keeper, unturned),
    )
    async with listening(app, taken, address=Address(), drain=Drain()):
        yield Side(url=f"http://{host}", world=world)


async def test_an_erasure_takes_two_operators_at_the_command_line(side: Side) -> None:
    session, _, payload = await side.world.asked()
    proposed = await side.assent("audit", "erase", "--session", session.id)
    assert proposed.exit_code == 0
    listed = answer(await side.assent("act", "list", "--json"))["acts"]
    (act,) = listed
    assert (act["does"], act["of"], act["by"]) == ("erase", {"kind": "session", "id": session.id}, "demo:rita")
    assert f"assent act approve {act['id']}" in proposed.stdout
    alone = await side.assent("act", "approve", act["id"])
    assert (alone.exit_code, "Another operator must decide" in alone.stderr) == (1, True)
    assert await side.opens(payload)
    done = await side.assent("act", "approve", act["id"], name="oskar")
    assert (done.exit_code, done.stdout.strip()) == (0, "Done, as it was proposed.")
    assert not await side.opens(payload)
    again = await side.assent("act", "approve", act["id"], name="oskar")
    assert again.stderr.strip() == "assent: No act of that name waits: it was decided, or its time is over."


async def test_who_decides_about_a_person_reads_their_name(side: Side) -> None:
    held = await side.assent("audit", "hold", "set", "--person", "demo:rita")
    assert held.stdout.strip() == "held: person rita@demo.example"
    assert (await side.assent("audit", "hold", "list")).stdout.split() == [
        "kind",
        "name",
        "person",
        "rita@demo.example",
    ]
    proposed = await side.assent("audit", "hold", "release", "--person", "demo:rita")
    assert "hold.release kind=person id=rita@demo.example" in proposed.stdout
    assert "kind=person id=rita@demo.example" in (await side.assent("act", "list", name="oskar")).stdout
    (act,) = answer(await side.assent("act", "list", "--json"))["acts"]
    assert (act["name"], len(act["of"]["id"])) == ("rita@demo.example", 64)


async def test_holds_are_set_by_one_and_released_by_two(side: Side) -> None:
    assert (await side.assent("audit", "hold", "set", "--source", "shop")).stdout.strip() == "held: source shop"
    again = await side.assent("audit", "hold", "set", "--source", "shop")
    assert again.exit_code == 1
    assert answer(await side.assent("audit", "hold", "list", "--json"))["holds"] == [
        {"kind": "source", "id": "shop", "name": "shop"}
    ]
    _, _, payload = await side.world.asked()
    erasing = answer(await side.assent("audit", "erase", "--source", "shop", "--json"))
    held = await side.assent("act", "approve", erasing["id"], name="oskar")
    assert (held.exit_code, "A hold keeps it" in held.stderr) == (1, True)
    releasing = answer(await side.assent("audit", "hold", "release", "--source", "shop", "--json"))
    assert (await side.assent("act", "approve", releasing["id"], name="oskar")).exit_code == 0
    assert (await side.assent("act", "approve", erasing["id"], name="oskar")).exit_code == 0
    assert not await side.opens(payload)


async def test_an_unknown_outcome_is_closed_by_two_people_at_the_command_line(side: Side) -> None:
    row = await unknown(side.world)
    asked = ("audit", "resolve", row.call, "--executed", "--note", "the row is there")
    proposed = answer(await side.assent(*asked, "--json"))
    listed = await side.assent("act", "list", name="oskar")
    assert "note=the row is there" in listed.stdout
    alone = await side.assent("act", "approve", proposed["id"])
    assert (alone.exit_code, "Another operator must decide" in alone.stderr) == (1, True)
    away = await side.assent("act", "approve", proposed["id"], name="oskar")
    assert (away.exit_code, "cannot be compared" in away.stderr) == (1, True)
    assert await side.world.store.journal.indeterminate() == (row.call,)


async def test_a_block_is_set_by_one_at_once_and_released_by_two(side: Side) -> None:
    stopped = await side.assent("block", "source", "shop", "--until", "2027-01-01T00:00:00+01:00")
    assert stopped.stdout.strip() == "stopped: source shop until 2026-12-31 23:00:00 UTC"
    assert (await side.assent("block", "all")).stdout.strip() == "stopped: all"
    assert (await side.assent("block", "agent", "night bot")).exit_code == 0
    blocks = answer(await side.assent("block", "list", "--json"))["blocks"]
    assert [(one["kind"], one["name"]) for one in blocks] == [("agent", "night bot"), ("all", ""), ("source", "shop")]
    releasing = answer(await side.assent("unblock", "all", "--json"))
    alone = await side.assent("act", "approve", releasing["id"])
    assert (alone.exit_code, "Another operator must decide" in alone.stderr) == (1, True)
    assert (await side.assent("act", "approve", releasing["id"], name="oskar")).exit_code == 0
    assert "all" not in (await side.assent("block", "list")).stdout


async def test_a_policy_is_applied_by_its_hash_and_what_widens_by_two(side: Side, tmp_path: Path) -> None:
    path = written(tmp_path, SKETCH)

    def edit(old: str, new: str) -> None:
        path.write_text(path.read_text().replace(old, new))
        side.world.file = load(path, {}, roles=frozenset()).policy

    async def apply(*more: str) -> Result:
        return await side.assent("policy", "apply", "--config", path, *more)

    async def begun() -> str:
        version = await side.world.store.standing.version()
        side.world.judge.adopt(*(await side.world.store.standing.policy() or ("", "")))
        return version

    edit("", "")
    side.world.judge.replace(side.world.file)
    assert f"in force: {side.world.file.version}" in (await apply()).stdout
    assert await begun() == side.world.file.version
    edit("returned_rows = 5000", "returned_rows = 500")
    assert "would be in force at once" in (await apply("--dry-run")).stdout
    assert f"in force: {side.world.file.version}" in (await apply()).stdout
    assert await begun() == side.world.file.version
    edit("returned_rows = 500", "returned_rows = 50000")
    waits = await apply()
    assert 'lets somebody do more: "analysts read" is changed, and may be less strict where it held' in waits.stdout
    assert re.search(r"decides until [0-9-]{10} [0-9:]{8} UTC\n", waits.stdout)
    (act,) = answer(await side.assent("act", "list", "--json"))["acts"]
    assert (act["does"], act["of"]) == ("policy", {"policy": side.world.file.version})
    assert await begun() != side.world.file.version
    assert (await side.assent("act", "approve", act["id"], name="oskar")).exit_code == 0
    assert await begun() == side.world.file.version
    path.write_text(path.read_text().replace("returned_rows = 50000", "returned_rows = 5"))  # a file that is not theirs
    other = await apply()
    assert (other.exit_code, "says another policy" in other.stderr) == (1, True)
    path.write_text("[[rule]\n")
    assert (await apply()).exit_code != 0


async def test_a_dry_run_shows_what_would_go(side: Side) -> None:
    await side.world.asked()
    side.world.clock.advance(timedelta(days=3))
    shown = await side.assent("audit", "retention", "--dry-run")
    assert shown.exit_code == 0
    assert "questions  shop" in shown.stdout
    assert "in force, in days: questions: 1" in shown.stdout
    found = answer(await side.assent("audit", "retention", "--dry-run", "--json"))
    assert found["due"] == [
        {"reason": "age", "purpose": "questions", "source": "shop", "keys": 1, "held": 0, "oldest": "2026-11-23"}
    ]


async def test_who_is_no_operator_or_lacks_the_scope_learns_nothing(side: Side) -> None:
    for path in ("acts", "holds", "blocks", "retention"):
        async with httpx2.AsyncClient(trust_env=False) as http:
            for token, status in (
                (rita("mallory", scope=OPERATE), 404),
                (rita(scope="assent:review assent:audit"), 403),
                (None, 401),
            ):
                headers = {"authorization": f"Bearer {token}"} if token else {}
                reply = await http.get(f"{side.url}/api/{path}", headers=headers)
                assert reply.status_code == status


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("acts", {"does": "erase"}, 400),
        ("acts", {"does": 1, "of": {}}, 400),
        ("acts", {"does": "erase", "of": {"kind": 1}}, 400),
        ("acts", {"does": "erase", "of": {"kind": "session", "id": "none"}}, 422),
        ("acts/act_none/decision", {"decision": "maybe"}, 400),
        ("acts/act_none/decision", {"decision": "approve"}, 404),
        ("holds", {"kind": "planet", "id": "mars"}, 422),
        ("holds", {"kind": "source"}, 400),
        ("blocks", {"kind": "source", "id": "shop"}, 400),
        ("blocks", {"kind": "source", "id": "shop", "until": "soon"}, 400),
        ("blocks", {"kind": "source", "id": "shop", "until": "2030-01-01T00:00:00"}, 400),
        ("blocks", {"kind": "source", "id": "shop", "until": "2020-01-01T00:00:00+00:00"}, 422),
        ("blocks", {"kind": "source", "id": "ship", "until": None}, 422),
        ("blocks", {"kind": "person", "id": "nobody@acme.example", "until": None}, 422),
        ("blocks", {"kind": "all", "id": "shop", "until": None}, 422),
        ("blocks", {"kind": "agent", "id": "", "until": None}, 422),
    ],
)
async def test_what_cannot_be_read_is_refused(side: Side, path: str, body: dict[str, object], status: int) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        headers = {"authorization": f"Bearer {rita(scope=OPERATE)}"}
        reply = await http.post(f"{side.url}/api/{path}", json=body, headers=headers)
    assert reply.status_code == status


@pytest.mark.parametrize("arguments", [(), ("--session", "a", "--source", "b")])
async def test_one_extent_is_named(side: Side, arguments: tuple[str, ...]) -> None:
    assert (await side.assent("audit", "erase", *arguments)).exit_code == 2
