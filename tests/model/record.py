"""A state of the model as the Entries that a store would hold: what ties the model to the product's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.model import CallId, Entry, EntryKind, Json, Slot
from core.ports import Sealed
from tests import entries
from tests.model.world import MORE, Flow, Take, World

ORDER: Final = ("opened", "decision", "use", "prepared", "outcome", "resolved")
KINDS: Final = {
    "approved": EntryKind.DECIDED,
    "denied": EntryKind.DECIDED,
    "expired": EntryKind.REVIEW_EXPIRED,
    "cancelled": EntryKind.REVIEW_CANCELLED,
    "claimed": EntryKind.CLAIMED,
    "revoked": EntryKind.REVOKED,
    "lapsed": EntryKind.LAPSED,
}


@dataclass(frozen=True)
class Names:
    """A Call and its Review."""

    call: CallId
    review: str


NAMES: Final = Names(CallId("call_" + "A" * 26), "rev_" + "A" * 26)


def sealed(world: World, flow: Flow) -> list[Sealed]:
    """Return the Entries of a state, in an order that its slots allow."""
    takes = sorted(world.log, key=lambda one: (one.attempt, ORDER.index(one.slot) if one.slot in ORDER else -1))
    first = [one for one in takes if (one.slot, one.attempt) == ("intent", 1)]
    rest = [one for one in takes if one not in first]
    made = [entry(one, flow) for one in (*first, *rest)]
    return [
        Sealed(sequence=n, leaf="", body={**one.body, "kind": one.kind.value, "attempt": one.attempt, "slot": one.slot})
        for n, one in enumerate(made)
    ]


def entry(take: Take, flow: Flow, names: Names = NAMES) -> Entry:
    """Return the Entry that takes a slot."""
    word = take.word.removesuffix(MORE)
    match take.slot:
        case "opened":
            return Entry(kind=EntryKind.OPENED, scope=names.review, body={"call": names.call, "digest": "d"})
        case "decision" | "use":
            slot = Slot.DECISION if take.slot == "decision" else Slot.USE
            said: dict[str, Json] = {"call": names.call, "decision": word, "intent_leaf": "", "deadline": 0}
            return Entry(kind=KINDS[word], scope=names.review, attempt=0, slot=slot, body=said)
        case "intent":
            action, verb = "ask" if flow.ask else "allow", "update" if flow.write else "read"
            return entries.intent(names.call, attempt=take.attempt, action=action, verbs=(verb,))
        case "prepared":
            return entries.prepared(
                names.call, "abandoned" if word == "abandoned" else "prepared", attempt=take.attempt
            )
        case _:
            return ended(take, names)


def ended(take: Take, names: Names) -> Entry:
    """Return an OUTCOME, which says so when it is not final, or a RESOLVED."""
    more: dict[str, Json] = {"final": False} if take.word.endswith(MORE) else {}
    kind, slot = (EntryKind.OUTCOME, Slot.OUTCOME) if take.slot == "outcome" else (EntryKind.RESOLVED, Slot.RESOLVED)
    body = {"outcome": take.word.removesuffix(MORE), **more}
    return Entry(kind=kind, scope=names.call, attempt=take.attempt, slot=slot, body=body)
