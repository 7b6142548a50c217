"""Why somebody proposes an Act, in words: a payload under the key of the Call that it is about, never in an Entry."""

from __future__ import annotations

from typing import Final, final

from core.errors import NotFound, UnfitAct
from core.model import CallId, EntryKind, PayloadId, SessionId
from core.ports import Journal, Kept, Payload, Payloads, Role

NOTE: Final = "note"  # the member of an Act's `of` that is words
LONGEST: Final = 2000  # characters; a reviewer's reason has 500, this one stands for a proof
ERASED: Final = "(erased)"


@final
class Notes:
    """Keeps and opens them."""

    def __init__(self, *, journal: Journal, payloads: Payloads) -> None:
        self._journal = journal
        self._payloads = payloads

    async def keep(self, call: CallId, words: str) -> Kept:
        """Make a note durable before the Entry that names it.

        Raises: UnfitAct for a note of nothing or about no Call, StoreError.
        """
        if not 0 < len(words.strip()) <= LONGEST:
            raise UnfitAct(f"a note is 1 to {LONGEST} characters")
        for one in await self._journal.entries(call):
            if one.body["kind"] == EntryKind.INTENT.value:
                said = one.body["source"]
                source = str(said["name"]) if isinstance(said, dict) else ""
                note = Payload(role=Role.REASON, content=words.strip().encode("utf-8", "replace"))
                (kept,) = await self._payloads.keep(call, SessionId(str(one.body["session"])), source, (note,))
                return kept
        raise UnfitAct("a note is about a call")

    async def words(self, note: PayloadId) -> str:
        """Open one; what was erased is said to be."""
        try:
            return (await self._payloads.open(note)).decode("utf-8", "replace")
        except NotFound:
            return ERASED
