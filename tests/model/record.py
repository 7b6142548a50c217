"""A state of the model as the Entries that a store would hold: what ties the model to the product's own rules."""

from __future__ import annotations

from typing import Final

from core.model import Entry, EntryKind, Json, Slot
from core.ports import Sealed
from tests.model.world import MORE, Flow, Take, World

CALL: Final = "call_" + "A" * 26
REVIEW: Final = "rev_" + "A" * 26
ORDER: Final = ("opened", "decision", "use", "prepared", "outcome", "resolved")
SLOTS: Final = {"prepared": Slot.PREPARED, "outcome": Slot.OUTCOME, "resolved": Slot.RESOLVED, "intent": Slot.INTENT}
KINDS: Final = {
    "approved": EntryKind.DECIDED,
    "denied": EntryKind.DECIDED,
    "expired": EntryKind.REVIEW_EXPIRED,
    "cancelled": EntryKind.REVIEW_CANCELLED,
    "claimed": EntryKind.CLAIMED,
    "revoked": EntryKind.REVOKED,
    "lapsed": EntryKind.LAPSED,
}


def sealed(world: World, flow: Flow) -> list[Sealed]:
    """Return the Entries of a state, in an order that its slots allow."""
    takes = sorted(world.log, key=lambda one: (one.attempt, ORDER.index(one.slot) if one.slot in ORDER else -1))
    first = [one for one in takes if (one.slot, one.attempt) == ("intent", 1)]
    rest = [one for one in takes if one not in first]
    entries = [entry(one, flow) for one in (*first, *rest)]
    return [
        Sealed(sequence=n, leaf="", body={**one.body, "kind": one.kind.value, "attempt": one.attempt, "slot": one.slot})
        for n, one in enumerate(entries)
    ]


def entry(take: Take, flow: Flow) -> Entry:
    """Return the Entry that takes a slot."""
    match take.slot:
        case "opened":
            return Entry(kind=EntryKind.OPENED, scope=REVIEW, body={"call": CALL, "digest": "d"})
        case "decision" | "use":
            slot = Slot.DECISION if take.slot == "decision" else Slot.USE
            said: dict[str, Json] = {"call": CALL, "decision": take.word, "intent_leaf": "", "deadline": 0}
            return Entry(kind=KINDS[take.word], scope=REVIEW, attempt=0, slot=slot, body=said)
        case "intent":
            verbs: Json = ["update"] if flow.write else ["read"]
            body: dict[str, Json] = {"verdict": {"action": "ask" if flow.ask else "allow"}, "reading": {"verbs": verbs}}
            return Entry(kind=EntryKind.INTENT, scope=CALL, attempt=take.attempt, slot=Slot.INTENT, body=body)
        case "prepared":
            word = "abandoned" if take.word == "abandoned" else "prepared"
            return call(EntryKind.PREPARED, take, {"prepared": word})
        case "outcome":
            final = not take.word.endswith(MORE)
            more: dict[str, Json] = {} if final else {"final": False}
            return call(EntryKind.OUTCOME, take, {"outcome": take.word.removesuffix(MORE), **more})
        case _:
            return call(EntryKind.RESOLVED, take, {"outcome": take.word})


def call(kind: EntryKind, take: Take, body: dict[str, Json]) -> Entry:
    return Entry(kind=kind, scope=CALL, attempt=take.attempt, slot=SLOTS[take.slot], body=body)
