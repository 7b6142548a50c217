"""What an agent may ask without running anything: sources, tables, columns, and what a statement would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, final

from core.errors import NotFound
from core.execution import record
from core.execution.closing import Closing
from core.execution.record import Case
from core.model import (
    WEAKER,
    Allow,
    Caller,
    Checked,
    Dialect,
    Entry,
    Json,
    Limits,
    Outcome,
    Reading,
    Reason,
    Refuse,
    Unreadable,
    Verdict,
)
from core.ports import Connector, Journal, Judge, Payloads, SourceView, Statement, Table, Unit

SHOWN: Final = 50  # tables in one answer of search_schema


@final
class Enquiry:
    """Answers from what a Caller may touch; beyond it a table is as unknown as one that does not exist."""

    def __init__(
        self, *, connectors: Mapping[str, Connector], judge: Judge, journal: Journal, payloads: Payloads
    ) -> None:
        self._connectors = connectors
        self._judge = judge
        self._journal = journal
        self._payloads = payloads
        self._closing = Closing(journal=journal, payloads=payloads)

    async def sources(self, case: Case) -> tuple[SourceView, ...]:
        """Sources in which the Caller may touch at least one table."""
        return await self._closing.over(case, self._sources(case))

    async def search(self, case: Case, words: str, detail: str) -> tuple[Table, ...]:
        """Tables whose name, comment or columns hold every word, or else any, most words first.

        `detail` is names, summary or full.
        Raises: NotFound for a Source that is not there or not for this Caller.
        """
        return await self._closing.over(case, self._search(case, words, detail))

    async def describe(self, case: Case, name: str) -> Table:
        """Columns, types, tags and masks of one table.

        Raises: NotFound.
        """
        return await self._closing.over(case, self._describe(case, name))

    async def check(self, case: Case, *, plan: bool) -> Checked:
        """Read and decide a statement; nothing runs, nobody is asked; a plan only where no tagged relation is named.

        Raises: NotFound, SourceUnavailable.
        """
        return await self._closing.over(case, self._check(case, plan=plan))

    async def _sources(self, case: Case) -> tuple[SourceView, ...]:
        views = []
        for connector in self._connectors.values():
            seen = await self._tables(case.caller, connector)
            if seen:
                views.append(view(connector, len(seen)))
        await self._record(case, None)
        return tuple(views)

    async def _search(self, case: Case, words: str, detail: str) -> tuple[Table, ...]:
        wanted = words.casefold().split()
        tables = await self._visible(case)
        await self._record(case, None)
        held = [(sum(word in haystack(table) for word in wanted), table) for table in tables]
        whole = [table for count, table in held if count == len(wanted)]
        some = [table for count, table in sorted(held, key=lambda each: -each[0]) if count]
        return tuple(narrow(table, detail) for table in (whole or some)[:SHOWN])

    async def _describe(self, case: Case, name: str) -> Table:
        tables = await self._visible(case)
        await self._record(case, None)
        named = [table for table in tables if name.casefold() in {table.name.casefold(), short(table.name)}]
        if len(named) != 1:
            raise NotFound("no such table", public="There is no such table; search_schema shows what there is.")
        return named[0]

    async def _check(self, case: Case, *, plan: bool) -> Checked:
        connector = self._connectors.get(case.call.source)
        if connector is None:
            raise NotFound("no such source", public="There is no such source; list_sources shows what there is.")
        statement = Statement(text=case.call.statement, parameters=case.call.parameters)
        async with connector.visit(statement, name=f"assent:{case.call.id}:0") as visit:
            reading = await visit.read(self._judge.bars(case.call, case.caller, connector.source))
            verdict = self._judge.decide(case.call, case.caller, connector.source, reading)
            readable = isinstance(reading, Reading) and not isinstance(verdict, Refuse)
            drawn = await visit.plan() if plan and readable else None
            await self._record(case, reading, verdict)
        return replace(self._judge.checked(case.call.id, reading, verdict), plan=drawn)

    async def _visible(self, case: Case) -> tuple[Table, ...]:
        connector = self._connectors.get(case.call.source)
        tables = await self._tables(case.caller, connector) if connector else ()
        if not tables:
            await self._record(case, None)
            raise NotFound("no such source", public="There is no such source; list_sources shows what there is.")
        return tables

    async def _tables(self, caller: Caller, connector: Connector) -> tuple[Table, ...]:
        return self._judge.visible(caller, connector.source, await connector.tables())

    async def entries(
        self, case: Case, reading: Reading | Unreadable | None = None, verdict: Verdict | None = None
    ) -> tuple[Entry, Entry]:
        """Word INTENT and OUTCOME of a Call that runs nothing at a Source; they stand in one unit."""
        call = case.call
        kept = await self._payloads.keep(call.id, case.session.id, call.source, record.words(call))
        intent = record.intent(case, None, LOOKED, kept)
        if verdict is not None:
            would: Json = {
                "reading": record.describe(reading),
                "verdict": record.settled(verdict, reading, case.policy),
            }
            intent = replace(intent, body={**intent.body, "would": would})
        return intent, record.outcome(call.id, 1, Outcome.DELIVERED)

    async def _record(self, case: Case, reading: Reading | Unreadable | None, verdict: Verdict | None = None) -> None:
        """Make both durable before the answer leaves."""
        entries = await self.entries(case, reading, verdict)
        await self._journal.commit(Unit(entries=entries, unblocked=case.parties, policy=case.policy))


LOOKED: Final = Allow(reasons=(Reason(rule="", sentence="Catalogue of what the caller may touch."),), limits=Limits())
SPOKEN: Final[Mapping[Dialect, str]] = MappingProxyType({Dialect.POSTGRES: "PostgreSQL", Dialect.BIGQUERY: "GoogleSQL"})


def view(connector: Connector, tables: int) -> SourceView:
    """Show a Source without its secrets."""
    source = connector.source
    return SourceView(
        name=source.name,
        dialect=SPOKEN.get(source.dialect, source.dialect.value),
        description=source.description,
        masking="enforced" if source.enforced else "spliced",
        tables=tables,
        note="" if source.enforced else WEAKER,
    )


def haystack(table: Table) -> str:
    """Everything of a table that a word can be found in."""
    columns = " ".join(f"{field.name} {field.comment}" for field in table.fields)
    return f"{table.name} {table.comment} {columns}".casefold()


def narrow(table: Table, detail: str) -> Table:
    """Cut a table to the asked detail: names, summary (no column comments), full."""
    if detail == "full":
        return table
    fields: Sequence[object] = () if detail == "names" else table.fields
    return Table(
        name=table.name,
        kind=table.kind,
        fields=table.fields if fields else (),
        comment=table.comment,
        closed=table.closed,
        keys=table.keys if fields else (),
        references=table.references if fields else (),
    )


def short(name: str) -> str:
    """The name without its schema, as people type it."""
    return name.rpartition(".")[2].casefold()
