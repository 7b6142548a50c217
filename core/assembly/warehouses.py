"""Every configured BigQuery Source opened; one that is away is closed until it is reached."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

from core.errors import SourceUnavailable
from core.ports import Clock, Connector
from core.settings import BigQuerySource, Secret, Settings

if TYPE_CHECKING:
    from core.connectors.bigquery import BigQueryConnector, Place

LOGGER: Final = logging.getLogger("assent.sources")
READING: Final = "read"  # names of accounts that nobody named
WRITING: Final = "write"
LOOKING: Final = "dry"


async def warehouses(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Connector]:
    """Open every BigQuery Source.

    Raises: UnsafeStart, SettingsError.
    """
    mine = [one for one in settings.sources if isinstance(one, BigQuerySource)]
    return {one.source.name: await opened(stack, one, settings, clock) for one in mine}


async def opened(stack: AsyncExitStack, one: BigQuerySource, settings: Settings, clock: Clock) -> BigQueryConnector:
    """Open one BigQuery Source.

    Raises: UnsafeStart, SettingsError.
    """
    connector = made(one, settings, clock)
    stack.push_async_callback(connector.close)
    try:
        await connector.open()
    except SourceUnavailable as error:
        LOGGER.warning("[source.%s] is closed until it can be reached: %s", one.source.name, error)
    return connector


def made(one: BigQuerySource, settings: Settings, clock: Clock) -> BigQueryConnector:
    """Make the connector of a BigQuery Source, which nobody has opened.

    Raises: UnsafeStart.
    """
    # Google's client takes a third of a second and 30 MiB to load: only who has such a Source pays for it.
    from core.connectors.bigquery import Accepted, BigQueryConnector, Views  # noqa: PLC0415

    looking = place(one, one.credentials, one.dry_account, LOOKING) if one.source.enforced else None
    return BigQueryConnector(
        one.source,
        place=place(one, one.credentials, one.read_account, READING),
        writing=writing(one),
        masks=settings.masks,
        keyset=one.keyset,
        accepted=Accepted(trusted=one.trusted, routines=one.routines),
        clock=clock,
        most=one.max_bytes,
        views=None if looking is None else Views(dataset=one.masks_dataset, looking=looking),
    )


def writing(one: BigQuerySource) -> Place | None:
    """Give the place of changes; None: nothing is changed.

    Raises: UnsafeStart.
    """
    if not one.writes:
        return None
    return place(one, one.write_credentials or one.credentials, one.write_account, WRITING)


def place(one: BigQuerySource, credentials: Secret | None, account: str, name: str) -> Place:
    """Say where jobs run and as whom.

    Raises: UnsafeStart.
    """
    from core.connectors.bigquery import Place, signed  # noqa: PLC0415 - see above
    from core.connectors.bigquery.service import ENDPOINT  # noqa: PLC0415

    return Place(
        project=one.project,
        location=one.location,
        endpoint=one.endpoint or ENDPOINT,
        account=account or name,
        credentials=signed(None if credentials is None else credentials.text(), account, one.endpoint),
    )
