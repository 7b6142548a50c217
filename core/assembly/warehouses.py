"""Every configured BigQuery Source opened; one that is away is closed until it is reached."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

from core.errors import SettingsError, SourceUnavailable
from core.ports import Clock, Connector
from core.settings import BigQuerySource, Settings

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

LOGGER: Final = logging.getLogger("assent.sources")
SCOPE: Final = "https://www.googleapis.com/auth/bigquery"


async def warehouses(stack: AsyncExitStack, settings: Settings, clock: Clock) -> dict[str, Connector]:
    """Open every BigQuery Source.

    Raises: UnsafeStart, SettingsError.
    """
    mine = [one for one in settings.sources if isinstance(one, BigQuerySource)]
    return {one.source.name: await opened(stack, one, settings, clock) for one in mine}


async def opened(stack: AsyncExitStack, one: BigQuerySource, settings: Settings, clock: Clock) -> Connector:
    """Open one BigQuery Source.

    Raises: UnsafeStart, SettingsError.
    """
    # Google's client takes a third of a second and 30 MiB to load: only who has such a Source pays for it.
    from core.connectors.bigquery import BigQueryConnector, Place  # noqa: PLC0415
    from core.connectors.bigquery.service import ENDPOINT  # noqa: PLC0415

    place = Place(
        project=one.project,
        location=one.location,
        endpoint=one.endpoint or ENDPOINT,
        credentials=credentials(one),
    )
    connector = BigQueryConnector(one.source, place=place, masks=settings.masks, clock=clock, most=one.max_bytes)
    stack.push_async_callback(connector.close)
    try:
        await connector.open()
    except SourceUnavailable as error:
        LOGGER.warning("[source.%s] is closed until it can be reached: %s", one.source.name, error)
    return connector


def credentials(one: BigQuerySource) -> Credentials:
    """Sign in as this machine does; at a server of this machine nobody does.

    Raises: SettingsError.
    """
    import google.auth  # noqa: PLC0415 - see above
    from google.auth.credentials import AnonymousCredentials  # noqa: PLC0415
    from google.auth.exceptions import DefaultCredentialsError  # noqa: PLC0415

    if one.endpoint:
        return AnonymousCredentials()
    try:
        found, _ = google.auth.default(scopes=[SCOPE])
    except DefaultCredentialsError:
        raise SettingsError(f"[source.{one.source.name}] no application default credentials were found") from None
    return found
