"""`assent audit verify --store`: a copied record held to a key, with nothing running and nothing written."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import Result

from cli import show
from core.audit.verification.rules import RULES
from core.model import Json
from core.ports import Unit
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.commands import PROGRAM, ROOT, answer, assent
from tests.doubles import ORIGIN, ManualClock

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
OTHER = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"t" * 32)


async def made(folder: Path, keys: Keys = KEYS) -> tuple[Path, str]:
    path = folder / "assent.db"
    async with SqliteStore.open(path, keys=keys, origin=ORIGIN, clock=ManualClock()) as store:
        for _ in range(3):
            call = entries.call_id()
            await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call))))
        key = str(store.verifier)
    return path, key


async def verify(path: Path, *more: object) -> Result:
    return await asyncio.to_thread(assent, "audit", "verify", "--store", f"sqlite:{path}", *more)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
    }


async def test_a_terminal_is_shown_how_far_a_verification_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, key = await made(tmp_path)
    assert (await verify(path, "--key", key)).stderr == ""
    monkeypatch.setattr(show, "ERR", Console(stderr=True, force_terminal=True, width=80))
    seen = (await verify(path, "--key", key)).stderr
    assert "verifying sqlite:" in seen
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}" * 40 in seen  # the whole of it, however long the address is


async def test_a_record_is_held_to_the_key_that_is_named(tmp_path: Path) -> None:
    path, key = await made(tmp_path)
    (tmp_path / "key").write_text(key + "\n")
    before = listing(tmp_path)
    found = answer(await verify(path, "--key", key, "--json"))
    assert (found["result"], found["pinned"], found["findings"]) == ("ok", True, [])
    assert found["entries"] >= 6
    pinned, alone = await verify(path, "--key", f"file:{tmp_path / 'key'}"), await verify(path)
    assert (pinned.exit_code, alone.exit_code) == (0, 3)
    assert "self-consistent only" in alone.stdout
    assert listing(tmp_path) == before


async def test_another_key_and_another_byte_are_found(tmp_path: Path) -> None:
    path, key = await made(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = await made(tmp_path / "other", OTHER)
    assert (await verify(path, "--key", other)).exit_code == 1
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE log_entry SET ts_ms = ts_ms + 1 WHERE seq = 1")
    connection.close()
    result = await verify(path, "--key", key)
    assert result.exit_code == 1
    assert f"columns: {RULES['columns']}\n  at Entry 1: " in result.stdout
    assert answer(await verify(path, "--json"))["result"] == "findings"


@pytest.mark.parametrize("key", ["", "x", "a+b+c", "file:/nonexistent", "a+00000000+" + "A" * 44])
async def test_a_key_that_is_none_verifies_nothing(tmp_path: Path, key: str) -> None:
    path, _ = await made(tmp_path)
    result = await verify(path, "--key", key)
    assert result.exit_code in {2, 4}
    assert result.stdout == ""


async def test_a_store_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database")
    assert (await verify(tmp_path / "none")).exit_code == 4
    assert (await verify(tmp_path / "text")).exit_code == 1
    assert (await verify(tmp_path)).exit_code == 4
    assert (await asyncio.to_thread(assent, "audit", "verify", "--store", str(tmp_path))).exit_code == 2
    assert (await asyncio.to_thread(assent, "audit", "verify", "--key", "x")).exit_code == 2


async def test_a_store_is_verified_while_a_gateway_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "assent.db"
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        call = entries.call_id()
        await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call))))
        command = (*PROGRAM, "audit", "verify", "--store", f"sqlite:{path}", "--key", str(store.verifier), "--json")
        done = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
        said, _ = await done.communicate()
        await store.journal.commit(Unit(entries=(entries.intent(entries.call_id()),)))
    assert done.returncode == 0, said


async def test_a_copied_record_is_searched_with_nothing_running_and_nothing_written(tmp_path: Path) -> None:
    path, _ = await made(tmp_path)
    before = listing(tmp_path)

    async def find(*more: object) -> Result:
        return await asyncio.to_thread(assent, "audit", "find", "--store", f"sqlite:{path}", *more)

    calls = answer(await find("--source", "shop", "--json"))["calls"]
    assert len(calls) == 3
    assert calls[0]["person"] == "u1"
    assert "none found" in (await find("--source", "warehouse")).stdout
    assert (await find("--person", "ann@acme.example")).exit_code == 2
    assert (await find("--outcome", "done")).exit_code == 2
    assert (await asyncio.to_thread(assent, "audit", "find", "--store", f"sqlite:{tmp_path / 'none'}")).exit_code == 4
    assert listing(tmp_path) == before


async def test_who_holds_a_copy_finds_by_pseudonym_and_by_every_number_of_rows_that_they_see(tmp_path: Path) -> None:
    path, ann = tmp_path / "assent.db", "5a" * 32
    async with SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        verdict: dict[str, Json] = {
            "action": "allow",
            "policy": "p1",
            "rules": [],
            "masked": ["public.customers.email"],
        }
        caller: dict[str, Json] = {"ps": ann, "iss": "https://idp.example", "client": "claude", "kind": "person"}
        call = entries.call_id()
        intent = entries.intent(call, caller=caller, verdict=verdict)
        await store.journal.commit(Unit(entries=(intent, entries.outcome(call, rows=900))))

    async def find(*more: object) -> list[str]:
        said = await asyncio.to_thread(assent, "audit", "find", "--store", f"sqlite:{path}", "--json", *more)
        return [one["id"] for one in answer(said)["calls"]]

    assert await find("--rows", 900) == await find("--person", ann) == [call]
    assert await find("--rows", 901) == await find("--person", "5b" * 32) == []


async def test_a_copied_record_is_exported_with_nothing_running_and_nothing_written(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    path, _ = await made(tmp_path / "store")
    before = listing(tmp_path / "store")

    async def export(*more: object) -> Result:
        return await asyncio.to_thread(assent, "audit", "export", "--store", f"sqlite:{path}", *more)

    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM log_entry").fetchone()
    events = [json.loads(line) for line in (await export()).stdout.splitlines()]
    assert [one["metadata"]["sequence"] for one in events] == list(range(count))
    outcome = next(one for one in events if one["metadata"]["event_code"] == "call.outcome")
    assert outcome["database"]["name"] == "shop"  # its Call's INTENT stands beside it
    at = outcome["metadata"]["sequence"]
    assert json.loads((await export("--from", at)).stdout.splitlines()[0]) == outcome  # looked up behind the beginning
    assert (await export("--cef")).stdout.startswith("CEF:0|Assent|")
    written = tmp_path / "record.jsonl"
    said = await export("--out", written)
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", f"{written}: {count} Entries\n")
    assert written.stat().st_mode & 0o777 == 0o600
    assert len(written.read_text().splitlines()) == count
    assert (await export("--out", written)).exit_code == 4  # nothing is written over
    assert listing(tmp_path / "store") == before
