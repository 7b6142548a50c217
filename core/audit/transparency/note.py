"""C2SP signed notes with Ed25519 signatures and timestamped cosignatures: strict parsing, signing, checking."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04  # C2SP tlog-cosignature: Ed25519 with the time of signing
SIZES: Final = {ED25519: 64, COSIGNATURE: 72}  # bytes after the key id
KEY_BYTES: Final = 32
LINES: Final = 32  # signature lines of a note; C2SP asks verifiers to accept at least 16
BYTES: Final = 65_536
NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)  # int() would take "+5", "05", "1_0" and other digits
NAME: Final = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
DASH: Final = "— "
# RFC 8032 5.1: y of the points of order 1, 2, 4 and 8, whose keys sign anything, and the field's size.
FIELD: Final = 2**255 - 19
SMALL: Final = frozenset(
    {
        0,
        1,
        FIELD - 1,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    }
)


class BadNote(ValueError):
    """A note that is not exactly in form, or a known key's signature that fails."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key under its name: `name+hex(id)+base64(type || key)`."""

    name: str
    kind: int
    key: bytes

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name, newline, type, key) (C2SP signed-note)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line: the blob is what follows the key id."""

    name: str
    id: bytes
    blob: bytes


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A signed text; `text` ends in a newline and is what was signed."""

    text: str
    signatures: tuple[Signature, ...]


def unbase64(text: str) -> bytes:
    """Decode standard base64 and refuse every second spelling of the same bytes (tail bits, white space).

    Raises: BadNote.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise BadNote("not canonical base64")
    return raw


def number(text: str) -> int:
    """Read a decimal number of ASCII digits without sign, blanks or leading zeros.

    Raises: BadNote.
    """
    if NUMBER.fullmatch(text) is None:
        raise BadNote("not a number")
    return int(text)


def verifier(text: str) -> VerifierKey:
    """Read a verifier key.

    Raises: BadNote, also when its id is not that of its bytes.
    """
    name, plus, rest = text.partition("+")
    hexed, second, encoded = rest.partition("+")
    raw = unbase64(encoded)
    if not plus or not second or NAME.fullmatch(name) is None or len(raw) != KEY_BYTES + 1 or raw[0] not in SIZES:
        raise BadNote("not a verifier key")
    key = VerifierKey(name=name, kind=raw[0], key=raw[1:])
    if key.id.hex() != hexed:
        raise BadNote("the key id is not that of the key")
    y = int.from_bytes(key.key, "little") & (2**255 - 1)
    if y >= FIELD or y in SMALL:
        raise BadNote("a key of small order, or not in canonical form")
    return key


def public(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    """Return the verifier key of a signer."""
    return VerifierKey(name=name, kind=ED25519, key=key.public_key().public_bytes_raw())


def sign(text: str, name: str, *keys: Ed25519PrivateKey) -> bytes:
    """Return the note that a signer makes of a text ending in a newline, a line for each of its keys.

    Raises: BadNote for a text that no reader would take back.
    """
    _plain(text)
    lines = [line(name, public(name, key).id + key.sign(text.encode())) for key in keys]
    return f"{text}\n{''.join(lines)}".encode()


def line(name: str, blob: bytes) -> str:
    """Return a signature line; the blob begins with the key id."""
    return f"{DASH}{name} {base64.b64encode(blob).decode()}\n"


def parse(raw: bytes) -> Note:
    """Split a note into its text and signatures; lines end in newline alone (no other break, no BOM).

    Raises: BadNote.
    """
    if len(raw) > BYTES:
        raise BadNote("too long")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadNote("not UTF-8") from error
    at = whole.rfind("\n\n")
    if at < 0 or not whole.endswith("\n"):
        raise BadNote("no signatures")
    text = whole[: at + 1]
    _plain(whole)
    lines = whole[at + 2 :].split("\n")[:-1]
    if not lines or len(lines) > LINES:
        raise BadNote("too few or too many signatures")
    return Note(text=text, signatures=tuple(_signature(line) for line in lines))


def _plain(text: str) -> None:
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise BadNote("control characters")
    if text.startswith("\ufeff"):
        raise BadNote("a byte order mark")


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space or NAME.fullmatch(name) is None:
        raise BadNote("not a signature line")
    raw = unbase64(encoded)
    if len(raw) <= len(b"....") or len(raw) > BYTES:
        raise BadNote("not a signature")
    return Signature(name=name, id=raw[:4], blob=raw[4:])


def check(note: Note, keys: Sequence[VerifierKey]) -> frozenset[VerifierKey]:
    """Return the known keys that signed; unknown names and ids are skipped, a known key that fails rejects the note.

    Raises: BadNote.
    """
    good: set[VerifierKey] = set()
    for signature in note.signatures:
        for key in keys:
            if (key.name, key.id) == (signature.name, signature.id):
                _verify(note.text, signature, key)
                good.add(key)
    return frozenset(good)


def _verify(text: str, signature: Signature, key: VerifierKey) -> None:
    if len(signature.blob) != SIZES[key.kind]:
        raise BadNote("a signature of the wrong length")
    message = text.encode()
    if key.kind == COSIGNATURE:
        message = _timed(text, int.from_bytes(signature.blob[:8], "big"))
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature.blob[-64:], message)
    except InvalidSignature as error:
        raise BadNote(f"the signature of {key.name} does not hold") from error


def cosigner(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    """Return the verifier key of a witness (C2SP tlog-cosignature)."""
    return VerifierKey(name=name, kind=COSIGNATURE, key=key.public_key().public_bytes_raw())


def cosign(text: str, name: str, key: Ed25519PrivateKey, *, at: int) -> str:
    """Return a witness's signature line of a checkpoint's text, with its time in seconds since the epoch."""
    signed = key.sign(_timed(text, at))
    return line(name, cosigner(name, key).id + at.to_bytes(8, "big") + signed)


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
