"""Bundles from a copy of a store's files: what a Call or a Session is made of, found in the log itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, LiteralString

from core.audit.body import conform, parse
from core.audit.transparency import note
from core.audit.transparency.trust import Trust
from core.audit.verification import bundle
from core.audit.verification.bundle import Piece, Seal, Unprovable
from core.audit.verification.log import StoredCheckpoint
from core.errors import NotFound
from core.model import EntryKind
from core.ports import Opening
from core.stores import rows
from core.stores.sqlite.check import CopiedLog, copied
from core.stores.steps import Steps, ask

SESSION: Final = "ses_"

UNIT: Final = 8  # Entries within which a Call's Review is opened: they stand in one unit

OPENED: Final[LiteralString] = (
    "SELECT scope, body FROM log_entry WHERE kind = 'review.opened' AND seq > $1 AND seq <= $2 ORDER BY seq"
)
NAMING: Final[LiteralString] = (  # what a Session is named in; each is parsed before it counts
    "SELECT seq, body FROM log_entry WHERE kind IN ('session.open', 'session.manifest', 'call.intent')"
    " AND instr(body, CAST($1 AS BLOB)) ORDER BY seq"
)


def prove(
    path: Path,
    name: str,
    trust: Trust,
    policies: Mapping[str, str],
    opened: Callable[[str], Sequence[Opening]] = lambda _: (),
) -> bytes:
    """Make the bundle of a Call or Session out of a copy of a store.

    Raises: NotFound for what is not there or has no manifest yet, UnsafeStart for no store, Unprovable.
    """
    try:
        with copied(path) as log:
            seal = Seal(
                read=log.tile,
                signed=newest(log, trust),
                key=trust.pins[-1].key,
                witnesses=trust.witnesses,
                policies=policies,
                opened=opened,
            )
            return of_session(log, name, seal) if name.startswith(SESSION) else of_call(log, name, seal)
    except Unprovable:
        raise
    except (sqlite3.Error, TypeError, ValueError) as error:
        raise Unprovable(f"{path}: {error}; run assent audit verify") from error


def newest(log: CopiedLog, trust: Trust) -> StoredCheckpoint:
    """Return the last checkpoint; of those that every pinned witness signed, where any is pinned.

    Raises: NotFound, BadNote for a witness's line that does not hold.
    """
    for found in reversed(list(log.checkpoints())):
        signed = note.check(note.parse(found.note + b"".join(found.cosignatures)), trust.witnesses)
        if signed.issuperset(trust.witnesses):
            return found
    raise NotFound("nothing of this log is signed yet" + (" by the named witnesses" if trust.witnesses else ""))


def of_call(log: CopiedLog, call: str, seal: Seal) -> bytes:
    """Make the bundle of a Call."""
    pieces = log.perform(entries(call))
    if not pieces:
        raise NotFound(f"no Entry of {call} is in this log")
    return bundle.of_call(call, pieces, seal)


def of_session(log: CopiedLog, session: str, seal: Seal) -> bytes:
    """Make the bundle of a Session, by the last manifest that is signed.

    Raises: NotFound.
    """
    named = [one for one in log.perform(naming(session)) if parse(one.body).get("session") == session]
    manifest: Piece | None = None
    members: dict[int, Piece] = {}
    for piece in named:
        body = parse(piece.body)
        if body["kind"] == EntryKind.SESSION_MANIFEST:
            manifest = piece if piece.sequence < seal.signed.size else manifest
        elif body["kind"] == EntryKind.SESSION_OPEN:
            members[piece.sequence] = piece
        else:
            members |= {one.sequence: one for one in log.perform(entries(str(conform(body))))}
    if manifest is None:
        raise NotFound(f"{session} has no signed manifest in this log: one is written hourly, and when it ends")
    return bundle.of_session(session, [members[at] for at in sorted(members)], manifest, seal)


def entries(call: str) -> Steps[Sequence[Piece]]:
    """Find the Entries of a Call and of its Review, which stands in the log right behind the Call's INTENT."""
    found = list((yield from ask(rows.SCOPED, call)))
    if found:
        for review, body in (yield from ask(OPENED, found[0][0], found[0][0] + UNIT)):
            if parse(bytes(body)).get("call") == call:
                found += yield from ask(rows.SCOPED, review)
    return [Piece(sequence, bytes(body)) for sequence, body in sorted(found, key=lambda row: int(row[0]))]


def naming(session: str) -> Steps[Sequence[Piece]]:
    """Find where a Session is named."""
    found = yield from ask(NAMING, f'"session":{json.dumps(session)}')
    return [Piece(sequence, bytes(body)) for sequence, body in found]
