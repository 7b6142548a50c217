"""What can be taken back of a change once it is committed: one sentence for people, by what the Reading says."""

from __future__ import annotations

from core.model import JOBS, Fact, Reading, Verb

JOB = "It commits by itself. What a table held before can be read for some days, by the database's time travel."
OUTWARD = (Fact.FIRES_TRIGGERS, Fact.NOT_TRANSACTIONAL)


def undo(reading: Reading) -> str:
    """Say how it can be undone after COMMIT; until then all of it rolls back."""
    if reading.dialect in JOBS:
        return JOB
    said = [sentence(reading)]
    if any(fact in reading.facts for fact in OUTWARD):
        said.append("What code in the database did elsewhere may stay.")
    if Verb.INSERT in reading.verbs:
        said.append("Numbers taken from sequences stay used.")
    return " ".join(said)


def sentence(reading: Reading) -> str:
    """Say what brings the state before it back."""
    verbs = reading.verbs
    if Verb.RUN in verbs:
        return "Only who wrote the procedure can say what brings it back."
    if Verb.DEFINE in verbs:
        return "A definition is taken back by another one; what was dropped is in a backup only."
    if Verb.GRANT in verbs:
        return "Rights are taken back or given again by another statement."
    if Verb.DELETE in verbs:
        return "Deleted rows are in a backup only."
    if Verb.UPDATE in verbs:
        return "The old values are in a backup only."
    return "Delete the rows that it inserts."
