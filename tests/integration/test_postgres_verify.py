"""Attacks on a record in a database, each by somebody who is its DBA: verification from outside names all of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.tree import Edge, edge_root, grow, leaf
from core.errors import UnsafeStart
from core.model import Json, SessionId
from core.ports import Payload, Role, Unit
from core.stores.log.signing import LEVEL
from core.stores.postgres import schema
from core.stores.postgres.rights import Part
from demo.postgres import Postgres
from tests import entries
from tests.commands import assent
from tests.doubles import ORIGIN
from tests.pgstore import KEYS, Ground, emptied, opened


@pytest.fixture
async def place(durable: Callable[[], Postgres], tmp_path: Path) -> Ground:
    return await emptied(await asyncio.to_thread(durable), tmp_path)


async def filled(place: Ground) -> str:
    """Some Entries and payloads, signed; return the key that signed them."""
    async with opened(place) as store:
        for _ in range(30):
            call = entries.call_id()
            words = [Payload(role=Role.STATEMENT, content=call.encode())]
            (kept,) = await store.payloads.keep(call, SessionId("s"), "shop", words)
            said: Json = {"id": kept.id, "role": "statement", "ct_sha256": kept.ciphertext}
            await store.journal.commit(Unit(entries=(entries.intent(call, payloads=[said]), entries.outcome(call))))
        assert store.verifier is not None
        return str(store.verifier)


async def verified(place: Ground, key: str, *more: str) -> tuple[int, list[str]]:
    environ = {"AUDITOR": place.url(Part.PEOPLE)}
    command = ("audit", "verify", "--store", "env:AUDITOR", "--key", key, "--json", *more)
    result = await asyncio.to_thread(assent, *command, environ=environ)
    found = json.loads(result.stdout)
    return result.exit_code, [one["rule"] for one in found["findings"]]


async def test_a_store_is_verified_from_a_copy_of_one_moment(place: Ground) -> None:
    key = await filled(place)
    assert await verified(place, key) == (0, [])
    dba = await place.dba()
    assert await dba.fetchval("SELECT count(*) FROM log_entry WHERE kind = 'verify.run'") == 0  # it wrote nothing
    await dba.close()


LOG = ("log_entry", "log_tile", "log_checkpoint", "log_coord")
STORY: LiteralString = """
    UPDATE log_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '"delivered"', '"error"'), 'UTF8')
        WHERE seq = (SELECT max(seq) FROM log_entry WHERE kind = 'call.outcome');
    DELETE FROM log_tile; DELETE FROM log_checkpoint
"""
CUT: LiteralString = """
    DELETE FROM log_entry WHERE seq >= 20; DELETE FROM log_tile; DELETE FROM log_checkpoint;
    UPDATE log_coord SET next = 20, integrated = 0
"""


async def test_a_database_that_was_cut_back_or_signed_by_another_key_is_found(place: Ground, tmp_path: Path) -> None:
    key, kept = await filled(place), tmp_path / "kept"
    dba = await place.dba()
    kept.write_bytes(await dba.fetchval("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1"))
    other = note.public(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"o" * 32))
    assert "signature" in (await verified(place, str(other)))[1]
    await dba.execute(CUT)
    await dba.close()
    assert (await verified(place, key))[1] == ["unsigned"]
    assert "rolled_back" in (await verified(place, key, "--copy", str(kept)))[1]


async def rewritten(dba: asyncpg.Connection, key: Ed25519PrivateKey) -> None:
    """Tell another story: change a word of it, and make anew the tree and a checkpoint by a key."""
    await dba.execute(STORY)
    bodies = [row["body"] for row in await dba.fetch("SELECT body FROM log_entry ORDER BY seq")]
    grown, tiles = grow(Edge(), map(leaf, bodies))
    rows = [(level << LEVEL | index, held) for (level, index), held in tiles.items()]
    await dba.executemany("INSERT INTO log_tile (id, d) VALUES ($1, $2)", rows)
    made = Checkpoint(origin=ORIGIN, size=grown.size, root=edge_root(grown))
    await dba.execute(
        "INSERT INTO log_checkpoint (size, root, ts_ms, note) VALUES ($1, $2, 0, $3)",
        made.size, made.root, checkpoint.signed(made, key),
    )  # fmt: skip


async def test_another_story_in_the_database_is_found_whoever_signed_it(place: Ground, tmp_path: Path) -> None:
    """By another key at once; by the log's own where a checkpoint was kept elsewhere; the signer stops."""
    key, kept = await filled(place), tmp_path / "kept"
    dba = await place.dba()
    kept.write_bytes(await dba.fetchval("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1"))
    await rewritten(dba, Ed25519PrivateKey.from_private_bytes(b"o" * 32))
    assert set((await verified(place, key))[1]) == {"signature", "unsigned"}
    await rewritten(dba, Ed25519PrivateKey.from_private_bytes(KEYS.signing))
    await dba.close()
    assert await verified(place, key) == (0, [])  # whoever holds database and key: explanation/evidence.md says so
    assert await verified(place, key, "--copy", str(kept)) == (1, ["forked"])
    with pytest.raises(UnsafeStart, match="differs"):
        async with opened(place):
            pass


async def test_a_database_that_was_put_back_is_found_by_a_kept_checkpoint(place: Ground, tmp_path: Path) -> None:
    """Put back whole, with tree and signatures as they were: nothing in it says so."""
    key, kept = await filled(place), tmp_path / "kept"
    dba = await place.dba()
    await dba.execute("".join(f"CREATE TEMP TABLE was_{one} AS SELECT * FROM {one};" for one in LOG))
    await filled(place)
    kept.write_bytes(await dba.fetchval("SELECT note FROM log_checkpoint ORDER BY size DESC LIMIT 1"))
    await dba.execute("".join(f"DELETE FROM {one}; INSERT INTO {one} SELECT * FROM was_{one};" for one in LOG))
    await dba.close()
    assert await verified(place, key) == (0, [])
    assert await verified(place, key, "--copy", str(kept)) == (1, ["rolled_back"])
    with pytest.raises(UnsafeStart, match="regressed"):
        async with opened(place):
            pass


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE log_entry SET body = overlay(body PLACING '\\x78'::bytea FROM 20) WHERE seq = 7", "tile"),
        (
            "UPDATE log_entry SET kind = 'alert.raised', attempt = NULL, slot = NULL, scope = NULL WHERE seq = 7",
            "column",
        ),
        ("DELETE FROM log_entry WHERE seq = 7", "gap"),
        ("DELETE FROM log_entry WHERE seq > 40", "truncated"),
        ("DELETE FROM log_entry WHERE seq < 20; UPDATE log_coord SET min_index = 20", "gap"),
        (
            (
                "UPDATE log_entry SET seq = -seq WHERE seq IN (10, 12);"
                " UPDATE log_entry SET seq = 22 + seq WHERE seq IN (-10, -12)"
            ),
            "tile",
        ),
        ("UPDATE payload SET ct = overlay(ct PLACING '\\x00'::bytea FROM 5)", "payload"),
        ("DELETE FROM payload", "payload"),
        ("UPDATE log_checkpoint SET note = overlay(note PLACING 'x'::bytea FROM 60)", ""),
        (
            "ALTER TABLE log_entry DROP CONSTRAINT log_entry_form; UPDATE log_entry SET attempt = NULL WHERE seq = 7",
            "column",
        ),
    ],
)
async def test_what_was_altered_in_the_database_is_found(place: Ground, change: str, rule: str) -> None:
    key = await filled(place)
    dba = await place.dba()
    await dba.execute(change)
    try:
        code, rules = await verified(place, key)
        assert code == 1
        assert [one for one in rules if rule in one], rules
    finally:
        if "DROP CONSTRAINT" in change:
            await dba.execute("DELETE FROM log_entry")
            await dba.execute(
                f"ALTER TABLE log_entry ADD CONSTRAINT log_entry_form CHECK (coalesce({schema.forms()}, false))"
            )
        await dba.close()
