"""Verification of a log in memory: ranges, copies kept elsewhere, rotated keys, manifests, policies."""

from __future__ import annotations

import json
from dataclasses import replace

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.entry import session_open
from core.audit.transparency import checkpoint, note
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import VerifierKey
from core.audit.transparency.tree import Edge, edge_root, grow, leaf
from core.audit.transparency.trust import only, pinned
from core.audit.verification.keys import key_revoke, key_rotate
from core.audit.verification.log import Stored
from core.audit.verification.manifest import Growing, manifest
from core.audit.verification.verify import TOLD, Asked, Result
from core.model import Entry, EntryKind, Json
from tests import entries
from tests.doubles import ORIGIN
from tests.logs import KEY, MemoryLog, report, rules

PUBLIC = note.public(ORIGIN, KEY)
ASKED = Asked(trust=only(PUBLIC))
NEXT = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
NEXT_PUBLIC = note.public(ORIGIN, NEXT)


def calls(number: int) -> list[tuple[Entry, ...]]:
    made = [entries.call_id() for _ in range(number)]
    return [(entries.intent(one), entries.outcome(one)) for one in made]


def log(*, checkpoints: int = 4, each: int = 150) -> MemoryLog:
    made = MemoryLog()
    for _ in range(checkpoints):
        made.append(calls(each)).sign()
    return made


def forged(made: MemoryLog, sequence: int, old: bytes, new: bytes) -> None:
    """Edit a body and make the tree above it anew, without a signature."""
    row = made.rows[sequence]
    assert old in row.body
    made.rows[sequence] = row._replace(body=row.body.replace(old, new))
    made.edge, made.tiles = grow(Edge(), (leaf(one.body) for one in made.rows))


# ---------------------------------------------------------------- ranges


def test_a_whole_log_and_every_range_of_it_hold() -> None:
    made = log()
    whole = report(made, ASKED)
    assert (whole.result, whole.entries, whole.signed, whole.checkpoints) == (Result.OK, 1200, 1200, 4)
    for start, end, read in ((0, 300, 300), (1, 300, 299), (257, 258, 43), (300, 301, 300), (600, None, 600)):
        part = report(made, replace(ASKED, start=start, end=end))
        assert (part.result, part.entries) == (Result.OK, read), (start, end)


def test_a_range_finds_what_was_changed_in_it_and_before_it() -> None:
    made = log()
    forged(made, 401, b'"delivered"', b'"error"')
    for start, end in ((0, None), (301, 500), (450, 500), (700, 800)):
        assert "root" in rules(made, replace(ASKED, start=start, end=end)), (start, end)
    assert rules(made, replace(ASKED, end=200)) == set()


def test_a_range_beyond_the_log_or_over_broken_tiles_is_a_finding() -> None:
    made = log()
    assert rules(made, replace(ASKED, start=5000)) == {"tile", "truncated"}
    size = len(made.rows)
    assert rules(made, replace(ASKED, start=size - 1)) == rules(made, replace(ASKED, end=size)) == set()
    assert rules(made, replace(ASKED, start=size)) == rules(made, replace(ASKED, end=size + 1)) == {"truncated"}
    made.tiles[0, 1] = made.tiles[0, 1][:-32]
    assert "tile" in rules(made, replace(ASKED, start=300))


def test_a_log_without_its_beginning_is_a_finding_whatever_its_tiles_prove() -> None:
    """Entries are kept: docs/decisions/entries-are-kept.md."""
    made = log()
    made.rows = made.rows[256:]
    assert "gap" in rules(made, ASKED)
    del made.tiles[0, 0]
    assert "gap" in rules(made, ASKED)


# ---------------------------------------------------------------- what was kept elsewhere


def test_a_copy_kept_elsewhere_shows_a_log_that_was_cut_back_or_rewritten() -> None:
    made = log()
    copies = tuple(one.note for one in made.notes)
    assert rules(made, replace(ASKED, copies=copies)) == set()
    shorter = MemoryLog()
    shorter.append([]).sign()
    assert rules(shorter, replace(ASKED, copies=copies)) == {"rolled_back"}
    other = log()  # signed by the current key, and other Calls in it
    assert rules(other, replace(ASKED, copies=copies)) == {"forked"}
    assert rules(other, ASKED) == set()


def test_a_copy_that_is_not_of_this_log_is_said_to_be() -> None:
    stranger = MemoryLog(origin="other.example/log")
    assert rules(log(), replace(ASKED, copies=(stranger.sign(), b"", b"x\n\n"))) == {"copy"}


# ---------------------------------------------------------------- keys


def rotated() -> MemoryLog:
    """A log that began under one key, overlapped, and ended under the next."""
    made = log(checkpoints=1)
    made.append([(key_rotate(PUBLIC, NEXT_PUBLIC, size=301),)]).sign(NEXT, KEY)
    made.append(calls(20)).sign(NEXT, KEY)
    made.append([(key_revoke(PUBLIC, size=342, reason="overlap is over"),)]).sign(NEXT)
    made.append(calls(20)).sign(NEXT)
    return made


def test_a_rotated_key_is_followed_by_who_pins_both() -> None:
    trust = pinned(f"{PUBLIC} 0 342\n{NEXT_PUBLIC} 301")
    assert rules(rotated(), Asked(trust=trust)) == set()
    assert report(rotated(), Asked(trust=trust)).result is Result.OK


def test_who_pins_the_first_key_alone_is_told_of_the_next() -> None:
    found = report(rotated(), ASKED)
    assert {finding.rule for finding in found.findings} == {"signature"}
    assert str(NEXT_PUBLIC) in found.findings[0].detail


def test_a_retired_key_signs_nothing_more() -> None:
    made = rotated()
    made.append(calls(1)).sign(KEY)
    assert rules(made, Asked(trust=pinned(f"{PUBLIC} 0 342\n{NEXT_PUBLIC} 301"))) == {"key_range"}
    assert "key_range" in rules(made, ASKED)  # the log itself says that it ended


def test_a_pinned_key_that_the_log_never_announced_is_found() -> None:
    made = log(checkpoints=1)
    made.append(calls(5)).sign(NEXT)
    assert rules(made, Asked(trust=pinned(f"{PUBLIC}\n{NEXT_PUBLIC}"))) == {"key_range"}


def lost(*signers: Ed25519PrivateKey, revoked: bool = True, last: bool = True) -> MemoryLog:
    """A log whose first key was lost: a witness saw 300 Entries, `signers` signed 320, then it was known."""
    made = log(checkpoints=1)
    made.append(calls(10)).sign(*signers)
    made.append([(key_rotate(PUBLIC, NEXT_PUBLIC, size=321),)]).sign(NEXT, KEY)
    if revoked:
        made.append([(key_revoke(PUBLIC, size=301, reason="it is no longer secret"),)])
    if last:
        made.append(calls(2)).sign(NEXT)
    return made


ENDED = Asked(trust=pinned(f"{PUBLIC} 0 301\n{NEXT_PUBLIC} 321"))


def test_what_a_lost_key_signed_before_it_was_known_counts_for_nothing_and_is_no_finding() -> None:
    assert rules(lost(KEY), ENDED) == set()
    assert report(lost(KEY), ENDED).signed == lost(KEY).edge.size
    assert rules(lost(KEY), Asked(trust=pinned(f"{PUBLIC}\n{NEXT_PUBLIC}"))) == set()


def test_what_a_lost_key_signs_is_a_finding_where_the_log_does_not_say_both() -> None:
    assert "key_range" in rules(lost(KEY, revoked=False), ENDED)
    assert "key_range" in rules(lost(KEY, last=False), ENDED)  # nobody else signed further
    after = lost(KEY)
    after.append(calls(1)).sign(KEY)
    assert "key_range" in rules(after, ENDED)  # operators knew
    after.append(calls(1)).sign(NEXT)
    assert "key_range" in rules(after, ENDED)
    forked, another = lost(KEY), Checkpoint(origin=ORIGIN, size=320, root=b"r" * 32)
    forked.notes[1] = replace(forked.notes[1], note=checkpoint.signed(another, KEY))
    assert "key_range" in rules(forked, ENDED)  # another story under it


# ---------------------------------------------------------------- witnesses


def witness_line(raw: bytes, key: Ed25519PrivateKey, name: str, at: int = 1_790_000_000) -> bytes:
    text = note.parse(raw).text
    public = VerifierKey(name=name, kind=note.COSIGNATURE, key=key.public_key().public_bytes_raw())
    signature = key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    return note.line(name, public.id + at.to_bytes(8, "big") + signature).encode()


def test_witnesses_lines_are_checked_and_counted() -> None:
    made, key = log(checkpoints=2), Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    public = VerifierKey(name="w.example/1", kind=note.COSIGNATURE, key=key.public_key().public_bytes_raw())
    trust = pinned(str(PUBLIC), [str(public)])
    last = made.notes[-1]
    made.notes[-1] = replace(last, cosignatures=(witness_line(last.note, key, "w.example/1"),))
    assert report(made, Asked(trust=trust)).witnessed == 600
    assert report(made, ASKED).witnessed == 0  # an unknown witness counts for nothing
    made.notes[-1] = replace(last, cosignatures=(witness_line(made.notes[0].note, key, "w.example/1"),))
    assert rules(made, Asked(trust=trust)) == {"witness"}


# ---------------------------------------------------------------- manifests


def session(number: int, extra: int = 0) -> tuple[MemoryLog, list[tuple[int, bytes]]]:
    """A log with one Session of some Calls, and the members of that Session."""
    made = MemoryLog()
    made.append([(session_open("ses_1", {"ps": "u"}, person=None),), *calls(number)])
    made.append([(Entry(kind=EntryKind.SYSTEM_STOP),)] * extra)
    return made, [(row.sequence, leaf(row.body)) for row in made.rows if row.kind != "system.stop"]


def test_a_manifest_holds_for_exactly_its_sessions_entries() -> None:
    made, members = session(10, extra=3)
    made.append([(manifest("ses_1", Growing.over(members)),)])
    assert rules(made, Asked()) == set()
    # one written before two Calls came in between
    made.append([*calls(2), (manifest("ses_1", Growing.over(members)),)])
    assert rules(made, Asked()) == set()
    made.append([(manifest("ses_1", Growing.over(members[:-1])),)])
    assert rules(made, Asked()) == {"manifest"}


@pytest.mark.parametrize("change", [{"n": 20}, {"root": "00" * 32}, {"first_seq": 1}, {"last_seq": 19}])
def test_a_manifest_that_says_anything_else_is_found(change: dict[str, int | str]) -> None:
    made, members = session(10)
    told = manifest("ses_1", Growing.over(members))
    made.append([(replace(told, body={**told.body, **change}),)])
    assert rules(made, Asked()) == {"manifest"}


def test_a_manifest_of_no_session_and_a_close_without_one_are_found() -> None:
    made, members = session(2)
    made.append([(manifest("ses_2", Growing.over(members)),)])
    assert rules(made, Asked()) == {"manifest"}
    made, members = session(2)
    made.append([(Entry(kind=EntryKind.SESSION_CLOSE, body={"session": "ses_1"}),), *calls(1)])
    assert rules(made, Asked()) == {"manifest_missing"}


# ---------------------------------------------------------------- what was erased, behind a range


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"kind":"payload.shred"}', b'{"kind":"payload.shred","kind":"x"}'])
def test_a_shred_out_of_form_behind_a_range_is_a_finding_and_excuses_nothing(body: bytes) -> None:
    made = MemoryLog()
    named: Json = [{"id": "pay_1", "role": "statement", "ct_sha256": "00", "dek": 7}]
    call = entries.call_id()
    made.append([(entries.intent(call, payloads=named), entries.outcome(call))])
    made.sign()
    made.append([(Entry(kind=EntryKind.SHRED, body={"reason": "age", "deks": [7]}),)])
    assert rules(made, Asked(end=2)) == set()
    made.rows[2] = made.rows[2]._replace(body=body)
    assert rules(made, Asked(end=2)) == {"body", "payload_missing"}


# ---------------------------------------------------------------- policies, caps, shapes of rows


def test_a_verdict_by_a_policy_that_was_never_in_force_is_found() -> None:
    made = MemoryLog().append([(Entry(kind=EntryKind.POLICY_CHANGE, body={"policy": "p1"}),), *calls(2)])
    assert rules(made, Asked()) == set()
    one = entries.call_id()
    made.append([(entries.intent(one, verdict={"action": "allow", "policy": "p2"}), entries.outcome(one))])
    assert rules(made, Asked()) == {"policy"}


def test_of_each_rule_some_are_told_and_all_counted() -> None:
    made = log(checkpoints=1)
    made.rows = [row._replace(ts_ms=row.ts_ms + 1) for row in made.rows]
    found = report(made, ASKED)
    assert (len(found.findings), found.counts) == (TOLD, {"columns": 300})


def test_one_gap_is_one_finding() -> None:
    made = log(checkpoints=1)
    made.rows = made.rows[:10] + made.rows[11:]
    assert report(made, ASKED).counts["gap"] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind":"call.intent"}',
        b"[" * 5000,
        b'{"a":' * 1500,
        b"\xff",
        b'{"v":1,"v":1}',
        orjson.dumps({"kind": "system.stop", "ts": 1.5, "v": 1, "log": ORIGIN, "boot": "b", "unit": "u"}),
        b'{"boot":"b","kind":"system.stop","log":"l","ts":1,"unit":"u","v":1,"x":[{"y":1.5}]}',
        orjson.dumps({"kind": "system.stop", "ts": True, "v": 1, "log": ORIGIN, "boot": "b", "unit": "u"}),
        b'{"kind":"system.stop","ts":99999999999999999999,"v":1,"log":"l","boot":"b","unit":"u"}',
        orjson.dumps({"kind": "no.kind", "ts": 1, "v": 1, "log": ORIGIN, "boot": "b", "unit": "u"}),
        orjson.dumps({"kind": ["x"], "ts": 1, "v": 1, "log": ORIGIN, "boot": "b", "unit": "u"}),
        orjson.dumps({"kind": "system.stop", "ts": 1, "v": 1, "log": ORIGIN, "boot": "b", "unit": "u", "slot": 1}),
    ],
)
def test_a_body_of_any_other_shape_is_a_finding_never_a_traceback(body: bytes) -> None:
    made = log(checkpoints=1, each=2)
    made.rows.append(Stored(4, 1, "system.stop", None, None, None, body))
    made.edge, _ = grow(made.edge, (leaf(body),))
    assert "body" in rules(made, Asked())
    assert edge_root(made.edge) != made.notes[0].root


def test_without_a_pinned_key_a_log_is_no_more_than_self_consistent() -> None:
    made = log()
    assert (report(made, Asked()).result, Result.SELF_CONSISTENT.value) == (Result.SELF_CONSISTENT, 3)
    assert (report(made, ASKED).result, Result.OK.value) == (Result.OK, 0)


def test_entries_that_nobody_signed_are_found_but_for_the_last_minute() -> None:
    made = log().append(calls(10))
    assert rules(made, ASKED) == set()  # a signer may be a moment behind
    late = json.loads(made.rows[-1].body) | {"ts": made.rows[-1].ts_ms + 61_000}
    made.rows[-1] = made.rows[-1]._replace(ts_ms=late["ts"], body=orjson.dumps(late, option=orjson.OPT_SORT_KEYS))
    made.edge, made.tiles = grow(Edge(), (leaf(one.body) for one in made.rows))
    assert "unsigned" in rules(made, ASKED)
    assert "unsigned" not in rules(made, Asked())  # who pins no key is told nothing by signatures
    made.sign()
    assert "unsigned" not in rules(made, ASKED)
    made.notes.clear()
    assert "unsigned" in rules(made, ASKED)
