"""Runs the official conformance suite against the real door, and holds what it found against the known exclusions.

`python -m tests.conformance` for both revisions, or one of them by name. Exit 1 on a failure that is not excluded, and
on an exclusion that does not fail any more.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from core.model import Door
from mcp_server.http import Public, application
from mcp_server.listen import Address, bound, listening
from mcp_server.server import build
from tests.conformance.fixtures import JOBS, Jobs, register
from tests.mcp_double import caller, room
from tests.node import ROOT, binary, environment

REVISIONS: Final = ("2026-07-28", "2025-11-25")
OUT: Final = ROOT / "build" / "conformance"
SCENARIO: Final = re.compile(r"server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z")
LEAST: Final = {"2026-07-28": 50, "2025-11-25": 33}  # scenarios that a whole run reports
EXCLUDED: Final = Path(__file__).with_name("excluded.toml")


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """Serve the real application with the suite's fixtures to anyone; the suite can send no token."""
    line = Jobs(callers={"anyone": caller()})
    furnished = room(line, Door("mcp-http"))
    server = build(furnished, tasks=JOBS)
    register(server, line)
    taken = bound(Address())
    public = Public(url=f"http://127.0.0.1:{taken.getsockname()[1]}", issuers=())
    app = Anyone(application(server, furnished, public))
    async with listening(app, taken, address=Address(), drain=furnished.drain):
        yield public.resource


class Anyone:
    """Lends every request the one token that the double knows."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on as signed in."""
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"authorization", b"Bearer anyone")]
        await self._app(scope, receive, send)


def failed(place: Path) -> dict[str, str]:
    """Read a run's folders: what failed, as `scenario:check`, and its words."""
    found = {}
    for checks in sorted(place.glob("server-*/checks.json")):
        scenario = SCENARIO.fullmatch(checks.parent.name)
        assert scenario is not None, checks
        for check in json.loads(checks.read_text()):
            if check["status"] == "FAILURE":
                found[f"{scenario[1]}:{check['id']}"] = str(check.get("errorMessage", ""))[:200]
    return found


async def run(revision: str) -> int:
    """Run all scenarios of a revision, the optional ones too; count what is not as it should be."""
    place = OUT / revision
    shutil.rmtree(place, ignore_errors=True)
    async with served() as url:
        command = [binary("conformance"), "server", "--url", url, "--requirements", revision, "-o", str(place)]
        done = await anyio.run_process(command, env=environment(), check=False)
    found = failed(place)
    scenarios = len(list(place.glob("server-*/checks.json")))
    excluded: Mapping[str, str] = tomllib.loads(EXCLUDED.read_text())[revision]
    wrong = {name: words for name, words in found.items() if name not in excluded}
    stale = sorted(excluded.keys() - found.keys())
    said = [f"{revision}: {scenarios} scenarios, {len(found)} checks failed, {len(excluded)} excluded by name"]
    said += [f"  failed: {name}: {words}" for name, words in wrong.items()]
    said += [f"  excluded but not failing: {name}" for name in stale]
    if scenarios < LEAST[revision]:
        said += [f"  only {scenarios} scenarios ran:", done.stdout.decode()[-2000:]]
    sys.stdout.write("\n".join(said) + "\n")
    return len(said) - 1


async def main(revisions: Sequence[str]) -> int:
    """Run revisions one after the other."""
    return sum([await run(revision) for revision in revisions])


if __name__ == "__main__":
    sys.exit(min(1, anyio.run(main, sys.argv[1:] or REVISIONS)))
