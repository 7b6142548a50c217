"""Every configured PostgreSQL Source opened and checked: who refuses a start, who stays closed until it is reached."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final, final
from urllib.parse import unquote, urlsplit

from core.connectors.postgres import Options, PostgresConnector
from core.connectors.postgres.catalog.checks import inspector
from core.connectors.postgres.catalog.places import Claim, Place, Places
from core.errors import GatewayError, OperatorError, SourceUnavailable, UnsafeStart
from core.masking import Wish
from core.ports import Clock, Connector
from core.settings import PostgresSource, Secret, Settings

LOGGER: Final = logging.getLogger("assent.sources")


async def databases(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Connector]:
    """Open every PostgreSQL Source and run its start-up checks; one that is away is closed until it is reached.

    Raises: UnsafeStart naming each check that refuses, SettingsError.
    """
    found = await reach(stack, settings, clock)
    refused: list[str] = []
    for name, one in found.items():
        if isinstance(one.trouble, SourceUnavailable):
            LOGGER.warning("[source.%s] is closed until it can be reached: %s", name, one.trouble)
        elif isinstance(one.trouble, OperatorError):
            refused.append(f"[source.{name}] {one.trouble}")
        elif one.trouble is not None:
            raise one.trouble
        else:
            refused += await refusals(name, one.connector, settings)
    if refused:
        raise UnsafeStart("\n".join(refused))
    return {name: one.connector for name, one in found.items()}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A Source's connector, and why it is not open if it is not."""

    connector: PostgresConnector
    trouble: GatewayError | None = None


async def reach(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Reached]:
    """Open every PostgreSQL Source; each then knows which others reach its database, and what they tag."""
    mine = [one for one in settings.sources if isinstance(one, PostgresSource)]
    places = Places({one.source.name: Claim(tags=one.source.tags, accepted=one.accepted) for one in mine})
    found: dict[str, Reached] = {}
    for configured in mine:
        connector = connect(configured, settings, clock, places.of(configured.source.name))
        stack.push_async_callback(connector.close)
        found[configured.source.name] = await opened_source(connector)
    return found


async def opened_source(connector: PostgresConnector) -> Reached:
    """Open one Source, or say why not."""
    try:
        await connector.open()
    except GatewayError as error:
        return Reached(connector=connector, trouble=error)
    return Reached(connector=connector)


async def refusals(name: str, connector: PostgresConnector, settings: Settings) -> list[str]:
    """Run the start-up checks of a Source, once every other was asked which database it is."""
    return [
        f"[source.{name}] {finding}"
        for finding in await connector.findings(settings.keys.mask.key())
        if finding.refuses and not finding.passes(name, settings.gateway.acknowledged)
    ]


def connect(configured: PostgresSource, settings: Settings, clock: Clock, place: Place) -> PostgresConnector:
    """Make the connector of one `[source.NAME]` of kind postgres; its checks run again over each load."""
    source, acknowledged = configured.source, settings.gateway.acknowledged
    wish = Wish(
        tags=source.tags,
        masks=settings.masks,
        read_role=user(configured.read_url),
        write_role=user(configured.write_url) if configured.write_url else None,
        unmask_role=user(configured.unmask_url) if configured.unmask_url else None,
        owned=settings.owned,
        accepted=configured.accepted,
    )
    return PostgresConnector(
        source,
        read_url=configured.read_url.text(),
        write_url=configured.write_url.text() if configured.write_url else None,
        unmask_url=configured.unmask_url.text() if configured.unmask_url else None,
        masks=settings.masks,
        clock=clock,
        options=Options(
            plain=f"no-tls:{source.name}" in acknowledged,
            accepted=configured.accepted,
            place=place,
            owned=settings.owned,
            mask_key=settings.keys.mask.key(),
            functions=configured.functions,
            procedures=configured.procedures,
        ),
        inspect=inspector(
            wish,
            source=source.name,
            acknowledged=acknowledged,
            enforced=source.enforced,
            secret=settings.keys.mask.key(),
            place=place,
        ),
    )


def user(url: Secret) -> str:
    """Name the role of a connection URL."""
    return unquote(urlsplit(url.text().strip()).username or "")
