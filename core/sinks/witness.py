"""The log's side of C2SP tlog-witness: asks for a signature, and believes none but that of the witness's own key.

A witness that is ahead of the log, or says that the log does not follow from what it signed, has seen another story.
"""

from __future__ import annotations

from ssl import SSLContext
from typing import Final, final

from core.audit.export.checkpoints import Newest
from core.audit.transparency import note
from core.audit.transparency.note import BadNote, VerifierKey
from core.audit.transparency.witnessing import Request
from core.sinks.http import client, post
from core.sinks.publishing import Checkpoints, LogContradicted
from core.sinks.pump import SinkAway

TRIES: Final = 3  # of a witness that says again and again where it is
SIGNED: Final = 200
CONFLICT: Final = 409
REFUTED: Final = 422


@final
class WitnessClient:
    """One witness, by its address and its key."""

    def __init__(
        self, url: str, key: VerifierKey, checkpoints: Checkpoints, *, trusted: SSLContext | None = None
    ) -> None:
        self._url = url.rstrip("/") + "/add-checkpoint"
        self._key = key
        self._checkpoints = checkpoints
        self._http = client(trusted)
        self._old = 0  # what the witness signed last, as far as is known; it says so itself

    async def take(self, newest: Newest) -> None:
        """Have a checkpoint signed and keep the signature.

        Raises: SinkAway, SinkGone, LogContradicted.
        """
        for _ in range(TRIES):
            if self._old > newest.size:
                raise LogContradicted(f"the witness signed {self._old} Entries, {newest.size} are signed here")
            status, answer = await self._ask(newest)
            if status == SIGNED:
                await self._checkpoints.cosigned(newest.size, str(self._key), self._line(newest, answer))
                self._old = newest.size
                return
            if status != CONFLICT:
                self._refused(status)
            self._old = self._there(newest, answer)
        raise SinkAway("the witness does not say where it is")

    def _there(self, newest: Newest, answer: bytes) -> int:
        """Say where the witness is.

        One that refuses a size as not its own, and is there all the same, refuses the root: C2SP tlog-witness before
        July 2026, where a body is not asked for.
        Raises: SinkAway, LogContradicted.
        """
        same = self._old == newest.size
        try:
            size = _size(answer)
        except SinkAway:
            if not same:
                raise
            size = newest.size
        if same and size == newest.size:
            raise LogContradicted(f"the witness signed another root over {size} Entries")
        return size

    async def _ask(self, newest: Newest) -> tuple[int, bytes]:
        try:
            path = await self._checkpoints.path(self._old, newest.size) if 0 < self._old < newest.size else ()
        except ValueError as error:
            raise LogContradicted(f"the tree is damaged: {error}") from error
        request = Request(old=self._old, path=path, note=newest.note)
        return await post(self._http, self._url, request.body, {"content-type": "text/plain; charset=utf-8"})

    def _line(self, newest: Newest, answer: bytes) -> str:
        """Return the witness's own line out of an answer; lines of unknown keys are ignored."""
        try:
            said = note.parse(newest.note + answer)
            signed = self._key in note.check(said, (self._key,))
        except BadNote as error:
            raise SinkAway(f"the witness's answer: {error}") from error
        if not signed:
            raise SinkAway("the witness's answer is signed by another key")
        own = next(one for one in said.signatures if (one.name, one.id) == (self._key.name, self._key.id))
        return note.line(own.name, own.id + own.blob)

    def _refused(self, status: int) -> None:
        if status == REFUTED:
            raise LogContradicted("the witness says that the log does not follow from what it signed")
        raise SinkAway(f"the witness answers {status}" + (": it does not know this log" if status == 404 else ""))  # noqa: PLR2004

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()


def _size(answer: bytes) -> int:
    try:
        text = answer.decode("ascii")
        return note.number(text.removesuffix("\n"))
    except (UnicodeDecodeError, BadNote) as error:
        raise SinkAway("the witness does not say where it is") from error
