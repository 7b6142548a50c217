"""Where an auditor takes the log away as OCSF or CEF: a stretch at a time, each an Entry before it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, final

from core import subject
from core.audit.entry import audit_export
from core.audit.export import lines, ocsf
from core.audit.export.events import Events
from core.model import Identity
from core.ports import Exported, Journal, Macs, Subjects, Tail, Unit

STRETCH: Final = 500


@final
class Taking:
    """The port Exports."""

    def __init__(
        self,
        *,
        tail: Tail,
        journal: Journal,
        subjects: Subjects,
        macs: Macs,
        origin: str,
        version: str,
        is_auditor: Callable[[Identity], bool],
    ) -> None:
        self._tail = tail
        self._journal = journal
        self._subjects = subjects
        self._macs = macs
        self._origin = origin
        self._version = version
        self._is_auditor = is_auditor

    async def stretch(self, who: Identity, start: int, *, cef: bool = False) -> Exported | None:
        """Entries from a sequence number on; None: not an auditor.

        Raises: StoreError when the look cannot be recorded: then nothing is given.
        """
        if not self._is_auditor(who):
            return None
        found = await self._tail.tail(start, STRETCH)
        by = subject.of_identity(self._macs, who)
        await self._subjects.know(by, who.name)
        await self._journal.commit(Unit(entries=(audit_export(by, who.via, start, len(found)),)))
        events = Events(tail=self._tail, payloads=None, origin=self._origin, version=self._version)
        words = lines.cef if cef else ocsf.line
        told = tuple([words(await events.of(sealed)).decode() for sealed in found])
        return Exported(lines=told, next=found[-1].sequence + 1 if len(found) == STRETCH else None)
