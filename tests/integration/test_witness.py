"""A real witness over HTTP and a real store: signed, kept, verified; contradictions are told, places outside filled."""

from __future__ import annotations

import asyncio
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.doctor.stored import blocked
from cli.lines import State
from core import subject
from core.audit.entry import alert
from core.audit.export.checkpoints import Newest
from core.audit.transparency import note
from core.audit.transparency.checkpoint import Checkpoint, kept, signed
from core.audit.transparency.trust import Pin, Trust
from core.audit.transparency.witnessing import Request
from core.audit.verification.verify import Asked, Report
from core.errors import AuditUnavailable
from core.execution.barrier import Barrier
from core.ports import PartyKind, Unit
from core.sinks.http import Webhook
from core.sinks.lines import File
from core.sinks.publishing import Anchor, Place, Publisher, Route
from core.sinks.pump import Parcel
from core.sinks.witness import WitnessClient
from core.stores.log import signing
from core.stores.postgres import check as database
from core.stores.postgres.store import PostgresStore
from core.stores.sqlite.check import verify_store
from core.stores.sqlite.store import SqliteStore
from demo.postgres import Postgres
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.commands import PROGRAM, ROOT, assent
from tests.contract.conftest import KEYS
from tests.doubles import ORIGIN, ManualClock
from tests.pgstore import emptied
from tests.settings_files import loaded
from tests.waiting import until
from witness.app import Witness, build
from witness.memory import Memory

LOG_KEY = Ed25519PrivateKey.from_private_bytes(KEYS.signing)
SEED = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
UNIT = Unit(entries=(alert("x"),))
Real = SqliteStore | PostgresStore


@dataclass
class Team:
    """The other team's witness."""

    url: str
    witness: Witness
    memory: Memory


@asynccontextmanager
async def team(folder: Path, log: note.VerifierKey) -> AsyncIterator[Team]:
    Memory.begin(folder)
    memory = Memory(folder)
    taken = bound(Address())
    made = Witness(name="w.example/1", key=SEED, logs=(Trust(pins=(Pin(key=log),)),), memory=memory)
    async with listening(build(made, ["127.0.0.1"]), taken, address=Address(), drain=Drain()):
        yield Team(f"http://127.0.0.1:{taken.getsockname()[1]}", made, memory)
    memory.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=["sqlite", "postgres"])
async def store(
    request: pytest.FixtureRequest, durable: Callable[[], Postgres], tmp_path: Path, clock: ManualClock
) -> AsyncIterator[Real]:
    if request.param == "postgres":
        place = await emptied(await asyncio.to_thread(durable), tmp_path)
        async with PostgresStore.open(place.site(), keys=KEYS, origin=ORIGIN, clock=clock) as opened:
            yield opened
    else:
        async with SqliteStore.open(tmp_path / "assent.db", keys=KEYS, origin=ORIGIN, clock=clock) as opened:
            yield opened


ON_A_FILE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # what does not depend on the store


async def grown(store: Real, count: int = 3) -> Newest:
    """Some more Entries under a new checkpoint."""
    for _ in range(count):
        await store.journal.commit(UNIT)
    await store.checkpoint()
    newest = await store.checkpoints.newest()
    assert newest is not None
    return newest


OPEN: list[Publisher] = []


@pytest.fixture(autouse=True)
async def closed() -> AsyncIterator[None]:
    """Close every carrier of a test."""
    yield
    while OPEN:
        await OPEN.pop().close()


def carrier(store: Real, place: Place, clock: ManualClock | None = None, name: str = "there") -> Publisher:
    route = Route(name=name, place=place, every=timedelta(seconds=10))
    made = Publisher(route, checkpoints=store.checkpoints, journal=store.journal, clock=clock or ManualClock())
    OPEN.append(made)
    return made


async def alerts(store: Real) -> list[str]:
    found = [one.body for one in await store.journal.tail(0, 10_000) if one.body["kind"] == "alert.raised"]
    return [str(body["alert"]) for body in found if body["alert"] != "x"]


async def test_a_witness_signs_what_a_store_grows_and_verification_counts_it(store: Real, tmp_path: Path) -> None:
    assert store.verifier is not None
    async with team(tmp_path / "w", store.verifier) as other:
        key = other.witness.verifier
        publisher = carrier(store, WitnessClient(other.url, key, store.checkpoints))
        sizes = []
        for _ in range(4):
            sizes.append((await grown(store)).size)
            assert await publisher.turn() == 10.0
        held = other.memory.last(ORIGIN)
        assert held is not None
        assert held.size == sizes[-1]
        newest = await store.checkpoints.newest()
        assert newest is not None
        assert len(newest.lines) == 1
        assert note.check(note.parse(newest.whole), (key,)) == {key}
        (there,) = await store.checkpoints.places()
        assert (there.name, there.size, there.trouble) == ("there", sizes[-1], "")
        # a client that forgot everything is told where the witness is
        again = carrier(store, WitnessClient(other.url, key, store.checkpoints))
        await grown(store)
        assert await again.turn() == 10.0
        trust = Trust(pins=(Pin(key=store.verifier),), witnesses=(key,))
        report = await verified(store, tmp_path, trust)
        assert report.counts == {}
        assert report.witnessed == report.signed == (await grown(store, 0)).size


async def verified(store: Real, folder: Path, trust: Trust) -> Report:
    if isinstance(store, SqliteStore):
        return await asyncio.to_thread(verify_store, folder / "assent.db", Asked(trust=trust), running=True)
    async with database.copied(store.log.address.url) as path:
        return verify_store(path, Asked(trust=trust))


class Given:
    """A witness's answer, whatever was asked."""

    def __init__(self, status: int, body: bytes) -> None:
        self.status, self.body = status, body
        self.asked: list[bytes] = []

    async def __call__(self, _http: object, _url: str, content: bytes, _headers: object) -> tuple[int, bytes]:
        self.asked.append(content)
        return self.status, self.body


def given(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes = b"") -> Given:
    made = Given(status, body)
    monkeypatch.setattr("core.sinks.witness.post", made)
    return made


def client(store: Real, url: str = "http://127.0.0.1:9") -> WitnessClient:
    return WitnessClient(url, note.cosigner("w.example/1", SEED), store.checkpoints)


async def test_a_log_that_another_story_contradicts_is_told_at_once(store: Real, tmp_path: Path) -> None:
    """A witness that signed more, and one that signed another story of the same size."""
    assert store.verifier is not None
    newest = await grown(store)
    async with team(tmp_path / "w", store.verifier) as other:
        key = other.witness.verifier
        ahead = Checkpoint(origin=ORIGIN, size=newest.size + 10, root=b"r" * 32)
        other.memory.keep(ORIGIN, signed(ahead, LOG_KEY))
        publisher = carrier(store, WitnessClient(other.url, key, store.checkpoints))
        assert await publisher.turn() < 10
        assert await alerts(store) == ["log_contradicted"]
        (there,) = await store.checkpoints.places()
        assert "the witness signed" in there.trouble
        await publisher.turn()
        assert await alerts(store) == ["log_contradicted"]  # once, and not at each try
        other.memory.keep(ORIGIN, signed(Checkpoint(origin=ORIGIN, size=1, root=b"r" * 32), LOG_KEY))
        publisher = carrier(store, WitnessClient(other.url, key, store.checkpoints))
        await publisher.turn()
        assert await alerts(store) == ["log_contradicted"] * 2
        (there,) = await store.checkpoints.places()
        assert "does not follow" in there.trouble


async def test_everything_is_stopped_while_a_witness_saw_more_than_the_log_has(
    store: Real, tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For every gateway of the store, whoever is away or restarts meanwhile, until the witness takes this log."""
    assert store.verifier is not None
    barrier, parties = Barrier(store.standing, clock), subject.places("claude", "shop")

    async def stopped() -> bool:
        await barrier.refresh()
        return barrier.stops(parties)

    newest = await grown(store)
    async with team(tmp_path / "w", store.verifier) as other:
        ahead = Checkpoint(origin=ORIGIN, size=newest.size + 10, root=b"r" * 32)
        other.memory.keep(ORIGIN, signed(ahead, LOG_KEY))
        assert not await stopped()
        await carrier(store, WitnessClient(other.url, other.witness.verifier, store.checkpoints)).turn()
        assert await stopped()
        assert barrier.counted == {PartyKind.ALL: 1}
        with monkeypatch.context() as away:
            given(away, 404)
            await carrier(store, client(store)).turn()
        assert await stopped()  # that it is away takes nothing back
        other.memory.keep(ORIGIN, newest.note)
        await grown(store)
        assert await carrier(store, WitnessClient(other.url, other.witness.verifier, store.checkpoints)).turn() == 10.0
        assert not await stopped()
    await store.checkpoints.troubled("there", "log_contradicted: x")
    await store.checkpoints.configured(["there"])
    assert await stopped()
    await store.checkpoints.configured(["another"])  # the operators' word that it is no witness any more
    assert not await stopped()


@ON_A_FILE
async def test_doctor_names_the_place_for_whose_word_everything_is_stopped(store: Real, tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert list(await blocked(settings)) == []
    await store.checkpoints.troubled("there", "log_contradicted: x")
    (line,) = await blocked(settings)
    assert (line.area, line.state) == ("record", State.REFUSES)
    assert "there saw another log" in line.says


@ON_A_FILE
async def test_no_signature_but_the_witnesss_own_is_kept(store: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = await grown(store)
    stranger = Ed25519PrivateKey.from_private_bytes(b"z" * 32)
    text = note.parse(newest.note).text
    good = note.cosign(text, "w.example/1", SEED, at=1)
    forged = note.line("w.example/1", note.cosigner("w.example/1", SEED).id + (1).to_bytes(8, "big") + b"s" * 64)
    for body in (b"", b"x", good.encode()[:-1], note.cosign(text, "w.example/1", stranger, at=1).encode(),
                 forged.encode(), note.cosign("other\n1\n\n", "w.example/1", SEED, at=1).encode()):  # fmt: skip
        given(monkeypatch, 200, body)
        await carrier(store, client(store)).turn()
        found = await store.checkpoints.newest()
        assert found is not None
        assert found.lines == ()
    given(monkeypatch, 200, (note.cosign(text, "w.example/2", stranger, at=1) + good).encode())
    await carrier(store, client(store)).turn()
    found = await store.checkpoints.newest()
    assert found is not None
    assert found.lines == (good,)  # lines of unknown keys are left out


@pytest.mark.parametrize("body", [b"", b"x", b"05\n", b"-1\n", b"1\n2\n", b"\xff"])
@ON_A_FILE
async def test_a_witness_that_says_no_size_is_asked_again_later(
    store: Real, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    await grown(store)
    asked = given(monkeypatch, 409, body)
    publisher = carrier(store, client(store))
    await publisher.turn()
    (there,) = await store.checkpoints.places()
    assert there.trouble == "the witness does not say where it is"
    assert len(asked.asked) == 1


@pytest.mark.parametrize("body", [b"", b"not a size\n", b"SIZE\n"])
@ON_A_FILE
async def test_a_witness_of_the_older_text_that_saw_another_root_is_told_at_once(
    store: Real, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    """One size with two roots was a 409 before July 2026, with or without a size."""
    newest = await grown(store)
    size = f"{newest.size}\n".encode()
    one, answers = client(store), [(409, size), (409, body.replace(b"SIZE\n", size))]

    async def post(*_: object) -> tuple[int, bytes]:
        return answers.pop(0)

    monkeypatch.setattr("core.sinks.witness.post", post)
    await carrier(store, one).turn()
    assert answers == []
    assert await alerts(store) == ["log_contradicted"]


@ON_A_FILE
async def test_a_place_that_takes_nothing_for_an_hour_is_told_once_an_hour(
    store: Real, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await grown(store)
    publisher = carrier(store, client(store), clock)
    given(monkeypatch, 404)
    for minutes, told in ((0, 0), (59, 0), (1, 1), (59, 1), (1, 2)):
        clock.advance(timedelta(minutes=minutes))
        await publisher.turn()
        assert await alerts(store) == ["checkpoint_not_taken"] * told


@ON_A_FILE
async def test_a_spare_signer_carries_nothing_and_a_store_that_is_away_ends_no_carrier(store: Real) -> None:
    await grown(store)
    taken: list[Newest] = []

    class Taking:
        async def take(self, newest: Newest) -> None:
            taken.append(newest)
            raise AuditUnavailable("away")

        async def close(self) -> None:
            return None

    route = Route(name="there", place=Taking(), every=timedelta(seconds=10))
    spare = Publisher(
        route, checkpoints=store.checkpoints, journal=store.journal, clock=ManualClock(), leads=lambda: False
    )
    assert (await spare.turn(), taken) == (1.0, [])
    assert await carrier(store, Taking()).turn() == 5.0
    assert len(taken) == 1


@ON_A_FILE
async def test_a_file_elsewhere_keeps_checkpoints_that_show_a_log_that_was_cut_back(
    store: Real, tmp_path: Path
) -> None:
    assert store.verifier is not None
    anchor = carrier(store, Anchor(ORIGIN, File(tmp_path / "anchor.jsonl")))
    newest = await grown(store)
    for _ in range(3):
        await anchor.turn()
        newest = await grown(store)
    await grown(store)
    copies = kept((tmp_path / "anchor.jsonl").read_bytes())
    assert len(copies) == 3
    assert copies[0] != copies[-1] != newest.note
    trust = Trust(pins=(Pin(key=store.verifier),))
    if isinstance(store, SqliteStore):
        path = tmp_path / "assent.db"
        held = Asked(trust=trust, copies=copies)
        assert (await asyncio.to_thread(verify_store, path, held, running=True)).counts == {}
        more = signed(Checkpoint(origin=ORIGIN, size=newest.size + 99, root=b"r" * 32), LOG_KEY)
        held = Asked(trust=trust, copies=(*copies, more))
        assert set((await asyncio.to_thread(verify_store, path, held, running=True)).counts) == {"rolled_back"}


@ON_A_FILE
async def test_a_webhook_is_given_signed_checkpoints_each_with_an_id_of_its_own(store: Real) -> None:
    newest = await grown(store)
    secret, posts = b"k" * 32, []
    hook = Webhook("http://127.0.0.1:9", (secret,), now=lambda: 1_790_000_000.0)
    parcel = Parcel(sequence=0, uid="", at_ms=0, content=b"")

    class Way:
        unsure = 0

        async def send(self, parcels: Sequence[Parcel]) -> Sequence[int]:
            nonlocal parcel
            (parcel,) = parcels
            posts.append(hook._headers(parcel))
            return ()

        async def close(self) -> None:
            return None

    await carrier(store, Anchor(ORIGIN, Way())).turn()
    assert json.loads(parcel.content) == {
        "at": newest.at_ms, "size": newest.size, "checkpoint": newest.note.decode()
    }  # fmt: skip
    await hook.close()
    (headers,) = posts
    assert headers["webhook-id"] == f"{ORIGIN}@{newest.size}:{newest.at_ms}"
    signed_ = f"{headers['webhook-id']}.1790000000.".encode() + parcel.content
    assert headers["webhook-signature"] == f"v1,{b64encode(hmac.new(secret, signed_, sha256).digest()).decode()}"


async def test_a_log_that_stands_still_says_so_again_and_is_witnessed_again(
    store: Real, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "BEAT", 0.2)
    still = await grown(store)
    given(monkeypatch, 200, note.cosign(note.parse(still.note).text, "w.example/1", SEED, at=1).encode())
    publisher = carrier(store, client(store))
    assert await publisher.turn() == 10.0
    assert await publisher.turn() == 1.0  # nothing new
    clock.advance(timedelta(minutes=5))
    await store.journal.commit(Unit(changes=()))  # wakes the writer, which slept by the longer beat

    async def said_again() -> bool:
        newest = await store.checkpoints.newest()
        return newest is not None and (newest.size, newest.at_ms) == (still.size, still.at_ms + 300_000)

    assert await until(said_again)
    assert await publisher.turn() == 10.0


async def test_the_command_begins_once_refuses_what_is_unsafe_and_stops_at_a_signal(tmp_path: Path) -> None:
    log = note.public(ORIGIN, LOG_KEY)
    key = tmp_path / "key"
    key.write_text(b64encode(b"w" * 32).decode())
    key.chmod(0o600)
    words = ["witness", "--name", "w.example/1", "--key", f"file:{key}", "--log", str(log), "--state", tmp_path / "w"]
    refused = assent(*words)
    assert (refused.exit_code, "--begin" in refused.stderr) == (4, True)
    for wrong in (["--listen", "0.0.0.0:0"], ["--listen", "nowhere"], ["--name", "a b"], ["--log", "x"],
                  ["--name", ORIGIN]):  # fmt: skip
        assert assent(*words, "--begin", *wrong).exit_code in {2, 4}
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *map(str, words), "--listen", "127.0.0.1:0", stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stderr is not None
    said = (await process.stderr.readline()).decode()
    assert str(note.cosigner("w.example/1", SEED)) in said
    url = "http://" + said.rsplit(" ", 1)[1].strip()
    raw = signed(Checkpoint(origin=ORIGIN, size=1, root=b"r" * 32), LOG_KEY)
    async with httpx2.AsyncClient(trust_env=False) as http:
        content = Request(old=0, path=(), note=raw).body
        good = await http.post(f"{url}/add-checkpoint", content=content)
        assert (good.status_code, good.text.startswith("— w.example/1 ")) == (200, True)
        assert (await http.post(f"{url}/add-checkpoint", content=content)).headers["content-type"] == "text/x.tlog.size"
        page = await http.post(f"{url}/add-checkpoint", content=content, headers={"origin": "https://evil.example"})
        assert page.status_code == 403
        assert (await http.get(f"{url}/healthz", headers={"host": "evil.example"})).status_code == 400
        assert (await http.post(f"{url}/add-checkpoint", content=b"x" * 200_000)).status_code == 400
        assert (await http.get(f"{url}/healthz")).text == "ok\n"
    process.terminate()
    assert await process.wait() == 0
