"""Hunt for a difference between the twins, `make fuzz ARGS="--minutes 60"`, or at the door, with `--door` as well.

Each configuration on each version in turn, until the time is up. Exit 0: the twins' answers never differed, and
enough of the mutants said something about it. At the door: no request got an answer that a door may not give.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import time
from datetime import UTC, datetime
from typing import Final

from demo.postgres import PostgresUnavailable
from tests.fuzz import warehouse
from tests.fuzz.corpora import corpora
from tests.fuzz.door import run as door
from tests.fuzz.grounds import ground
from tests.fuzz.hunt import Tally
from tests.fuzz.minimise import minimise
from tests.fuzz.twins import CONFIGS, Config

VERSIONS: Final = (18, 15, 16, 17)
ENOUGH: Final = 20  # differences of one ground
SHARE: Final = 0.3  # masking 13: of the mutants of every run use a tagged column and return rows


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def hunted(config: Config, version: int, *, seed: int, seconds: float, seeds: bool) -> Tally:
    """Hunt on one ground for a while; what was found is told as small as it gets."""
    async with ground(config, version) as made:
        hunt, end = made.hunt(seed, corpora()), time.monotonic() + seconds
        if seeds:
            await hunt.seeds(corpora())
        await hunt.run(lambda tally: time.monotonic() < end and len(tally.found) < ENOUGH)
        say(f"PostgreSQL {version}, {config.name}, seed {seed}: {hunt.tally}; child ended {made.workshop.ended} times")
        for found in hunt.tally.found:
            say(f"\n{await minimise(made.pair, found)}\n")
        return hunt.tally


async def warehoused(asked: argparse.Namespace) -> int:
    """Hunt over twin warehouses on the local BigQuery-compatible server."""
    end = time.monotonic() + asked.minutes * 60
    async with warehouse.pair() as made:
        tally = await warehouse.hunt(made, asked.seed, lambda seen: time.monotonic() < end and len(seen.found) < ENOUGH)
    say(f"BigQuery, seed {asked.seed}: {tally}")
    for found in tally.found:
        say(found)
    return 1 if tally.found or tally.shown < SHARE * tally.asked else 0


async def knocking(asked: argparse.Namespace) -> int:
    """Ask the agents' door until the time or the number of requests is up; a finding is asked again by its name."""
    tally, end = door.Tally(), time.monotonic() + asked.minutes * 60
    most = asked.requests
    await door.hunt(asked.seed, lambda seen: time.monotonic() < end and (most is None or seen.asked < most), tally)
    say(f"seed {asked.seed}: {tally}")
    for found in tally.found:
        say(found)
    return 1 if tally.found else 0


async def main(asked: argparse.Namespace) -> int:
    """Hunt over each ground; tell the sum."""
    grounds = list(itertools.product(asked.version or VERSIONS, asked.config or CONFIGS))
    seconds = asked.minutes * 60 / len(grounds)
    tallies = []
    for number, (version, name) in enumerate(grounds):
        seed = asked.seed + number
        try:
            tallies.append(await hunted(CONFIGS[name], version, seed=seed, seconds=seconds, seeds=not asked.bare))
        except PostgresUnavailable as missing:
            say(f"left out: {missing}")
    count = sum(tally.asked for tally in tallies)
    touching = sum(tally.touching for tally in tallies)
    found = sum(len(tally.found) for tally in tallies)
    few = sum(tally.share < SHARE for tally in tallies)
    say(
        f"in all: {count} mutants, {touching / max(1, count):.1%} use a tagged column and return rows, "
        f"{found} differences, {few} grounds where fewer than {SHARE:.0%} do"
    )
    return 1 if found or few else 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=2, help="of hunting, over all grounds together")
    parser.add_argument("--warehouse", action="store_true", help="twin warehouses of BigQuery instead of PostgreSQL's")
    parser.add_argument("--door", action="store_true", help="requests at the agents' door instead of statements")
    parser.add_argument("--requests", type=int, help="of them, at most")
    parser.add_argument("--seed", type=int, default=int(datetime.now(UTC).strftime("%y%m%d")))
    parser.add_argument("--version", type=int, action="append", choices=VERSIONS)
    parser.add_argument("--config", action="append", choices=sorted(CONFIGS))
    parser.add_argument("--bare", action="store_true", help="leave the unchanged corpora out")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    work = knocking if given.door else warehoused if given.warehouse else main
    sys.exit(asyncio.run(work(given)))
