"""What is meant for a real project runs against the local server as it says."""

from __future__ import annotations

from demo.bigquery import BigQuery, World
from tests.live.__main__ import Wanted, told


async def test_what_runs_against_a_real_project_runs_against_the_local_server() -> None:
    world = World()
    world.dataset("live")
    async with BigQuery.start(world) as service:
        wanted = Wanted(project="acme", location="EU", dataset="live", endpoint=service.base)
        assert await told(wanted) == 0
        assert world.relations == {}
