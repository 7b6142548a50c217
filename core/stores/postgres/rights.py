"""Who may do what in the store, by role: closed tables from which the database's own rights are made.

A process of one role that was taken over can do what stands here and no more: the gateway casts no Vote, the people's
side writes no outcome, the signer alone writes checkpoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.model import EntryKind, State


class Part(StrEnum):
    """The three roles that meet in the store alone."""

    GATEWAY = "gateway"
    PEOPLE = "people"
    SIGNER = "signer"

    @property
    def role(self) -> str:
        """Name of its group role in the database; a login is a member of it."""
        return f"assent_{self.value}"


EVERY: Final = frozenset(Part)
GATEWAY: Final = frozenset({Part.GATEWAY})
PEOPLE: Final = frozenset({Part.PEOPLE})
SIGNER: Final = frozenset({Part.SIGNER})
BOTH: Final = GATEWAY | PEOPLE

# Kind of Entry -> who may append it. What stands here is all that anybody may: a kind that is missing has no writer.
WRITERS: Final[Mapping[EntryKind, frozenset[Part]]] = MappingProxyType(
    {
        EntryKind.INTENT: GATEWAY,
        EntryKind.PREPARED: GATEWAY,
        EntryKind.OUTCOME: GATEWAY,
        EntryKind.RESOLVED: BOTH,  # by later proof, or by what two people said
        EntryKind.ATTACHED: GATEWAY,
        EntryKind.WEIGHED: GATEWAY,
        EntryKind.DISCLOSURE: GATEWAY,
        EntryKind.OPENED: GATEWAY,
        EntryKind.VOTE: PEOPLE,
        EntryKind.DECIDED: PEOPLE,
        EntryKind.REVIEW_EXPIRED: BOTH,
        EntryKind.REVIEW_CANCELLED: BOTH,
        EntryKind.CLAIMED: GATEWAY,
        EntryKind.REVOKED: PEOPLE,
        EntryKind.LAPSED: GATEWAY,
        EntryKind.PERMIT_GIVEN: PEOPLE,
        EntryKind.PERMIT_USED: GATEWAY,
        EntryKind.PERMIT_REVOKED: BOTH,  # a gateway by a block or a change of policy
        EntryKind.STOP: PEOPLE,
        EntryKind.GLASS_CLOSED: PEOPLE,
        EntryKind.SESSION_OPEN: GATEWAY,
        EntryKind.SESSION_CLOSE: GATEWAY,
        EntryKind.SESSION_MANIFEST: EVERY,
        EntryKind.AUTH_DENY: BOTH,
        EntryKind.MINTED: PEOPLE,
        EntryKind.LINK_MADE: PEOPLE,
        EntryKind.LINK_ENDED: PEOPLE,
        EntryKind.POLICY_CHANGE: BOTH,  # a gateway says by which it starts
        EntryKind.CONFIG_CHANGE: BOTH,
        EntryKind.AUDIT_READ: BOTH,
        EntryKind.AUDIT_EXPORT: BOTH,
        EntryKind.TICKET_GIVEN: PEOPLE,
        EntryKind.TICKET_USED: GATEWAY,
        EntryKind.DEGRADED_ENTER: EVERY,
        EntryKind.DEGRADED_EXIT: EVERY,
        EntryKind.CLOCK_SKEW: EVERY,
        EntryKind.SYSTEM_START: EVERY,
        EntryKind.SYSTEM_STOP: EVERY,
        EntryKind.RECOVERY: GATEWAY,
        EntryKind.VERIFY: EVERY,
        EntryKind.ALERT: EVERY,
        EntryKind.KEY_ROTATE: PEOPLE | SIGNER,
        EntryKind.KEY_REVOKE: PEOPLE | SIGNER,
        EntryKind.KEY_REWRAP: BOTH,  # whoever holds both keys
        EntryKind.RESTORED: SIGNER,  # a DBA who restores has every right
        EntryKind.SHRED: BOTH,
        EntryKind.PRUNE: BOTH,
        EntryKind.HOLD_SET: PEOPLE,
        EntryKind.HOLD_RELEASE: PEOPLE,
        EntryKind.BLOCK_SET: PEOPLE,
        EntryKind.BLOCK_RELEASE: PEOPLE,
        EntryKind.ACT_PROPOSED: PEOPLE,
        EntryKind.ACT_DECIDED: PEOPLE,
    }
)

# State of a Review -> who may move one there.
MOVERS: Final[Mapping[State, frozenset[Part]]] = MappingProxyType(
    {
        State.PENDING: frozenset(),  # it begins there
        State.APPROVED: PEOPLE,
        State.DENIED: PEOPLE,
        State.EXPIRED: BOTH,
        State.CANCELLED: BOTH,
        State.REVOKED: PEOPLE,
        State.EXECUTING: GATEWAY,
        State.EXECUTED: BOTH,  # of an indeterminate one by what two people said
        State.FAILED: BOTH,
        State.INDETERMINATE: GATEWAY,
    }
)

# Table -> right, as GRANT names it -> who has it. What no step of theirs needs, nobody has.
GRANTS: Final[Mapping[str, Mapping[str, frozenset[Part]]]] = MappingProxyType(
    {
        "store_version": {"SELECT": EVERY},
        "log_coord": {"SELECT": EVERY, "UPDATE (integrated)": SIGNER},
        "log_entry": {"SELECT": EVERY},
        "log_tile": {"SELECT": EVERY, "INSERT, UPDATE": SIGNER},
        "key_named": {"SELECT, INSERT": EVERY, "UPDATE (state, turned_at)": PEOPLE | SIGNER, "UPDATE (public)": SIGNER},
        "kek": {"SELECT, INSERT, UPDATE (name)": BOTH},
        "log_checkpoint": {"SELECT": EVERY, "INSERT, UPDATE (ts_ms)": SIGNER},
        "log_cosig": {"SELECT": EVERY, "INSERT, UPDATE": SIGNER},
        "log_place": {"SELECT": EVERY, "INSERT, UPDATE": SIGNER},
        "open_calls": {"SELECT": BOTH},
        "reviews": {
            "SELECT, UPDATE (state, version, attach, use_by, stop_wanted)": BOTH,
            "INSERT": GATEWAY,
            # of one that is over, without whom it names: triggers see to it
            "UPDATE (row, asker_directory, asker, owner_directory, owner)": PEOPLE,
        },
        "votes": {"SELECT": BOTH, "INSERT, UPDATE (person, row)": PEOPLE},
        "cards": {"SELECT": BOTH, "INSERT, UPDATE": PEOPLE},
        "breaks": {"SELECT": BOTH, "INSERT, UPDATE (person, closed, told)": PEOPLE},
        "results": {"SELECT": BOTH, "INSERT, UPDATE, DELETE": GATEWAY},
        "budgets": {"SELECT": BOTH, "INSERT, UPDATE, DELETE": GATEWAY},
        "reserved": {"SELECT, INSERT, DELETE": GATEWAY},
        "grants": {"SELECT, UPDATE (ended_at)": BOTH, "INSERT, UPDATE (row)": PEOPLE, "UPDATE (uses, rows)": GATEWAY},
        "granted": {"SELECT": BOTH, "INSERT, UPDATE (rows)": GATEWAY},
        "sessions": {"SELECT": BOTH, "INSERT, UPDATE (last_at, live, ended_at, manifest_at, grown)": GATEWAY},
        "session_calls": {"SELECT": BOTH, "INSERT, DELETE": GATEWAY},
        "custody": {"SELECT, INSERT, UPDATE": BOTH},
        "restored": {"SELECT": BOTH, "UPDATE (open)": PEOPLE},
        "holds": {"SELECT": BOTH, "INSERT, DELETE": PEOPLE},
        "shredding": {"SELECT, INSERT, DELETE": BOTH},
        "shown": {"SELECT, INSERT": BOTH},
        "acts": {"SELECT": BOTH, "INSERT, DELETE": PEOPLE},
        "blocks": {"SELECT": BOTH, "INSERT, DELETE": PEOPLE, "UPDATE (until)": PEOPLE},
        "in_force": {"SELECT, INSERT": BOTH, "UPDATE (version, text)": PEOPLE},  # the first process begins it
        "payload": {"SELECT, INSERT, DELETE": BOTH},
        "dek": {"SELECT, INSERT, UPDATE (wrapped, wrapping)": BOTH},
        "subject": {"SELECT, INSERT, UPDATE": BOTH},
        "applied": {"SELECT, UPDATE": PEOPLE},
        "person": {"SELECT, INSERT, TRUNCATE": PEOPLE},
        "session": {"SELECT, INSERT, UPDATE, TRUNCATE": PEOPLE},
        "shape": {"SELECT, INSERT, UPDATE": PEOPLE},
        "name": {"SELECT, INSERT, TRUNCATE": PEOPLE},
        "pattern": {"SELECT, INSERT, UPDATE, TRUNCATE": PEOPLE},
        "pattern_name": {"SELECT, INSERT, TRUNCATE": PEOPLE},
        "call": {"SELECT, INSERT, UPDATE, TRUNCATE": PEOPLE},
        "sink_cursor": {"SELECT": BOTH, "INSERT, UPDATE": PEOPLE},
        "sink_rejected": {"SELECT, INSERT": PEOPLE},
        "slack_links": {"SELECT, INSERT, DELETE": PEOPLE},
        "ticket": {"SELECT, INSERT, UPDATE (ends), DELETE": PEOPLE},
    }
)

# Table -> command -> who -> which of its rows: row security where a right alone would be too wide.
PURPOSES: Final[Mapping[Part, tuple[str, ...]]] = MappingProxyType(
    {Part.GATEWAY: ("questions", "results", "mask"), Part.PEOPLE: ("questions", "minting"), Part.SIGNER: ("signing",)}
)
