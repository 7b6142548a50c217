"""What runs in a house unseen, from its start to its drain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.assembly.house import Works
from core.assembly.policy import begin
from core.execution.background.watch import Watch
from core.settings import Role


@asynccontextmanager
async def serving(works: Works) -> AsyncIterator[None]:
    """Recover, then sweep until the block ends; what runs then ends by its own limits."""
    house = works.house
    await begin(house.settings, house.store, house.journal)
    await works.vigil.look()
    await works.sweeper.sweep()
    watch = Watch(works.house.journal, works.house.clock)
    tasks = [
        asyncio.create_task(works.sweeper.serve()),
        asyncio.create_task(works.house.store.endings.serve(watch)),
    ]
    async with counting(works):
        try:
            yield
        finally:
            await works.courses.drain()
            await works.weighing.drain()
            await works.sweeper.drain()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


@asynccontextmanager
async def counting(works: Works) -> AsyncIterator[None]:
    """Count what is told once a minute, and end what is due, until the block ends."""
    keeper, rotation = works.house.keeper, works.house.rotation
    await keeper.start()
    await works.vigil.look()
    watch = Watch(works.house.journal, works.house.clock)
    tasks = [asyncio.create_task(works.denials.serve()), asyncio.create_task(works.findings.serve())]
    tasks += [asyncio.create_task(keeper.serve(watch)), asyncio.create_task(rotation.serve(watch))]
    tasks.append(asyncio.create_task(works.vigil.serve()))
    if Role.PEOPLE in works.house.roles:  # they alone write what became of an answer given alone
        tasks.append(asyncio.create_task(works.hindsights.serve()))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await works.denials.flush()
        await works.findings.flush()
