"""Mask keys: one per tag and database, derived from `[keys] mask`; tokens in Python equal to those of the SQL masks."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from typing import Final

from core.catalog import Oid
from core.masking.masks import INT4, INT8, TEXT, TEXTS, UUID
from core.masking.spread import Spread

BLOCK: Final = 64  # octets of a SHA-256 block: RFC 2104 section 2
SECRET_BYTES: Final = 32
WORD: Final = "assent"  # whose token start-up compares with the database's


def pads(secret: bytes, tag: str, system: str, database: str) -> tuple[bytes, bytes]:
    """Derive the inner and outer pad (RFC 2104) of one tag in one database.

    Equal tags join across tables, different tags and databases do not. HKDF-Expand (RFC 5869) with one block.

    Raises: ValueError for a secret below 32 octets.
    """
    if len(secret) < SECRET_BYTES:
        raise ValueError("the mask key has fewer than 32 octets")
    fields = b"".join(len(part).to_bytes(4, "big") + part for part in map(str.encode, (tag, system, database)))
    key = hmac.digest(secret, b"assent mask 1\0" + fields + b"\x01", "sha256").ljust(BLOCK, b"\0")
    return bytes(octet ^ 0x36 for octet in key), bytes(octet ^ 0x5C for octet in key)


def token(pads: tuple[bytes, bytes], text: str, base: Oid = TEXT) -> str | int:
    """Make the token of a value by its type's canonical text, as `token` masks do in the database.

    Raises: ValueError for a type without tokens.
    """
    inner, outer = pads
    hexed = hashlib.sha256(outer + hashlib.sha256(inner + text.encode()).digest()).hexdigest()
    if base in TEXTS:
        return hexed[:20]
    if base == UUID:
        return str(uuid.UUID(hexed[:32]))
    if base in {INT8, INT4}:
        return int(hexed[: 15 if base == INT8 else 7], 16)
    raise ValueError("this type has no tokens")


def tokened(found: Spread) -> frozenset[str]:
    """Tags that need a key."""
    return frozenset(t.tag for columns in found.tags.values() for t in columns.values() if t.mask == "token")
