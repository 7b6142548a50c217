"""Who may decide a Review, and from when: members, those who follow them, and who answers alone in an emergency; pure.

Both sides ask here: the people's side at each Vote, the gateway when it counts them again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from core.model import Json, Review, Verb
from core.ports import Roll

REMIND: Final = 1 / 3  # of a Review's time, after which who may decide is reminded
FOLLOW: Final = 2 / 3  # after which the group that follows may decide as well
# What break-glass may open, and nothing else: shape, rights and code outlive the statement.
BREAKABLE: Final = frozenset(verb.value for verb in (Verb.READ, Verb.INSERT, Verb.UPDATE, Verb.DELETE))


def mark(review: Review, part: float) -> datetime:
    """Return when so much of a Review's time has passed."""
    return review.opened_at + (review.expires_at - review.opened_at) * part


def members(roll: Roll, review: Review, group: str, at: datetime) -> frozenset[str]:
    """Give who may fill a seat of a group at an instant: its own members, and from FOLLOW on those who follow it."""
    own = roll.groups.get(group, frozenset())
    following = roll.following.get(group, "")
    return own | roll.groups.get(following, frozenset()) if at >= mark(review, FOLLOW) else own


def asked(roll: Roll, review: Review, at: datetime) -> Mapping[str, frozenset[str]]:
    """Give who may fill a seat of each group that a Review asks, at an instant."""
    return {seat.group: members(roll, review, seat.group, at) for seat in review.seats}


def opens(roll: Roll, review: Review, intent: Mapping[str, Json]) -> bool:
    """Whether one named person may answer a Review alone; what its INTENT does not say plainly, nobody opens.

    Never what asks two people, never a tag owner's seat or a raw value, never more than reading and changing rows.
    """
    seats = review.seats
    if not roll.breakers or sum(seat.count for seat in seats) != 1 or any(seat.group in roll.owners for seat in seats):
        return False
    verbs, verdict = _part(intent, "reading").get("verbs"), _part(intent, "verdict")
    if intent.get("shortened") or verdict.get("unmasked") or not isinstance(verbs, Sequence) or isinstance(verbs, str):
        return False
    return bool(verbs) and BREAKABLE.issuperset(map(str, verbs))


def _part(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}
