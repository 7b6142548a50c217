"""Every rule that verification can find broken, with the sentence for people; names are stable."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        # bytes and hashes
        "unreadable": "the store's file is no database, or holds rows of another shape",
        "origin": "an Entry or the pinned key belongs to another log",
        "restored": "the log goes on under another name from where it was not, or from what it was not",
        "gap": "sequence numbers are not contiguous",
        "body": "an Entry is not strict JSON in its kind's form",
        "columns": "a column is not what the hashed body says",
        "time": "time went back without a clock.skew Entry",
        "tile": "a stored tile is not the hash of what lies below it",
        "root": "a checkpoint's root is not that of the Entries",
        "checkpoint": "a checkpoint is not of its size or log",
        "signature": "a checkpoint is not signed by a pinned key",
        "key_range": "a checkpoint is signed by a key before or past its time",
        "witness": "a witness's signature under a checkpoint does not hold",
        "copy": "a kept checkpoint is not one of this log",
        "forked": "a checkpoint that was kept elsewhere has another root than the Entries",
        "rolled_back": "a checkpoint that was kept elsewhere covers more Entries than are here",
        "unsigned": "no checkpoint covers Entries, for longer than a signer at work leaves them",
        "truncated": "Entries that were integrated or signed are gone",
        "payload": "a payload's stored bytes are not those an Entry names",
        "payload_missing": "a payload that an Entry names is gone, and no Entry says that its key ended",
        "policy": "a Verdict names a policy that was never in force",
        # Sessions
        "manifest": "a Session's manifest is not that of its Entries",
        "manifest_missing": "a Session was closed without its manifest",
        # slots
        "slot_twice": "a slot was taken twice",
        "no_intent": "an attempt has no INTENT before it",
        "prepared_unapproved": "a statement was prepared that nobody allowed or claimed",
        "prepared_after_outcome": "PREPARED stands after its OUTCOME",
        "prepared_then": "a prepared write ended otherwise than committed, aborted or unknown",
        "prepared_without_outcome": "a prepared attempt has no OUTCOME a minute past its deadline",
        "committed_unprepared": "a write committed without PREPARED",
        "outcome_unapproved": "a statement ran that nobody allowed or claimed",
        "not_abandoned": "a begun write ended without giving up its right to COMMIT in the same unit",
        "attempt_unproven": "an attempt followed one that is not proven without effect",
        "attempt_after_final": "an attempt followed a final OUTCOME",
        "attempt_late": "an attempt ran that began after its approval's end",
        "attempt_differs": "an attempt is not of the same question",
        "attempt_unclaimed": "an attempt followed without the Review's claim",
        "resolved_known": "RESOLVED stands where nothing was unknown, or a second time",
        "closed_then": "a closed Review's Call ended otherwise than denied, expired, revoked or cancelled",
        # Reviews
        "no_review": "a Review's Entry stands before it was opened",
        "opened_twice": "a Review was opened twice, or a Call has two",
        "voted_self": "somebody voted on a Call of their own",
        "voted_twice": "one person voted twice",
        "vote_after_decision": "a Vote stands after the DECISION",
        "approval_of_another": "an approval names another INTENT than its Call's",
        "quorum": "an approval lacks Votes of distinct people",
        "alone_beyond": "one person answered alone what nobody may",
        "looked_self": "who asked, or who answered alone, looked at that answer themselves",
        "looked_at_nothing": "somebody looked at an answer that nobody gave alone, or a second time",
        "use_unapproved": "a Review was used without an approval",
        # grants
        "grant_unapproved": "a grant was given without the Votes that give it, or used though it never was",
        "grant_of_another": "a grant's use is not of the Call, shape or policy that it stands beside",
        "grant_overused": "a grant was used more often, or longer, than it was given, or after its end",
        "grant_rows": "uses of a grant changed or showed more rows than it holds",
        "ticket_ungiven": "a stored result was opened without a ticket for it, a second time, or past its end",
        "closed_without_outcome": "a closed Review's Call has no OUTCOME after a minute",
    }
)
