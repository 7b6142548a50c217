"""What tokens of a BigQuery Source are made with: a keyset that a key of Cloud KMS wraps.

BigQuery has no HMAC, and a key in a parameter would be kept with its job. The wrapped keyset stands in the text of each
job, and is worthless without the right to have that KMS key decrypt for a query: the reading account's alone.
https://cloud.google.com/bigquery/docs/reference/standard-sql/aead_encryption_functions#keyskeyset_chain
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final, final

PART: Final = r"[A-Za-z0-9._:-]+"
KEY: Final = re.compile(rf"gcp-kms://projects/{PART}/locations/{PART}/keyRings/{PART}/cryptoKeys/{PART}", re.ASCII)
MOST: Final = 8192  # bytes: it stands in every text that makes a token


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Keyset:
    """A wrapped keyset and the KMS key that unwraps it."""

    key: str
    wrapped: bytes = field(repr=False)

    @property
    def chain(self) -> str:
        """Write it as GoogleSQL takes it: literals, which is all that the function accepts."""
        octets = "".join(f"\\x{octet:02x}" for octet in self.wrapped)
        return f"KEYS.KEYSET_CHAIN('{self.key}', b'{octets}')"


def keyset(key: str, written: str) -> Keyset:
    """Read a KMS key's name and a wrapped keyset in base64.

    Raises: ValueError, with what is wrong.
    """
    if not KEY.fullmatch(key):
        raise ValueError("a key is gcp-kms://projects/P/locations/L/keyRings/R/cryptoKeys/K")
    try:
        wrapped = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a wrapped keyset is written in base64") from None
    if not 0 < len(wrapped) <= MOST:
        raise ValueError(f"a wrapped keyset has at most {MOST} bytes")
    return Keyset(key=key, wrapped=wrapped)
