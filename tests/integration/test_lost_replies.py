"""The whole line over a real database whose answer to COMMIT is lost on the way: the OUTCOME is true all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from core.connectors.postgres import PostgresConnector
from core.execution.turns import Announced
from core.model import Dialect, Outcome, Source
from tests.doubles import MemoryStore
from tests.integration.connecting import READER, SHOP, WRITER, Now, as_role, told
from tests.integration.recovering import CALL, Process, call
from tests.integration.silence import relayed
from tests.line import furnish

Database = Callable[..., Coroutine[Any, Any, str]]
INSERT = "insert into log (what) values ('ran')"


async def test_a_commit_whose_answer_is_lost_is_asked_about_and_told_as_it_was(database: Database) -> None:
    url = await database(SHOP)
    async with relayed(url) as (through, relay):
        connector = PostgresConnector(
            Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
            read_url=as_role(url, READER),
            write_url=as_role(through, WRITER),
            masks={},
            clock=Now(),
        )
        await connector.open()
        try:
            store, process = MemoryStore(), Process()
            store.journal._clock.at = store.journal._last = Now().now()
            parts = furnish(
                store, Announced(store.journal, process.turns), connector, process, clock=Now(), boot=store.boot
            )
            relay.word, relay.cuts = b"Q\x00\x00\x00\x0bcommit\x00", True  # the message itself, not "read committed"
            answer = await parts.gateway.answer(call(INSERT, Now().now()))
            assert relay.silenced == 1, answer
            relay.word = b""
            async with asyncio.timeout(30):
                while await store.journal.open_calls():
                    await parts.sweeper.sweep()
                    await asyncio.sleep(0.05)
        finally:
            await connector.close()
    bodies = [sealed.body for sealed in await store.journal.entries(CALL)]
    assert [body["outcome"] for body in bodies if body["kind"] == "call.outcome"] == [Outcome.COMMITTED.value]
    (row,) = await told(url, "SELECT count(*) AS n FROM log")
    assert row["n"] == 1
