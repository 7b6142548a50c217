"""A statement read by both witnesses: the parser's word, then dry runs by the account that would run it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Final, final

from core.classify.bigquery import (
    READ,
    Account,
    Ground,
    Spliced,
    Used,
    account,
    agree,
    allowed,
    changed,
    closed,
    masked,
    registered,
    splice,
    used,
    worded,
)
from core.connectors.bigquery.catalogue import Catalogue
from core.connectors.bigquery.service import Service
from core.errors import StatementFailed
from core.model import Doubt, Reading, Unreadable, Verb
from core.ports import Bars, Clock, Statement
from core.warehouse import Dry

READS_ONLY: Final = Unreadable(
    doubt=Doubt.CLOSED, sentence="This source takes reads only; no account for changes is configured."
)
MISTAKES: Final = frozenset({"invalid", "invalidQuery", "notFound", "accessDenied", "policyViolation", "blocked"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every visit of a Source shares."""

    service: Service  # as the account that reads
    writer: Service | None  # as the one that changes; None: nothing is changed
    looker: Service  # as the one that knows the tables: it reads nothing, and dry-runs texts over protected ones
    catalogue: Catalogue
    clock: Clock
    most: int  # bytes billed per query


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads one statement; nothing of it runs. `job` begins the ids of its dry runs."""

    tools: Tools
    statement: Statement
    job: str

    async def read(self, bars: Bars | None = None) -> Reading | Unreadable:
        """Read it; what `bars` refuses is given as its text alone says it, and the service hears nothing of it.

        Raises: SourceError where the service does not answer: the parser alone is no witness.
        """
        given = self.statement
        told = await asyncio.to_thread(account, given.text, given.parameters)
        if isinstance(told, Unreadable):
            return told
        if Verb.RUN in told.reading.verbs and self.tools.catalogue.registers:
            known = await self.tools.catalogue.current()
            told = registered(told, Ground(warehouse=known.warehouse, guard=known.guard))
        trouble = closed(told)
        if trouble is not None:
            return trouble
        found = await self._witnessed(told, bars)
        if isinstance(found, Unreadable) and found.doubt is Doubt.DISAGREE:  # once more, if only our catalogue was old
            await self.tools.catalogue.load(await self.tools.catalogue.current())
            found = await self._witnessed(told, bars)
        return found

    async def _witnessed(self, told: Account, bars: Bars | None) -> Reading | Unreadable:
        known = await self.tools.catalogue.current()
        ground = Ground(warehouse=known.warehouse, guard=known.guard)
        trouble = allowed(told, ground)
        if trouble is not None:
            return trouble
        return await (self._shown if told.kind == READ else self._changed)(told, ground, bars)

    async def _shown(self, told: Account, ground: Ground, bars: Bars | None) -> Reading | Unreadable:
        alone = worded(told, ground)
        if bars is not None and bars(alone):
            return alone
        spliced = await asyncio.to_thread(splice, told, ground.warehouse, ground.guard)
        if isinstance(spliced, Unreadable):
            return spliced
        knows = self.tools.service if spliced is None else self.tools.looker
        raw = await self._asked(knows, told.reading.statement, "1")
        if isinstance(raw, Unreadable):
            return raw
        reading = agree(told, raw, ground)
        if isinstance(reading, Unreadable) or spliced is None:
            return reading
        return await self._masked(reading, raw, spliced, ground)

    async def _changed(self, told: Account, ground: Ground, bars: Bars | None) -> Reading | Unreadable:
        """Read a change: by the account that would make it, after a look at where protected values would go."""
        if self.tools.writer is None:
            return READS_ONLY
        of = used(told, ground)
        if not isinstance(of, Used):
            return of
        alone = replace(worded(told, ground), tags=of.tags)
        if bars is not None and bars(alone):
            return alone
        raw = await self._asked(self.tools.writer, told.reading.statement, "1")
        return raw if isinstance(raw, Unreadable) else changed(told, raw, of, ground)

    async def _asked(self, service: Service, text: str, number: str) -> Dry | Unreadable:
        """Dry-run a text; a mistake in it is the agent's, without a word of the service's."""
        try:
            return await service.dry(text, self.statement.parameters, f"{self.job}_dry{number}")
        except StatementFailed as error:
            if error.sqlstate in MISTAKES:
                return Unreadable(doubt=Doubt.MISSING, sentence=error.public)
            raise

    async def _masked(self, reading: Reading, raw: Dry, spliced: Spliced, ground: Ground) -> Reading | Unreadable:
        """Dry-run the hollow and the masked text, and hold both against the agent's own."""
        service = self.tools.service
        hollow, shown = await asyncio.gather(
            self._asked(service, spliced.hollow, "0"), self._asked(service, spliced.text, "2")
        )
        if isinstance(hollow, Unreadable):
            return Unreadable(doubt=Doubt.DISAGREE, sentence=hollow.sentence, detail="hollow: not read")
        if isinstance(shown, Unreadable):
            return Unreadable(doubt=Doubt.DISAGREE, sentence=shown.sentence, detail="masked: not read")
        return masked(reading, raw, hollow, shown, spliced, ground)
