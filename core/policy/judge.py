"""The policy in force as the line asks it: one value, replaced whole, so that every answer comes from one version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Final, TypeAlias, final

from core.model import (
    Allow,
    Approval,
    Ask,
    Call,
    Caller,
    CallId,
    Checked,
    Coverage,
    Facts,
    Hint,
    Limits,
    Permit,
    Question,
    Reading,
    Reason,
    Refuse,
    Source,
    Unreadable,
    Use,
    Verb,
    Verdict,
)
from core.policy import decide, digest, explain, facts, permit, visible, written
from core.policy.bounding import budgets, granting
from core.policy.changing.widen import widenings
from core.policy.conditions.situation import situation
from core.policy.early import early
from core.policy.floor import floored
from core.policy.force import Policy
from core.policy.undo import undo
from core.ports import Bars, Charge, Clock, Impact, Macs, Roll, Table

APART: Final = "Another configuration is in force than the one that this gateway was started with, so it runs nothing."
AGAIN: Final = "An operator must start it with the configuration in force; other gateways may serve."
Timed: TypeAlias = Callable[[CallId], AbstractContextManager[object]]
SELF_GIVEN: Final = 60  # characters of a client's own name on a card


@final
class InForce:
    """`core.ports.Judge` over one Policy."""

    def __init__(self, policy: Policy, clock: Clock, timed: Timed = nullcontext, macs: Macs | None = None) -> None:
        """Begin with this process's own file, whose floor holds whatever comes into force after it.

        `timed`: what measures how long deciding takes. `macs`: by what grants know a shape; without, none is given.
        """
        self._timed = timed
        self._macs = macs
        self.replace(policy)
        self._own = policy
        self._fits = True
        self._clock = clock

    @property
    def fits(self) -> bool:
        """Whether this process was built for the policy in force: what a process is made of changes by a restart."""
        return self._fits

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._policy

    @property
    def version(self) -> str:
        """Hash of the policy in force."""
        return self._policy.version

    def replace(self, policy: Policy) -> None:
        """Put another policy in force, at once and whole."""
        self._policy, self._early = policy, early(policy)

    def adopt(self, version: str, text: str) -> None:
        """Put what the store holds in force, at once and whole, and this process's own floor beneath it.

        Raises: ValueError when the text is no policy's, or not the one of this version.
        """
        policy, self._fits = floored(self._own, version, text)
        self.replace(policy)

    def widened(self, text: str) -> tuple[str, ...]:
        """Say by what, and whom, a policy would let do more than the one in force.

        Raises: ValueError.
        """
        return tuple(one.said for one in widenings(written.read(self._policy.text), written.read(text)))

    def decide(
        self, call: Call, caller: Caller, source: Source, reading: Reading | Unreadable, *, affected: int | None = None
    ) -> Verdict:
        """Decide by the policy in force; what is unreadable is refused."""
        if not self._fits:
            return Refuse(reasons=(Reason(rule="", sentence=APART),), code="policy_differs", advice=AGAIN)
        if isinstance(reading, Unreadable):
            return decide.refusal(reading, self._told(caller, source, reading))
        with self._timed(call.id):
            return decide.decide(
                self._policy, caller, source, reading, tool=call.tool, now=self._clock.now(), affected=affected
            )

    def bars(self, call: Call, caller: Caller, source: Source) -> Bars:
        """Give what tells of a text's own Reading that it is refused whatever its Source would say."""
        policy, now, fits = self._early, self._clock.now(), self._fits

        def barred(reading: Reading) -> bool:
            return not fits or isinstance(
                decide.decide(policy, caller, source, reading, tool=call.tool, now=now), Refuse
            )

        return barred

    def _told(self, caller: Caller, source: Source, unreadable: Unreadable) -> list[Hint]:
        """Give the hints about tables that this Caller may touch."""
        policy, now = self._policy, self._clock.now()
        return [
            hint
            for hint in unreadable.hints
            if not hint.table
            or visible.visible(policy, caller, source, hint.table, now=now, tags=hint.tags, kind=hint.kind)
        ]

    def charges(self, caller: Caller, source: Source, reading: Reading, limits: Limits) -> tuple[Charge, ...]:
        """Say what a statement may use at most of each budget that it counts against."""
        policy = self._policy
        if not policy.budgets:
            return ()
        asked = situation(policy.directories, caller, source, reading, now=self._clock.now())
        return tuple(budgets.charges(policy, asked, limits, source, writes=reading.writes))

    def question(self, call: Call, caller: Caller, reading: Reading, verdict: Ask, *, role: str) -> Question:
        """Word what an approval would bind, with its digest."""
        return digest.question(call, caller, reading, verdict, role=role, policy=self._policy)

    def facts(
        self, call: Call, caller: Caller, reading: Reading, verdict: Ask, impact: Impact, *, late: bool = False
    ) -> Facts:
        """Gather what helps people decide; no number where a protected column is read, but `late`, once it is asked."""
        hidden = reading.protected and not late
        return Facts(
            purpose=call.purpose,
            verbs=tuple(verb.value for verb in Verb if verb in reading.verbs),
            things=tuple(sorted({pair.thing.name for pair in reading.pairs})),
            facts=tuple(sorted(reading.facts)),
            risk=facts.risk(reading),
            reasons=verdict.reasons,
            counted=None if hidden else impact.counted,
            estimated=None if hidden else impact.estimated,
            sample=None if hidden else impact.sample,
            protected=reading.protected,
            also=reading.also + reading.notes,
            locks=reading.locks,
            undo=undo(reading) if reading.writes else "It changes nothing.",
            agent=self._agent(caller),
            calls_itself=(call.hints.client or "")[:SELF_GIVEN],
        )

    def permit(
        self,
        call: Call,
        caller: Caller,
        reading: Reading,
        verdict: Allow | Ask,
        *,
        role: str,
        attempt: int,
        deadline: datetime,
        approval: Approval | None = None,
        use: Use | None = None,
    ) -> Permit:
        """Make the one thing a connector runs.

        Raises: Drifted as `core.policy.permit.permit` does.
        """
        covered = None if use is None else self.coverage(call, caller, reading, role=role)
        return permit.permit(
            call=call,
            caller=caller,
            reading=reading,
            verdict=verdict,
            role=role,
            policy=self._policy,
            attempt=attempt,
            deadline=deadline,
            approval=approval,
            use=use,
            covered=covered,
        )

    def coverage(self, call: Call, caller: Caller, reading: Reading, *, role: str) -> Coverage | None:
        """Say what a grant would be of, under the policy in force; None: of nothing."""
        if self._macs is None:
            return None
        return granting.coverage(self._macs, self.version, caller, call.source, reading, call.parameters, role=role)

    def members(self) -> Mapping[str, frozenset[str]]:
        """Members of every configured group, as of now."""
        return self._policy.groups

    def roll(self) -> Roll:
        """Say who may decide, as of now."""
        policy, glass = self._policy, self._policy.glass
        return Roll(
            groups=policy.groups,
            following=policy.following,
            breakers=glass.members if glass else frozenset(),
            ways=glass.ways if glass else frozenset(),
            owners=frozenset(policy.owners.values()),
        )

    def key(self, call: Call, caller: Caller) -> str:
        """Hash of what makes two Calls identical."""
        return digest.request_key(caller, call.tool, call.source, call.statement, call.parameters)

    def visible(self, caller: Caller, source: Source, tables: Sequence[Table]) -> tuple[Table, ...]:
        """Return the tables this Caller may touch."""
        now = self._clock.now()
        if not self._fits:
            return ()
        return tuple(
            table
            for table in tables
            if visible.visible(
                self._policy,
                caller,
                source,
                table.name,
                now=now,
                tags=frozenset(field.tag for field in table.fields if field.tag),
                kind=table.kind,
            )
        )

    def checked(self, call: CallId | None, reading: Reading | Unreadable, verdict: Verdict | None) -> Checked:
        """Word what would happen."""
        return explain.checked(call, reading, verdict)

    def _agent(self, caller: Caller) -> str:
        """The configured name of the verified client id, or the id itself."""
        agent = self._policy.agents.get(caller.client)
        return caller.client if agent is None else agent.name or caller.client
