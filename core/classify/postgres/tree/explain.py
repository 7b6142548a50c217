"""EXPLAIN of a read, in our own words: refused where a relation with protected columns is reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from core.catalog import Oid, Protection, Snapshot
from core.classify.postgres.nouns import Doubted, Explained, Parsed, Witnessed
from core.classify.postgres.tree.protected import hidden
from core.classify.postgres.tree.read import digest
from core.model import Doubt, Form

IGNORED: Final = "Of EXPLAIN's options only ANALYZE counts; the plan is shown in Assent's own form."


def explain(
    parsed: Parsed, explained: Explained, inner: Witnessed, snapshot: Snapshot, protection: Protection
) -> Witnessed:
    """Make the Reading of an EXPLAIN from that of its inner text.

    Raises: Doubted where a relation with protected columns is reached: rows, width, cost and join order follow them.
    """
    hot = sorted(snapshot.relations[oid].qualified for oid in inner.closure if guarded(oid, snapshot, protection))
    if hot:
        raise Doubted(Doubt.PROTECTED, f"No plan: {hot[0]} holds protected columns, and plans follow them.")
    options = "ANALYZE, BUFFERS OFF, FORMAT JSON" if explained.analyze else "FORMAT JSON"
    reading = replace(
        inner.reading,
        statement=parsed.text,
        text=f"EXPLAIN ({options}) {explained.inner.text}",
        outputs=(frozenset(),),
        notes=(IGNORED,) if explained.ignored else (),
        tree=digest({"explains": inner.reading.tree or "", "options": options}),
        form=Form.PLAN,
    )
    return replace(inner, reading=reading)


def guarded(oid: Oid, snapshot: Snapshot, protection: Protection) -> bool:
    """Whether a relation of a closure, a masking view left aside, has protected columns."""
    return oid in snapshot.relations and hidden(oid, protection)
