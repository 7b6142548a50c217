"""Kill and freeze processes over one record and a real database, and hold what they left against each other.

    python -m tests.torture [--minutes N | --trials N] [--seed N] [--store KIND] [--wrong NAME | --controls]
    python -m tests.torture --directed [TRIAL …] [--store KIND] [--wrong NAME | --controls]
    python -m tests.torture --crowd KILLS [--minutes N] [--store KIND] [--wrong NAME | --controls]

Ends with 1 when anything is wrong, or when a point was never reached. `--controls`: every wrong design must be caught.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

import asyncpg

from core.execution.failpoints import POINTS
from demo.postgres import Postgres
from tests.pgstore import emptied
from tests.torture.crowd import Crowd
from tests.torture.directed import SHARED, TRIALS, directed
from tests.torture.harness import run
from tests.torture.life import SCHEMA
from tests.torture.places import Place, PostgresPlace, SqlitePlace
from tests.torture.plans import PAIRS, trial, trials
from tests.torture.wrong import CROWDED, NAMED, WRONG
from tests.torture.wrong_acts import DESIGNS

HOUR: Final = 60
TRIES: Final = 8  # at a wrong design: another Call than the one in which it shows may come to the point first


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


Records = Callable[[Path], Place]


@contextlib.contextmanager
def records(kind: str) -> Iterator[Records]:
    """Give what makes a trial's record, empty."""
    if kind == "sqlite":
        yield SqlitePlace
        return
    with Postgres.start(settings=("fsync=on",)) as server:
        yield lambda path: PostgresPlace(asyncio.run(emptied(server, path.parent)))


@contextlib.contextmanager
def database(url: str) -> Iterator[str]:
    """Give a database for the trials: the one that is named, which its owner made empty, or one of our own."""
    if url:
        yield url
        return
    with Postgres.start() as server:
        asyncio.run(prepare(server.url()))
        yield server.url()


async def prepare(url: str) -> None:
    """Make the tables."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(SCHEMA)
    finally:
        await connection.close()


def tortured(url: str, place: Records, asked: argparse.Namespace) -> bool:
    """Run trials until time or number is over; say what was found, and answer whether all is well."""
    began, points, broken, number = time.monotonic(), Counter[str](), 0, 0
    for number, planned in enumerate(trials(asked.seed, freezes=asked.store == "postgres"), 1):
        verdict = run(planned, url, place=place)
        points.update(verdict.ended)
        for found in verdict.found:
            broken += 1
            say(f"trial {planned.seed} of seed {asked.seed}: {found}")
        over = number >= asked.trials if asked.minutes is None else time.monotonic() - began > asked.minutes * 60
        if over:
            break
    seconds = time.monotonic() - began
    say(f"{number} trials in {seconds:.0f} s, {sum(points.values())} processes ended, {broken} violations")
    missed = sorted(set(POINTS) - points.keys()) if number >= len(PAIRS) else []
    if missed:
        say(f"never ended at: {', '.join(missed)}")
    return not broken and not missed


def controlled(url: str, names: list[str], seed: int) -> bool:
    """Run each wrong design until it is caught, some trials at most."""
    missed = []
    for name in names:
        dice = Random(f"{seed} {name}")  # noqa: S311
        first, later = WRONG[NAMED[name]]
        plans = [trial(dice, seed=number, first=first, later=later) for number in range(TRIES)]
        # A process that broke off, or ran out of patience, is no witness: the judge must say what is wrong.
        judged = ([one for one in run(plan, url, design=name).found if not one.startswith("broke ")] for plan in plans)
        seen = ((number, found) for number, found in enumerate(judged, 1) if found)
        tries, found = next(seen, (TRIES, []))
        say(f"{'caught' if found else 'MISSED'} {name} in trial {tries}{': ' + found[0][:160] if found else ''}")
        missed += [] if found else [name]
    return not missed


def led(url: str, place: Records, asked: argparse.Namespace) -> bool:
    """Run the directed trials, or each wrong design in its own; answer whether all is well."""
    if not (asked.wrong or asked.controls):
        names = asked.directed or [*TRIALS, *(SHARED if asked.store == "postgres" else ())]
        found = directed(names, place, url)
        say(f"{len(names)} trials, {len(found)} violations")
        for what in found:
            say(f"{asked.store}: {what}")
        return not found
    missed = []
    for design in [asked.wrong] if asked.wrong else DESIGNS:
        found = directed([DESIGNS[design][1]], place, url, design=design)
        say(f"{'caught' if found else 'MISSED'} {design}{': ' + found[0][:160] if found else ''}")
        missed += [] if found else [design]
    return not missed


def caught(url: str, place: Records, asked: argparse.Namespace, design: str) -> list[str]:
    """Return what is wrong with a wrong design, in the first of three crowds at most that shows it."""
    return next((found for number in range(3) if (found := crowded(url, place, asked, design, number))), [])


def crowded(url: str, place: Records, asked: argparse.Namespace, design: str = "", number: int = 0) -> list[str]:
    """Let processes race and be killed so often; say how often where, and return what is wrong."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crowd") as folder:
        dice = Random(f"{asked.seed} {design} {number}")  # noqa: S311
        crowd = Crowd(place(Path(folder) / "assent.db"), url, Path(folder) / "screen", dice, design)
        crowd.run(asked.crowd, (asked.minutes or HOUR) * 60)
        found = crowd.judged()
    where = ", ".join(f"{number} {point}" for point, number in sorted(crowd.ended.items()))
    say(f"{crowd.ended.total()} kills, {time.monotonic() - began:.0f} s: {where}")
    say("; ".join(crowd.acts))
    for what in found[:20]:
        say(f"{asked.store}, seed {asked.seed}: {what}")
    return found


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--trials", type=int, default=len(PAIRS))
    parser.add_argument("--seed", type=int, default=int(datetime.now(UTC).date().strftime("%Y%m%d")))
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--database", default="", metavar="URL")
    parser.add_argument("--wrong", choices=[*NAMED, *CROWDED, *DESIGNS], metavar="NAME")
    parser.add_argument("--controls", action="store_true")
    parser.add_argument("--directed", nargs="*", choices=[*TRIALS, *SHARED], help="the trials without dice")
    parser.add_argument("--crowd", type=int, metavar="KILLS", help="replicas that race, and people with them")
    asked = parser.parse_args()
    with database(asked.database) as url, records(asked.store) as place:
        if asked.directed is not None:
            well = led(url, place, asked)
        elif asked.crowd is not None:
            designs = [asked.wrong] if asked.wrong else list(CROWDED) if asked.controls else [""]
            found = {design: (caught if design else crowded)(url, place, asked, design) for design in designs}
            well = all(bool(broken) is bool(design) for design, broken in found.items())
            for design, broken in found.items():
                say(f"{'caught' if broken else 'MISSED'} {design}") if design else None
        elif asked.wrong or asked.controls:
            well = controlled(url, [asked.wrong] if asked.wrong else list(NAMED), asked.seed)
        else:
            well = tortured(url, place, asked)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
