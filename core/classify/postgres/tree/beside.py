"""What happens besides what a statement says, in words for people: triggers, rules, keys, publications by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.catalog import Hook, Oid, Reference, Relation, Snapshot, Trigger
from core.classify.postgres.nouns import Fallen
from core.model import Verb

CARRIED: Final = {Verb.DELETE: "deletes rows of", Verb.UPDATE: "updates rows of"}


def code(oid: Oid, snapshot: Snapshot) -> str:
    """Name a routine with what matters of it: "care.log_change() (plpgsql, SECURITY DEFINER)"."""
    routine = snapshot.routines.get(oid)
    if routine is None:
        return "unknown code"
    definer = ", SECURITY DEFINER" if routine.definer else ""
    return f"{routine.identity} ({routine.language}{definer})"


def trigger(relation: Relation, fired: Trigger, snapshot: Snapshot) -> str:
    """Say which trigger runs what."""
    return f"trigger {fired.name} on {relation.qualified} runs {code(fired.function, snapshot)}"


def attached(relation: Relation, oid: Oid, snapshot: Snapshot) -> str:
    """Say which code runs on the rows of a table without any trigger."""
    return f"rows of {relation.qualified} run {code(oid, snapshot)}"


def rules(relation: Relation) -> str:
    """Say that rewrite rules add to it."""
    return f"rewrite rules of {relation.qualified} add statements of their own"


def carried(reference: Reference, verb: Verb, snapshot: Snapshot) -> str:
    """Say where a foreign key carries a change."""
    child = snapshot.relations.get(reference.child)
    name = "another table" if child is None else child.qualified
    return f"foreign key {reference.name} {CARRIED[verb]} {name}"


def published(relation: Relation) -> Iterator[str]:
    """Say by which publications a change leaves the database."""
    for name in relation.published:
        yield f"changes of {relation.qualified} leave the database by publication {name}"


def hooked(hook: Hook, snapshot: Snapshot) -> str:
    """Say which event trigger runs what."""
    return f"event trigger {hook.name} ({hook.event}) runs {code(hook.function, snapshot)}"


def fallen(listed: tuple[Fallen, ...]) -> Iterator[str]:
    """Say what a CASCADE takes along."""
    for each in listed:
        if each.apart and not each.named:
            yield f"{each.kind} {each.identity} goes with it"
