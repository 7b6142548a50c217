"""A Journal whose units are counted, timed and, where a Call or a Review ends, said in one line of the log.

Numbers come of what became durable, so they agree with the record. What an agent wrote is never a label: a Source that
is not configured is `unknown`.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, final

from core.errors import AuditUnavailable, BudgetSpent, GatewayError, StoreError
from core.execution.record import NAMES
from core.identity.claims import UNLISTED
from core.model import CallId, Entry, EntryKind, Json
from core.ports import Committed, Journal, Sealed, Unit
from core.telemetry.meters import Number
from core.telemetry.stages import Stages, Step

LOGGER: Final = logging.getLogger("assent.calls")
HOUSE: Final = "house"  # decided by no rule
UNKNOWN: Final = "unknown"  # a Source that is not configured
REMEMBERED: Final = 10_000  # Calls whose Source is known until they end
OPENED_AT: Final = 0  # the first Entry of a Review says that it was opened
INTENT_AT: Final = 0  # the first Entry of a Call names its Source


@final
class Counted:
    """Another Journal, counted; `writes` says whether its last unit became durable."""

    def __init__(
        self, journal: Journal, stages: Stages, *, store: str, sources: frozenset[str], channels: Sequence[str] = ()
    ) -> None:
        """`channels`: where people are asked; the first is of Reviews that name none."""
        self._journal: Final = journal
        self._stages: Final = stages
        self._meters: Final = stages.meters
        self._store: Final = store
        self._sources: Final = sources
        self._channels: Final = channels
        self._begun: Final[OrderedDict[str, str]] = OrderedDict()  # Call -> its Source
        self.writes = True
        self._kinds: Final[Mapping[EntryKind, Callable[[Entry], None]]] = {
            EntryKind.INTENT: self._intent,
            EntryKind.AUTH_DENY: self._denied,
            EntryKind.ALERT: self._alert,
            EntryKind.VERIFY: self._verified,
        }

    async def commit(self, unit: Unit) -> Committed:
        """Commit, then count."""
        call = next((entry.scope for entry in unit.entries if entry.kind is EntryKind.INTENT and entry.scope), "")
        began = time.perf_counter()
        try:
            with self._stages.of(Step.JOURNAL, call):
                committed = await self._journal.commit(unit)
        except GatewayError as error:
            self.writes = self.writes and not isinstance(error, AuditUnavailable)
            self._meters.count(Number.FAILURES, self._store, error.code)
            if isinstance(error, BudgetSpent):
                self._meters.count(Number.BUDGETS, self._source(self._named(unit)))
            raise
        self.writes = True
        self._meters.took(Number.APPEND, time.perf_counter() - began, self._store)
        for entry in unit.entries:
            if (does := self._kinds.get(entry.kind)) is not None:
                does(entry)
            elif entry.kind is EntryKind.OUTCOME and entry.scope:
                await self._outcome(entry, entry.scope)
            elif entry.kind is EntryKind.DECIDED and entry.scope:
                await self._decided(entry, entry.scope)
        return committed

    async def entries(self, scope: str) -> tuple[Sealed, ...]:
        """As the Journal's; of a Call that is open its Source is known from here on, so that its end asks nothing."""
        told = await self._journal.entries(scope)
        if told and told[INTENT_AT].body["kind"] == EntryKind.INTENT.value and not any(map(_ended, told)):
            self._begins(scope, self._source(told[INTENT_AT].body))
        return told

    async def open_calls(self) -> tuple[CallId, ...]:
        """As the Journal's."""
        return await self._journal.open_calls()

    async def indeterminate(self) -> tuple[CallId, ...]:
        """As the Journal's."""
        return await self._journal.indeterminate()

    # ------------------------------------------------------------ by kind

    def _intent(self, entry: Entry) -> None:
        if entry.attempt != 1 or not entry.scope:
            return
        source, verdict = self._source(entry.body), member(entry.body, "verdict")
        action = str(verdict.get("action"))
        rules = verdict.get("rules")
        # Beyond so many the list says how many more there are, which is no rule's name.
        decided = [str(one) for one in rules[:NAMES]] if isinstance(rules, list) else []
        self._meters.count(Number.CALLS, source, action)
        for rule in decided or [HOUSE]:
            self._meters.count(Number.VERDICTS, source, action, rule)
        if action == "refuse":
            self._meters.count(Number.REFUSALS, source, str(verdict.get("code", HOUSE)))
        self._begins(entry.scope, source)

    def _begins(self, call: str, source: str) -> None:
        self._begun[call] = source
        while len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    async def _outcome(self, entry: Entry, call: str) -> None:
        source, outcome = await self._begun_at(call), str(entry.body["outcome"])
        self._meters.count(Number.EXECUTIONS, source, outcome)
        said = {
            key: value for key in ("code", "rows", "affected", "dur_ms") if (value := entry.body.get(key)) is not None
        }
        LOGGER.info("a call ended", extra={"call": call, "source": source, "outcome": outcome, **said})

    async def _begun_at(self, call: str) -> str:
        """Name a Call's Source; of one that began in another process, as its INTENT says."""
        if (known := self._begun.get(call)) is not None:
            return known
        with contextlib.suppress(StoreError):
            told = await self._journal.entries(call)
            return self._source(told[INTENT_AT].body if told else {})
        return UNKNOWN

    def _denied(self, entry: Entry) -> None:
        issuer = str(entry.body.get("issuer", UNKNOWN))
        for reason, times in member(entry.body, "counts").items():
            self._meters.count(Number.TOKENS, issuer, closed(reason), by=times if isinstance(times, int) else 1)
            LOGGER.info("refused at the door: %s", reason, extra={"issuer": issuer, "times": times})

    def _alert(self, entry: Entry) -> None:
        self._meters.count(Number.ALERTS, str(entry.body["alert"]))

    def _verified(self, entry: Entry) -> None:
        size = entry.body.get("size")
        if entry.body["findings"] == 0 and isinstance(size, int):
            self._meters.put(Number.VERIFIED, size)

    async def _decided(self, entry: Entry, review: str) -> None:
        """Take the time by the store's own clock; a store that says nothing leaves one number out."""
        with contextlib.suppress(StoreError):
            told = await self._journal.entries(review)
            began, ended = told[OPENED_AT].body.get("ts"), told[-1].body.get("ts")
            if isinstance(began, int) and isinstance(ended, int):
                where, decision = place(told[OPENED_AT].body.get("channel"), self._channels), entry.body["decision"]
                self._meters.took(Number.DECISION, (ended - began) / 1_000, where, str(decision))
        LOGGER.info("a review was decided", extra={"call": str(entry.body["call"]), "outcome": entry.body["decision"]})

    # ------------------------------------------------------------ labels

    def _source(self, body: Mapping[str, Json]) -> str:
        named = str(member(body, "source").get("name"))
        return named if named in self._sources else UNKNOWN

    def _named(self, unit: Unit) -> Mapping[str, Json]:
        return next((entry.body for entry in unit.entries if entry.kind is EntryKind.INTENT), {})


def _ended(one: Sealed) -> bool:
    return one.body["kind"] == EntryKind.OUTCOME.value


def member(body: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """Return an object within a body; an absent one is empty."""
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def place(channel: Json, channels: Sequence[str]) -> str:
    """Name where a Review is asked: a conversation of the configuration, whose first is of those that name none."""
    named = channel or next(iter(channels), UNKNOWN)
    return named if isinstance(named, str) and named in channels else UNKNOWN


def closed(reason: str) -> str:
    """Leave out the name of a claim that no list holds: it is its issuer's word, in the record and in no label."""
    return f"claim: {UNLISTED}" if UNLISTED in reason else reason
