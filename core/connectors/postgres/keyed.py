"""Parameters that are ours, behind a Call's own: tokens of look-ups, and the mask keys of a spliced text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core import masking
from core.errors import BadCall

if TYPE_CHECKING:
    from core.catalog import Snapshot
    from core.classify.postgres import Lookup, Pad


def tokens(key: bytes | None, known: Snapshot, lookups: tuple[Lookup, ...], sought: tuple[str, ...]) -> tuple[str, ...]:
    """Make the token of each value that is looked up by; the value itself goes no further.

    Raises: BadCall.
    """
    if key is None:
        raise BadCall("no mask key", public="This source takes no look-ups by token.")
    made = []
    for lookup, value in zip(lookups, sought, strict=True):
        pads = masking.pads(key, lookup.tag, known.system, known.database)
        try:
            made.append(masking.sought(pads, value, lookup.base))
        except ValueError:
            raise BadCall("look-up", public=f"A value looked up in {lookup.column.name} is none of its type.") from None
    return tuple(made)


def bound(secret: bytes | None, needed: tuple[Pad, ...], snapshot: Snapshot) -> tuple[str, ...]:
    """Write mask keys as the content of bytea literals, in the order of their parameters."""
    if secret is None:
        return ()
    made = {pad.tag: masking.pads(secret, pad.tag, snapshot.system, snapshot.database) for pad in needed}
    return tuple(f"\\x{made[pad.tag][pad.outer].hex()}" for pad in needed)
