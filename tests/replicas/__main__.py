"""Three gateways, two of the people's and a signer under load, one after another killed or drained: `make replicas`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from random import Random

from demo.postgres import Postgres
from tests.replicas.cluster import Member, cluster
from tests.replicas.life import Life


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def lived(folder: Path, rounds: int, seed: int) -> list[str]:
    """Take rounds of agents at work, each with one process ended somehow and started again; return what is wrong."""
    server = await asyncio.to_thread(Postgres.start, 18, settings=("fsync=on",))
    try:
        async with cluster(server, folder, gateways=3, people=2) as made:
            life, chance = Life(made), Random(seed)
            await made.balancer.all_ready()
            reviewing = asyncio.create_task(life.review())
            turns = [made.signer, *made.gateways, *made.people]  # so that each has its turn in six rounds
            chance.shuffle(turns)
            for number in range(rounds):
                working = asyncio.gather(*(life.work(f"agent{number}-{n}", changes=2, reads=4) for n in range(6)))
                await ended(turns[number % len(turns)], chance)
                await working
                say(f"round {number + 1}: {dict(life.answers)}, {life.broken} connections lost")
            life.over = True
            await reviewing
            await life.settled()
            say(f"sources away, by step and cause: {dict(made.away()) or 'never'}")
            say(f"{len(life.told)} changes told of, {sum((await life.marks()).values())} in the data")
            return await life.faults()
    finally:
        server.close()


async def ended(one: Member, chance: Random) -> None:
    """End a process as a lost machine or an upgrade does, while agents work, and start it again."""
    await asyncio.sleep(chance.uniform(0.0, 2.0))
    killed = chance.random() < 0.5
    say(f"  {'killed' if killed else 'drained'} {one.folder.name}")
    await (one.kill() if killed else one.drain())
    await one.start()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split(":", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        faults = asyncio.run(lived(Path(folder), asked.rounds, asked.seed))
    say("\n".join(faults) or f"{asked.rounds} rounds: no Call is lost, and nothing was done twice")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
