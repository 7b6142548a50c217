"""What an operator must know of accounts and places before the first question: asked of the service, by dry runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, final

from core.connectors.bigquery.fence import NAME, denied
from core.connectors.bigquery.service import Service
from core.errors import SourceError
from core.warehouse import quoted

JOBS: Final = "roles/bigquery.jobUser"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is not as it should be, and what to do."""

    says: str
    remedy: str


async def troubles(reader: Service, writer: Service | None, looker: Service) -> AsyncIterator[Trouble]:
    """Yield what accounts may not do, may do too much, and what is elsewhere; nothing when all is as it should be.

    Raises: SourceError where the catalogue cannot be asked.
    """
    for one in dict.fromkeys((reader, looker, *([writer] if writer else []))):
        why = await jobless(one)
        if why:
            account = one.place.account
            says = f"the account {account} runs no job in {one.place.project}, {one.place.location}: {why}"
            yield Trouble(says=says, remedy=f"grant it {JOBS} on the project, and check its credentials")
    for dataset, location in sorted((await looker.locations()).items()):
        if location.casefold() != reader.place.location.casefold():
            says = f"dataset {dataset} is in {location}, and jobs run in {reader.place.location}: it is out of reach"
            yield Trouble(says=says, remedy="make a Source of its own for each location")
        elif not await denied(reader, f"CREATE TABLE {path(dataset)}.`assent_probe` (a INT64)"):
            says = f"the account {reader.place.account} reads, and could change dataset {dataset}"
            yield Trouble(says=says, remedy="roles/bigquery.dataViewer is enough for it")


async def jobless(service: Service) -> str:
    """Say why an account runs no job; "" when it does."""
    try:
        await service.dry("SELECT 1 AS a", (), NAME)
    except SourceError as error:
        return str(error)
    return ""


def path(dataset: str) -> str:
    """Write a dataset as GoogleSQL reads it."""
    return ".".join(map(quoted, dataset.split(".")))
