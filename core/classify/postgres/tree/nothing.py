"""A change of which a rule leaves nothing: the server's own account of it is an empty list.

PostgreSQL docs 41.4 (rules on INSERT, UPDATE and DELETE): DO INSTEAD NOTHING suppresses the original statement.
"""

from __future__ import annotations

from typing import Final

from core.catalog import Protection, Snapshot
from core.classify.postgres.nouns import Access, Doubted, Parsed, Witnessed
from core.classify.postgres.text.shape import stripped
from core.classify.postgres.tree.agree import disagree, kin, resolved
from core.classify.postgres.tree.aims import named
from core.classify.postgres.tree.read import digest
from core.model import Dialect, Doubt, Fact, Json, Pair, Reading, Verb

EMPTY: Final = "<>"  # src/backend/nodes/outfuncs.c prints NIL so


def nothing(parsed: Parsed, snapshot: Snapshot, protection: Protection) -> Witnessed:
    """Read a change that the server says does nothing; what the parser saw must explain it.

    Raises: Doubted where no rule of the one target does, or a table is closed.
    """
    pairs = resolved(parsed, snapshot)
    targets = [relation for name, relation in pairs if name.target]
    if parsed.access is not Access.WRITE or len(targets) != 1 or not targets[0].rules:
        raise disagree("the server does nothing, and no rule says so")
    closed = next((relation.oid for _, relation in pairs if relation.oid in protection.closed), None)
    if closed is not None or protection.shut:
        raise Doubted(Doubt.CLOSED, protection.shut or protection.closed[closed or targets[0].oid])
    closure = kin((relation.oid for _, relation in pairs), snapshot)
    stamp: dict[str, Json] = {str(oid): snapshot.stamp.get(oid, "") for oid in sorted(closure)}
    tree = digest({"text": repr(stripped(dict(parsed.tree), {})), "stamp": stamp, "tags": protection.version})
    reading = Reading(
        dialect=Dialect.POSTGRES,
        statement=parsed.text,
        text=parsed.text,
        pairs=frozenset(
            Pair(thing=named(relation), verb=verb)
            for name, relation in pairs
            for verb in (name.verbs if name.target else (Verb.READ,))
        ),
        facts=parsed.facts | {Fact.FIRES_RULES},
        tree=tree,
        witnessed=True,
    )
    return Witnessed(reading=reading, closure=closure, index_scans_off=False)
