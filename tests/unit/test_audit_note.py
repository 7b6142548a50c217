"""Signed notes, checkpoints and proofs: a whole vector, and the ways in which verifiers have accepted too much."""

from __future__ import annotations

import base64
import random
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.audit.transparency import checkpoint, note, proofs
from core.audit.transparency.checkpoint import Checkpoint
from core.audit.transparency.note import BadNote
from core.audit.transparency.tree import Edge, edge_root, grow, leaf

ORIGIN = "audit.example.com/assent"
LOG = note.verifier("audit.example.com/assent+2e0e62e4+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
WITNESS = note.verifier("witness.example.com/w1+969980cf+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X")
SEED = bytes(range(32))
LOG_KEY = Ed25519PrivateKey.from_private_bytes(SEED)
ENTRY = b'{"i":3}'
PROOF = """c2sp.org/tlog-proof@v1
index 3
3t8ellaME6WCe7y4TZIK2yHZibXaT2Hea9Bg5SeS2pE=
jXl7tY1h9ngEf9+So5ARexbYcYuVcwOpIxo2z24MX3U=
VAZmcWJr+jVQiIzLFHPW+pMPjB8FUW32AfrPCRRf+CE=

audit.example.com/assent
5
OWzC8+pXpLvOMYsH2CT91q0pLUsT6Q9WrpQRsWTbETY=

— audit.example.com/assent Lg5i5LBjSumHOmOowehTGQQ5YBcp12qNjw1lfn3+eCi20YooezNJhy9FwzkzLjYYjxTcJO7UgpAv7R7q2KtbxBCcZAw=
— witness.example.com/w1 lpmAzwAAAABqsTuAbh6uC2cHQN0s+Yw8cjpxRxxHTmx59r3iFmtLjBVJzAyNABqROk34ct0kVWDk6xCjDyOM+vXU7lQZWssM+eIRCw==
""".encode()  # noqa: E501  # the bytes of the vector
CHECKPOINT = PROOF[PROOF.index(b"\n\n") + 2 :]


def accepts(entry: bytes, proof: bytes) -> bool:
    try:
        checkpoint.prove(entry, proof, LOG, (WITNESS,))
    except ValueError:
        return False
    return True


def test_the_whole_vector_verifies_and_is_what_we_write() -> None:
    assert (len(PROOF), sha256(PROOF).hexdigest()[:16]) == (494, "73ea85120b30b8e2")
    assert checkpoint.prove(ENTRY, PROOF, LOG, (WITNESS,)).size == 5
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    assert note.public(ORIGIN, key) == LOG
    assert str(LOG) == "audit.example.com/assent+2e0e62e4+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    grown, tiles = grow(Edge(), (leaf(b'{"i":%d}' % number) for number in range(5)))
    signed = checkpoint.signed(Checkpoint(origin=ORIGIN, size=5, root=edge_root(grown)), key)
    path = proofs.inclusion(lambda level, index: tiles.get((level, index), b""), 3, 5)
    assert PROOF.startswith(checkpoint.proof(3, path, signed))


def test_consistency_of_the_vectors_tree() -> None:
    _, tiles = grow(Edge(), (leaf(b'{"i":%d}' % number) for number in range(5)))
    path = proofs.consistency(lambda level, index: tiles.get((level, index), b""), 3, 5)
    heads = [base64.b64encode(one).decode()[:8] for one in path]
    assert heads == ["3t8ellaM", "gR+MJClA", "jXl7tY1h", "VAZmcWJr"]


def test_no_flipped_bit_is_accepted() -> None:
    for place in range(len(PROOF) * 8):
        flipped = bytearray(PROOF)
        flipped[place // 8] ^= 1 << (place % 8)
        assert not accepts(ENTRY, bytes(flipped)) or bytes(flipped).count(b"witness") == 0 or unknown(bytes(flipped))
    for place in range(len(ENTRY) * 8):
        entry = bytearray(ENTRY)
        entry[place // 8] ^= 1 << (place % 8)
        assert not accepts(bytes(entry), PROOF)


def unknown(raw: bytes) -> bool:
    """A witness line whose name or key id changed is another's: skipped, as C2SP asks; the log's own must hold."""
    signatures = note.parse(raw[raw.index(b"\n\n") + 2 :]).signatures
    return [(one.name, one.id) for one in signatures] != [(LOG.name, LOG.id), (WITNESS.name, WITNESS.id)]


def test_no_moved_byte_or_line_is_accepted() -> None:
    chance = random.Random(7)  # noqa: S311  # repeatable, no secret
    for _ in range(3000):
        raw, at, to = bytearray(PROOF), chance.randrange(300), chance.randrange(300)
        match chance.randrange(4):
            case 0:
                del raw[at]
            case 1:
                raw.insert(at, raw[at])
            case 2:
                raw.insert(at, chance.randrange(256))
            case _:
                raw[at], raw[to] = raw[to], raw[at]
        assert bytes(raw) == PROOF or not accepts(ENTRY, bytes(raw))
    lines = PROOF.split(b"\n")
    for at in range(len(lines) - 3):
        assert not accepts(ENTRY, b"\n".join(lines[:at] + lines[at + 1 :]))
        assert not accepts(ENTRY, b"\n".join([*lines[: at + 1], lines[at], *lines[at + 1 :]]))


@pytest.mark.parametrize("digits", ["+3", "03", "0_3", " 3", "3 ", "٣", "-3", "3\r"])
def test_only_plain_decimal_numbers_are_read(digits: str) -> None:
    assert not accepts(ENTRY, PROOF.replace(b"index 3\n", f"index {digits}\n".encode()))


@pytest.mark.parametrize("text", ["YR==", "YQ", "YQ==\n", "Y Q==", "YQ=="[::-1], "-_8="])
def test_only_one_spelling_of_base64_is_read(text: str) -> None:
    assert note.unbase64("YQ==") == b"a"
    with pytest.raises(BadNote):
        note.unbase64(text)


@pytest.mark.parametrize(
    "change",
    [
        (b"\n\n", b"\r\n\r\n"),
        (b"audit.example.com/assent\n5", b"audit.example.com/assent\x0b5"),
        (b"audit.example.com/assent\n5", "audit.example.com/assent\u2028 5".encode()),
        (b"\n5\n", b"\n5\n\n"),
        ("— audit".encode(), b"- audit"),
    ],
)
def test_other_line_breaks_and_dashes_are_refused(change: tuple[bytes, bytes]) -> None:
    old, new = change
    raw = CHECKPOINT.replace(old, new, 1)
    assert raw != CHECKPOINT
    with pytest.raises(BadNote):
        checkpoint.trusted(raw, LOG)


def test_a_byte_order_mark_or_a_missing_last_newline_is_refused() -> None:
    for raw in (b"\xef\xbb\xbf" + CHECKPOINT, CHECKPOINT[:-1], CHECKPOINT + b"\n", b"", b"\n\n"):
        with pytest.raises(BadNote):
            checkpoint.trusted(raw, LOG, (WITNESS,))


def test_a_pinned_witness_that_fails_rejects_the_note_though_the_log_signed() -> None:
    lines = CHECKPOINT.decode().split("\n")
    raw = base64.b64decode(lines[5].rsplit(" ", 1)[1])
    lines[5] = lines[5].rsplit(" ", 1)[0] + " " + base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()
    bad = "\n".join(lines).encode()
    assert checkpoint.trusted(bad, LOG).size == 5  # without pinning it, its line is a stranger's
    with pytest.raises(BadNote):
        checkpoint.trusted(bad, LOG, (WITNESS,))


def test_another_key_or_origin_is_not_this_log() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    forged = checkpoint.signed(checkpoint.read(CHECKPOINT), other)
    with pytest.raises(BadNote, match="not signed"):
        checkpoint.trusted(forged, LOG)
    elsewhere = checkpoint.signed(
        replace(checkpoint.read(CHECKPOINT), origin="evil.example"), Ed25519PrivateKey.from_private_bytes(SEED)
    )
    with pytest.raises(BadNote, match="origin"):
        checkpoint.trusted(elsewhere, LOG)


def test_a_rewritten_key_id_is_refused() -> None:
    with pytest.raises(BadNote, match="id"):
        note.verifier(str(LOG).replace("2e0e62e4", "2e0e62e5"))


def test_a_path_too_long_or_too_short_is_refused() -> None:
    lines = PROOF.split(b"\n")
    assert not accepts(ENTRY, b"\n".join([*lines[:5], lines[4], *lines[5:]]))
    assert not accepts(ENTRY, b"\n".join(lines[:4] + lines[5:]))


def test_a_byte_order_mark_is_neither_signed_nor_read() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    with pytest.raises(BadNote, match="byte order mark"):
        note.sign("\ufeffa b\n", ORIGIN, key)
    with pytest.raises(BadNote, match="byte order mark"):
        note.parse(b"\xef\xbb\xbf" + note.sign("a b\n", ORIGIN, key))


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_lines_of_a_checkpoint_end_at_the_newline_alone(mark: str) -> None:
    signed = note.sign(f"{ORIGIN}{mark}5\n{base64.b64encode(b'r' * 32).decode()}\n", ORIGIN, LOG_KEY)
    with pytest.raises(BadNote, match="not a checkpoint"):
        checkpoint.read(signed)


@pytest.mark.parametrize("root", [b"r" * 31, b"r" * 33, b""])
def test_a_root_is_a_hash(root: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    raw = checkpoint.signed(Checkpoint(origin=ORIGIN, size=5, root=root), key)
    with pytest.raises(BadNote, match="hash"):
        checkpoint.trusted(raw, LOG)


@pytest.mark.parametrize("cut", [slice(0, 31), slice(0, 0)])
def test_hashes_of_a_path_are_hashes(cut: slice) -> None:
    head, *path = PROOF.split(b"\n\n")[0].split(b"\n")[1:]
    hashes = [note.unbase64(one.decode()) for one in path]
    assert head == b"index 3"
    with pytest.raises(ValueError, match="32 bytes"):
        proofs.inclusion_root(3, 5, leaf(ENTRY), [*hashes[:1], hashes[1][cut], *hashes[2:]])


def test_at_least_sixteen_signatures_are_read_and_a_flood_is_not() -> None:
    line = "— stranger.example/w " + base64.b64encode(b"k" * 68).decode() + "\n"
    assert checkpoint.trusted(CHECKPOINT + line.encode() * 16, LOG, (WITNESS,)).size == 5
    with pytest.raises(BadNote):
        checkpoint.trusted(CHECKPOINT + line.encode() * 64, LOG)


@pytest.mark.parametrize("character", ["\x00", "\t", "\x0b", "\r", "\x1c", "\x1f"])
def test_no_control_character_is_signed_or_read(character: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    with pytest.raises(BadNote, match="control"):
        note.sign(f"a{character}b\n", ORIGIN, key)
    with pytest.raises(BadNote, match="control"):
        note.parse(note.sign("a b\n", ORIGIN, key).replace(b"a b", f"a{character}b".encode()))
