"""Settings -> what carries checkpoints to every `[[witness]]` and `[[anchor]]`, in the process that signs."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from core.audit.transparency import note
from core.errors import SettingsError
from core.execution.background.watch import Watch
from core.ports import Clock, Journal
from core.settings import PlaceSettings, Settings
from core.sinks.http import Webhook, secrets
from core.sinks.lines import File
from core.sinks.publishing import Anchor, Checkpoints, Place, Publisher, Route
from core.sinks.witness import WitnessClient
from core.stores.log.succession import Succession


class Signing(Protocol):
    """A store, or the log alone, in the process that signs."""

    @property
    def origin(self) -> str:
        """The log's name now."""
        ...

    @property
    def journal(self) -> Journal:
        """Its Journal."""
        ...

    @property
    def checkpoints(self) -> Checkpoints:
        """What leaves it of its checkpoints."""
        ...

    @property
    def leads(self) -> bool:
        """Whether this process signs now."""
        ...

    @property
    def succession(self) -> Succession | None:
        """What ends a former signing key."""
        ...


@asynccontextmanager
async def publishing(settings: Settings, log: Signing, clock: Clock) -> AsyncIterator[None]:
    """Carry checkpoints out and end former signing keys until the block ends; nothing waits for a place.

    Raises: SettingsError, StoreError.
    """
    carriers = publishers(settings, log, clock)
    await log.checkpoints.configured([one.name for one in settings.places])
    tasks = [asyncio.create_task(one.serve()) for one in carriers]
    if log.succession is not None:
        tasks.append(asyncio.create_task(log.succession.serve(Watch(log.journal, clock))))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def publishers(settings: Settings, log: Signing, clock: Clock) -> tuple[Publisher, ...]:
    """Make what carries to each place.

    Raises: SettingsError.
    """
    leads: Callable[[], bool] = lambda: log.leads  # noqa: E731
    made = []
    for one in settings.places:
        route = Route(name=one.name, place=place(one, log), every=one.every)
        made.append(Publisher(route, checkpoints=log.checkpoints, journal=log.journal, clock=clock, leads=leads))
    return tuple(made)


def place(one: PlaceSettings, log: Signing) -> Place:
    """Make the way to one place.

    Raises: SettingsError.
    """
    try:
        trusted = ssl.create_default_context(cafile=str(one.ca) if one.ca else None)
        match one.kind:
            case "witness":
                return WitnessClient(one.url, note.verifier(one.key), log.checkpoints, trusted=trusted)
            case "file" if one.path is not None:
                return Anchor(log.origin, File(one.path))
            case "webhook" if one.secret is not None:
                signed = secrets(one.secret.text())
                return Anchor(log.origin, Webhook(one.url, signed, now=time.time, trusted=trusted))
            case kind:
                raise SettingsError(f"[[anchor]] {one.name}: there is no kind {kind!r}")
    except (ValueError, OSError) as error:
        raise SettingsError(f"{one.name}: {error}") from error
