"""`python -m bench`: Assent beside its floors and its ceiling, in one run on one machine, as one table."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from bench import clicking, detectors, door, keeping, policy, recovery, sinking, verifying, warehousing, watching
from bench.load import Load
from bench.profile import shown
from bench.reading import readings, told
from bench.record import Miscounted
from bench.run import measured
from bench.servers import Unfair
from bench.shapes import PAGE, POINT
from bench.speech import RAW
from bench.stores import appends
from bench.stores import told as told_of
from bench.table import document, report
from bench.wire import BadAnswer
from cli.serve.serve import loop
from core.errors import GatewayError
from demo.postgres import PostgresUnavailable
from mcp_server.logs import configure

Result = TypeVar("Result")
Told: TypeAlias = tuple[str, Mapping[str, object]]  # for a person, for a program

BROKEN: Final = 1  # an answer, the record or a server was not as it must be: there are no numbers
ENDED: Final = 128  # plus the signal's number, as shells count


def options(words: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="two rounds of short windows: under two minutes")
    size.add_argument("--smoke", action="store_true", help="one round of moments: shows that everything works")
    parser.add_argument(
        "--reading", action="store_true", help="one connector beside bare asyncpg, without HTTP or record"
    )
    size.add_argument("--policy", action="store_true", help="only the rules: deciding and loading many")
    parser.add_argument("--stores", action="store_true", help="the Journal's appends beside the usual designs")
    size.add_argument("--detectors", action="store_true", help="only the detectors of free text: cost and precision")
    size.add_argument("--watching", action="store_true", help="only what a call's numbers and stopwatches cost")
    size.add_argument("--verify", action="store_true", help="only verification, beside appending one by one")
    size.add_argument("--keeping", action="store_true", help="only erasure's and retention's look for data keys")
    size.add_argument("--recovery", action="store_true", help="only a start that finds 1,000 open calls")
    size.add_argument("--door", action="store_true", help="only the door: tokens, and a thousand held calls")
    parser.add_argument(
        "--bigquery", action="store_true", help="only BigQuery: beside the bare client, one local server"
    )
    parser.add_argument("--slack", action="store_true", help="only clicks on the local Slack platform")
    parser.add_argument("--sinks", action="store_true", help="Calls' Entries beside sinks that hang or are not there")
    parser.add_argument(
        "--beside", action="store_true", help="with the alternatives that are installed; the whole run always has them"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything that was seen there")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="run Assent under cProfile: no rates to believe")
    return parser.parse_args(words)


def chosen(given: argparse.Namespace) -> Load:
    """Size the run."""
    profile: Path | None = given.profile.absolute() if given.profile else None
    if given.smoke:
        load = Load(warm=0.02, window=0.2, rounds=1, rows=1_000, appends=20, profile=profile, beside=given.beside)
        load.shapes, load.protocols = (POINT, PAGE), RAW
        return load
    if given.short:
        return Load(warm=0.25, window=0.8, rounds=2, rows=100_000, profile=profile, protocols=RAW, beside=given.beside)
    return Load(warm=0.7, window=4.0, rounds=3, rows=100_000, profile=profile, beside=True)


def say(text: str) -> None:
    """Show progress, apart from the table."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


async def interruptible(work: Awaitable[Result]) -> Result:
    """Measure; a signal unwinds everything that was started."""
    task = asyncio.current_task()
    if task is not None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await work


def line(load: Load, runner: asyncio.Runner) -> Told:
    """Measure the whole line beside its floors and its ceiling."""
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        run = runner.run(interruptible(measured(load, Path(folder), say)))
    return report(run), document(run)


def reading(load: Load, runner: asyncio.Runner) -> Told:
    """Measure one connector beside the driver alone."""
    run = runner.run(interruptible(readings(load.window, load.rows, say)))
    return "\n".join(told(run)), asdict(run)


def stores(load: Load, runner: asyncio.Runner) -> Told:
    """Measure appends to each store beside the usual design."""
    run = runner.run(interruptible(appends(load.window, load.rounds, say)))
    return "\n".join(told_of(run)), asdict(run)


def alone(given: argparse.Namespace) -> str | None:
    """Measure one part alone, where that was asked for."""
    if given.detectors or given.policy or given.watching:
        return str((detectors if given.detectors else policy if given.policy else watching).report())
    if given.recovery:
        return recovery.told(asyncio.run(recovery.recovering()))
    if given.verify:
        return asyncio.run(verifying.shown(say))
    if given.keeping:
        return asyncio.run(keeping.shown(say))
    if given.bigquery:
        return asyncio.run(warehousing.shown(say))
    if given.slack:
        return asyncio.run(clicking.shown(say, short=given.short))
    if given.door:
        return asyncio.run(door.shown(say))
    load = chosen(given)
    return asyncio.run(sinking.shown(load.window, load.rounds)) if given.sinks else None


def main() -> int:
    """Run, print, and say by the exit code whether the numbers mean anything."""
    configure()
    given = options(sys.argv[1:])
    if (said := alone(given)) is not None:
        print(said)
        return 0
    load = chosen(given)
    try:
        with asyncio.Runner(loop_factory=loop()) as runner:
            work = reading if given.reading else stores if given.stores else line
            text, everything = work(load, runner)
    except (BadAnswer, Miscounted, Unfair, GatewayError, PostgresUnavailable, OSError, EOFError) as error:
        print(f"no numbers: {type(error).__name__}: {error}", file=sys.stderr)
        return BROKEN
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("stopped; nothing is left behind", file=sys.stderr)
        return ENDED + signal.SIGTERM
    print(text)
    if given.json:
        given.json.write_text(json.dumps(everything, indent=1) + "\n")
    if load.profile:
        print(f"\nwhere Assent's own time went, by cProfile:\n{shown(load.profile)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
