"""The PostgreSQL store on a real server: one log of several replicas, what each role may do, what it refuses."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from core.assembly.stores import alone
from core.audit.entry import alert
from core.errors import AuditUnavailable, SlotTaken, UnsafeStart
from core.model import CallId, Entry, EntryKind, PayloadId, SessionId
from core.ports import Block, Committed, Party, PartyKind, Payload, SetBlock, StoreResult, Unit
from core.ports import Role as PayloadRole
from core.stores.postgres import schema
from core.stores.postgres.draft import Arguments, Draft, arguments
from core.stores.postgres.links import DURABLE, Address, Gone, commit, durable_settings
from core.stores.postgres.rights import Part
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from tests import entries
from tests.doubles import ORIGIN, ManualClock
from tests.integration.silence import relayed
from tests.pgstore import KEYS, PASSWORD, Ground, emptied, login, opened
from tests.waiting import until

APPEND = "SELECT first, at_us, lost, taken FROM assent.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
UNIT = Unit(entries=(alert("x"),))
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@pytest.fixture
async def place(durable: Callable[[], Postgres], tmp_path: Path) -> Ground:
    return await emptied(await asyncio.to_thread(durable), tmp_path)


def bodies(*made: Entry) -> Arguments:
    return arguments([Draft.of(Unit(entries=made), log=ORIGIN, boot="b")])


# ---------------------------------------------------------------- one log of several replicas


async def test_two_replicas_number_without_a_gap_and_a_slot_has_one_winner(place: Ground) -> None:
    calls = [entries.call_id() for _ in range(40)]

    async def race(store: PostgresStore) -> list[Committed | BaseException]:
        units = [Unit(entries=(entries.prepared(call), alert("with it"))) for call in calls]
        return await asyncio.gather(*(store.journal.commit(unit) for unit in units), return_exceptions=True)

    async with opened(place) as one, opened(place) as two:
        for call in calls:
            await one.journal.commit(Unit(entries=(entries.intent(call),)))
        said = await asyncio.gather(race(one), race(two))
        for pair in zip(*said, strict=True):
            assert sorted(type(each).__name__ for each in pair) == ["Committed", "SlotTaken"]
        tail = await one.journal.tail(0, 1000)
    assert [entry.sequence for entry in tail] == list(range(len(tail)))
    alerts = [entry for entry in tail if entry.body["kind"] == "alert.raised"]
    assert len(alerts) == 40  # the losers' units left nothing behind
    stamps = [int(str(entry.body["ts"])) for entry in tail]
    assert stamps == sorted(stamps)


async def test_only_a_process_that_writes_alone_takes_what_others_left_open(place: Ground, tmp_path: Path) -> None:
    single = SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=ManualClock())
    async with opened(place) as shared, single as own:
        assert (alone(shared), alone(own)) == (None, own.boot)


async def test_first_calls_of_one_caller_at_two_replicas_open_one_session(place: Ground) -> None:
    async with opened(place) as one, opened(place) as two:
        for number in range(5):
            key = ("conversation", str(number))
            now = datetime.now(UTC)
            joins = [
                store.sessions.join(entries.caller(), entries.call(now, conversation=key if hinted else None))
                for store in (one, two)
                for hinted in (True, False)
            ]
            assert len({session.id for session in await asyncio.gather(*joins)}) == 2
        kinds = [entry.body["kind"] for entry in await one.journal.tail(0, 1000)]
    assert kinds.count("session.open") == 6  # five conversations, and what names none


CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString
from core.audit.transparency import note
from core.audit.entry import alert
from core.model import CallId, PayloadId
from core.ports import StoreResult, Unit
from core.stores.postgres.log import Site
from core.stores.postgres.store import PostgresStore
from core.errors import SlotTaken
from tests.doubles import ORIGIN, ManualClock
from tests.integration.silence import relayed
from tests import entries
from tests.integration.test_postgres_store import KEYS

async def work(store, n):
    for number in range(n, 100000, 8):
        call = CallId(f"call_{number}")
        unit = Unit(entries=(entries.intent(call), alert("with it")))
        if number % 3 == 0:
            unit = Unit(entries=unit.entries, changes=(
                StoreResult(call=call, result=PayloadId(store.boot), until=datetime.now(UTC)),))
        try:
            done = await store.journal.commit(unit)
            sys.stdout.write(f"{number} {done.unit} {done.sequences[0]}\\n")
        except SlotTaken:
            sys.stdout.write(f"{number} taken 0\\n")
        sys.stdout.flush()

async def main():
    clock = ManualClock(datetime.now(UTC))
    site = Site(url=sys.argv[1], signed=Path(sys.argv[2]))
    async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=clock, adopt=True) as store:
        await asyncio.gather(*(work(store, n) for n in range(8)))

asyncio.run(main())
"""


def replica(place: Ground, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, place.url(), str(place.folder / name)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )


async def test_two_processes_that_are_killed_leave_whole_units_one_winner_and_no_gap(place: Ground) -> None:
    children = [replica(place, "one"), replica(place, "two")]
    said: list[list[str]] = []
    for child in children:
        assert child.stdout is not None
        said.append([await asyncio.to_thread(child.stdout.readline) for _ in range(60)])
    for child in children:
        child.send_signal(signal.SIGKILL)
    for child, lines in zip(children, said, strict=True):
        assert child.stdout is not None
        lines += [line for line in child.stdout.read().split("\n")[:-1] if line]
        child.wait()
        child.stdout.close()
    dba = await place.dba()
    log = await dba.fetch(
        "SELECT seq, kind, scope, convert_from(body, 'UTF8')::json ->> 'unit' AS unit FROM log_entry ORDER BY seq"
    )
    results = {row["call_id"]: row["payload"] for row in await dba.fetch("SELECT call_id, payload FROM results")}
    await dba.close()
    assert [row["seq"] for row in log] == list(range(len(log)))
    intents = {row["scope"]: row for row in log if row["kind"] == "call.intent"}
    units = [row["unit"] for row in log if row["kind"] == "alert.raised"]
    assert sorted(row["unit"] for row in intents.values()) == sorted(units)  # both Entries of a unit, or none
    for call in intents:
        assert (call in results) == (int(call.removeprefix("call_")) % 3 == 0)  # and its row
    won = [line.split() for lines in said for line in lines if " taken " not in line]
    assert len(won) > 50
    assert len({number for number, _, _ in won}) == len(won)
    for number, unit, sequence in won:
        row = intents[f"call_{number}"]
        assert (row["unit"], row["seq"]) == (unit, int(sequence))


async def test_a_replica_that_is_frozen_inside_a_unit_frees_the_sequencer(place: Ground) -> None:
    """It holds every lock of a unit, the sequencer's too, and never sends COMMIT."""
    async with opened(place) as store:
        frozen = await store.log.address.connect()
        await frozen.execute("BEGIN")
        call = entries.call_id()
        await frozen.fetchrow(APPEND, *bodies(entries.intent(call)))
        began = asyncio.get_running_loop().time()
        await store.journal.commit(UNIT)
        waited = asyncio.get_running_loop().time() - began
        assert 0.5 < waited < 4.5  # the server's bound is two seconds, its lock timeout five
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError)):
            await frozen.execute("COMMIT")
        assert await store.journal.entries(call) == ()
        frozen.terminate()


async def test_a_unit_that_waits_for_a_row_keeps_nobody_from_the_sequencer(place: Ground) -> None:
    """Row locks first, the sequencer's last: no cycle can form, and nobody waits for rows of another's unit."""
    party = Party(kind=PartyKind.AGENT, id="x")
    said = Entry(kind=EntryKind.BLOCK_SET, body={"of": str(party), "by": "p"})
    async with opened(place) as store:
        holder, other = await place.dba(), await place.dba()
        held = holder.transaction()
        await held.start()
        await holder.execute("INSERT INTO blocks (party) VALUES ($1)", str(party))
        unit = Unit(entries=(said,), changes=(SetBlock(block=Block(party=party)),))
        waiting = asyncio.create_task(store.journal.commit(unit))
        await until(lambda: other.fetchval(WAITING))
        await other.fetchval("SELECT next FROM log_coord FOR UPDATE NOWAIT")
        assert not waiting.done()
        await held.rollback()
        await waiting
        await holder.close()
        await other.close()


async def test_a_process_that_is_stopped_in_a_transaction_frees_the_sequencer(place: Ground) -> None:
    code = """
import asyncio, os, signal, sys
from core.stores.postgres.links import Address
from tests.integration.test_postgres_store import APPEND, bodies
from core.audit.transparency import note
from core.audit.entry import alert

async def main():
    link = await Address(url=sys.argv[1], name="stopped").connect()
    await link.execute("BEGIN")
    await link.fetchrow(APPEND, *bodies(alert("never")))
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        await link.execute("COMMIT")
    except Exception as error:
        print(type(error).__name__)

asyncio.run(main())
"""
    child = subprocess.Popen(
        [sys.executable, "-c", code, place.url()], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    )
    async with opened(place) as store:
        await asyncio.to_thread(stopped, child.pid)
        done = await store.journal.commit(UNIT)
        child.send_signal(signal.SIGCONT)
        assert child.stdout is not None
        said = await asyncio.to_thread(child.stdout.read)
        child.wait()
        child.stdout.close()
        assert "Error" in said  # its COMMIT came too late
        tail = await store.journal.tail(0, 100)
    assert "never" not in [entry.body.get("alert") for entry in tail]
    assert done.sequences[0] < len(tail)


def stopped(pid: int) -> None:
    """Wait until a process has stopped itself."""
    for _ in range(600):
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T":
            return
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("it did not stop")


# ---------------------------------------------------------------- a lost answer


def through(place: Ground, url: str) -> AbstractAsyncContextManager[PostgresStore]:
    site = replace(place.site(Part.GATEWAY), url=url, patience=1.0)
    return PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=ManualClock(datetime.now(UTC)))


@pytest.mark.parametrize("rows", [False, True])
async def test_a_unit_whose_answer_is_lost_is_found_by_its_own_name(place: Ground, rows: bool) -> None:
    """The server committed, and nothing of it reaches us any more."""
    async with relayed(place.url(Part.GATEWAY)) as (url, relay), through(place, url) as store:
        call = entries.call_id()
        row = StoreResult(call=call, result=PayloadId("pay_r"), until=datetime.now(UTC))
        unit = Unit(entries=(entries.intent(call),), changes=(row,) if rows else ())
        await store.journal.commit(UNIT)
        relay.word = b"COMMIT" if rows else call.encode()
        done = await store.journal.commit(unit)
        relay.word = b""
        assert relay.silenced == 1
        (found,) = await store.journal.entries(call)
        assert (found.sequence, found.leaf, found.body["unit"]) == (done.sequences[0], done.leaves[0], done.unit)
        assert (await store.reviews.result(call) is not None) == rows
        with pytest.raises(SlotTaken):
            await store.journal.commit(Unit(entries=(entries.intent(call),)))


async def test_a_unit_that_never_arrived_is_refused_and_may_be_sent_again(place: Ground) -> None:
    async with relayed(place.url(Part.GATEWAY)) as (url, relay), through(place, url) as store:
        call = entries.call_id()
        row = StoreResult(call=call, result=PayloadId("pay_r"), until=datetime.now(UTC))
        unit = Unit(entries=(entries.intent(call),), changes=(row,))
        relay.word = b"BEGIN"
        with pytest.raises(AuditUnavailable):
            await store.journal.commit(unit)
        relay.word = b""
        assert await store.journal.entries(call) == ()
        await store.journal.commit(unit)


async def test_a_server_that_ends_backends_loses_no_unit_that_was_acknowledged(place: Ground) -> None:
    dba = await place.dba()
    async with opened(place) as store:
        calls = [entries.call_id() for _ in range(300)]
        work = [asyncio.create_task(store.journal.commit(Unit(entries=(entries.intent(call),)))) for call in calls]
        for _ in range(5):
            await asyncio.sleep(0)
            await dba.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", login())
        said = await asyncio.gather(*work, return_exceptions=True)
        for call, one in zip(calls, said, strict=True):
            found = await store.journal.entries(call)
            assert isinstance(one, Committed | AuditUnavailable)
            assert [entry.sequence for entry in found] == (list(one.sequences) if isinstance(one, Committed) else [])
    await dba.close()


async def test_batches_follow_one_another_and_one_whose_answer_is_lost_loses_none(place: Ground) -> None:
    """Nobody is told anything while what went before may or may not be there."""
    async with relayed(place.url(Part.GATEWAY)) as (url, relay), through(place, url) as store:
        start = (await store.journal.commit(UNIT)).sequences[0] + 1
        calls, told = [entries.call_id() for _ in range(6)], list[str]()

        async def send(call: CallId) -> Committed:
            done = await store.journal.commit(Unit(entries=(entries.intent(call),)))
            told.append(call)
            return done

        async def silent() -> bool:
            return relay.silenced > 0

        relay.word = calls[0].encode()
        early = asyncio.create_task(send(calls[0]))
        await until(silent)
        done = await asyncio.gather(early, *(send(call) for call in calls[1:]))
        assert told == calls
        assert [number for one in done for number in one.sequences] == list(range(start, start + len(calls)))
        assert [one.leaves[0] for one in done] == [one.leaf for one in await store.journal.tail(start, 99)]


async def test_units_that_are_lost_together_fail_each_with_an_error_of_its_own(place: Ground) -> None:
    """One that is raised in many tasks would gather the tracebacks of all."""
    dba = await place.dba()
    ended = (
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )

    async def lost() -> bool:
        return bool(await dba.fetchval(ended))

    async with opened(place, Part.GATEWAY) as store:
        async with dba.transaction():
            await dba.execute("SELECT FROM log_coord FOR UPDATE")
            work = [asyncio.create_task(store.journal.commit(UNIT)) for _ in range(3)]
            await until(lost)
        said = await asyncio.gather(*work, return_exceptions=True)
        assert [type(one) for one in said] == [Gone] * 3
        assert len(set(map(id, said))) == 3
    await dba.close()


async def test_a_commit_that_rolled_back_is_no_commit(place: Ground) -> None:
    """COMMIT of a failed transaction raises nothing: its tag alone says so."""
    async with opened(place) as store, store.log.writes.lent() as link:
        await link.execute("BEGIN")
        with pytest.raises(asyncpg.PostgresError):
            await link.execute("SELECT 1 / 0")
        with pytest.raises(AuditUnavailable, match="ROLLBACK"):
            await commit(link)


async def test_a_replica_under_the_name_that_a_restored_log_had_before_appends_nothing(place: Ground) -> None:
    dba = await place.dba()
    async with opened(place) as store:
        before = await dba.fetchval("SELECT next FROM log_coord")
        await dba.execute("UPDATE log_coord SET origin = origin || '/2'")
        with pytest.raises(AuditUnavailable):
            await store.journal.commit(UNIT)
        assert await dba.fetchval("SELECT next FROM log_coord") == before
    async with opened(place, Part.GATEWAY) as store:  # a signer wants its operator's word under another name
        assert store.origin == f"{ORIGIN}/2"
        await store.journal.commit(UNIT)
    await dba.execute("UPDATE log_coord SET origin = $1", ORIGIN)
    await dba.close()


# ---------------------------------------------------------------- word between processes


async def test_what_one_process_commits_wakes_who_waits_in_another(place: Ground) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()

    def wake(*scopes: str) -> None:
        for scope in scopes:
            heard.put_nowait(scope)

    async with opened(place) as one, opened(place) as two, two.following(wake):
        assert {await asyncio.wait_for(heard.get(), 10) for _ in range(2)} == {"reviews", "standing"}  # it listens now
        review = entries.review(datetime.now(UTC))
        await one.journal.commit(entries.opening(review))
        said = {await asyncio.wait_for(heard.get(), 10) for _ in range(3)}
        assert said == {review.id, review.call, "reviews"}
        dba = await place.dba()
        for nonsense in ("{", "7", '[{}, "x"]'):
            await dba.execute("SELECT pg_notify('assent', $1)", nonsense)
        assert await asyncio.wait_for(heard.get(), 10) == "x"  # whoever sends what: it only wakes
        await dba.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        back = {await asyncio.wait_for(heard.get(), 10) for _ in range(2)}
        assert back == {"reviews", "standing"}  # and looks at what it missed
        await dba.close()


# ---------------------------------------------------------------- what it refuses to start with


async def test_a_connection_is_durable_whatever_a_logins_own_settings_say(place: Ground) -> None:
    dba = await place.dba()
    await dba.execute(f"ALTER ROLE {login()} SET synchronous_commit = off")
    async with opened(place) as store, store.log.writes.lent() as link:
        assert await link.fetchval("SHOW synchronous_commit") == "on"
    await dba.execute(f"ALTER ROLE {login()} RESET ALL")
    await dba.close()


@pytest.mark.parametrize("name", sorted(DURABLE))
def test_a_connection_that_may_lose_a_commit_is_refused(name: str) -> None:
    """Read back from the connection itself: of a session, a pooler or a server that says otherwise."""
    held = dict.fromkeys(DURABLE, "on") | {"transaction_read_only": "off"}
    durable_settings(held)
    with pytest.raises(UnsafeStart, match=name):
        durable_settings(held | {name: "off"})
    with pytest.raises(UnsafeStart, match=name):
        durable_settings({key: value for key, value in held.items() if key != name})


async def test_a_server_without_fsync_is_refused(clusters: Callable[[int], Postgres]) -> None:
    server = await asyncio.to_thread(clusters, 18)
    with pytest.raises(UnsafeStart, match="fsync"):
        await Address(url=server.url(), name="x").connect()


def test_a_server_that_takes_no_writes_is_refused() -> None:
    held = dict.fromkeys(DURABLE, "on") | {"transaction_read_only": "on"}
    with pytest.raises(UnsafeStart, match="no writes"):
        durable_settings(held)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE store_version SET version = version + 1", "newer"),
        ("UPDATE store_version SET version = version - 1", "older"),
        ("UPDATE store_version SET digest = 'x'", "other content"),
        ("UPDATE log_coord SET origin = 'other/assent'", "other/assent"),
        ("UPDATE key_named SET name = 'x' WHERE purpose = 'questions'", "questions"),
        ("UPDATE key_named SET name = 'x' WHERE purpose = 'signing'", "signing"),
        (f"GRANT assent_owner TO {login()}", "owns the store"),
        (f"ALTER ROLE {login()} BYPASSRLS", "above its rules"),
        (f"REVOKE assent_people FROM {login()}", "assent_people"),
    ],
)
async def test_a_store_that_is_not_ours_or_a_login_above_it_is_refused_by_name(
    place: Ground, change: str, says: str
) -> None:
    async with opened(place):
        pass
    dba = await place.dba()
    held = (schema.VERSION, schema.digest())
    await dba.execute(change)
    try:
        with pytest.raises(UnsafeStart, match=says):
            async with opened(place):
                pass
    finally:
        await dba.execute("UPDATE store_version SET version = $1, digest = $2", *held)
        await dba.execute("UPDATE log_coord SET origin = $1", ORIGIN)
        await dba.execute(f"REVOKE assent_owner FROM {login()}; ALTER ROLE {login()} NOBYPASSRLS")
        await dba.execute(f"GRANT assent_people TO {login()}")
        await dba.close()


async def test_a_login_of_two_roles_is_refused_where_one_is_played(place: Ground) -> None:
    site = replace(place.site(Part.PEOPLE), url=place.url())
    with pytest.raises(UnsafeStart, match="assent_gateway as well"):
        async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=ManualClock()):
            pass


async def test_a_database_without_a_store_says_how_one_is_made(place: Ground) -> None:
    site = replace(place.site(), url=place.server.url("postgres", login(), PASSWORD))
    with pytest.raises(UnsafeStart, match="assent store setup"):
        async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=ManualClock()):
            pass


async def test_a_server_that_is_away_is_no_store(place: Ground) -> None:
    site = replace(place.site(), url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(AuditUnavailable):
        async with PostgresStore.open(site, keys=KEYS, origin=ORIGIN, clock=ManualClock()):
            pass


# ---------------------------------------------------------------- one signer


async def test_of_two_signers_one_leads_and_the_other_goes_on_from_its_checkpoint(place: Ground) -> None:
    spare, clock = replace(place.site(), signed=place.folder / "spare"), ManualClock(datetime.now(UTC))
    async with (
        opened(place) as one,  # may have signed already: who joins later takes the log at the operator's word
        PostgresStore.open(spare, keys=KEYS, origin=ORIGIN, clock=clock, adopt=True) as two,
    ):
        await one.journal.commit(UNIT)
        await one.checkpoint()
        await two.checkpoint()
        assert [store.log.integrator.leads for store in (one, two) if store.log.integrator] == [True, False]
        dba = await place.dba()
        await dba.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        await two.journal.commit(UNIT)
        await two.checkpoint()
        assert two.log.integrator is not None
        assert two.log.integrator.leads
        sizes = [row["size"] for row in await dba.fetch("SELECT size FROM log_checkpoint ORDER BY size")]
        assert sizes == sorted(set(sizes))
        assert sizes[-1] == await dba.fetchval("SELECT next FROM log_coord")
        await dba.close()


async def test_a_log_that_lost_its_tail_is_not_signed_again(place: Ground) -> None:
    async with opened(place) as store:
        await store.journal.commit(UNIT)
        await store.checkpoint()
    dba = await place.dba()
    await dba.execute("DELETE FROM log_entry; DELETE FROM log_tile; DELETE FROM log_checkpoint")
    await dba.execute("UPDATE log_coord SET next = 0, integrated = 0")
    with pytest.raises(UnsafeStart, match="regressed"):
        async with opened(place):
            pass
    await dba.close()


async def test_a_tail_that_is_lost_while_it_serves_stops_the_signer(place: Ground) -> None:
    async with opened(place) as store:
        await store.journal.commit(UNIT)
        await store.checkpoint()
        dba = await place.dba()
        await dba.execute("DELETE FROM log_entry; DELETE FROM log_tile")
        await dba.execute("UPDATE log_coord SET next = 0, integrated = 0")
        await dba.close()
        with pytest.raises(AuditUnavailable, match="regressed"):
            await store.checkpoint()


FULL = """
CREATE FUNCTION assent.brim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER brim BEFORE INSERT ON assent.log_entry EXECUTE FUNCTION assent.brim();
"""


async def test_a_full_disk_of_the_stores_server_refuses_at_once_and_is_on_record_when_there_is_room(
    place: Ground,
) -> None:
    async with opened(place) as store:
        dba, review = await place.dba(), entries.review(ManualClock().now())
        await dba.execute(FULL)
        before = len(await store.journal.tail(0, 99))
        for unit in (UNIT, entries.opening(review)):  # alone, and with rows
            with pytest.raises(AuditUnavailable, match="53100"):
                await store.journal.commit(unit)
        assert len(await store.journal.tail(0, 99)) == before
        assert await store.reviews.review(review.id) is None
        await dba.execute("DROP TRIGGER brim ON assent.log_entry")
        await dba.execute("CREATE TRIGGER brim BEFORE INSERT ON assent.payload EXECUTE FUNCTION assent.brim()")
        words = [Payload(role=PayloadRole.STATEMENT, content=b"x")]
        with pytest.raises(AuditUnavailable, match="53100"):  # it is tried first, and no unit then
            await store.payloads.keep(entries.call_id(), SessionId("s"), "shop", words)
        await dba.execute("DROP TRIGGER brim ON assent.payload; DROP FUNCTION assent.brim()")
        await dba.close()
        await store.journal.commit(UNIT)
        await store.journal.drain()
        await store.journal.commit(UNIT)
        said = [one.body for one in await store.journal.tail(before, 99)]
        told = ["alert.raised", "audit.degraded.enter", "audit.degraded.exit", "alert.raised"]
        assert [one["kind"] for one in said] == told
        assert said[1]["refused"] == 3


@pytest.mark.parametrize("overtaken", [False, True])
async def test_a_process_records_nothing_on_an_older_copy_of_its_log(place: Ground, *, overtaken: bool) -> None:
    """A standby that lagged is promoted under it; then others, who know no better, go on beyond what it has seen."""
    async with opened(place) as store, opened(place, Part.GATEWAY) as behind:
        for _ in range(5):
            await store.journal.commit(UNIT)
        dba = await place.dba()
        last = len(await store.journal.tail(0, 99)) - 1
        await dba.execute(f"DELETE FROM log_entry WHERE seq > {last - 3}; UPDATE log_coord SET next = {last - 2}")
        await dba.close()
        if overtaken:
            for _ in range(9):
                await behind.journal.commit(UNIT)
        before = len(await store.journal.tail(0, 99))
        review = entries.review(ManualClock().now())
        for unit in (UNIT, entries.opening(review)):  # alone, and with rows
            with pytest.raises(AuditUnavailable, match="log_regressed"):
                await store.journal.commit(unit)
        assert len(await store.journal.tail(0, 99)) == before
        assert await store.reviews.review(review.id) is None
