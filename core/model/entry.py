"""One record of the Journal, and the slot that makes it the only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeAlias, final

Json: TypeAlias = "None | bool | int | str | Sequence[Json] | Mapping[str, Json]"


class EntryKind(StrEnum):
    """Kinds of Entries; all are required: no setting filters one."""

    INTENT = "call.intent"
    PREPARED = "call.prepared"
    OUTCOME = "call.outcome"
    RESOLVED = "call.resolved"
    ATTACHED = "call.attached"
    WEIGHED = "call.weighed"
    DISCLOSURE = "disclosure.begin"
    OPENED = "review.opened"
    VOTE = "review.vote"
    DECIDED = "review.decided"
    REVIEW_EXPIRED = "review.expired"
    REVIEW_CANCELLED = "review.cancelled"
    CLAIMED = "review.claimed"
    REVOKED = "review.revoked"
    LAPSED = "review.lapsed"
    PERMIT_GIVEN = "permit.given"
    PERMIT_USED = "permit.used"
    PERMIT_REVOKED = "permit.revoked"
    STOP = "review.stop"
    GLASS_CLOSED = "breakglass.closed"
    SESSION_OPEN = "session.open"
    SESSION_CLOSE = "session.close"
    SESSION_MANIFEST = "session.manifest"
    AUTH_DENY = "auth.deny"
    MINTED = "token.minted"
    LINK_MADE = "link.made"
    LINK_ENDED = "link.ended"
    POLICY_CHANGE = "policy.change"
    CONFIG_CHANGE = "config.change"
    AUDIT_READ = "audit.read"
    AUDIT_EXPORT = "audit.export"
    TICKET_GIVEN = "ticket.given"
    TICKET_USED = "ticket.used"
    DEGRADED_ENTER = "audit.degraded.enter"
    DEGRADED_EXIT = "audit.degraded.exit"
    CLOCK_SKEW = "clock.skew"
    SYSTEM_START = "system.start"
    SYSTEM_STOP = "system.stop"
    RECOVERY = "recovery.run"
    VERIFY = "verify.run"
    ALERT = "alert.raised"
    KEY_ROTATE = "key.rotate"
    KEY_REVOKE = "key.revoke"
    KEY_REWRAP = "key.rewrap"
    RESTORED = "log.restored"
    SHRED = "payload.shred"
    PRUNE = "retention.prune"
    HOLD_SET = "hold.set"
    HOLD_RELEASE = "hold.release"
    BLOCK_SET = "block.set"
    BLOCK_RELEASE = "block.release"
    ACT_PROPOSED = "act.proposed"
    ACT_DECIDED = "act.decided"


class Slot(IntEnum):
    """The one arbiter of exactly-once: (scope, attempt, slot) is unique, first writer wins."""

    INTENT = 0
    PREPARED = 1  # of a Call
    DECISION = 1  # of a Review, of an Act, of a Grant or a ticket that is given (attempt 0)
    OUTCOME = 2  # of a Call
    USE = 2  # of a Review or a ticket (attempt 0), of a Grant: its n-th (attempt n), or its end (attempt 0)
    RESOLVED = 3


class Outcome(StrEnum):
    """What became of one attempt."""

    COMMITTED = "committed"
    ABORTED = "aborted"
    DELIVERED = "delivered"
    PARTLY_DELIVERED = "partly_delivered"
    REFUSED = "refused"
    DENIED = "denied"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    ERROR = "error"
    NOT_EXECUTED = "not_executed"
    NOT_DELIVERED = "not_delivered"
    UNKNOWN = "unknown"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of the Journal before it is sealed; the store adds log, time, boot and unit. Made by `core.audit`."""

    kind: EntryKind
    scope: str | None = None  # id of a call, review, act or grant; of a ticket its digest
    attempt: int | None = None
    slot: Slot | None = None
    body: Mapping[str, Json] = field(default_factory=dict)
