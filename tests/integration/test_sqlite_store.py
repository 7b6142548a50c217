"""The SQLite store on real files: who may open it, what survives, what it refuses to sign."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import AbstractAsyncContextManager, AsyncExitStack, closing
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import anyio
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.entry import alert
from core.audit.transparency import checkpoint
from core.audit.transparency.note import public
from core.audit.verification.verify import Result
from core.errors import AuditBusy, AuditUnavailable, NotFound, UnsafeStart
from core.model import CallId, PayloadId, SessionId
from core.ports import Payload, Role, Unit
from core.stores.encryption import naming
from core.stores.encryption.vault import Keys
from core.stores.sqlite import files, schema
from core.stores.sqlite.beside import perform
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.files import Place, refuse_one
from core.stores.sqlite.store import SqliteStore
from core.stores.sqlite.writer import Writer
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32, mask=b"m" * 32)
UNIT = Unit(entries=(alert("x"),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assent.db"


def opened(
    path: Path, *, keys: Keys = KEYS, origin: str = ORIGIN, adopt: bool = False
) -> AbstractAsyncContextManager[SqliteStore]:
    return SqliteStore.open(path, keys=keys, origin=origin, clock=ManualClock(), adopt=adopt)


def swapped(name: str) -> Keys:
    held = {"questions": b"q", "results": b"r", "signing": b"s", "mask": b"m", name: b"z"}
    questions, results, signing, mask = (letter * 32 for letter in held.values())
    return Keys(questions=questions, results=results, signing=signing, mask=mask)


async def fill(path: Path, count: int = 20) -> None:
    async with opened(path) as store:
        await asyncio.gather(*(store.journal.commit(UNIT) for _ in range(count)))


# ---------------------------------------------------------------- who may open it


async def test_all_files_are_private(path: Path) -> None:
    async with opened(path) as store:
        await store.payloads.keep(CallId("c"), SessionId("s"), "shop", [Payload(role=Role.RESULT, content=b"x")])
        await store.checkpoint()
        made = [path, *path.parent.glob("assent.db-*"), Place(path).folder, *Place(path).folder.iterdir()]
        assert len(made) > 10
        assert [one for one in made if one.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("name", ["assent.db", "assent.files/keys.sqlite", "assent.files", "assent.files/signed"])
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o602])
async def test_a_file_that_others_may_use_is_refused_with_its_remedy(path: Path, name: str, mode: int) -> None:
    await fill(path)
    target = path.parent / name
    target.chmod(mode | (0o100 if target.is_dir() else 0))
    with pytest.raises(UnsafeStart, match=f"chmod .*{name}"):
        async with opened(path):
            pass


async def test_a_second_opening_is_refused_and_harms_nothing(path: Path) -> None:
    async with opened(path) as store:
        with pytest.raises(UnsafeStart, match="another process"):
            async with opened(path):
                pass
        await store.journal.commit(UNIT)
    async with opened(path):
        pass


def test_a_file_that_its_owner_renamed_meanwhile_hides_no_other_reason_and_a_link_to_nowhere_is_one(
    tmp_path: Path,
) -> None:
    refuse_one(tmp_path / "signed.new")
    (tmp_path / "keys.sqlite").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError):
        refuse_one(tmp_path / "keys.sqlite")


@pytest.mark.parametrize("name", ["questions", "results", "signing", "mask"])
async def test_a_swapped_key_is_refused_by_name(path: Path, name: str) -> None:
    await fill(path)
    with pytest.raises(UnsafeStart, match=name):
        async with opened(path, keys=swapped(name)):
            pass
    before = path.read_bytes()
    with pytest.raises(UnsafeStart, match=name):  # and doctor says so before anything starts
        perform(path, naming.suited(swapped(name)))
    perform(path, naming.suited(KEYS))
    assert path.read_bytes() == before


@pytest.mark.parametrize("pair", list(combinations(("questions", "results", "signing", "mask"), 2)), ids="-".join)
async def test_of_two_keys_that_changed_places_the_first_is_told_as_the_others(
    path: Path, pair: tuple[str, str]
) -> None:
    await fill(path)
    one, other = pair
    placed = {one: getattr(KEYS, other), other: getattr(KEYS, one)}
    with pytest.raises(UnsafeStart, match=rf"\[keys\] {one} holds the bytes of {other}"):
        async with opened(path, keys=replace(KEYS, **placed)):
            pass


MOUNTS = r"""22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
36 22 0:45 / /srv/far\040away rw,relatime shared:1 - nfs4 host:/x rw,vers=4.2
37 36 8:2 / /srv/far\040away/near rw - xfs /dev/sdb rw
38 22 0:46 / /mnt rw - ext4 /dev/sdc rw
39 22 0:47 / /mnt rw - cifs //host/x rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/assent.db", "ext4"),
        ("/srv/far away/assent.db", "nfs4"),
        ("/srv/far away/near/assent.db", "xfs"),
        ("/srv/far awayer/assent.db", "ext4"),
        ("/mnt/assent.db", "cifs"),
    ],
)
def test_a_store_is_carried_by_the_deepest_mount_and_of_two_by_the_later(path: str, kind: str) -> None:
    assert files.carrier(Path(path), MOUNTS) == kind


async def test_a_store_on_a_network_file_system_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = path.with_name("mounts")
    mounts.write_text(f"36 1 0:45 / {path.resolve().parent} rw - nfs4 host:/x rw\n")
    monkeypatch.setattr(files, "MOUNTS", mounts)
    with pytest.raises(UnsafeStart, match=r"network file system \(nfs4\)"):
        await fill(path)
    assert not path.exists()


async def test_another_origin_is_refused(path: Path) -> None:
    await fill(path)
    with pytest.raises(UnsafeStart, match=ORIGIN):
        async with opened(path, origin="other.example/assent"):
            pass


async def test_a_lost_database_is_not_silently_begun_anew(path: Path) -> None:
    await fill(path)
    path.unlink()
    with pytest.raises(UnsafeStart, match="is gone"):
        async with opened(path):
            pass
    path.touch(0o600)
    with pytest.raises(UnsafeStart, match="is gone"):
        async with opened(path):
            pass


async def test_a_file_that_is_no_store_is_refused(path: Path) -> None:
    path.write_bytes(b"not a database, by any means" * 400)
    path.chmod(0o600)
    with pytest.raises(UnsafeStart, match="backup"):
        async with opened(path):
            pass
    assert sum(thread.name.startswith("assent ") for thread in threading.enumerate()) == 0


# ---------------------------------------------------------------- what survives


CHILD = """
import asyncio, sys
from pathlib import Path
from core.audit.entry import alert
from core.audit.transparency.note import public
from core.ports import Payload, Role, Unit
from core.model import CallId, SessionId
from core.stores.sqlite.store import SqliteStore
from tests.doubles import ORIGIN, ManualClock
from tests.integration.test_sqlite_store import KEYS
from tests import entries

async def work(store, number):
    for n in range(100000):
        call = CallId(f"call_{number}_{n}_{store.boot}")
        words = [Payload(role=Role.STATEMENT, content=call.encode())]
        (kept,) = await store.payloads.keep(call, SessionId("s"), "shop", words)
        said = {"id": kept.id, "role": "statement", "ct_sha256": kept.ciphertext}
        await store.journal.commit(Unit(entries=(entries.intent(call, payloads=[said]), entries.outcome(call))))
        sys.stdout.write(f"{call} {kept.id}\\n")
        sys.stdout.flush()

async def main():
    async with SqliteStore.open(Path(sys.argv[1]), keys=KEYS, origin=ORIGIN, clock=ManualClock()) as store:
        await asyncio.gather(*(work(store, n) for n in range(8)))

asyncio.run(main())
"""


async def test_what_was_acknowledged_is_there_after_kill_9(path: Path) -> None:
    said: list[str] = []
    for trial in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
            text=True,
        )
        assert child.stdout is not None
        said += [child.stdout.readline() for _ in range(40 + 37 * trial)]
        child.send_signal(signal.SIGKILL)
        said += [line for line in child.stdout.read().split("\n")[:-1] if line]  # a last line may be torn
        child.wait()
        child.stdout.close()
    async with opened(path) as store:
        for line in said:
            call, payload = line.split()
            assert [one.body["kind"] for one in await store.journal.entries(call)] == ["call.intent", "call.outcome"]
            assert await store.payloads.open(PayloadId(payload)) == call.encode()
        assert len(said) > 300
        verifier = store.verifier
    report = verify_store(path, verifier)
    assert report.findings == ()
    assert report.result is Result.OK
    assert report.signed == report.entries


async def test_payloads_and_names_stand_nowhere_in_clear(path: Path) -> None:
    ann = entries.caller("annabel")
    async with opened(path) as store:
        call = entries.call(ManualClock().now(), conversation=("thread", "hintvalue"))
        session = await store.sessions.join(ann, call)
        words = [
            Payload(role=Role.STATEMENT, content=b"select secretword"),
            Payload(role=Role.RESULT, content=b"resultword"),
        ]
        await store.payloads.keep(call.id, session.id, "shop", words)
        await store.history.sessions()
        raw = b"".join(one.read_bytes() for one in (path, *path.parent.rglob("*")) if one.is_file())
    for word in (b"annabel", b"hintvalue", b"secretword", b"resultword"):
        assert word not in raw


async def test_a_payload_is_durable_before_anybody_can_name_it(path: Path) -> None:
    async with opened(path) as store:
        (kept,) = await store.payloads.keep(
            CallId("c"), SessionId("s"), "shop", [Payload(role=Role.STATEMENT, content=b"select 1")]
        )
        (month,) = Place(path).folder.glob("payloads-*.sqlite")
        with closing(sqlite3.connect(f"file:{month}?mode=ro", uri=True)) as other:  # as another process sees it
            assert other.execute("SELECT count(*) FROM payload WHERE id = ?", (kept.id,)).fetchone() == (1,)


async def test_results_and_questions_do_not_open_under_each_others_key(path: Path) -> None:
    async with opened(path) as store:
        words = [Payload(role=Role.STATEMENT, content=b"a"), Payload(role=Role.RESULT, content=b"b")]
        question, result = await store.payloads.keep(CallId("c"), SessionId("s"), "shop", words)
        other = [Payload(role=Role.UNMASKED, content=b"c")]
        (unmasked,) = await store.payloads.keep(CallId("c"), SessionId("s"), "shop", other)
        assert len({question.key, result.key, unmasked.key}) == 3
        assert await store.payloads.open(unmasked.id) == b"c"
        await store.ring.destroy([unmasked.key])
        with pytest.raises(NotFound):
            await store.payloads.open(unmasked.id)
        assert await store.payloads.open(result.id) == b"b"
    with sqlite3.connect(Place(path).keys) as keys:
        keys.execute("UPDATE dek SET wrapped = NULL WHERE id = ?", (result.key,))
    keys.close()
    async with opened(path) as store:
        assert await store.payloads.open(question.id) == b"a"
        with pytest.raises(NotFound):
            await store.payloads.open(result.id)


async def test_a_destroyed_key_stands_in_no_file_of_the_store(path: Path) -> None:
    async with opened(path) as store:
        await store.payloads.keep(CallId("c"), SessionId("s"), "shop", [Payload(role=Role.RESULT, content=b"b")])
        keys = [key for key in await store.ring.alive() if key.scope.source == "shop"]
        with sqlite3.connect(f"file:{Place(path).keys}?mode=ro", uri=True) as held:
            (wrapped,) = held.execute("SELECT wrapped FROM dek WHERE id = ?", (keys[0].number,)).fetchone()
        held.close()
        assert any(bytes(wrapped) in one.read_bytes() for one in Place(path).folder.glob("keys.sqlite*"))
        await store.ring.destroy([key.number for key in keys])
        there = [one for one in path.parent.rglob("*") if one.is_file()]
        assert [one.name for one in there if bytes(wrapped) in one.read_bytes()] == []


async def test_no_free_cell_of_a_file_keeps_a_key_that_was_destroyed(path: Path) -> None:
    """Of many keys that end one by one a page keeps what it had in cells that are free (pragma.html, secure_delete)."""
    async with opened(path) as store:
        for number in range(40):
            result = [Payload(role=Role.RESULT, content=b"b")]
            await store.payloads.keep(CallId("c"), SessionId(f"s{number}"), "shop", result)
        keys = [key.number for key in await store.ring.alive() if key.scope.source == "shop"]
        with closing(sqlite3.connect(f"file:{Place(path).keys}?mode=ro", uri=True)) as held:
            wrapped = [bytes(one) for (one,) in held.execute("SELECT wrapped FROM dek WHERE source = 'shop'")]
        for number in keys[::2] + keys[1::2]:
            await store.ring.destroy([number])
        content = b"".join(one.read_bytes() for one in Place(path).folder.glob("keys.sqlite*"))
        assert len(wrapped) == 40
        assert [one for one in wrapped if one in content] == []


async def test_a_payload_moved_to_anothers_place_does_not_open(path: Path) -> None:
    async with opened(path) as store:
        words = [Payload(role=Role.STATEMENT, content=b"select 1"), Payload(role=Role.PURPOSE, content=b"because")]
        one, two = await store.payloads.keep(CallId("c"), SessionId("s"), "shop", words)
        assert one.key == two.key
    (month,) = Place(path).folder.glob("payloads-*.sqlite")
    with sqlite3.connect(month) as kept:
        kept.execute(
            "UPDATE payload SET (nonce, ct) = (SELECT nonce, ct FROM payload WHERE id = ?) WHERE id = ?",
            (one.id, two.id),
        )
    kept.close()
    async with opened(path) as store:
        assert await store.payloads.open(one.id) == b"select 1"
        with pytest.raises(NotFound):
            await store.payloads.open(two.id)


# ---------------------------------------------------------------- the writer


async def test_synchronous_is_full_and_the_log_uses_wal(path: Path) -> None:
    async with opened(path) as store:
        (level,) = await store.writer.run(lambda connection: connection.execute("PRAGMA synchronous").fetchone())
        (mode,) = await store.writer.run(lambda connection: connection.execute("PRAGMA journal_mode").fetchone())
    assert (level, mode) == (2, "wal")


async def test_a_full_queue_says_busy(path: Path) -> None:
    path.touch(0o600)
    writer = Writer(lambda: schema.writable(path, ()), name="test", limit=2)
    held, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def block(_: sqlite3.Connection) -> None:
        loop.call_soon_threadsafe(held.set)
        go.wait(30)

    first = asyncio.ensure_future(writer.run(block))
    await held.wait()
    rest = [asyncio.ensure_future(writer.run(lambda _: None)) for _ in range(3)]
    with pytest.raises(AuditBusy):
        await asyncio.wait_for(rest[2], 30)
    go.set()
    await asyncio.gather(first, *rest[:2])
    await writer.close()


async def test_a_full_disk_fails_the_unit_and_the_store_goes_on_when_there_is_room(path: Path) -> None:
    async with opened(path) as store:

        def shrink(connection: sqlite3.Connection) -> int:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            return int(connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()[0])

        await store.writer.run(shrink)
        big = Unit(entries=tuple(alert("y" * 4000) for _ in range(50)))
        with pytest.raises(AuditUnavailable):
            await store.journal.commit(big)
        await store.writer.run(lambda c: c.execute("PRAGMA max_page_count = 1000000").fetchone())
        await store.journal.commit(big)
        verifier = store.verifier
    assert verify_store(path, verifier).findings == ()


async def test_an_io_error_stops_the_writer_for_good(path: Path) -> None:
    path.touch(0o600)
    writer = Writer(lambda: schema.writable(path, ()), name="test")

    def broken(_: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise error

    with pytest.raises(AuditUnavailable):
        await writer.run(broken)
    with pytest.raises(AuditUnavailable):
        await writer.run(lambda _: None)
    assert writer.stopped
    await writer.close()


async def test_units_that_fail_together_fail_each_with_an_error_of_its_own(path: Path) -> None:
    """One that is raised in many tasks would gather the tracebacks of all."""
    path.touch(0o600)
    writer = Writer(lambda: schema.writable(path, ()), name="test")
    held, go, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def block(_: sqlite3.Connection) -> bool:
        loop.call_soon_threadsafe(held.set)
        return go.wait(30)

    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("no room")

    first = asyncio.ensure_future(writer.run(block))
    await held.wait()
    rest = [asyncio.ensure_future(writer.run(full)) for _ in range(3)]
    await asyncio.sleep(0)
    go.set()
    said = await asyncio.gather(*rest, return_exceptions=True)
    assert [type(one) for one in said] == [AuditUnavailable] * 3
    assert len(set(map(id, said))) == 3
    assert await first
    await writer.close()


async def test_a_cancelled_waiter_does_not_undo_its_entry(path: Path) -> None:
    async with opened(path) as store:
        before = len(await store.journal.tail(0, 100))
        held, go, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

        def block(_: sqlite3.Connection) -> None:
            loop.call_soon_threadsafe(held.set)
            go.wait(30)

        first = asyncio.ensure_future(store.writer.run(block))
        await held.wait()
        task = asyncio.ensure_future(store.journal.commit(UNIT))  # it waits in the queue
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        go.set()
        await first
        await store.journal.commit(UNIT)
        assert len(await store.journal.tail(0, 100)) == before + 2


async def test_a_cancelled_read_gives_its_connection_back(path: Path) -> None:
    async with opened(path) as store:
        readers = store.reviews._readers
        slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 100000000) SELECT max(x) FROM n"
        for _ in range(6):
            task = asyncio.ensure_future(readers.rows(slow))
            for _ in range(5):
                await asyncio.sleep(0)  # until its query runs
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        found = await asyncio.wait_for(asyncio.gather(*(readers.rows("SELECT 1") for _ in range(9))), 30)
        assert len(found) == 9


async def test_readers_cannot_write(path: Path) -> None:
    async with opened(path) as store:
        with pytest.raises(AuditUnavailable, match="readonly"):
            await store.reviews._readers.rows("UPDATE log_coord SET next = 0")


# ---------------------------------------------------------------- signing


async def test_checkpoints_come_by_themselves_while_there_is_news(path: Path) -> None:
    async with opened(path) as store:
        await store.journal.commit(UNIT)
        for _ in range(600):
            if Place(path).signed.exists():
                break
            await asyncio.sleep(0.02)
        signed = checkpoint.trusted(Place(path).signed.read_bytes(), store.verifier)
        assert signed.size >= 1


async def test_a_restored_backup_is_refused(path: Path) -> None:
    await fill(path)
    backup = path.with_name("backup")
    shutil.copyfile(path, backup)
    await fill(path)
    shutil.copyfile(backup, path)
    with pytest.raises(UnsafeStart, match="regressed"):
        async with opened(path):
            pass


async def test_another_past_under_the_same_size_is_refused(path: Path) -> None:
    await fill(path)
    with sqlite3.connect(path) as log:
        (tile,) = log.execute("SELECT d FROM log_tile WHERE id = 0").fetchone()
        log.execute("UPDATE log_tile SET d = ? WHERE id = 0", (bytes([tile[0] ^ 1]) + tile[1:],))
    log.close()
    with pytest.raises(UnsafeStart, match="differs"):
        async with opened(path):
            pass


async def test_a_missing_state_is_refused_unless_the_operator_says_so(path: Path) -> None:
    await fill(path)
    Place(path).signed.unlink()
    with pytest.raises(UnsafeStart, match="missing"):
        async with opened(path):
            pass
    async with opened(path, adopt=True) as store:
        await store.checkpoint()
    assert Place(path).signed.exists()


async def test_a_running_store_that_loses_its_tail_stops(path: Path) -> None:
    async with opened(path) as store:
        for _ in range(5):
            await store.journal.commit(UNIT)
        await store.checkpoint()

        def forget(connection: sqlite3.Connection) -> None:
            connection.execute("DROP TRIGGER log_entry_kept")
            connection.execute("DELETE FROM log_entry WHERE seq >= 2")
            connection.execute("DELETE FROM log_tile")
            connection.execute("DELETE FROM log_checkpoint")
            connection.execute("UPDATE log_coord SET next = 2, integrated = 0")

        await store.writer.run(forget)
        with pytest.raises(AuditUnavailable, match="regressed"):
            await store.checkpoint()
        for _ in range(600):
            if store.writer.stopped:
                break
            await asyncio.sleep(0.02)
        with pytest.raises(AuditUnavailable):
            await store.journal.commit(UNIT)


async def test_the_projection_is_rebuilt_when_its_file_is_gone(path: Path) -> None:
    ann = entries.caller()
    async with opened(path) as store:
        await store.sessions.join(ann, entries.call(ManualClock().now()))
        before = await store.history.sessions()
    for one in Place(path).folder.glob("history.sqlite*"):
        one.unlink()
    async with opened(path) as store:
        assert await store.history.sessions() == before
        assert len(before) == 1


async def test_a_session_ends_with_its_process_and_goes_on_after_a_crash(path: Path) -> None:
    ann, clock = entries.caller(), ManualClock()
    ids, key = [], public(ORIGIN, Ed25519PrivateKey.from_private_bytes(KEYS.signing))
    for ends in (True, False, False):
        stack = AsyncExitStack()
        store = await stack.enter_async_context(SqliteStore.open(path, keys=KEYS, origin=ORIGIN, clock=clock))
        ids.append((await store.sessions.join(ann, entries.call(clock.now()))).id)
        if not ends:
            await store.writer.close()  # as a killed process: it says nothing more
        await stack.aclose()
        clock.advance(timedelta(minutes=10))
    assert ids[0] != ids[1] == ids[2]
    report = verify_store(path, key)
    assert report.result is Result.OK
    with closing(sqlite3.connect(path)) as log:
        kinds = [kind for (kind,) in log.execute("SELECT kind FROM log_entry WHERE kind LIKE 'session.%' ORDER BY seq")]
    assert kinds == ["session.open", "session.close", "session.manifest", "session.open"]


async def test_a_cancelled_server_still_drains_and_leaves_no_thread(path: Path) -> None:
    ready = asyncio.Event()

    async def serve() -> None:
        async with opened(path) as store:
            await store.journal.commit(UNIT)
            ready.set()
            await asyncio.Event().wait()

    async with anyio.create_task_group() as group:
        group.start_soon(serve)
        await ready.wait()
        group.cancel_scope.cancel()
    assert [one.name for one in threading.enumerate() if one.name.startswith("assent ")] == []
    async with opened(path) as store:
        kinds = [one.body["kind"] for one in await store.journal.tail(0, 10)]
    assert kinds == ["system.start", "alert.raised", "system.stop", "system.start"]


def test_an_old_sqlite_is_warned_of() -> None:
    assert "3.40.1" in schema.warning((3, 40, 1))
    assert schema.warning((3, 51, 3)) == schema.warning((3, 53, 4)) == ""
