"""Replicas under load lose no Call and do nothing twice, whoever is killed or drained; here the short form."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from demo.postgres import Postgres
from tests.replicas.cluster import cluster
from tests.replicas.life import Life
from tests.waiting import until


async def test_a_gateway_drained_and_one_killed_lose_no_call_and_do_nothing_twice(
    durable: Callable[[], Postgres], tmp_path: Path
) -> None:
    server = await asyncio.to_thread(durable)
    async with cluster(server, tmp_path, gateways=2, people=1) as made:
        life = Life(made)
        await made.balancer.all_ready()
        working = asyncio.gather(*(life.work(f"agent{n}", changes=2, reads=3) for n in range(2)))

        async def asked() -> bool:
            async with made.dba() as dba:
                return int(await dba.fetchval("SELECT count(*) FROM reviews WHERE state = 'pending'")) >= 2

        await until(asked, 60)
        await made.gateways[0].drain()  # with questions open that it asked
        reviewing = asyncio.create_task(life.review())
        await made.gateways[0].start()
        await made.gateways[1].kill()
        await working
        life.over = True
        await reviewing
        await life.settled()
        assert await life.faults() == []
        assert life.answers["answered"] >= 4
        assert sum((await life.marks()).values()) >= 2
