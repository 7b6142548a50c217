"""The tables of rights are whole: a new kind of Entry or state says at once whose it is in the store."""

from __future__ import annotations

from core.audit.entry import FORMS
from core.model import EntryKind, State
from core.stores.postgres.rights import MOVERS, WRITERS


def test_every_kind_of_entry_has_a_writer_and_every_state_a_mover() -> None:
    assert set(WRITERS) == set(EntryKind) == set(FORMS)
    assert [kind for kind, parts in WRITERS.items() if not parts] == []
    assert set(MOVERS) == set(State)
