"""What the rules of the log read of an INTENT: what was decided, and what the statement would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.audit.body import Body, part
from core.entitled import BREAKABLE
from core.model import JOBS, Fact, Json, Verb

READS: Final[Json] = [Verb.READ.value]
PROTECTING: Final = frozenset(
    {
        Fact.PREDICATE_ON_PROTECTED.value,
        Fact.ASSIGNS_PROTECTED.value,
        Fact.COPIES_PROTECTED.value,
        Fact.TELLS_OF_PROTECTED.value,
    }
)


def action(intent: Body) -> Json:
    """Return what the policy said of an INTENT."""
    return part(intent, "verdict").get("action")


def breakable(intent: Body) -> bool:
    """Whether one person may answer alone: of one seat, to read or change rows, and no raw value is shown."""
    verdict, verbs = part(intent, "verdict"), part(intent, "reading").get("verbs")
    counts = list(part(verdict, "seats").values())
    named = verbs if isinstance(verbs, Sequence) and not isinstance(verbs, str) else ()
    plain = bool(named) and BREAKABLE.issuperset(map(str, named))
    return counts == [1] and plain and not verdict.get("unmasked") and not intent.get("shortened")


def protected(intent: Body) -> bool:
    """Whether a protected column was read: masked at the source, searched for personal data, or found by reading.

    An INTENT that was cut short counts as one: the name that says so may be among what was lost.
    """
    facts = part(intent, "reading").get("facts")
    named = facts if isinstance(facts, Sequence) and not isinstance(facts, str) else ()
    verdict = part(intent, "verdict")
    marked = verdict.get("masked") or verdict.get("unmasked") or verdict.get("searched") or intent.get("shortened")
    return bool(marked) or not PROTECTING.isdisjoint(map(str, named))


def guarded(intent: Body) -> bool:
    """Whether PREPARED stands before what lasts: a write, or anything where a job runs it."""
    return wrote(intent) or jobs(intent)


def jobs(intent: Body) -> bool:
    """Whether a job runs it."""
    return part(intent, "source").get("dialect") in JOBS


def wrote(intent: Body) -> bool:
    """Whether an INTENT's Reading is more than a read."""
    return part(intent, "reading").get("verbs") != READS
