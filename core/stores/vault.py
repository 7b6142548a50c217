"""How payloads and names are encrypted: zstd, AES-256-GCM under data keys that [keys] secrets wrap. No I/O.

HKDF is RFC 5869 (SHA-256, no salt), key wrapping RFC 3394, so that a shredded data key leaves nothing behind to open.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from core.errors import NotFound, UnsafeStart

KEY: Final = 32
NONCE: Final = 12  # random: 2^32 payloads under one data key stay below NIST SP 800-38D's bound
LARGEST: Final = 64 * 1024 * 1024  # bytes of one payload in clear; a result is capped far below

ENCRYPTION: Final = b"assent/payload-enc/v1"
PLAIN_MAC: Final = b"assent/pt-mac/v1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The store's secrets: 32 bytes each, no two alike; `signing` is an Ed25519 seed."""

    questions: bytes = field(repr=False)
    results: bytes = field(repr=False)
    signing: bytes = field(repr=False)

    def __post_init__(self) -> None:
        held = {"questions": self.questions, "results": self.results, "signing": self.signing}
        for name, secret in held.items():
            if len(secret) != KEY:
                raise UnsafeStart(f"[keys] {name} is {len(secret)} bytes, not 32: make it with a random generator")
        if len(set(held.values())) != len(held):
            raise UnsafeStart("two of [keys] hold the same bytes: give each purpose its own secret")

    def named(self) -> tuple[tuple[str, str], ...]:
        """Name every key by a short MAC, so that a swapped key is seen at start."""
        held = (("questions", self.questions), ("results", self.results), ("signing", self.signing))
        return tuple((name, hmac.new(secret, b"assent/key-id/v1", sha256).hexdigest()[:16]) for name, secret in held)


def derive(secret: bytes, purpose: bytes) -> bytes:
    """Derive a 32-byte subkey (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=purpose).derive(secret)


@final
class DataKey:
    """One data key with its two subkeys; never shown."""

    __slots__ = ("_cipher", "_mac", "_raw", "id")

    def __init__(self, number: int, raw: bytes) -> None:
        self.id = number
        self._raw = raw
        self._cipher = AESGCM(derive(raw, ENCRYPTION))
        self._mac = derive(raw, PLAIN_MAC)

    def mac(self, plain: bytes) -> str:
        """Return the keyed MAC of plain bytes, unlinkable once the key is gone, hex."""
        return hmac.new(self._mac, plain, sha256).hexdigest()

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

    def wrapped(self, wrapping: bytes) -> bytes:
        """Wrap for storage (RFC 3394)."""
        return aes_key_wrap(wrapping, self._raw)


def fresh(number: int) -> DataKey:
    """Make a data key from the system's random generator."""
    return DataKey(number, os.urandom(KEY))


def unwrap(number: int, wrapped: bytes, wrapping: bytes) -> DataKey:
    """Unwrap a stored data key.

    Raises: NotFound when this wrapping key is not the one.
    """
    try:
        return DataKey(number, aes_key_unwrap(wrapping, wrapped))
    except (InvalidUnwrap, ValueError) as error:
        raise NotFound(f"data key {number} does not open under the key of this process") from error


def pack(plain: bytes) -> bytes:
    """Compress; the frame states its size."""
    return zstandard.ZstdCompressor(level=1).compress(plain)


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
