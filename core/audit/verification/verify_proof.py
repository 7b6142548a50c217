#!/usr/bin/env python3
"""Check without Assent that an Entry stands in a signed log. Only the standard library; read it before you run it.

    python3 verify_proof.py VKEY ENTRY PROOF [WITNESS_VKEY ...] [--session BODIES] [--words FOLDER]

VKEY is the log's public key, from somebody you trust, not from this bundle. ENTRY holds the Entry's exact bytes, PROOF
a c2sp.org/tlog-proof@v1. --session: ENTRY is a session.manifest; BODIES holds the Session's Entries, a line each, and
must be exactly those that the manifest counts. --words: FOLDER holds words that Entries name, ID and ID.key each: the
HMAC-SHA256 of the words with that key is the MAC in the Entry. Exit 0: it holds. Exit 1, and one sentence: it does not.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import sys
from hashlib import sha256, sha512
from pathlib import Path

P = 2**255 - 19  # RFC 8032 section 5.1
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


Point = tuple[int, int, int, int]
Key = tuple[str, bytes, int, bytes]  # name, id, type, key


class Bad(Exception):
    """The proof does not hold; the sentence says why."""


def need(holds: object, sentence: str) -> None:
    """Stop unless it holds. No assert: python -O would take it out."""
    if not holds:
        raise Bad(sentence)


# ---- Ed25519, RFC 8032 section 5.1.7; points in extended coordinates (x, y, z, xy/z)


def add(p: Point, q: Point) -> Point:
    """Add two points of the curve."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, p: Point) -> Point:
    """Add a point to itself n times."""
    total: Point = (0, 1, 1, 0)
    while n:
        total = add(total, p) if n & 1 else total
        p, n = add(p, p), n >> 1
    return total


def point(raw: bytes) -> Point:
    """Decode a point (5.1.3); one spelling only."""
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    need(y < P, "a key is not in canonical form")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    need((x * x - square) % P == 0 and (x or not sign), "a key is no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def encode(p: Point) -> bytes:
    """Encode a point (5.1.2)."""
    z = pow(p[2], P - 2, P)
    return (p[1] * z % P | (p[0] * z % P & 1) << 255).to_bytes(32, "little")


def signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this key signed this message."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    a, base = point(key), point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    need(encode(times(8, a)) != encode((0, 1, 1, 0)), "a key of small order signs anything")
    h = int.from_bytes(sha512(r + key + message).digest(), "little") % L
    minus = (P - a[0], a[1], 1, P - a[3])
    return s < L and encode(add(times(s, base), times(h, minus))) == r


# ---- strict parsing: every text has one reading, every value one spelling


def unbase64(text: str) -> bytes:
    """Decode base64 that encodes back to the same text."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    need(base64.b64encode(raw).decode() == text, "not canonical base64")
    return raw


def number(text: str) -> int:
    """Read ASCII digits: no sign, no blank, no leading zero."""
    need(re.fullmatch("0|[1-9][0-9]{0,18}", text, re.ASCII) is not None, "not a number")
    return int(text)


def verifier(text: str) -> Key:
    """Read NAME+ID+BASE64(TYPE KEY) of C2SP signed-note; the id is computed, not believed."""
    name, _, rest = text.partition("+")
    raw = unbase64(rest[9:])
    need(len(raw) == 33 and raw[0] in (1, 4), "not a key")
    known = sha256(name.encode() + b"\n" + raw).digest()[:4]
    need(bool(name) and rest[:9] == known.hex() + "+", "the id is not that of the key")
    return name, known, raw[0], raw[1:]


def check(note: str, keys: list[Key]) -> tuple[str, set[Key]]:
    """Return the text of a signed note and which keys signed it; a known key that fails rejects it whole."""
    text, _, lines = note.rpartition("\n\n")
    text, found = text + "\n", set[Key]()
    need(note.endswith("\n") and 0 < lines.count("\n") <= 32, "not a signed note")
    for line in lines.split("\n")[:-1]:
        match = re.fullmatch("— ([^\\s+]+) (\\S+)", line)
        if match is None:
            raise Bad("not a signature line")
        blob = unbase64(match[2])
        for name, known, kind, key in keys:
            if (name, known) != (match[1], blob[:4]):
                continue
            need(len(blob) == (68 if kind == 1 else 76), "a signature of the wrong length")
            at = f"cosignature/v1\ntime {int.from_bytes(blob[4:12], 'big')}\n" if kind == 4 else ""
            need(signed(key, blob[-64:], (at + text).encode()), f"the signature of {name} does not hold")
            found.add((name, known, kind, key))
    return text, found


# ---- the tree, RFC 6962 section 2.1 and RFC 9162 section 2.1.3.2


def leaf(entry: bytes) -> bytes:
    """Hash an Entry."""
    return sha256(b"\0" + entry).digest()


def climb(index: int, size: int, hashed: bytes, path: list[bytes]) -> bytes:
    """Return the root that a path leads to."""
    need(0 <= index < size and len(hashed) == 32, "the index lies outside of the log")
    first, last = index, size - 1
    for one in path:
        need(last > 0 and len(one) == 32, "the path is too long, or not of hashes")
        if first & 1 or first == last:
            hashed = sha256(b"\1" + one + hashed).digest()
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            hashed = sha256(b"\1" + hashed + one).digest()
        first, last = first >> 1, last >> 1
    need(last == 0, "the path is too short")
    return hashed


def root(level: list[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    while len(level) > 1:
        pairs = [sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def prove(vkey: str, entry: bytes, proof: bytes, witnesses: list[str]) -> tuple[int, int]:
    """Check one proof; return the size of the log that was signed and how many witnesses signed it."""
    log, others = verifier(vkey), [verifier(one) for one in witnesses]
    need(log[2] == 1 and all(one[2] == 4 for one in others), "a log's key is of type 1, a witness's of type 4")
    whole = proof.decode("utf-8")
    need(not re.search("[\x00-\x09\x0b-\x1f]", whole) and whole[:1] != "\ufeff", "control characters")
    head, _, note = whole.partition("\n\n")
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and 2 <= len(lines) <= 65 and lines[1][:6] == "index ", "not a proof")
    text, found = check(note, [log, *others])
    said = text.split("\n")
    need(len(said) == 4 and said[0] == log[0], "not a checkpoint of this log")
    need(log in found, "not signed by this key")
    size, signed_root = number(said[1]), unbase64(said[2])
    reached = climb(number(lines[1][6:]), size, leaf(entry), [unbase64(line) for line in lines[2:]])
    need(len(signed_root) == 32 and reached == signed_root, "the Entry does not stand in the signed log")
    return size, sum(one in found for one in others)


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Read an object in which no key stands twice: else two readers see two stories."""
    need(len(dict(pairs)) == len(pairs), "a key stands twice")
    return dict(pairs)


def whole_session(manifest: bytes, bodies: bytes) -> int:
    """Check that these are all Entries of a Session, and no others; return how many."""
    said = json.loads(manifest, object_pairs_hook=once)
    lines = bodies.split(b"\n")
    need(said.get("kind") == "session.manifest", "the Entry is no manifest")
    need(lines[-1] == b"" and len(lines) - 1 == said["n"] > 0, "not as many Entries as the manifest counts")
    need(root([leaf(line) for line in lines[:-1]]).hex() == said["root"], "not the Entries of the manifest")
    return len(lines) - 1


def opened(entries: list[bytes], folder: str) -> tuple[int, int]:
    """Check the words in a folder against the Entries that name them; return how many are here, of how many named."""
    named = {}
    for entry in entries:
        for one in json.loads(entry, object_pairs_hook=once).get("payloads", []):
            named[one["id"]] = one
    here = sorted(one.name for one in Path(folder).iterdir())
    need([f"{name}.key" for name in here[::2]] == here[1::2], "not words with a key each")
    for name in here[::2]:
        need(name in named, f"{name} is named by no Entry here")
        with open(f"{folder}/{name}", "rb") as words, open(f"{folder}/{name}.key", "rb") as key:
            content, spelled = words.read(), key.read().decode("ascii")
        need(re.fullmatch("[0-9a-f]{64}", spelled), f"{name}.key is not a key of 32 bytes")
        mac = hmac.new(bytes.fromhex(spelled), content, sha256).hexdigest()
        size = named[name]["kept" if named[name].get("truncated") else "len"]
        need(mac == named[name]["pt_mac"] and len(content) == size, f"{name} is not what its Entry names")
    return len(here) // 2, len(named)


def main(words: list[str]) -> str | None:
    """Read the arguments and the files, as bytes, and say what holds."""
    given = {}
    while words[-2:-1] in (["--session"], ["--words"]):
        *words, option, value = words
        given[option] = value
    bodies, folder = given.get("--session"), given.get("--words")
    if len(words) < 3:
        return __doc__
    try:
        entry, proof = (open(name, "rb").read() for name in words[1:3])
        entries = [entry]
        size, witnessed = prove(words[0], entry, proof, words[3:])
        print(
            f"the Entry stands in the log of {size} that its key signed, and {witnessed} of {len(words[3:])} witnesses"
        )
        if bodies:
            lines = open(bodies, "rb").read()
            print(f"all {whole_session(entry, lines)} Entries of the Session are here, unaltered")
            entries = lines.split(b"\n")[:-1]
        if folder:
            here, named = opened(entries, folder)
            print(f"{here} of {named} payloads that the Entries name are here in clear, unaltered")
    except (Bad, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return f"it does not hold: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
