"""Bundles of a real store: unpacked, checked by the script in them, and refused where the log disagrees."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.entry import session_open
from core.audit.transparency import note
from core.audit.transparency.trust import Trust, only
from core.audit.verification.bundle import Unprovable
from core.audit.verification.manifest import Growing, manifest
from core.errors import NotFound
from core.model import Outcome
from core.ports import Unit
from core.stores.encryption.vault import Keys
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.proving import prove
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests import entries
from tests.commands import assent
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import emptied

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
KEY = note.public(ORIGIN, Ed25519PrivateKey.from_private_bytes(KEYS.signing))
TRUST = only(KEY)


@pytest.fixture(scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A Session of reads and of a change that was asked and committed, its manifest, all signed; the change's Call."""
    path, clock = tmp_path_factory.mktemp("made") / "assent.db", ManualClock()
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock) as store:
        first = await store.journal.commit(Unit(entries=(session_open("ses_1", {"ps": "u1"}, person="ann"),)))
        members = list(zip(first.sequences, first.leaves, strict=True))
        review = entries.review(clock.now())
        for _ in range(20):
            one = entries.call_id()
            done = await store.journal.commit(Unit(entries=(entries.intent(one), entries.outcome(one))))
            members += zip(done.sequences, done.leaves, strict=True)
            await store.journal.commit(Unit(entries=(entries.intent(entries.call_id(), session="ses_2"),)))
        asked = await store.journal.commit(entries.opening(review))
        voted = await store.journal.commit(
            entries.casting(review, entries.vote(review, clock.now()), leaf=asked.leaves[0])
        )
        rest = [
            await store.journal.commit(Unit(entries=(one,)))
            for one in (
                entries.claimed(review),
                entries.prepared(review.call),
                entries.outcome(review.call, Outcome.COMMITTED),
            )
        ]
        for done in (asked, voted, *rest):
            members += zip(done.sequences, done.leaves, strict=True)
        said = manifest("ses_1", Growing.over((sequence, bytes.fromhex(hashed)) for sequence, hashed in members))
        await store.journal.commit(Unit(entries=(said,)))
        await store.checkpoint()
    return path, review.call


def unpacked(bundle: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder)
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "verify_proof.py", str(KEY), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


async def test_a_call_is_proven_entry_by_entry(made: tuple[Path, str], tmp_path: Path) -> None:
    path, call = made
    folder = unpacked(prove(path, call, TRUST, {"p1": "{}", "other": "{}"}), tmp_path)
    bodies = (folder / "bodies.jsonl").read_bytes().splitlines()
    proofs = sorted((folder / "proofs").iterdir(), key=lambda one: int(one.name.split(".")[0]))
    assert len(bodies) == len(proofs) == 7  # intent, opened, vote, decided, claimed, prepared, outcome
    for body, proof in zip(bodies, proofs, strict=True):
        number = proof.name.split(".")[0]
        assert (folder / f"entries/{number}.json").read_bytes() == body
        assert run(folder, f"entries/{number}.json", f"proofs/{proof.name}").returncode == 0
    assert (folder / "policies/p1.json").exists()
    assert not (folder / "policies/other.json").exists()
    assert (folder / "log.vkey").read_text() == f"{KEY}\n"
    (folder / "entries/x.json").write_bytes(bodies[0].replace(b'"ask"', b'"allow"'))
    assert run(folder, "entries/x.json", f"proofs/{proofs[0].name}").returncode == 1


async def test_a_session_is_proven_whole(made: tuple[Path, str], tmp_path: Path) -> None:
    folder = unpacked(prove(made[0], "ses_1", TRUST, {}), tmp_path)
    words = ("manifest.json", "manifest.tlog-proof", "--session", "bodies.jsonl")
    done = run(folder, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "all 48 Entries of the Session" in done.stdout
    lines = (folder / "bodies.jsonl").read_bytes().splitlines(keepends=True)
    for broken in (lines[:-1], lines[1:], [*lines, lines[0]], [lines[1], lines[0], *lines[2:]]):
        (folder / "bodies.jsonl").write_bytes(b"".join(broken))
        assert run(folder, *words).returncode == 1


async def test_what_is_not_there_or_not_signed_by_this_key_is_not_proven(made: tuple[Path, str]) -> None:
    path, call = made
    for name in ("call_none", "ses_none", "ses_2"):  # of ses_2 there is no manifest
        with pytest.raises(NotFound):
            prove(path, name, TRUST, {})
    other = only(note.public(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"x" * 32)))
    with pytest.raises(Unprovable, match="not signed by this key"):
        prove(path, call, other, {})


async def test_one_log_makes_one_bundle(made: tuple[Path, str]) -> None:
    assert prove(*made, TRUST, {}) == prove(*made, TRUST, {})


async def test_a_bundle_with_a_witness_stands_under_a_checkpoint_that_it_signed(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    path, call = made
    seed = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    key = note.cosigner("w.example/1", seed)
    witnessed = Trust(pins=TRUST.pins, witnesses=(key,))
    with pytest.raises(NotFound, match="by the named witnesses"):
        prove(path, call, witnessed, {})
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        newest = await store.checkpoints.newest()
        assert newest is not None
        line = note.cosign(note.parse(newest.note).text, key.name, seed, at=1_790_000_000)
        await store.checkpoints.cosigned(newest.size, str(key), line)
        await store.journal.commit(Unit(entries=(entries.intent(entries.call_id()),)))
        await store.checkpoint()  # newer, and not signed by it yet
    folder = unpacked(prove(path, call, witnessed, {}), tmp_path)
    proof = next((folder / "proofs").iterdir())
    words = (f"entries/{proof.name.split('.')[0]}.json", f"proofs/{proof.name}")
    assert line in proof.read_text()
    assert "and 1 of 1 witnesses" in run(folder, *words, str(key)).stdout
    assert "and 0 of 1 witnesses" in run(folder, *words, str(note.cosigner("w.example/2", seed))).stdout


async def test_a_call_in_a_database_is_proven_with_its_review(durable: Callable[[], Postgres], tmp_path: Path) -> None:
    place = await emptied(await asyncio.to_thread(durable), tmp_path)
    clock = ManualClock(datetime.now(UTC))
    async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as store:
        review, other = entries.review(clock.now()), entries.review(clock.now())
        await store.journal.commit(entries.opening(review))
        await store.journal.commit(entries.opening(other))
        await store.journal.commit(Unit(entries=(entries.outcome(review.call, Outcome.EXPIRED),)))
        await store.checkpoint()
    out = tmp_path / "out"
    out.mkdir()
    words = ("audit", "prove", review.call, "--store", "env:AT", "--key", str(KEY), "--out", str(out))
    done = await asyncio.to_thread(assent, *words, environ={"AT": place.server.url(place.database)})
    assert (done.exit_code, done.stderr) == (0, "")
    folder = unpacked((out / f"{review.call}.audit.zip").read_bytes(), tmp_path / "unpacked")
    bodies = [json.loads(line) for line in (folder / "bodies.jsonl").read_bytes().splitlines()]
    assert [body["kind"] for body in bodies] == ["call.intent", "review.opened", "call.outcome"]
    assert {body["call"] for body in bodies} == {review.call}
