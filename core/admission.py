"""Who may come in: bearer -> Caller, scope, Session; what makes a Call a Case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from core import subject
from core.errors import Blocked, InsufficientScope, StoreClosed, Unauthenticated
from core.execution.background.denials import Denials
from core.execution.barrier import Barrier
from core.execution.closing import Closing
from core.execution.record import Case
from core.model import Call, Caller, Reason, Refuse, Tool
from core.ports import Closure, Connector, Identities, Judge, Macs, Sessions

READ: Final = "assent:read"
WRITE: Final = "assent:write"
SCOPE: Final[Mapping[Tool, str]] = dict.fromkeys(Tool, READ) | {Tool.EXECUTE: WRITE}
OPENS: Final[Mapping[str, frozenset[Tool]]] = {
    scope: frozenset(tool for tool in Tool if SCOPE[tool] == scope) for scope in set(SCOPE.values())
}


@final
class Admission:
    """Establishes the Caller of every request anew; scopes narrow, policy decides."""

    def __init__(
        self,
        *,
        identities: Identities,
        denials: Denials,
        sessions: Sessions,
        macs: Macs,
        judge: Judge,
        closing: Closing,
        closure: Closure,
        connectors: Mapping[str, Connector],
        barrier: Barrier,
    ) -> None:
        self._barrier = barrier
        self._identities = identities
        self._denials = denials
        self._sessions = sessions
        self._macs = macs
        self._judge = judge
        self._closing = closing
        self._closure = closure
        self._connectors = connectors

    async def identify(self, bearer: str | None) -> Caller:
        """Verify a token; a failure is counted, and journalled once a minute.

        Raises: Unauthenticated, IdentityUnavailable.
        """
        try:
            return await self._identities.caller(bearer)
        except Unauthenticated as error:
            self._denials.count(str(error), error.issuer)
            raise

    def deny(self, reason: str, issuer: str = "") -> None:
        """Count what a door refused before it was a Call."""
        self._denials.count(reason, issuer)

    def tools(self, caller: Caller) -> frozenset[Tool]:
        """Return the tools that a token's scopes open."""
        return frozenset[Tool]().union(*(OPENS[scope] for scope in caller.scopes & OPENS.keys()))

    async def admit(self, call: Call) -> Case:
        """Make a Case of a Call; a missing scope, or a closed store, refuses with an Entry.

        Raises: Unauthenticated, IdentityUnavailable, InsufficientScope, Blocked, StoreClosed, StoreError.
        """
        caller = await self.identify(call.bearer)
        connector = self._connectors.get(call.source)
        case = Case(
            call=call,
            caller=caller,
            session=await self._sessions.join(caller, call),
            source=connector.source if connector else None,
            person=subject.of_caller(self._macs, caller),
            payer=subject.payer(self._macs, caller),
            mac=self._macs.mac("call", self._judge.key(call, caller).encode()),
            policy=self._judge.version,
            parties=subject.parties(self._macs, caller, call.source),
        )
        if await self._closure.closed():
            waits = Reason(rule="", sentence=StoreClosed.sentence)
            await self._closing.refuse(case, None, Refuse(reasons=(waits,), code=StoreClosed.code))
            raise StoreClosed
        if self._barrier.stops(case.parties):
            stopped = Refuse(reasons=(Reason(rule="", sentence=Blocked.sentence),), code=Blocked.code)
            await self._closing.refuse(case, None, stopped)
            raise Blocked("at the door")
        if SCOPE[call.tool] not in caller.scopes:
            lacking = Reason(rule="", sentence=f"The access token lacks the scope {SCOPE[call.tool]}.")
            await self._closing.refuse(case, None, Refuse(reasons=(lacking,), code=InsufficientScope.code))
            raise InsufficientScope(SCOPE[call.tool])
        return case
