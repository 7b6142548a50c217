"""Explore every interleaving of the protocol and of jobs: the right design must hold, every wrong one must be caught.

    python -m tests.model [--all] [--wrong NAME]

`--all`: with three attempts and three executors too. `--wrong`: one wrong design, with the steps that show it.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Final

from tests.model import jobs
from tests.model.designs import SMALL, WHOLE, WRONG, design
from tests.model.search import Result, search

JOBS: Final = jobs.RIGHT.keys() | jobs.WRONG.keys()
LAWS: Final = {name: law for name, (_, law) in (*WRONG.items(), *jobs.WRONG.items())}


def say(text: str) -> None:
    """Tell it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def told(name: str, result: Result, seconds: float) -> None:
    """Say what came of one search."""
    verdict = f"breaks {result.broken} in {len(result.steps)} steps" if result.broken else "holds"
    say(f"{name:48} {result.states:8} states {seconds:6.1f} s  {verdict}")


def timed(name: str, wrong: str = "") -> Result:
    """Search one design and tell."""
    began = time.monotonic()
    if (wrong or name) in JOBS:
        job, law = jobs.WRONG[wrong] if wrong else (jobs.RIGHT[name], "")
        result = search(jobs.design(job._replace(wrong=wrong), law))
    else:
        flow, law = WRONG[wrong] if wrong else (WHOLE[name], "")
        result = search(design(flow._replace(wrong=wrong), law))
    told(wrong or name, result, time.monotonic() - began)
    return result


def main() -> int:
    """Search them; 1 when the right design breaks a law, or a wrong one breaks none of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--wrong", choices=LAWS, metavar="NAME")
    asked = parser.parse_args()
    if asked.wrong:
        result = timed("", asked.wrong)
        say("\n".join(f"  {number:2} {step}" for number, step in enumerate(result.steps, 1)))
        return 0 if result.broken == LAWS[asked.wrong] else 1
    right = [*WHOLE, *jobs.RIGHT] if asked.all else [*SMALL, *jobs.SMALL]
    failed = [name for name in right if timed(name).broken]
    failed += [name for name, law in LAWS.items() if timed("", name).broken != law]
    say(f"FAILED: {', '.join(failed)}" if failed else "all as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
