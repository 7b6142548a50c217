"""How payloads and names are encrypted: zstd, AES-256-GCM under data keys that [keys] secrets wrap. No I/O.

HKDF is RFC 5869 (SHA-256, no salt), key wrapping RFC 3394, so that a shredded data key leaves nothing behind to open.
What is longer than a chunk is sealed chunk by chunk: number and last-flag are authenticated, so that none can be cut
off, moved or left out.
"""

from __future__ import annotations

import hmac
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from core.audit.transparency import note
from core.errors import NotFound, UnsafeStart
from core.identity import minted
from core.ports import Wrapping

MINTING: Final = minted.PURPOSE
KEY: Final = 32
TAG: Final = 16
NONCE: Final = 12  # random: 2^32 payloads under one data key stay below NIST SP 800-38D's bound
LARGEST: Final = 64 * 1024 * 1024  # bytes of one payload in clear, when it is opened
CHUNK: Final = 1024 * 1024  # bytes that one GCM call seals
CAP: Final = 1024 * 1024  # bytes of a result, compressed: what is beyond is counted and hashed, not kept
WORDS: Final = 16 * 1024 * 1024  # bytes of a statement or its parameters in clear; no door lets so many in
SLICE: Final = 64 * 1024  # bytes compressed at once while the cap is watched

ENCRYPTION: Final = b"assent/payload-enc/v1"
PLAIN_MAC: Final = b"assent/pt-mac/v1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The store's secrets: 32 bytes, no two alike; what signs is an Ed25519 seed. b"": not for this process to hold."""

    questions: bytes = field(default=b"", repr=False)
    results: bytes = field(default=b"", repr=False)
    signing: bytes = field(default=b"", repr=False)
    mask: bytes = field(default=b"", repr=False)  # of the Sources' masks; named here so that a swap is seen
    minting: bytes = field(default=b"", repr=False)  # of tokens, where the people's side makes any; likewise
    next: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # by purpose: what takes their place

    def __post_init__(self) -> None:
        held = {f"[keys] {name}": secret for name, secret in self._held()}
        held |= {f"[keys.next] {name}": secret for name, secret in self.next.items()}
        for name, secret in held.items():
            if len(secret) != KEY:
                raise UnsafeStart(f"{name} is {len(secret)} bytes, not 32: make it with a random generator")
        if len(set(held.values())) != len(held):
            raise UnsafeStart("two of [keys] hold the same bytes: give each purpose its own secret")
        if lonely := self.next.keys() - dict(self._held()).keys():
            raise UnsafeStart(f"[keys.next] {min(lonely)} stands without the key whose place it takes: name both")

    def _held(self) -> tuple[tuple[str, bytes], ...]:
        held = (
            ("questions", self.questions),
            ("results", self.results),
            ("signing", self.signing),
            ("mask", self.mask),
            (MINTING, self.minting),
        )
        return tuple((purpose, secret) for purpose, secret in held if secret)

    def named(self) -> tuple[tuple[str, str], ...]:
        """Name every key by a short MAC, so that a swapped key is seen at start."""
        return tuple((purpose, name(secret)) for purpose, secret in self._held())

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Name every key of [keys.next]."""
        return tuple((purpose, name(secret)) for purpose, secret in self.next.items())

    def public(self, origin: str) -> Mapping[str, str]:
        """Give the verifier keys of signing keys by their ids."""
        seeds = [one for one in (self.signing, self.next.get("signing", b"")) if one]
        return {name(one): str(note.public(origin, Ed25519PrivateKey.from_private_bytes(one))) for one in seeds}

    def told(self, origin: str) -> Mapping[str, str]:
        """Give the public half of whatever signs, checkpoints or tokens, by ids: what the store keeps of it."""
        seeds = [one for one in (self.minting, self.next.get(MINTING, b"")) if one]
        minting = {name(one): minted.public(Ed25519PrivateKey.from_private_bytes(one)) for one in seeds}
        return {**self.public(origin), **minting}

    def wrapping(self, *purposes: str) -> Mapping[str, Mapping[str, Wrapping]]:
        """Give what wraps data keys here, by purpose and by id."""
        found: dict[str, dict[str, Wrapping]] = {purpose: {} for purpose in purposes}
        for purpose, secret in (*self._held(), *self.next.items()):
            if purpose in found:
                found[purpose][name(secret)] = LocalKey(secret)
        return found


def name(secret: bytes) -> str:
    """Name a key so that it can be told from another and not be found by its name."""
    return hmac.new(secret, b"assent/key-id/v1", sha256).hexdigest()[:16]


def derive(secret: bytes, purpose: bytes) -> bytes:
    """Derive a 32-byte subkey (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(secret)


@final
class DataKey:
    """One data key with its two subkeys; never shown. `origin` is the log that its payloads are bound to."""

    __slots__ = ("_cipher", "_mac", "_raw", "id", "origin")

    def __init__(self, number: int, raw: bytes, origin: str = "") -> None:
        self.id = number
        self.origin = origin
        self._raw = raw
        self._cipher = AESGCM(derive(raw, ENCRYPTION))
        self._mac = derive(raw, PLAIN_MAC)

    def mac(self, plain: bytes | memoryview) -> str:
        """Return the keyed MAC of plain bytes, unlinkable once the key is gone, hex."""
        return hmac.digest(self._mac, plain, "sha256").hex()

    @property
    def witness(self) -> bytes:
        """The key of `mac` alone: who is given it can check words that they hold, and opens nothing by it."""
        return self._mac

    def subkey(self, purpose: bytes) -> bytes:
        """Derive a key for something else than payloads: of the store's own key alone."""
        return derive(self._raw, purpose)

    def encrypt(self, plain: bytes, bound: bytes, nonce: bytes | None = None) -> tuple[bytes, bytes]:
        """Return (nonce, ciphertext and tag); `bound` is authenticated beside it."""
        chosen = os.urandom(NONCE) if nonce is None else nonce
        return chosen, self._cipher.encrypt(chosen, plain, bound)

    def decrypt(self, nonce: bytes, cipher: bytes, bound: bytes) -> bytes:
        """Decrypt.

        Raises: NotFound when the bytes are not what this key sealed for this place.
        """
        try:
            return self._cipher.decrypt(nonce, cipher, bound)
        except InvalidTag as error:
            raise NotFound("a payload does not open under its key") from error

    def seal(self, plain: bytes, bound: bytes) -> tuple[bytes, bytes]:
        """Encrypt whatever its length: (nonce, ciphertext), or (nothing, chunks with a nonce each)."""
        if len(plain) <= CHUNK:
            return self.encrypt(plain, bound)
        parts = [plain[at : at + CHUNK] for at in range(0, len(plain), CHUNK)]
        numbered = enumerate(parts, 1)
        return b"", b"".join(b"".join(self.encrypt(part, _chunk(bound, n, n == len(parts)))) for n, part in numbered)

    def unseal(self, nonce: bytes, cipher: bytes, bound: bytes) -> bytes:
        """Decrypt what `seal` made.

        Raises: NotFound, also when a chunk is missing, moved or another's.
        """
        if nonce:
            return self.decrypt(nonce, cipher, bound)
        step = NONCE + CHUNK + TAG
        parts = [cipher[at : at + step] for at in range(0, len(cipher), step)]
        if not parts:
            raise NotFound("a payload has no bytes")
        numbered = enumerate(parts, 1)
        opened = (self.decrypt(p[:NONCE], p[NONCE:], _chunk(bound, n, n == len(parts))) for n, p in numbered)
        return b"".join(opened)

    def wrapped(self, wrapping: bytes) -> bytes:
        """Wrap for storage (RFC 3394)."""
        return aes_key_wrap(wrapping, self._raw)


def _chunk(bound: bytes, number: int, last: bool) -> bytes:  # noqa: FBT001  # a flag of the format
    return bound + f"|{number}|{int(last)}".encode()


@final
class LocalKey:
    """The port Wrapping over a secret that this process holds: a file's or the environment's."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @property
    def name(self) -> str:
        """Its id in the store."""
        return name(self._secret)

    async def wrap(self, raw: bytes) -> bytes:
        """Wrap a data key (RFC 3394)."""
        return aes_key_wrap(self._secret, raw)

    async def unwrap(self, wrapped: bytes) -> bytes:
        """Unwrap a data key.

        Raises: NotFound when it was wrapped by another.
        """
        try:
            return aes_key_unwrap(self._secret, wrapped)
        except (InvalidUnwrap, ValueError) as error:
            raise NotFound("a data key does not open under the key of this process") from error


# ---------------------------------------------------------------- compression


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Compressed bytes, and how many clear ones stand in them: fewer than there were when it was cut."""

    content: bytes = field(repr=False)
    kept: int


@final
class Packer(threading.local):
    """A compressor for each thread: to make one costs more than to pack a statement with it."""

    def __init__(self) -> None:
        super().__init__()
        self.compressor: Final = zstandard.ZstdCompressor(level=1)


OWN: Final = Packer()


def pack(plain: bytes | memoryview) -> bytes:
    """Compress; the frame states its size. Level 9 packs 7 % more in seven times the time."""
    return OWN.compressor.compress(plain)


def fit(plain: bytes) -> Packed:
    """Compress as much as the cap holds, of whole lines when it is cut; memory is bounded by the cap."""
    kept = len(plain) if len(plain) <= CAP else _within(plain)
    if kept < len(plain):
        kept = plain.rfind(b"\n", 0, kept) + 1
    return Packed(content=pack(memoryview(plain)[:kept]), kept=kept)


def _within(plain: bytes) -> int:
    """Count the clear bytes after which the compressed ones reach the cap."""
    stream, out = zstandard.ZstdCompressor(level=1).compressobj(), 0
    for at in range(0, min(len(plain), LARGEST), SLICE):
        out += len(stream.compress(memoryview(plain)[at : at + SLICE]))
        out += len(stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
        if out > CAP - SLICE:
            return at
    return min(len(plain), LARGEST)


def unpack(packed: bytes) -> bytes:
    """Decompress a frame of stated and bounded size, and nothing behind it.

    Raises: NotFound for anything else.
    """
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= LARGEST:
            raise NotFound("a payload states no honest size")
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=LARGEST, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise NotFound("a payload does not decompress") from error


def bind(origin: str, name: str, call: str, role: str) -> bytes:
    """Return what is authenticated beside a payload: it opens at its own place only."""
    return f"{origin}|{name}|{call}|{role}".encode()
