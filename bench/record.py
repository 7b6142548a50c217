"""What the log must say after a run: two Entries for every call that was sent, all of them verified."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import final

from bench.ground import Ground
from core.model import EntryKind
from core.stores.sqlite.check import copied, verify_store


class Miscounted(RuntimeError):
    """The record and the load disagree: the run says nothing."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How the log stood at the end."""

    calls: int
    entries: int
    signed: int


def recorded(ground: Ground, calls: int) -> Record:
    """Verify the closed store with the key it must be signed with, and count; long, so call it in a thread.

    Raises: Miscounted, UnsafeStart when there is no store.
    """
    report = verify_store(ground.store, ground.key)
    if report.findings or not report.pinned:
        raise Miscounted(f"the log does not verify: {[finding.rule for finding in report.findings[:5]]}")
    with copied(ground.store) as log:
        kinds = Counter(entry.kind for entry in log.entries())
    count(kinds, calls)
    return Record(calls=calls, entries=report.entries, signed=report.signed)


def count(kinds: Counter[str], calls: int) -> None:
    """Hold the Entries against the calls: one INTENT and one OUTCOME for each.

    Raises: Miscounted.
    """
    intents, outcomes = kinds[EntryKind.INTENT.value], kinds[EntryKind.OUTCOME.value]
    if not calls == intents == outcomes:
        raise Miscounted(f"{calls} calls were sent, {intents} intents and {outcomes} outcomes are on record")
