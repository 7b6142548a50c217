"""Sinks against real receivers that refuse, are slow, answer 500, hang and cut the connection: nothing is lost."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from core.audit.export import ocsf
from core.errors import SettingsError
from core.ports import Cursor, Payload, Role, Unit
from core.sinks import http as web
from core.sinks.http import Splunk, Webhook, secrets
from core.sinks.lines import File, Syslog
from core.sinks.pump import BATCH, House, Pump, SinkAway, Transport
from core.sinks.wanted import Wanted, pump, transport
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from tests import entries
from tests.doubles import ORIGIN, ManualClock

KEYS = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=ManualClock()) as opened:
        yield opened


async def fill(store: SqliteStore, calls: int) -> int:
    """Append Calls; return how many Entries the log holds."""
    count = 0
    for _ in range(calls):
        call = entries.call_id()
        committed = await store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call))))
        count = committed.sequences[-1] + 1
    return count


def made(store: SqliteStore, transport: Transport, **more: Any) -> Pump:
    house = House(
        origin=ORIGIN,
        version="0",
        tail=store.journal,
        journal=store.journal,
        cursors=store.cursors,
        payloads=store.payloads,
        clock=ManualClock(),
    )
    return Pump("siem", house, transport, ocsf.line, **more)


async def drained(one: Pump, tries: int = 400) -> None:
    """Step until the log is delivered, however often the receiver fails; no waiting between."""
    for _ in range(tries):
        try:
            if not await one.step():
                return
        except SinkAway:
            continue
    raise AssertionError("not delivered")


# ---------------------------------------------------------------- receivers


@dataclass
class Receiver:
    """An HTTP server over a socket that does what its script says, request by request, then takes everything."""

    script: list[str] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    taken: list[bytes] = field(default_factory=list)
    url: str = ""
    poison: bytes = b"\0"
    answer: bytes = b"{}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.requests.append((first.split(" ")[1], headers, body))
                self.asked.set()
                act = self.script.pop(0) if self.script else "200"
                if act == "cut":
                    return
                if act == "hang":
                    await asyncio.Event().wait()
                if act == "late":  # taken, and the answer is lost
                    self.taken.append(body)
                    return
                status = "400" if self.poison in body and act == "200" else act
                if status == "200":
                    self.taken.append(body)
                extra = "retry-after: 7\r\n" if status == "429" else ""
                said = f"HTTP/1.1 {status} x\r\ncontent-length: {len(self.answer)}\r\n{extra}\r\n".encode()
                writer.write(said + self.answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(**more: Any) -> AsyncIterator[Receiver]:
    receiver = Receiver(**more)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await receiver.serve(reader, writer)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield receiver
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def webhook(receiver: Receiver) -> Webhook:
    return Webhook(receiver.url, secrets(SECRET), now=lambda: 1_790_000_000.5)


def splunk(receiver: Receiver) -> Splunk:
    return Splunk(receiver.url, "token")


def sequences(bodies: list[bytes]) -> list[int]:
    """Read the Entries that were taken, repeats dropped as a receiver drops them; a repeat is never out of place."""
    seen: list[int] = []
    for body in bodies:
        for event in decoded(body):
            number = event.get("event", event)["metadata"]["sequence"]
            assert number <= (seen[-1] + 1 if seen else 0)  # repeats are never out of place
            if not seen or number > seen[-1]:
                seen.append(number)
    return seen


def decoded(body: bytes) -> list[dict[str, Any]]:
    text, decoder, at, found = body.decode(), json.JSONDecoder(), 0, []
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += text[at : at + 1] == "\n"
    return found


TROUBLE = ["500", "cut", "429", "401", "403", "408", "late", "503", "302", "late", "cut"]


@pytest.mark.parametrize("kind", [webhook, splunk])
async def test_nothing_is_lost_and_order_holds_whatever_a_receiver_does(
    store: SqliteStore, kind: Callable[[Receiver], Transport]
) -> None:
    whole = await fill(store, 30)
    async with receiving(script=TROUBLE * 3) as receiver:
        one = made(store, kind(receiver))
        await drained(one)
        more = await fill(store, 5)
        await drained(one)
        await one._transport.close()
        assert sequences(receiver.taken) == list(range(more))
        assert more == whole + 10
    assert (await store.cursors.cursor("siem")).next == more


@pytest.mark.parametrize("answer", ["302", "304", "401", "403", "408", "425", "429", "500", "503"])
async def test_no_answer_but_a_rejection_of_the_entry_itself_gives_one_up(store: SqliteStore, answer: str) -> None:
    whole = await fill(store, 2)
    async with receiving(script=["200", answer]) as receiver:
        one = made(store, webhook(receiver))
        await drained(one)
        await one._transport.close()
        assert sequences(receiver.taken) == list(range(whole))
    assert await store.cursors._readers.rows("SELECT seq FROM sink_rejected") == []


async def test_a_receiver_that_hangs_is_given_up_and_tried_again(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "SECONDS", 0.2)
    whole = await fill(store, 3)
    async with receiving(script=["hang"]) as receiver:
        one = made(store, splunk(receiver))
        with pytest.raises(SinkAway):
            await one.step()
        await drained(one)
        await one._transport.close()
        assert sequences(receiver.taken) == list(range(whole))


async def test_the_cursor_moves_after_the_acknowledgement_and_a_restart_goes_on_there(store: SqliteStore) -> None:
    whole = await fill(store, 3)
    async with receiving(script=["late"]) as receiver:
        first = made(store, splunk(receiver))
        with pytest.raises(SinkAway):
            await first.step()
        assert await store.cursors.cursor("siem") == Cursor()
        second = made(store, splunk(receiver))
        await drained(second)
        third = made(store, splunk(receiver))
        assert await third.step() == 0
        assert len(receiver.requests) == 2
        assert (await store.cursors.cursor("siem")).next == whole
        for each in (first, second, third):
            await each._transport.close()


@pytest.mark.parametrize("kind", [webhook, splunk])
async def test_only_what_is_rejected_for_good_is_given_up_and_said_to_be(
    store: SqliteStore, kind: Callable[[Receiver], Transport]
) -> None:
    await fill(store, 4)
    bad = entries.call_id()
    await store.journal.commit(Unit(entries=(entries.intent(bad, source={"name": "poison"}),)))
    whole = await fill(store, 4)
    async with receiving(poison=b'"poison"') as receiver:
        one = made(store, kind(receiver))
        await drained(one)
        await one._transport.close()
        taken = sorted(
            {event.get("event", event)["metadata"]["sequence"] for body in receiver.taken for event in decoded(body)}
        )
    missing = set(range(whole)) - set(taken)
    rows = await store.cursors._readers.rows("SELECT sink, seq FROM sink_rejected")
    assert {row[1] for row in rows} == missing
    assert len(missing) == 1


async def test_a_receiver_that_rejects_everything_loses_nothing(store: SqliteStore) -> None:
    """A wrong address answers 404 to all of it."""
    whole = await fill(store, 4)
    async with receiving(poison=b"{") as receiver:
        one = made(store, splunk(receiver))
        for _ in range(3):
            with pytest.raises(SinkAway, match="rejects everything"):
                await one.step()
        assert (await store.cursors.cursor("siem")).next == 0
        receiver.poison = b"\0"
        await drained(one)
        await one._transport.close()
        assert sequences(receiver.taken) == list(range(whole))


async def test_a_receiver_that_is_gone_is_left_alone_and_said_to_be(store: SqliteStore) -> None:
    await fill(store, 2)
    async with receiving(script=["410"]) as receiver:
        await asyncio.wait_for(made(store, webhook(receiver)).serve(), 10)
        assert len(receiver.requests) == 1
    assert "rests until the next start" in (await store.cursors.cursor("siem")).trouble
    assert [one.body["alert"] for one in await store.journal.tail(0, 100) if one.body["kind"] == "alert.raised"] == [
        "export.gone"
    ]


async def test_waits_grow_and_operators_are_told_once(store: SqliteStore) -> None:
    whole, waits = await fill(store, 2), list[float]()

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 14:
            raise asyncio.CancelledError

    async with receiving(script=["429"] + ["500"] * 20) as receiver:
        one = made(store, splunk(receiver), pause=pause)
        with pytest.raises(asyncio.CancelledError):
            await one.serve()
    assert waits[0] == 7  # what Retry-After asked for, which is longer than the first wait
    steps = [min(5.0 * 2**number, 900.0) for number in range(len(waits))]
    shares = [wait / step for wait, step in zip(waits[1:], steps[1:], strict=True)]
    assert all(0.5 <= share <= 1 for share in shares)  # so each is at least as long as the last, up to the cap
    assert sorted(waits[1:8]) == waits[1:8]
    assert min(waits[8:]) >= 450
    assert len(set(shares)) > 1  # not every sink at one moment
    raised = [one.body for one in await store.journal.tail(whole, 100) if one.body["kind"] == "alert.raised"]
    assert [(one["alert"], one["sink"]) for one in raised] == [("export.away", "siem")]
    assert (await store.cursors.cursor("siem")).trouble == "status 500"


async def test_a_sink_that_is_an_hour_behind_is_told_once(store: SqliteStore) -> None:
    await fill(store, BATCH)
    async with receiving() as receiver:
        one = made(store, splunk(receiver))
        assert isinstance(one._house.clock, ManualClock)
        one._house.clock.advance(timedelta(hours=2))
        await drained(one)
        await one._transport.close()
        assert len(receiver.taken) > 2  # late after the first, and after the second
    raised = [one.body for one in await store.journal.tail(0, 1000) if one.body["kind"] == "alert.raised"]
    assert [(one["alert"], one["sink"]) for one in raised] == [("export.late", "siem")]


def test_a_syslog_is_reached_by_verified_tls() -> None:
    way = transport(Wanted(name="x", kind="syslog", url="tls://siem.example:6514"))
    assert isinstance(way, Syslog)
    assert way._tls is not None
    assert way._tls.verify_mode is ssl.CERT_REQUIRED
    assert way._tls.check_hostname


async def test_a_webhook_is_signed_as_the_standard_says(store: SqliteStore) -> None:
    await fill(store, 1)
    new = "whsec_" + base64.b64encode(b"n" * 24).decode()
    async with receiving() as receiver:
        one = made(store, Webhook(receiver.url, secrets(f"{new} {SECRET}"), now=lambda: 1_790_000_000.5))
        await drained(one)
        await one._transport.close()
        _, headers, body = receiver.requests[0]
    assert headers["webhook-id"] == f"{ORIGIN}:0"
    signed = f"{ORIGIN}:0.1790000000.".encode() + body
    macs = [hmac.new(key, signed, sha256).digest() for key in (b"n" * 24, b"k" * 32)]
    assert headers["webhook-signature"] == " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
    assert headers["webhook-timestamp"] == "1790000000"


@pytest.mark.parametrize(
    "text", ["", "whsec_", "whsec_AA==", "whsec_!!", "whsec_" + base64.b64encode(b"k" * 65).decode()]
)
def test_a_webhooks_secret_is_one(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - ours or base64's own
        secrets(text)
    with pytest.raises(SettingsError):
        pump(Wanted(name="x", kind="webhook", url="https://x.example", secret=text), None, "h")  # type: ignore[arg-type]


async def test_splunk_is_believed_when_its_indexer_confirms(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "POLL", 0.0)
    monkeypatch.setattr(web, "POLLS", 2)
    await fill(store, 1)
    async with receiving(answer=b'{"ackId": 7, "acks": {"7": false}}') as receiver:
        one = made(store, Splunk(receiver.url, "token", acknowledged=True))
        with pytest.raises(SinkAway, match="confirm"):
            await one.step()
        assert (await store.cursors.cursor("siem")).next == 0
        receiver.answer = b'{"ackId": 7, "acks": {"7": true}}'
        await drained(one)
        await one._transport.close()
        assert receiver.requests[-1][0] == "/services/collector/ack"
        told = decoded(receiver.requests[0][2])[0]
        assert told["time"] * 1000 == told["event"]["time"]  # seconds, with their thousandths
        assert receiver.requests[0][1]["authorization"] == "Splunk token"


async def test_a_file_holds_every_entry_once_and_a_torn_line_is_ended(store: SqliteStore, tmp_path: Path) -> None:
    whole, path = await fill(store, 5), tmp_path / "out.jsonl"
    one = made(store, File(path))
    await drained(one)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(path.read_bytes() + b'{"torn')
    more = await fill(store, 2)
    await drained(one)
    lines = path.read_bytes().split(b"\n")
    assert [json.loads(line)["metadata"]["sequence"] for line in lines if line and line != b'{"torn'] == list(
        range(more)
    )
    path.rename(tmp_path / "moved.jsonl")
    last = await fill(store, 1)
    await drained(one)
    assert len(path.read_text().splitlines()) == last - more
    assert more > whole


async def test_a_file_that_cannot_be_written_waits(store: SqliteStore, tmp_path: Path) -> None:
    await fill(store, 1)
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path / "none" / "out", tmp_path / "link"):
        with pytest.raises(SinkAway):
            await made(store, File(path)).step()
    assert (await store.cursors.cursor("siem")).next == 0
    assert not (tmp_path / "elsewhere").exists()


def frames(content: bytes) -> list[bytes]:
    """Read octet-counted messages; a last one may be torn."""
    found = []
    while b" " in content:
        size, _, rest = content.partition(b" ")
        if len(rest) < int(size):
            break
        found.append(rest[: int(size)])
        content = rest[int(size) :]
    return found


async def test_a_syslog_that_breaks_gets_again_what_it_may_have_lost(store: SqliteStore) -> None:
    whole, received, limit = await fill(store, 150), list[bytearray](), [40_000]

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held = bytearray()
        received.append(held)
        while (chunk := await reader.read(4096)) and (len(held) < limit[0] or len(received) > 3):
            held += chunk
        writer.transport.abort()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    one = made(store, Syslog("127.0.0.1", port, tls=None))
    for _ in range(200):
        with contextlib.suppress(SinkAway):
            if not await one.step() and len(received) > 3:
                break
        await asyncio.sleep(0)
    await one._transport.close()
    for _ in range(200):
        if (
            frames(bytes(received[-1]))
            and json.loads(frames(bytes(received[-1]))[-1])["metadata"]["sequence"] == whole - 1
        ):
            break
        await asyncio.sleep(0.01)
    server.close()
    seen = {json.loads(frame)["metadata"]["sequence"] for held in received for frame in frames(bytes(held))}
    assert seen == set(range(whole))
    last = [json.loads(frame)["metadata"]["sequence"] for frame in frames(bytes(received[-1]))]
    assert last == sorted(last)


async def test_statements_leave_only_where_a_sink_was_opted_in(store: SqliteStore, tmp_path: Path) -> None:
    caller, call = entries.caller(), entries.call(ManualClock().now())
    session = await store.sessions.join(caller, call)
    kept = await store.payloads.keep(
        call.id, session.id, "shop", (Payload(role=Role.STATEMENT, content=b"select 'secret'"),)
    )
    named = (
        [{"id": str(kept.kept[0].id), "role": "statement"}]
        if hasattr(kept, "kept")
        else [{"id": str(kept[0].id), "role": "statement"}]
    )
    intent = entries.intent(call.id, session=session.id, payloads=named)
    await store.journal.commit(Unit(entries=(intent, entries.outcome(call.id))))
    plain, opted = tmp_path / "plain", tmp_path / "opted"
    await drained(made(store, File(plain)))
    await store.writer.run(lambda log: log.execute("DELETE FROM sink_cursor").rowcount)
    await drained(made(store, File(opted), statements=True))
    assert "secret" not in plain.read_text()
    assert opted.read_text().count("secret") == 2  # on the INTENT and on the OUTCOME


class Counted:
    """Counts how often what is awaited gives way until it is done."""

    def __init__(self, work: Awaitable[object]) -> None:
        self._work = work

    def __await__(self) -> Generator[object, object, int]:
        way, count = self._work.__await__(), 0
        with contextlib.suppress(StopIteration):
            while True:
                yield next(way)
                count += 1
        return count


async def waits(store: SqliteStore) -> int:
    call = entries.call_id()
    return await Counted(store.journal.commit(Unit(entries=(entries.intent(call), entries.outcome(call)))))


async def test_a_sink_that_never_answers_slows_no_unit_down(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log goes on while a receiver hangs: a unit waits as often as without one, counted and not timed."""
    monkeypatch.setattr(web, "SECONDS", 3600.0)  # it is not given up meanwhile
    alone = [await waits(store) for _ in range(50)]
    async with receiving(script=["hang"] * 9) as receiver:
        one = asyncio.create_task(made(store, splunk(receiver)).serve())
        await asyncio.wait_for(receiver.asked.wait(), 10)
        async with asyncio.timeout(30):  # a bound, not a measure: who waits for the sink waits for an hour
            beside = [await waits(store) for _ in range(50)]
        assert not one.done()
        assert max(beside) <= min(alone)
        one.cancel()
        await asyncio.wait([one])


async def test_a_large_backlog_goes_in_batches(store: SqliteStore) -> None:
    whole = await fill(store, BATCH + 7)
    async with receiving() as receiver:
        one = made(store, splunk(receiver))
        await drained(one)
        await one._transport.close()
        assert sequences(receiver.taken) == list(range(whole))
        assert len(receiver.taken) == -(-whole // BATCH)
