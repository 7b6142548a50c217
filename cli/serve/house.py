"""One process with all its doors: the house assembled, sockets bound, drained in the right order at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, final
from urllib.parse import urlsplit

from starlette.routing import Route

from cli.serve.ways import linking, matching, ways
from core.assembly import EVERY, Hall, House, SystemClock, assemble
from core.assembly.publishing import publishing
from core.assembly.stores import Roles, signing
from core.assembly.telling import told_by_signer
from core.errors import SettingsError
from core.identity.keys import Fetch
from core.ports import Clock
from core.settings import Listen, Role, Settings
from core.telemetry.telling import Telling

if TYPE_CHECKING:
    from slackbot.bot import Bot


# Doors for agents, by package: `door.opened` of each takes a Hall, serves, and says where. Imported when one is opened:
# the SDK alone takes a second.
DOORS: Final = (
    "mcp_server",
)  # fmt: skip


class Opens(Protocol):
    """How a door for agents is opened."""

    def __call__(self, hall: Hall) -> AbstractAsyncContextManager[str]:
        """Serve until the block ends, then drain; yield where."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A house whose doors are open."""

    house: House
    mcp: str  # URL of the MCP endpoint
    console: str  # URL of the people's side


@asynccontextmanager
async def opened(
    settings: Settings,
    *,
    votes: bool = True,
    clock: Clock | None = None,
    fetch: Fetch | None = None,
    adopt: bool = False,
) -> AsyncIterator[Opened]:
    """Assemble and open every configured door; `votes` False closes the console's vote endpoint (the demo).

    Raises: SettingsError, UnsafeStart, SourceUnavailable, AuditUnavailable.
    """
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(assemble(settings, clock=clock, fetch=fetch, adopt=adopt))
        slack = await stack.enter_async_context(chat(house)) if settings.slack is not None else None
        console = await stack.enter_async_context(people(house, votes=votes, slack=slack))
        mcp = await stack.enter_async_context(agents(house))
        yield Opened(house=house, mcp=mcp, console=console)


@asynccontextmanager
async def part(settings: Settings, roles: Roles, *, adopt: bool = False) -> AsyncIterator[tuple[str, House | None]]:
    """Open what a process of these roles serves; say what that is. The signer has no house.

    `adopt`: `core.assembly.stores.opened`.
    Raises: SettingsError, UnsafeStart, SourceUnavailable, AuditUnavailable.
    """
    async with AsyncExitStack() as stack:
        if roles == EVERY:
            whole = await stack.enter_async_context(opened(settings, adopt=adopt))
            await stack.enter_async_context(watched(settings, whole.house.telling))
            yield f"assent serves {whole.mcp}; people's side {whole.console}", whole.house
        elif Role.SIGNER in roles:
            log = await stack.enter_async_context(signing(settings, SystemClock(), adopt=adopt))
            await stack.enter_async_context(publishing(settings, log, SystemClock()))
            await stack.enter_async_context(watched(settings, told_by_signer(settings, log)))
            yield f"assent signs {log.origin} as {log.verifier}", None
        elif Role.GATEWAY in roles:
            gateway = await stack.enter_async_context(assemble(settings, roles=roles))
            await stack.enter_async_context(watched(settings, gateway.telling))
            yield f"assent serves {await stack.enter_async_context(agents(gateway))}", gateway
        else:
            desk = await stack.enter_async_context(assemble(settings, roles=roles))
            await stack.enter_async_context(watched(settings, desk.telling))
            slack = await stack.enter_async_context(chat(desk)) if settings.slack is not None else None
            door = await stack.enter_async_context(people(desk, votes=True, slack=slack))
            yield f"assent serves people at {door}", desk


@asynccontextmanager
async def watched(settings: Settings, telling: Telling) -> AsyncIterator[None]:
    """Open the operators' port, where one is configured; it closes last, so that a drain can be seen."""
    if settings.metrics is None:
        yield
        return
    from mcp_server.bounds import Drain  # noqa: PLC0415
    from mcp_server.listen import Address, bound, listening  # noqa: PLC0415
    from monitor.app import application  # noqa: PLC0415

    listen = settings.metrics.listen
    address = Address(host=listen.host, port=listen.port)
    app = application(telling, settings.metrics.hosts)
    async with listening(app, bound(address), address=address, drain=Drain(), grace=timedelta(seconds=1)):
        yield


@asynccontextmanager
async def agents(house: House) -> AsyncIterator[str]:
    """Open every door for agents; say where each is served."""
    async with AsyncExitStack() as stack:
        hall = Hall.of(house)
        opens: list[Opens] = [import_module(f"{name}.door").opened for name in DOORS]
        yield ", ".join([await stack.enter_async_context(opened(hall)) for opened in opens])


@asynccontextmanager
async def people(house: House, *, votes: bool, slack: Bot | None = None) -> AsyncIterator[str]:
    """Open the people's HTTP door, with a sign-in by browser where one is configured and votes are taken.

    `slack`: the Slack door, whose requests come in here in HTTP mode.
    """
    from console.app import build  # noqa: PLC0415
    from console.operating import Operating  # noqa: PLC0415
    from core.identity.fetch import HttpFetch  # noqa: PLC0415
    from mcp_server.bounds import Drain  # noqa: PLC0415
    from mcp_server.listen import Address, bound, listening  # noqa: PLC0415
    from slackbot.manifest import PATH  # noqa: PLC0415

    listen = house.settings.console.listen
    ask = HttpFetch()
    app = build(
        desk=house.desk,
        archive=house.archive,
        verifier=house.verifier,
        verify=house.verify,
        exports=house.exports,
        brakes=house.brakes,
        grantors=house.grantors,
        hosts=names(listen, house.settings),
        votes=votes,
        operating=Operating(house.bench, house.keeper, house.rotation) if votes else None,
        ways=ways(house, ask) if votes else None,
        results=f"{house.settings.gateway.url.rstrip('/')}/results",
        deny=house.gateway.admission.deny,
    )
    if slack is not None and slack.events is not None:
        app.router.routes.append(Route(PATH, slack.events.take, methods=["POST"]))
    address = Address(host=listen.host, port=listen.port, proxies=house.settings.gateway.proxies)
    async with ask, listening(app, bound(address), address=address, drain=Drain()):
        yield f"http://{listen.host}:{listen.port}"


def names(listen: Listen, settings: Settings) -> frozenset[str]:
    """Hosts the people's door answers to: where it listens, and the gateway's public host."""
    local = {"127.0.0.1", "localhost"} if listen.host in {"127.0.0.1", "localhost"} else {listen.host}
    public = {urlsplit(url).hostname or "" for url in (settings.gateway.url, settings.console.url)}
    return frozenset({f"{name}:{listen.port}" for name in local} | public)


@asynccontextmanager
async def chat(house: House) -> AsyncIterator[Bot]:
    """Open the Slack door, over Socket Mode or for requests that come in at the people's door.

    Raises: UnsafeStart for what `slackbot.bot.bot` will not start with.
    """
    from slackbot.bot import Workspace, bot  # noqa: PLC0415 - Bolt and aiohttp only where Slack is used
    from slackbot.clicks.linking import Linker  # noqa: PLC0415
    from slackbot.home.debts import Debts  # noqa: PLC0415
    from slackbot.links import Joined, Listed, Matched, Signed  # noqa: PLC0415
    from slackbot.lookups.lookup import Lookup  # noqa: PLC0415

    slack = house.settings.slack
    if slack is None:
        raise SettingsError("[slack] is not configured")
    workspace = Workspace(
        bot_token=slack.bot_token.text().strip(),
        app_token=slack.app_token.text().strip() if slack.app_token else "",
        signing_secret=slack.signing_secret.text().strip() if slack.signing_secret else "",
        channel=slack.channel,
        channels=house.settings.channels,
        emergencies=house.settings.glass,
    )
    workspace = replace(workspace, api=slack.api, hooks=slack.hooks) if slack.api else workspace
    reviews, listed = house.store.reviews, Listed(slack.people)
    signed = Signed(listed, house.store.links, house.clock)
    links = Joined(signed, house.settings.same)
    made, url, by_email = linking(house), house.settings.console.url, matching(house)
    lookup = Lookup(
        archive=house.archive,
        looks=house.archive,
        debts=Debts(desk=house.desk, grantors=house.grantors),
        links=links,
        verify=house.verify,
        clock=house.clock,
    )
    async with bot(
        workspace,
        desk=house.desk,
        brakes=house.brakes,
        grantors=house.grantors,
        cards=reviews,
        journal=house.journal,
        turns=house.store.tickets,
        clock=house.clock,
        links=links,
        users=signed.users,
        lookup=lookup,
        deny=house.gateway.admission.deny,
        matches=by_email and Matched(by_email, listed, house.store.links, house.clock, house.settings.same),
        linker=made and (lambda web, name: Linker(linking=made, listed=listed, web=web, url=url, workspace=name)),
    ) as running:
        following = asyncio.create_task(nudging(house, running.nudge))
        house.notices.listen(running.post)
        try:
            yield running
        finally:
            house.notices.listen(None)
            following.cancel()
            await asyncio.wait([following])


async def nudging(house: House, nudge: Callable[[], None]) -> None:
    """Have cards looked at whenever a Review changed, until cancelled; the door's own slow poll stands behind."""
    while True:
        turn = house.gateway.turns.turn("reviews")
        nudge()
        await turn.wait()
