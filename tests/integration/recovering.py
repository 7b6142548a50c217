"""A gateway over the real store and a real PostgreSQL as a process of its own, which ends itself at a named point.

    python -m tests.integration.recovering STORE READ_URL WRITE_URL STATEMENT POINT

Prints the Call's id, then what came of it. POINT "" kills nowhere; POINT "recover" only recovers.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, final

from core.connectors.postgres import PostgresConnector
from core.execution.courses import Courses
from core.execution.failpoints import arm
from core.execution.turns import Announced, Turns
from core.model import Call, CallId, Decision, Dialect, Door, Source, Tool, Waiting
from core.policy.judge import InForce
from core.ports import Ballot
from core.stores.encryption.vault import Keys
from core.stores.sqlite.store import SqliteStore
from tests.integration.connecting import Now
from tests.line import DORA, RULES, Parts, Tokens, furnish
from tests.policies import person, policy

KEYS: Final = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
ORIGIN: Final = "test.example/assent"
CALL: Final = CallId("call_" + "A" * 26)


@final
@dataclass
class Process:
    """What a process has besides its store."""

    judge: InForce = field(default_factory=lambda: InForce(policy(*RULES), Now()))
    tokens: Tokens = field(
        default_factory=lambda: Tokens(
            {"anna": replace(person("analysts"), expires_at=Now().now() + timedelta(hours=1))}
        )
    )
    turns: Turns = field(default_factory=Turns)
    courses: Courses = field(default_factory=Courses)


def call(statement: str, at: datetime) -> Call:
    return Call(
        id=CALL,
        door=Door("mcp-http"),
        tool=Tool.QUERY if statement.startswith("select") else Tool.EXECUTE,
        source="shop",
        received_at=at,
        statement=statement,
        purpose="why",
        bearer="anna",
    )


async def walk(parts: Parts, statement: str) -> None:
    """Send one statement, approve it where people are asked, run it."""
    answer = await parts.gateway.answer(call(statement, Now().now()))
    if isinstance(answer, Waiting):
        (shown,) = await parts.desk.pending(DORA)
        ballot = Ballot(review=shown.review.id, digest=shown.review.digest, decision=Decision.APPROVE)
        assert (await parts.desk.vote(DORA, ballot)).value == "approved"
        await parts.sweeper.sweep()
        await parts.sweeper.drain()


async def main(store: str, read: str, write: str, statement: str, point: str) -> None:
    """Recover what an earlier process left, then walk one statement up to its end or this process's."""
    connector = PostgresConnector(
        Source(name="shop", dialect=Dialect.POSTGRES, tags={}, enforced=True),
        read_url=read,
        write_url=write,
        masks={},
        clock=Now(),
    )
    process = Process()
    await connector.open()
    try:
        async with SqliteStore.open(Path(store), keys=KEYS, origin=ORIGIN, clock=Now()) as opened:
            journal = Announced(opened.journal, process.turns)
            parts = furnish(opened, journal, connector, process, clock=Now(), boot=opened.boot)
            await parts.sweeper.sweep()
            if point != "recover":
                arm(lambda here: os.kill(os.getpid(), signal.SIGKILL) if here == point else None)
                await walk(parts, statement)
            await parts.sweeper.drain()
    finally:
        await connector.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
