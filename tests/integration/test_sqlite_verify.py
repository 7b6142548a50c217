"""Attacks on a stored log, each by somebody with the file: verification names every one of them."""

# these tests work on files on purpose

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import VerifierKey
from core.audit.transparency.tree import Edge, edge_root, grow, leaf
from core.audit.verification.verify import Report, Result
from core.errors import UnsafeStart
from core.model import Outcome
from core.ports import Payload, Role, Unit
from core.stores.encryption.vault import Keys
from core.stores.log.signing import LEVEL
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.files import Place
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
KEY = note.public(ORIGIN, Ed25519PrivateKey.from_private_bytes(KEYS.signing))


async def story(clock: ManualClock, store: SqliteStore, *, calls: int = 100) -> None:
    """So many reads and a write that was asked, approved, claimed and committed; then a checkpoint."""
    for _ in range(calls):
        call = entries.call(clock.now())
        words = [Payload(role=Role.STATEMENT, content=b"select 1")]
        (kept,) = await store.payloads.keep(call.id, entries.NOBODY, "shop", words)
        said = {"id": kept.id, "role": "statement", "ct_sha256": kept.ciphertext}
        await store.journal.commit(Unit(entries=(entries.intent(call.id, payloads=[said]), entries.outcome(call.id))))
    review = entries.review(clock.now())
    asked = await store.journal.commit(entries.opening(review))
    vote = entries.vote(review, clock.now())
    await store.journal.commit(entries.casting(review, vote, leaf=asked.leaves[0]))
    await store.journal.commit(Unit(entries=(entries.claimed(review),)))
    await store.journal.commit(Unit(entries=(entries.prepared(review.call),)))
    await store.journal.commit(Unit(entries=(entries.outcome(review.call, Outcome.COMMITTED),)))
    await store.checkpoint()


@pytest.fixture(scope="module")
async def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made, clock = tmp_path_factory.mktemp("original"), ManualClock()
    async with SqliteStore.open(made / "assent.db", keys=KEYS, origin=ORIGIN, clock=clock) as store:
        for _ in range(3):
            await story(clock, store)
    return made


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "copy")
    return tmp_path / "copy" / "assent.db"


def attack(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as log:
        for trigger in ("log_entry_kept", "log_entry_fixed"):
            log.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            log.execute(statement)
        log.commit()


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


async def test_an_untouched_log_verifies(path: Path) -> None:
    before = {one: sha256(one.read_bytes()).hexdigest() for one in path.parent.rglob("*") if one.is_file()}
    report = verify_store(path, KEY)
    assert (report.result, report.findings) == (Result.OK, ())
    assert report.entries == report.signed > 600
    assert report.checkpoints >= 3
    assert verify_store(path, None).result is Result.SELF_CONSISTENT
    after = {one: sha256(one.read_bytes()).hexdigest() for one in path.parent.rglob("*") if one.is_file()}
    assert after == before


async def test_how_far_a_verification_is_can_be_shown(path: Path) -> None:
    told: list[tuple[int, int]] = []
    report = verify_store(path, KEY, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (report.entries, report.entries)


async def test_an_open_store_verifies_from_outside_and_from_within(path: Path) -> None:
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        writing = [asyncio.ensure_future(store.journal.commit(entries_unit())) for _ in range(500)]
        for running in (False, True):
            report = await asyncio.to_thread(verify_store, path, KEY, running=running)
            assert report.findings == ()
        await asyncio.gather(*writing)


def entries_unit() -> Unit:
    call = entries.call_id()
    return Unit(entries=(entries.intent(call), entries.outcome(call)))


SQL_ATTACKS: dict[str, tuple[str, ...]] = {
    "delete_one": ("DELETE FROM log_entry WHERE seq = 77",),
    "delete_and_close_the_gap": (
        "DELETE FROM log_entry WHERE seq = 77",
        "UPDATE log_entry SET seq = -seq WHERE seq > 77",
        "UPDATE log_entry SET seq = -seq - 1 WHERE seq < 0",
    ),
    "renumber": (
        "UPDATE log_entry SET seq = -seq WHERE seq > 77",
        "UPDATE log_entry SET seq = 1 - seq WHERE seq < 0",
    ),
    "beginning_pruned": (
        "DELETE FROM log_entry WHERE seq < 256",
        "DELETE FROM log_tile WHERE id = 0",
        "UPDATE log_coord SET min_index = 256",
    ),
    "truncate": ("DELETE FROM log_entry WHERE seq > 400",),
    "truncate_with_tiles": (
        "DELETE FROM log_entry WHERE seq > 400",
        "DELETE FROM log_tile",
        "UPDATE log_coord SET integrated = 0, next = 401",
    ),
    "edit_body": ("UPDATE log_entry SET body = CAST(replace(body, 'outcome', 'outcame') AS BLOB) WHERE seq = 50",),
    "swap_two": (
        "UPDATE log_entry SET seq = -1 WHERE seq = 10",
        "UPDATE log_entry SET seq = 10 WHERE seq = 12",
        "UPDATE log_entry SET seq = 12 WHERE seq = -1",
    ),
    "column_time": ("UPDATE log_entry SET ts_ms = ts_ms + 1 WHERE seq = 5",),
    "column_kind": ("UPDATE log_entry SET kind = 'call.intent' WHERE seq = 6",),
    "column_scope": ("UPDATE log_entry SET scope = 'call_x' WHERE seq = 5",),
    "column_slot": ("UPDATE log_entry SET slot = NULL WHERE seq = 5",),
    "column_attempt": ("UPDATE log_entry SET attempt = 2 WHERE seq = 5",),
    "tile_leaf": ("UPDATE log_tile SET d = zeroblob(length(d)) WHERE id = 0",),
    "tile_upper": (f"UPDATE log_tile SET d = zeroblob(length(d)) WHERE id = {1 << LEVEL}",),
    "tile_gone": ("DELETE FROM log_tile WHERE id = 1",),
    "tile_short": ("UPDATE log_tile SET d = substr(d, 33) WHERE id = 2",),
    "checkpoint_root": ("UPDATE log_checkpoint SET root = zeroblob(32)",),
    "checkpoint_root_a_number": ("UPDATE log_checkpoint SET root = 4611686018427387904",),
    "tile_a_number": ("UPDATE log_tile SET d = 4611686018427387904",),
    "checkpoint_size": ("UPDATE log_checkpoint SET size = size - 1",),
    "checkpoint_note": ("UPDATE log_checkpoint SET note = substr(note, 2)",),
    "origin": ("UPDATE log_coord SET origin = 'other.example'",),
    "body_as_text": ("UPDATE log_entry SET body = CAST(body AS TEXT) || ' ' WHERE seq = 9",),
    "slot_twice": (
        "DROP INDEX log_slot",
        (
            "INSERT INTO log_entry SELECT (SELECT max(seq) + 1 FROM log_entry), ts_ms, kind, scope, attempt, slot,"
            " body, codec FROM log_entry WHERE seq = 6"
        ),
    ),
}


@pytest.mark.parametrize("name", SQL_ATTACKS)
async def test_an_attack_by_sql_is_found(path: Path, name: str) -> None:
    attack(path, *SQL_ATTACKS[name])
    report = verify_store(path, KEY)
    assert report.result is Result.FINDINGS, name


async def test_a_payload_changed_swapped_or_lost_is_found(path: Path) -> None:
    month = next(Place(path).folder.glob("payloads-*.sqlite"))
    attack(month, "DELETE FROM payload WHERE rowid = 1")
    attack(month, "UPDATE payload SET ct = zeroblob(length(ct)) WHERE rowid = 2")
    attack(month, "UPDATE payload SET nonce = zeroblob(12) WHERE rowid = 3")
    report = verify_store(path, KEY)
    assert sorted(finding.rule for finding in report.findings) == ["payload", "payload", "payload_missing"]


async def test_no_changed_byte_of_a_row_is_accepted(path: Path) -> None:
    chance = random.Random(3)  # noqa: S311  # repeatable, no secret
    with closing(sqlite3.connect(path)) as log:
        rows = log.execute("SELECT seq, body FROM log_entry").fetchall()
    for _ in range(25):
        sequence, body = chance.choice(rows)
        changed = bytearray(body)
        changed[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
        with closing(sqlite3.connect(path)) as log:
            log.execute("DROP TRIGGER IF EXISTS log_entry_fixed")
            log.execute("UPDATE log_entry SET body = ? WHERE seq = ?", (bytes(changed), sequence))
            log.commit()
        report = verify_store(path, KEY)
        assert "root" in rules(report) or "tile" in rules(report)
        with closing(sqlite3.connect(path)) as log:
            log.execute("UPDATE log_entry SET body = ? WHERE seq = ?", (body, sequence))
            log.commit()


def rewrite(path: Path, edit: Callable[[list[dict[str, object]]], None], seed: bytes) -> None:
    """Edit bodies and make everything above them anew: rows, tiles, checkpoint, signature by a key of ours."""
    with closing(sqlite3.connect(path)) as log:
        bodies = [orjson.loads(body) for (body,) in log.execute("SELECT body FROM log_entry ORDER BY seq")]
        edit(bodies)
        for statement in (
            "DROP TRIGGER IF EXISTS log_entry_kept",
            "DROP INDEX log_slot",
            "DELETE FROM log_entry",
            "DELETE FROM log_tile",
            "DELETE FROM log_checkpoint",
        ):
            log.execute(statement)
        raw = [orjson.dumps(body, option=orjson.OPT_SORT_KEYS) for body in bodies]
        for sequence, (body, sealed) in enumerate(zip(bodies, raw, strict=True)):
            kind = str(body["kind"])
            scope = body.get("call") if kind.startswith("call.") else body.get("review")
            row = (sequence, body["ts"], kind, scope, body.get("attempt"), body.get("slot"), sealed)
            log.execute("INSERT INTO log_entry VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)
        grown, tiles = grow(Edge(), (leaf(one) for one in raw))
        for (level, index), held in tiles.items():
            log.execute("INSERT INTO log_tile VALUES (?, ?)", (level << LEVEL | index, held))
        made = Checkpoint(origin=ORIGIN, size=grown.size, root=edge_root(grown))
        signed = checkpoint.signed(made, Ed25519PrivateKey.from_private_bytes(seed))
        log.execute("INSERT INTO log_checkpoint VALUES (?, ?, 0, ?)", (made.size, made.root, signed))
        log.execute("UPDATE log_coord SET next = ?, integrated = ?", (grown.size, grown.size))
        log.commit()


def find(bodies: list[dict[str, object]], kind: str) -> int:
    return next(at for at, body in enumerate(bodies) if body["kind"] == kind)


def forget_vote(bodies: list[dict[str, object]]) -> None:
    del bodies[find(bodies, "review.vote")]


def forget_claim(bodies: list[dict[str, object]]) -> None:
    del bodies[find(bodies, "review.claimed")]


def forget_decision(bodies: list[dict[str, object]]) -> None:
    del bodies[find(bodies, "review.decided")]


def forget_prepared(bodies: list[dict[str, object]]) -> None:
    del bodies[find(bodies, "call.prepared")]


def forget_intent(bodies: list[dict[str, object]]) -> None:
    del bodies[find(bodies, "call.intent")]


def approve_another(bodies: list[dict[str, object]]) -> None:
    bodies[find(bodies, "review.decided")]["intent_leaf"] = "00" * 32


def fail_after_prepared(bodies: list[dict[str, object]]) -> None:
    at = find(bodies, "call.prepared")
    bodies[next(n for n in range(at, len(bodies)) if bodies[n]["kind"] == "call.outcome")]["outcome"] = "error"


def prepare_late(bodies: list[dict[str, object]]) -> None:
    at = find(bodies, "call.prepared")
    bodies[at], bodies[at + 1] = bodies[at + 1], bodies[at]


def vote_twice(bodies: list[dict[str, object]]) -> None:
    at = find(bodies, "review.vote")
    bodies.insert(at, dict(bodies[at]))


def turn_back_time(bodies: list[dict[str, object]]) -> None:
    bodies[40]["ts"] = 1


def add_keys(bodies: list[dict[str, object]]) -> None:
    bodies[3]["slot"] = 3


SHAPE_ATTACKS: dict[str, Callable[[list[dict[str, object]]], None]] = {
    "quorum": forget_vote,
    "prepared_unapproved": forget_claim,
    "use_unapproved": forget_decision,
    "committed_unprepared": forget_prepared,
    "no_intent": forget_intent,
    "approval_of_another": approve_another,
    "prepared_then": fail_after_prepared,
    "prepared_after_outcome": prepare_late,
    "voted_twice": vote_twice,
    "time": turn_back_time,
    "body": add_keys,
}


@pytest.mark.parametrize("rule", SHAPE_ATTACKS)
async def test_even_who_holds_the_signing_key_cannot_write_an_illegal_story(path: Path, rule: str) -> None:
    rewrite(path, SHAPE_ATTACKS[rule], KEYS.signing)
    report = verify_store(path, KEY)
    assert rule in rules(report)
    assert not rules(report) & {"root", "tile", "signature", "gap"}


async def test_a_forged_log_under_another_key_is_found_only_where_a_key_is_pinned(path: Path) -> None:
    rewrite(path, lambda bodies: bodies.clear(), b"x" * 32)
    assert "signature" in rules(verify_store(path, KEY))
    assert verify_store(path, None).result is Result.SELF_CONSISTENT


async def test_a_key_of_another_log_is_refused(path: Path) -> None:
    other = VerifierKey(name="other.example", kind=KEY.kind, key=KEY.key)
    assert "origin" in rules(verify_store(path, other))


async def test_a_file_that_is_no_database_is_a_finding_and_a_missing_one_an_error(path: Path) -> None:
    path.write_bytes(b"nothing like a database" * 999)
    assert rules(verify_store(path, KEY)) == {"unreadable"}
    path.unlink()
    with pytest.raises(UnsafeStart):
        verify_store(path, KEY)
