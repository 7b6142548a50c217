"""`assent demo`: the whole product on this machine, for one run: a shop, an issuer, the gateway, a reviewer."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

import typer
from rich.panel import Panel

from cli.serve.house import Opened, opened
from cli.show import ERR, OUT, Exit, fail
from core.settings import load
from demo import errand, warehouse
from demo.bigquery import BigQuery
from demo.errand import Errand
from demo.issuer import LIFETIME
from demo.slack.office import chat as chatting
from demo.slack.office import office
from demo.slack.page import page
from demo.story import PAYROLL, READ, SHOP, UPDATE, Broken, Storyteller
from demo.terminal import Desktop, reading
from demo.warehouse import world as stock
from demo.world import AGENTS, REVIEWER, World, world

BOUNDARY: Final = "The demo shows the flow; it is no boundary against an agent that runs under your own account."
NOBODY: Final = (
    "Nothing approves here: the change stays pending until it expires; --slack-fake adds a page where people do."
)
PAGE: Final = "People approve on the demo's fake Slack page, whose address its person has."
PEOPLE: Final[Mapping[str, str]] = {"ana": "an analyst", "dora": "a DBA", "sam": "support"}


def run(
    *,
    script: bool = False,
    keep: Path | None = None,
    stdio: bool = False,
    plant: str = "",
    slack_fake: bool = False,
    bigquery: bool = False,
) -> None:
    """Run the demo until Ctrl-C, or its story unattended; `slack_fake` adds a page on which people click.

    `bigquery` adds a Source: a BigQuery-compatible server on this machine.
    """
    from mcp_server.logs import configure  # noqa: PLC0415

    if script and slack_fake:
        fail("--script answers for itself: give --slack-fake without it", Exit.USAGE)
    configure()
    with folder(keep) as place:
        try:
            extras = Extras(slack_fake=slack_fake, bigquery=bigquery)
            asyncio.run(told(place, plant, extras) if script else shown(place, extras, stdio=stdio))
        except Broken as error:
            fail(f"the story broke: {error}", Exit.FINDINGS)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What a run has besides the shop."""

    slack_fake: bool = False
    bigquery: bool = False


@contextmanager
def folder(keep: Path | None) -> Iterator[Path]:
    """Give the run's own folder; gone afterwards unless it is to be kept."""
    if keep is not None:
        keep.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="assent-demo-") as made:
        yield Path(made)


@asynccontextmanager
async def living(place: Path, extras: Extras, plant: str = "") -> AsyncIterator[tuple[World, Opened, BigQuery | None]]:
    """Make the world and open the house in it; only this process's own terminal can approve, and the page if asked for.

    The page's address goes to standard error alone: it is what lets one act there.
    """
    steps = iter(range(1, 9))

    def say(text: str) -> None:
        ERR.print(f"  {next(steps)}  {text}", markup=False)

    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(office()) if extras.slack_fake else None
        chat = chatting(slack) if slack else None
        service = await stack.enter_async_context(BigQuery.start(stock())) if extras.bigquery else None
        more = warehouse.configuration(service.base) if service else ""
        made = await stack.enter_async_context(world(place, say=say, plant=plant, chat=chat, more=more))
        say("opening the gateway")
        house = await stack.enter_async_context(opened(load(made.config, os.environ), votes=False))
        (place / "verifier.vkey").write_text(str(house.house.store.verifier) + "\n")
        if slack:
            typer.echo(f"Fake Slack: {await stack.enter_async_context(page(slack))}", err=True)
        yield made, house, service


async def told(place: Path, plant: str, extras: Extras) -> None:
    """Tell the story, then count Entries against Calls and verify the log that is left.

    Raises: Broken.
    """
    async with living(place, extras, plant) as (made, house, service):
        teller = Storyteller(
            mcp=house.mcp,
            tokens={name: made.token(name) for name in AGENTS},
            owner=made.owner,
            desk=house.house.desk,
            reviewer=REVIEWER,
            say=lambda text: OUT.print(text, markup=False),
            sources=SHOP | ({warehouse.NAME} if service else frozenset()),
        )
        story = await teller.tell(*(Errand(teller, service).steps if service else ()))
        lines = await house.house.store.history.sessions(limit=100)
        intents = sum(line.calls for line in lines)
        if intents != story.intents:
            raise Broken(f"{story.intents} calls were made, {intents} are on record")
        key = str(house.house.store.verifier)
    if plant == "tampered":
        tamper(place / "assent.db")
    found = verified(place / "assent.db", key)
    OUT.print(f"{story.passed} steps, {intents} calls on record, {found}", markup=False)


def verified(store: Path, key: str) -> str:
    """Verify the closed store with the pinned key, as an auditor would.

    Raises: Broken when there is a finding.
    """
    from core.audit.transparency.note import verifier  # noqa: PLC0415
    from core.stores.sqlite.check import verify_store  # noqa: PLC0415

    report = verify_store(store, verifier(key))
    if report.findings or not report.pinned:
        raise Broken(f"audit verify: {[finding.rule for finding in report.findings[:3]]}")
    return f"{report.entries} entries verified against the pinned key"


def tamper(store: Path) -> None:
    """Change one recorded outcome behind the log's back: what the last check must notice."""
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(store) as connection:
        connection.executescript("DROP TRIGGER IF EXISTS log_entry_no_update; DROP TRIGGER IF EXISTS log_entry_fixed;")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE log_entry SET ts_ms = ts_ms + 1 WHERE seq = 3")
    connection.close()


async def shown(place: Path, extras: Extras, *, stdio: bool) -> None:
    """Serve until Ctrl-C; a reviewer sits at the terminal, unless an MCP client owns standard input."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with living(place, extras) as (made, house, service):
        if stdio:
            await piped(made, house, PAGE if extras.slack_fake else NOBODY)
            return
        note(place, made)
        banner(made, house)
        if service:
            OUT.print(f"Of source {warehouse.NAME} (BigQuery's SQL):", markup=False)
            OUT.print(f"  answered with masks:     {errand.READ}", markup=False)
            OUT.print(f"  asks you, for its price: {errand.DEAR}", markup=False)
        await reviewing(house, stop)
        ERR.print("stopping", markup=False)


async def piped(made: World, house: Opened, note: str) -> None:
    """Serve the MCP client that started us over standard input and output, as sam of support's agent."""
    from demo.piping import Signed  # noqa: PLC0415
    from mcp_server import stdio  # noqa: PLC0415
    from mcp_server.room import STDIO, Room  # noqa: PLC0415

    line = Signed(house.house.gateway, lambda: made.token("sam"), note=f"{note} {BOUNDARY}")
    ERR.print(f"{note} {BOUNDARY}", markup=False)
    await stdio.serve(Room.of(line, house.house.clock, STDIO))


async def reviewing(house: Opened, stop: asyncio.Event) -> None:
    """Let the person at the terminal decide until it stops."""
    parts = house.house
    desktop = Desktop(who=REVIEWER, desk=parts.desk, archive=parts.archive, verify=parts.verify, out=OUT)
    announcing = asyncio.create_task(desktop.announce(parts.gateway.turns))
    stopping = asyncio.create_task(stop.wait())
    try:
        async with reading() as lines:
            while not stop.is_set():
                typed = asyncio.create_task(lines.get())
                await asyncio.wait({typed, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if typed.done():
                    line = typed.result()
                    if line in {"", "quit\n"}:
                        return
                    await desktop.obey(line)
                else:
                    typed.cancel()
    finally:
        announcing.cancel()
        stopping.cancel()


def note(place: Path, made: World) -> None:
    """Leave what `assent token` needs, for the owner's eyes only."""
    state = place / "demo.json"
    state.touch(mode=0o600)
    state.write_text(json.dumps({"issuer": made.mint.url, "secret": made.secret, "people": list(AGENTS)}))


def banner(made: World, house: Opened) -> None:
    """Say how to connect, who there is, and what to try."""
    out = OUT
    out.print(Panel(f"MCP  {house.mcp}\n{BOUNDARY}", title="Assent demo"), soft_wrap=False)
    out.print(f"Tokens of three people's agents, for {LIFETIME.total_seconds() / 60:.0f} minutes:", markup=False)
    for name in AGENTS:
        typer.echo(f"  {name} ({PEOPLE[name]}): {made.token(name)}")
    out.print("Claude Code, as ana's agent:", markup=False)
    header = f"Authorization: Bearer {made.token('ana')}"
    typer.echo(f'  claude mcp add --transport http assent {house.mcp} --header "{header}"')
    server = {"type": "http", "url": house.mcp, "headers": {"Authorization": "Bearer TOKEN"}}
    out.print("Other clients, with one of the tokens:", markup=False)
    typer.echo("  " + json.dumps({"mcpServers": {"assent": server}}))
    out.print("Try, as tools query and execute of source shop:", markup=False)
    out.print(f"  answered with masks:     {READ}", markup=False)
    out.print(f"  asks you (sam, execute): {UPDATE}", markup=False)
    out.print(f"  refused:                 {PAYROLL}   (rule: nobody touches payroll)", markup=False)
    out.print("You are rita, a DBA: approve · deny WHY · audit sessions · help · Ctrl-C ends everything", markup=False)
