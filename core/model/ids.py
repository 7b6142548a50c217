"""Names of what is kept: of the same text underneath, and never one in another's place."""

from __future__ import annotations

import secrets
from typing import Final, NewType

BASE32: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 8  # RFC 4648 section 6; each letter for eight bytes
ID_LETTERS: Final = 26  # 130 random bits, beyond the 128 that make an id unguessable

CallId = NewType("CallId", str)  # call_ and 26 letters of RFC 4648 base32: 130 random bits
ReviewId = NewType("ReviewId", str)  # rev_…
SessionId = NewType("SessionId", str)  # ses_…
PayloadId = NewType("PayloadId", str)  # pay_…
ActId = NewType("ActId", str)  # act_…
GrantId = NewType("GrantId", str)  # gr_…
Digest = NewType("Digest", str)  # SHA-256, 64 lower-case hex digits
Door = NewType("Door", str)  # where a Call came in: a word of that door's own code


def letters() -> str:
    """Draw the 26 letters of an id, in upper case."""
    return secrets.token_bytes(ID_LETTERS).translate(BASE32).decode("ascii")
