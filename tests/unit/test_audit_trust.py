"""Whose signature counts, and for which sizes: pinned ranges, keys that the log announces, keys that it revokes."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.body import Body
from core.audit.entry import seal
from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.audit.transparency.tree import EMPTY
from core.audit.transparency.trust import OutOfRange, only, pinned
from core.audit.verification.keys import Announced, key_revoke, key_rotate
from core.model import Entry

ORIGIN = "a.example/assent"
OLD, NEW = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
OLD_KEY, NEW_KEY = note.public(ORIGIN, OLD), note.public(ORIGIN, NEW)


def signed(size: int, *keys: Ed25519PrivateKey) -> bytes:
    return checkpoint.signed(Checkpoint(origin=ORIGIN, size=size, root=EMPTY), *keys)


def body(entry: Entry) -> Body:
    made: Body = orjson.loads(seal(entry, ts_ms=1, log=ORIGIN, boot="b", unit="u"))
    return made


def test_a_key_counts_within_its_range_and_not_beside_it() -> None:
    trust = pinned(f"# rotated in May\n{OLD_KEY} 0 100\n{NEW_KEY} 80\n")
    assert trust.read(signed(79, OLD))[1] == {OLD_KEY}
    assert trust.read(signed(90, OLD, NEW))[1] == {OLD_KEY, NEW_KEY}
    assert trust.read(signed(100, NEW))[1] == {NEW_KEY}
    for size, keys in ((100, (OLD,)), (79, (NEW,)), (100, (OLD, NEW))):
        with pytest.raises(OutOfRange):
            trust.read(signed(size, *keys))


def test_a_key_that_is_not_pinned_signs_nothing() -> None:
    claimed = f"no pinned key but, as it says itself, by {NEW_KEY.name}+{NEW_KEY.id.hex()}"
    with pytest.raises(BadNote, match=re.escape(claimed)):
        only(OLD_KEY).read(signed(5, NEW))
    assert only(OLD_KEY).read(signed(5, NEW, OLD))[0].size == 5


@pytest.mark.parametrize(
    "text",
    ["", "# nothing", f"{OLD_KEY} 1 2 3", f"{OLD_KEY} -1", f"{OLD_KEY} 01", str(OLD_KEY)[:-1], "x", "\x00"],
)
def test_what_is_no_trust_file_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        pinned(text)


def test_keys_of_two_logs_are_not_pinned_together() -> None:
    other = note.public("other.example", NEW)
    with pytest.raises(BadNote, match="one log"):
        pinned(f"{OLD_KEY}\n{other}")


def test_a_logs_key_is_no_witnesses() -> None:
    with pytest.raises(BadNote, match="witness"):
        pinned(str(OLD_KEY), [str(NEW_KEY)])


def test_a_second_key_signs_only_what_follows_its_announcement() -> None:
    announced = Announced()
    assert list(announced.take(10, body(key_rotate(OLD_KEY, NEW_KEY, size=12)))) == []
    announced.check(13, frozenset({OLD_KEY, NEW_KEY}), OLD_KEY)
    for size in (9, 10, 11):
        with pytest.raises(OutOfRange, match="announce"):
            announced.check(size, frozenset({NEW_KEY}), OLD_KEY)
    assert str(NEW_KEY) in announced.hint()


def test_a_revoked_key_signs_nothing_from_there_on() -> None:
    announced = Announced()
    assert list(announced.take(10, body(key_revoke(OLD_KEY, size=20, reason="overlap is over")))) == []
    announced.check(19, frozenset({OLD_KEY}), OLD_KEY)
    with pytest.raises(OutOfRange, match="revoked"):
        announced.check(20, frozenset({OLD_KEY}), OLD_KEY)


def test_kept_checkpoints_are_one_note_or_lines(tmp_path: Path) -> None:
    one = signed(5, OLD)
    lines = b"".join(orjson.dumps({"at": 1, "checkpoint": one.decode()}) + b"\n" for _ in range(2))
    assert checkpoint.kept(one) == (one,)
    assert checkpoint.kept(lines) == (one, one)
    for bad in (b"{", b"{}\n", b'{"checkpoint": 1', b"[]"):
        with pytest.raises(BadNote):
            checkpoint.read(checkpoint.kept(bad)[0])
