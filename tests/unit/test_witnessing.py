"""A witness of logs: each answer of C2SP tlog-witness, and that no order of requests makes it sign two stories."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency import checkpoint, note, witnessing
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.audit.transparency.proofs import consistency
from core.audit.transparency.tree import EMPTY
from core.audit.transparency.trust import Pin, Trust
from core.audit.transparency.witnessing import Reply, Request
from core.errors import UnsafeStart
from core.model import CallId
from tests.entries import outcome
from tests.logs import KEY, MemoryLog
from tests.unit.test_audit_verify import calls
from witness.app import Witness
from witness.memory import Memory

ORIGIN = "test.example/assent"
SEED = Ed25519PrivateKey.from_private_bytes(bytes(range(0x20, 0x40)))
LOG = note.public(ORIGIN, KEY)
AT = 1_790_000_000


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    Memory.begin(tmp_path / "w")
    held = Memory(tmp_path / "w")
    yield held
    held.close()


@pytest.fixture
def witness(memory: Memory) -> Witness:
    logs = (Trust(pins=(Pin(key=LOG, end=1000),)),)
    return Witness(name="w.example/1", key=SEED, logs=logs, memory=memory, now=lambda: float(AT))


class Story:
    """A log's checkpoints of several sizes, and the proofs between them."""

    def __init__(self, *, other: bool = False) -> None:
        self.log = MemoryLog()
        self.notes = {0: signed(0, EMPTY)}
        self.log.append([(outcome(CallId("call_other")),)] if other else [])
        for _ in range(6):
            self.log.append(calls(3))
            self.notes[self.log.edge.size] = self.log.sign()
        self.sizes = sorted(self.notes)

    def request(self, old: int, new: int) -> Request:
        path = consistency(self.log.tile, old, new) if 0 < old < new else ()
        return Request(old=old, path=path, note=self.notes[new])


def signed(size: int, root: bytes, origin: str = ORIGIN, key: Ed25519PrivateKey = KEY) -> bytes:
    return checkpoint.signed(Checkpoint(origin=origin, size=size, root=root), key)


def status(witness: Witness, request: Request) -> int:
    return witness.add(request.body).status


def test_the_published_cosignature_is_made_byte_for_byte() -> None:
    text = "audit.example.com/assent\n5\nOWzC8+pXpLvOMYsH2CT91q0pLUsT6Q9WrpQRsWTbETY=\n"
    said = note.cosign(text, "witness.example.com/w1", SEED, at=AT)
    assert said == (
        "— witness.example.com/w1 lpmAzwAAAABqsTuAbh6uC2cHQN0s+Yw8cjpxRxxHTmx59r3iFmtLjBVJzAyNABqROk34ct0kVWDk6xCj"
        "DyOM+vXU7lQZWssM+eIRCw==\n"
    )
    assert str(note.cosigner("witness.example.com/w1", SEED)) == (
        "witness.example.com/w1+969980cf+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
    )


def test_what_follows_is_signed_and_the_signature_holds(witness: Witness) -> None:
    story = Story()
    for old, new in zip(story.sizes, story.sizes[1:], strict=False):
        reply = witness.add(story.request(old, new).body)
        assert reply.status == 200
        whole = note.parse(story.notes[new] + reply.body.encode())
        assert note.check(whole, (witness.verifier, LOG)) == {witness.verifier, LOG}
    assert status(witness, story.request(story.sizes[-1], story.sizes[-1])) == 200  # the same again: a new time


def test_each_refusal_has_the_standards_status(witness: Witness) -> None:
    story, other = Story(), Story(other=True)
    first, second, third = story.sizes[1:4]
    assert status(witness, story.request(0, second)) == 200
    conflict = witness.add(story.request(first, third).body)
    assert (conflict.status, conflict.body, conflict.kind) == (409, f"{second}\n", "text/x.tlog.size")
    assert status(witness, story.request(0, third)) == 409
    assert status(witness, Request(old=third, path=(), note=story.notes[second])) == 400
    assert status(witness, Request(old=second, path=(), note=story.notes[third])) == 422
    wrong = story.request(second, third)
    assert status(witness, Request(old=second, path=(*wrong.path, EMPTY), note=wrong.note)) == 422
    assert status(witness, Request(old=second, path=(), note=signed(second, EMPTY))) == 422  # one size, two roots
    forked = consistency(other.log.tile, other.sizes[2], other.sizes[3])
    assert status(witness, Request(old=second, path=forked, note=other.notes[other.sizes[3]])) == 422
    foreign = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    assert status(witness, Request(old=second, path=(), note=signed(second, EMPTY, key=foreign))) == 403
    assert status(witness, Request(old=second, path=(), note=signed(1000, EMPTY))) == 403  # past that key's end
    assert status(witness, Request(old=0, path=(), note=signed(0, EMPTY, origin="other.example/log"))) == 404
    assert status(witness, wrong) == 200  # nothing of all that moved it


def test_from_nothing_a_proof_is_empty_and_an_empty_log_has_its_root(witness: Witness) -> None:
    story = Story()
    assert status(witness, Request(old=0, path=(EMPTY,), note=story.notes[story.sizes[1]])) == 422
    assert status(witness, Request(old=0, path=(), note=signed(0, b"x" * 32))) == 422
    assert status(witness, story.request(0, 0)) == 200
    assert status(witness, Request(old=0, path=(EMPTY,), note=story.notes[story.sizes[1]])) == 422
    assert status(witness, story.request(0, story.sizes[1])) == 200


HASHED = base64.b64encode(EMPTY)


@pytest.mark.parametrize(
    "head",
    [b"", b"old", b"old x", b"old 05", b"old +5", b"new 5", b"old 5 ", b"old 5\nYR==", b"old 5\n" + HASHED + b"\r",
     b"old 5\n" + b"\n".join([HASHED] * 64), b"old \xd9\xa5", b"old 5\n" + HASHED[:-4], b"old 99999999999999999999"],
)  # fmt: skip
def test_what_is_not_exactly_a_request_is_400(witness: Witness, head: bytes) -> None:
    assert witness.add(head + b"\n\n" + Story().notes[0]).status == 400


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"old 0\n\n", b"old 0\n\nx", b"old 0\n\n" + b"a\n1\n\n\xe2\x80\x94 a b\n"]
)
def test_a_note_out_of_form_is_400(witness: Witness, raw: bytes) -> None:
    assert witness.add(raw).status == 400


def test_a_request_reads_back_as_it_was_made() -> None:
    story = Story()
    made = story.request(story.sizes[2], story.sizes[5])
    assert witnessing.read(made.body) == made
    assert len(made.path) > 0


def test_of_racing_requests_none_takes_a_larger_one_back(witness: Witness, memory: Memory) -> None:
    story = Story()
    assert status(witness, story.request(0, story.sizes[1])) == 200
    requests = [story.request(story.sizes[1], new) for new in story.sizes[2:]] * 8
    start, signed_ = threading.Barrier(len(requests)), []

    def ask(request: Request) -> Reply:
        start.wait()
        return witness.add(request.body)

    with ThreadPoolExecutor(len(requests)) as pool:
        for request, reply in zip(requests, pool.map(ask, requests), strict=True):
            signed_ += [checkpoint.read(request.note).size] if reply.status == 200 else []
    held = memory.last(ORIGIN)
    assert held is not None
    assert signed_ == [held.size]


def test_what_was_signed_is_on_disk_before_it_is_told(
    witness: Witness, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story()
    kept: list[bytes] = []
    under = memory.keep

    def keep(origin: str, raw: bytes) -> None:
        under(origin, raw)
        kept.append(raw)
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(memory, "keep", keep)
    assert status(witness, story.request(0, story.sizes[1])) == 500
    assert kept == [story.notes[story.sizes[1]]]
    assert memory.last(ORIGIN) == checkpoint.read(kept[0])


def test_a_memory_is_begun_on_purpose_and_held_by_one(tmp_path: Path) -> None:
    with pytest.raises(UnsafeStart, match="--begin"):
        Memory(tmp_path / "none")
    Memory.begin(tmp_path / "w")
    with pytest.raises(UnsafeStart, match="already"):
        Memory.begin(tmp_path / "w")
    first = Memory(tmp_path / "w")
    with pytest.raises(UnsafeStart, match="another process"):
        Memory(tmp_path / "w")
    first.close()


def test_a_damaged_memory_signs_nothing(witness: Witness, memory: Memory, tmp_path: Path) -> None:
    story = Story()
    assert status(witness, story.request(0, story.sizes[1])) == 200
    (held,) = (tmp_path / "w").glob("*.checkpoint")
    for damage in (b"", held.read_bytes()[:-1], signed(0, EMPTY, origin="other.example/log")):
        held.write_bytes(damage)
        assert status(witness, story.request(story.sizes[1], story.sizes[2])) == 500
        with pytest.raises(UnsafeStart):
            memory.last(ORIGIN)


def test_a_judgement_needs_a_checkpoint() -> None:
    with pytest.raises(BadNote):
        witnessing.judge(Request(old=0, path=(), note=b"x"), (), lambda _: None)
