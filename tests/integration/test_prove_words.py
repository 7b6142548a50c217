"""Words in a bundle: an auditor is given them by the people's door, and the script holds them to their Entries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import Result

from console.app import build
from core.audit.archive import Looking
from core.audit.entry import session_open
from core.audit.opening import Giving, Redeeming
from core.audit.verification.bundle import Unprovable
from core.audit.verification.manifest import Growing, manifest
from core.model import CallId, Identity, Json, PayloadId
from core.ports import Opening, Payload, Role, Unit
from core.stores.sqlite.proving import prove
from core.stores.sqlite.store import SqliteStore
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests import entries
from tests.commands import assent
from tests.doubles import ORIGIN, ManualClock
from tests.identities import Network, trust, verifier
from tests.integration.test_console import CLOCK, MINT, DeskDouble, gate, rita
from tests.integration.test_prove import KEY, KEYS, TRUST, run, unpacked

STATEMENT, PURPOSE = b"select 1 -- \xc3\xa4", b"because"


async def asked(store: SqliteStore) -> tuple[CallId, tuple[Opening, ...]]:
    """A Session with one Call whose words are kept, its manifest, signed; the words with their keys."""
    call = entries.call_id()
    words = [Payload(role=Role.STATEMENT, content=STATEMENT), Payload(role=Role.PURPOSE, content=PURPOSE)]
    kept = await store.payloads.keep(call, entries.NOBODY, "shop", words)
    named: list[Json] = [dict(one.reference) for one in kept]
    opened = await store.journal.commit(Unit(entries=(session_open("ses_1", {"ps": "u1"}, person="ann"),)))
    intent = entries.intent(call, session="ses_1", payloads=named)
    done = await store.journal.commit(Unit(entries=(intent, entries.outcome(call))))
    leaves = zip((*opened.sequences, *done.sequences), (*opened.leaves, *done.leaves), strict=True)
    grown = Growing.over((sequence, bytes.fromhex(hashed)) for sequence, hashed in leaves)
    await store.journal.commit(Unit(entries=(manifest("ses_1", grown),)))
    await store.checkpoint()
    return call, tuple([await store.payloads.opening(one.id) for one in kept])


@pytest.fixture
async def made(tmp_path: Path) -> tuple[Path, CallId, tuple[Opening, ...]]:
    path = tmp_path / "assent.db"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        return (path, *await asked(store))


async def test_words_are_held_to_the_entries_that_name_them(
    made: tuple[Path, CallId, tuple[Opening, ...]], tmp_path: Path
) -> None:
    path, call, words = made
    folder = unpacked(prove(path, call, TRUST, {}, lambda _: words), tmp_path / "call")
    number = min((folder / "entries").iterdir(), key=lambda one: int(one.stem)).stem
    command = (f"entries/{number}.json", f"proofs/{number}.tlog-proof", "--words", "payloads")
    assert f"{' '.join(command)}" in (folder / "README.txt").read_text()
    done = run(folder, *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 of 2 payloads" in done.stdout
    statement, key = folder / "payloads" / words[0].id, folder / "payloads" / f"{words[0].id}.key"
    assert statement.read_bytes() == STATEMENT
    for file, content in (
        (statement, STATEMENT + b" "),
        (statement, b""),
        (key, b"0" * 64),
        (key, key.read_bytes().upper()),
        (key, key.read_bytes() + b"\n"),
        (folder / "payloads" / "other", b"never said"),
    ):
        before = file.read_bytes() if file.exists() else None
        file.write_bytes(content)
        assert run(folder, *command).returncode == 1, (file, content)
        file.unlink() if before is None else file.write_bytes(before)
    for name in ("other", "other.key"):
        (folder / "payloads" / name).write_bytes(b"0" * 64)
    assert "named by no Entry" in run(folder, *command).stderr


async def test_a_sessions_words_go_with_it(made: tuple[Path, CallId, tuple[Opening, ...]], tmp_path: Path) -> None:
    path, _, words = made
    folder = unpacked(prove(path, "ses_1", TRUST, {}, lambda _: words[:1]), tmp_path / "session")
    command = ("manifest.json", "manifest.tlog-proof", "--session", "bodies.jsonl", "--words", "payloads")
    done = run(folder, *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all 3 Entries" in done.stdout
    assert "1 of 2 payloads" in done.stdout
    assert run(folder, *command[:2], *command[4:], *command[2:4]).returncode == 0  # in any order


async def test_no_bundle_holds_words_that_its_entries_do_not_name(
    made: tuple[Path, CallId, tuple[Opening, ...]],
) -> None:
    path, call, (statement, purpose) = made
    for wrong in (
        replace(statement, content=b"select 2"),
        replace(statement, key=b"k" * 32),
        replace(statement, id=purpose.id),
        replace(statement, id=PayloadId("../../escaped")),
    ):
        with pytest.raises(Unprovable):
            prove(path, call, TRUST, {}, lambda _: (wrong,))  # noqa: B023 - called at once


@asynccontextmanager
async def door(store: SqliteStore) -> AsyncIterator[str]:
    """The people's side over a store; rita is an auditor."""

    async def verify() -> Mapping[str, Json]:
        return {}

    def auditor(who: Identity) -> bool:
        return who.person.id == "rita"

    taken = bound(Address())
    host = f"127.0.0.1:{taken.getsockname()[1]}"
    archive = Looking(
        history=store.history,
        journal=store.journal,
        reviews=store.reviews,
        payloads=store.payloads,
        subjects=store.subjects,
        macs=store.macs,
        anchors=store.checkpoints,
        is_auditor=auditor,
        giving=Giving(
            journal=store.journal,
            subjects=store.subjects,
            macs=store.macs,
            clock=CLOCK,
            member=lambda who: "readers" if auditor(who) else "",
        ),
    )
    redeeming = Redeeming(
        journal=store.journal,
        payloads=store.payloads,
        macs=store.macs,
        closure=store.closure,
        readers=lambda: frozenset({"readers"}),
    )
    gateway = bound(Address())
    proven = verifier(Network(MINT), CLOCK, trust(MINT))
    app = build(
        desk=DeskDouble(),
        archive=archive,
        verifier=proven,
        verify=verify,
        hosts=frozenset({host}),
        results=f"http://127.0.0.1:{gateway.getsockname()[1]}/results",
    )
    async with (
        listening(gate(redeeming.redeem), gateway, address=Address(), drain=Drain()),
        listening(app, taken, address=Address(), drain=Drain()),
    ):
        yield f"http://{host}"


async def test_an_auditor_proves_a_call_with_its_words_at_the_command_line(tmp_path: Path) -> None:
    path, out = tmp_path / "assent.db", tmp_path / "out"
    out.mkdir()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store, door(store) as url:
        call, _ = await asked(store)

        async def proven(name: str) -> Result:
            words = ("audit", "prove", call, "--store", f"sqlite:{path}", "--key", KEY, "--out", out, "--words")
            return await asyncio.to_thread(assent, *words, "--url", url, environ={"ASSENT_TOKEN": rita(name)})

        assert (await proven("oskar")).exit_code == 1  # no auditor
        assert list(out.iterdir()) == []
        done = await proven("rita")
        assert (done.exit_code, done.stderr) == (0, "")
        looked = [one.body for one in await store.journal.tail(0, 100) if one.body["kind"] == "audit.read"]
        assert [(body["query"], body["of"]) for body in looked][-1] == ("opening", call)
    folder = unpacked((out / f"{call}.audit.zip").read_bytes(), tmp_path / "unpacked")
    assert sorted(one.read_bytes() for one in (folder / "payloads").iterdir() if not one.suffix) == [PURPOSE, STATEMENT]


async def test_a_look_proves_each_entry_under_the_newest_signed_tree(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "a.db", keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        first = await store.journal.commit(Unit(entries=(session_open("ses_0", {"ps": "u1"}, person="ann"),)))
        assert len(first.sequences) == 1
        call, _ = await asked(store)
        signed = await store.journal.entries(call)
        later = entries.call_id()
        await store.journal.commit(Unit(entries=(entries.intent(later, session="ses_1"), entries.outcome(later))))
        newer = await store.journal.entries(later)
        found = await store.checkpoints.anchored((*signed, *newer))
        assert found is not None
        assert (found.signed, found.astray, len(found.root)) == (len(signed), (), 64)
        forged = replace(signed[0], leaf="0" * 64)
        moved = replace(signed[1], sequence=signed[0].sequence)
        lied = await store.checkpoints.anchored((forged, moved, *newer))
        assert lied is not None
        assert lied.astray == (signed[0].sequence, signed[0].sequence)
