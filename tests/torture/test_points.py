"""A crowd dies at every durable step of what it does: what a unit may hold is a crash point, or said not to be one."""

from __future__ import annotations

from typing import Final, get_args

from core.model import EntryKind
from core.ports import Change
from tests.torture.doomed import GATEWAY, PEOPLE

# Stand in one unit with a point that is named.
BESIDE: Final = {
    "OpenReview": "review.opened",
    "CastVote": "review.vote",
    "MoveReview": "review.decided",
    "GiveGrant": "permit.given",
    "UseGrant": "permit.used",
    "EndGrant": "permit.revoked",
    "CloseGlass": "breakglass.closed",
    "review.stop": "WantStop",
    "alert.raised": "BreakGlass",
}
# Other rooms' acts, which have trials of their own (tests/contract, tests/integration, tests/replicas, tests/disk).
ELSEWHERE: Final = frozenset(
    {
        *("Reserve", "Settle", "HandResult", "DropResult", "call.resolved", "call.attached", "call.weighed"),
        *("disclosure.begin", "review.cancelled", "review.lapsed", "recovery.run", "clock.skew"),
        *("SetPolicy", "SetTerms", "SetBlock", "EndBlock", "ProposeAct", "DecideAct", "OpenStore", "Forget", "Shred"),
        "Shredded",
        *("SetHold", "ReleaseHold", "SetLink", "EndLink", "TurnKey", "RetireKey"),
        *("policy.change", "config.change", "block.set", "block.release", "act.proposed", "act.decided"),
        *("payload.shred", "retention.prune", "hold.set", "hold.release", "link.made", "link.ended"),
        *("key.rotate", "key.revoke", "key.rewrap", "log.restored", "audit.read", "audit.export", "verify.run"),
        *("audit.degraded.enter", "audit.degraded.exit", "auth.deny", "token.minted", "ticket.given", "ticket.used"),
        *("session.open", "session.close", "session.manifest", "system.start", "system.stop"),
    }
)


def test_whatever_a_unit_may_hold_is_a_crash_point_or_said_not_to_be_one() -> None:
    held = {kind.value for kind in EntryKind} | {change.__name__ for change in get_args(Change)}
    points = {*GATEWAY, *PEOPLE}
    assert held - points - BESIDE.keys() - ELSEWHERE == set()
    assert points | BESIDE.keys() | ELSEWHERE == held
    assert set(BESIDE.values()) <= points
    assert not points & (BESIDE.keys() | ELSEWHERE)
