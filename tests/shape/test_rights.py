"""The tables of rights are whole: a new kind of Entry or state says at once whose it is in the store."""

from __future__ import annotations

from core.audit.entry import FORMS
from core.model import EntryKind, State
from core.stores.postgres.rights import GRANTS, MOVERS, WRITERS, Part


def test_every_kind_of_entry_has_a_writer_and_every_state_a_mover() -> None:
    assert set(WRITERS) == set(EntryKind) == set(FORMS)
    assert [kind for kind, parts in WRITERS.items() if not parts] == []
    assert set(MOVERS) == set(State)


def test_the_rights_part_the_gateway_from_votes_people_from_outcomes_and_both_from_the_signer() -> None:
    """threats 24, 25: said once more in words, so that a table that was changed in passing is seen."""
    of = {part: {kind for kind, parts in WRITERS.items() if part in parts} for part in Part}
    runs = {EntryKind.INTENT, EntryKind.PREPARED, EntryKind.OUTCOME, EntryKind.CLAIMED, EntryKind.DISCLOSURE}
    says = {EntryKind.VOTE, EntryKind.DECIDED, EntryKind.REVOKED}
    assert runs <= of[Part.GATEWAY]
    assert says <= of[Part.PEOPLE]
    assert not runs & (of[Part.PEOPLE] | of[Part.SIGNER])
    assert not says & (of[Part.GATEWAY] | of[Part.SIGNER])
    assert {right for right, parts in GRANTS["log_checkpoint"].items() if Part.GATEWAY in parts} == {"SELECT"}
    assert MOVERS[State.APPROVED] == frozenset({Part.PEOPLE})


def test_the_writers_of_what_is_in_force_and_of_blocks_are_named() -> None:
    """threats 25: a gateway that was taken over stops nobody, releases nobody and puts no policy in force."""
    both, people = frozenset({Part.GATEWAY, Part.PEOPLE}), frozenset({Part.PEOPLE})
    assert GRANTS["blocks"] == {"SELECT": both, "INSERT, DELETE": people, "UPDATE (until)": people}
    assert GRANTS["in_force"] == {"SELECT, INSERT": both, "UPDATE (version, text)": people}  # the first one begins it
    assert GRANTS["restored"] == {"SELECT": both, "UPDATE (open)": people}


def test_the_peoples_side_alone_reads_and_writes_links() -> None:
    """threats 16: who could write one, could vote."""
    assert set(GRANTS["slack_links"].values()) == {frozenset({Part.PEOPLE})}
    assert WRITERS[EntryKind.LINK_MADE] == WRITERS[EntryKind.LINK_ENDED] == frozenset({Part.PEOPLE})
