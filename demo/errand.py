"""The story's part in the warehouse: prices beforehand, masks in records, a copy refused, a dear query asked."""

from __future__ import annotations

import asyncio
from typing import Final, final

from core.model import Decision
from demo.bigquery import BigQuery
from demo.story import Step, Storyteller, expect, rows
from demo.warehouse import NAME

READ: Final = "SELECT id, customer, ARRAY_LENGTH(items) AS n FROM sales.orders ORDER BY id LIMIT 2"
PEOPLE: Final = "SELECT COUNT(DISTINCT customer.name) AS people FROM sales.orders"
DEAR: Final = "SELECT page, SUM(visits) AS visits FROM stats.events GROUP BY page ORDER BY page"
COPY: Final = "CREATE TABLE stats.people AS SELECT customer.name AS name FROM sales.orders"
SCRIPT: Final = "BEGIN DROP TABLE sales.orders; END"
CHANGE: Final = "UPDATE sales.orders SET status = 'cancelled' WHERE status = 'abandoned'"
COUNT: Final = 'SELECT status, count(*) FROM "acme:sales".orders GROUP BY status ORDER BY status'


@final
class Errand:
    """Steps of an analyst's and a supporter's agents, and the server's own account of them."""

    def __init__(self, teller: Storyteller, service: BigQuery) -> None:
        self._teller = teller
        self._service = service

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of them, in order."""
        return (
            self.knows_the_price_beforehand,
            self.reads_masked_records,
            self.cannot_copy_what_is_masked,
            self.asks_for_what_is_dear,
            self.changes_what_was_counted,
        )

    async def knows_the_price_beforehand(self) -> None:
        """`check` says what a query would be billed for, and runs nothing."""
        before = len(self._service.jobs.all())
        async with self._teller.agent("ana") as agent:
            found = await self._teller.call(agent, "check", source=NAME, sql=DEAR)
        expect("USD" in str(found) and "GiB" in str(found), f"a price, not {dict(found)}")
        expect(len(self._service.jobs.all()) == before, "nothing ran")

    async def reads_masked_records(self) -> None:
        """Fields of records come masked, and so does whatever is made of them."""
        async with self._teller.agent("ana") as agent:
            answer = await self._teller.call(agent, "query", source=NAME, sql=READ, purpose="see first orders")
            counted = await self._teller.call(agent, "query", source=NAME, sql=PEOPLE, purpose="how many people buy")
        shown = str(answer)
        expect("7946" not in shown and "Ann" not in shown and "***" in shown, "names are hidden, phones cut")
        expect(rows(counted) == [[1]], "an aggregate sees masks alone")
        self._teller.say(f"  {rows(answer)[0]}")

    async def cannot_copy_what_is_masked(self) -> None:
        """A copy into another table, and a script around anything, are refused before anything is sent."""
        async with self._teller.agent("dora") as agent:
            for text in (COPY, SCRIPT):
                answer = await self._teller.call(agent, "execute", source=NAME, sql=text, purpose="keep a list")
                expect(answer["status"] == "refused", f"refused: {text}")
                self._teller.say(f"  {answer['message']}")

    async def asks_for_what_is_dear(self) -> None:
        """More bytes than a rule allows wait for a person, who sees the price; the job is billed for no more."""
        async with self._teller.agent("ana") as agent:
            work = asyncio.create_task(
                self._teller.call(agent, "query", source=NAME, sql=DEAR, purpose="which pages are read")
            )
            await self._teller.decide(Decision.APPROVE)
            answer = await self._teller.settled(agent, await work)
        expect(answer["status"] == "answered" and len(rows(answer)) > 1, "the approved query is answered")
        (job,) = [one for one in self._service.jobs.all() if one.configuration["query"]["query"] == DEAR]
        cap = int(job.configuration["query"]["maximumBytesBilled"])
        expect(job.plan.billed <= cap < 2 * job.plan.billed, "the job's cap is what was seen, and a little")

    async def changes_what_was_counted(self) -> None:
        """A change of rows that were counted waits for a person and runs once."""
        before = self._counted()
        async with self._teller.agent("sam") as agent:
            work = asyncio.create_task(
                self._teller.call(agent, "execute", source=NAME, sql=CHANGE, purpose="clear abandoned orders")
            )
            await self._teller.decide(Decision.APPROVE)
            answer = await self._teller.settled(agent, await work)
        expect(answer["status"] == "answered", f"the approved change is answered, not {dict(answer)}")
        after = self._counted()
        expect(after == {"cancelled": before["abandoned"], "paid": before["paid"]}, f"only these rows, not {after}")
        self._teller.say(f"  {before['abandoned']} rows, once")

    def _counted(self) -> dict[str, int]:
        """Look at the server's own tables, beside Assent."""
        return dict(self._service.world.cursor().execute(COUNT).fetchall())
