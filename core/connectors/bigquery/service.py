"""The service as a few questions, each bounded in time: the client is synchronous, so threads of our own ask.

Nothing of an agent reaches a job's configuration but its text and its parameters. Every default time-out of the
client is none, its retries resubmit jobs under new ids, and one environment variable would send all requests, tokens
included, elsewhere: none of these is left to it.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar, final

from google.api_core.client_options import ClientOptions
from google.api_core.exceptions import GoogleAPICallError, RetryError
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import bigquery
from google.cloud.bigquery import DEFAULT_RETRY

from core.connectors.bigquery import reasons, values
from core.errors import StatementFailed, UnsafeStart
from core.model import Parameters
from core.warehouse import Dry

ENDPOINT: Final = "https://bigquery.googleapis.com"
REDIRECT: Final = "BIGQUERY_EMULATOR_HOST"
WORKERS: Final = 8  # `requests` pools ten connections
CONTROLS: Final = 4  # so that a cancellation never queues behind a page of rows
INSERT_SECONDS: Final = 30.0
RELOAD_SECONDS: Final = 10.0
CANCEL_SECONDS: Final = 5.0
RETRY: Final = DEFAULT_RETRY.with_timeout(20.0)
SOON: Final = DEFAULT_RETRY.with_timeout(5.0)  # of the catalogue: a start does not wait for who is away
# Where the service says what a definition is aimed at, and the parts of that name.
AIMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ddlTargetTable": ("projectId", "datasetId", "tableId"),
        "ddlTargetDataset": ("projectId", "datasetId"),
        "ddlTargetRoutine": ("projectId", "datasetId", "routineId"),
    }
)
LISTED: Final = 50  # the service lists no more referenced tables than that
EXACT: Final = frozenset({"PRECISE", "UPPER_BOUND"})

T = TypeVar("T")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where jobs run, and as whom."""

    project: str
    location: str
    endpoint: str = ENDPOINT
    account: str = "read"  # as whom, by a name that is no secret
    credentials: Credentials = field(repr=False)


@final
class Service:
    """One project as one principal; closed after use."""

    def __init__(self, place: Place) -> None:
        """Raises: UnsafeStart where the environment would redirect requests."""
        if os.environ.get(REDIRECT):
            raise UnsafeStart(f"{REDIRECT} is set: it would send every request and token elsewhere; unset it")
        logging.getLogger("google").setLevel(logging.WARNING)
        self.place: Final = place
        self._run: Final = ThreadPoolExecutor(WORKERS, "bq-run")
        self._control: Final = ThreadPoolExecutor(CONTROLS, "bq-control")
        self._client: Final = bigquery.Client(
            project=place.project,
            credentials=place.credentials,
            location=place.location,
            client_options=ClientOptions(api_endpoint=place.endpoint),
        )

    def close(self) -> None:
        """Let go of threads and connections."""
        self._run.shutdown(wait=False, cancel_futures=True)
        self._control.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    # ------------------------------------------------------------ asking

    async def dry(self, text: str, given: Parameters, job: str) -> Dry:
        """Ask what a text would do; nothing of it runs.

        Raises: SourceError.
        """
        config = bigquery.QueryJobConfig(dry_run=True, use_query_cache=False, use_legacy_sql=False)
        config.query_parameters = values.parameters(given)
        return said(await self._asked(self._control, self._insert, text, job, config))

    async def insert(self, text: str, given: Parameters, job: str, limits: Mapping[str, Any]) -> Mapping[str, Any]:
        """Begin a job under an id of ours; give its resource, which may say DONE.

        Raises: SourceError; `StatementFailed` "duplicate" where the id was used.
        """
        config = bigquery.QueryJobConfig(use_legacy_sql=False)
        config.query_parameters = values.parameters(given)
        config.labels = dict(limits["labels"])
        config.maximum_bytes_billed = limits["bytes"]
        config.job_timeout_ms = limits["milliseconds"]
        return await self._asked(self._run, self._insert, text, job, config)

    def _insert(self, text: str, job: str, config: bigquery.QueryJobConfig) -> Mapping[str, Any]:
        made = self._client.query(
            text,
            job_id=job,
            job_config=config,
            job_retry=None,
            retry=RETRY,
            timeout=INSERT_SECONDS,
            api_method="INSERT",
        )
        return resource(made)

    async def job(self, job: str) -> Mapping[str, Any]:
        """Look at a job.

        Raises: SourceError; `StatementFailed` "notFound" where nobody used the id.
        """
        return await self._asked(self._control, self._got, job)

    def _got(self, job: str) -> Mapping[str, Any]:
        place = self.place.location
        return resource(self._client.get_job(job, location=place, retry=RETRY, timeout=RELOAD_SECONDS))

    async def cancel(self, job: str) -> None:
        """Ask a job to stop; it may finish all the same.

        Raises: SourceError.
        """
        await self._asked(self._control, self._cancelled, job)

    def _cancelled(self, job: str) -> None:
        self._client.cancel_job(job, location=self.place.location, retry=RETRY, timeout=CANCEL_SECONDS)

    async def page(self, job: str, token: str, rows: int) -> Mapping[str, Any]:
        """Fetch a page of a finished job's rows.

        Raises: SourceError.
        """
        return await self._asked(self._run, self._paged, job, token, rows)

    def _paged(self, job: str, token: str, rows: int) -> Mapping[str, Any]:
        asked = {"location": self.place.location, "maxResults": rows, "formatOptions.useInt64Timestamp": "true"}
        found: Mapping[str, Any] = self._client._call_api(  # noqa: SLF001 - rows as they came: `Row` loses equal names
            RETRY,
            method="GET",
            path=f"/projects/{self.place.project}/queries/{job}",
            query_params=asked | ({"pageToken": token} if token else {}),
            timeout=INSERT_SECONDS,
        )
        return found

    # ------------------------------------------------------------ catalogue

    async def tables(self) -> list[Mapping[str, Any]]:
        """Give every table and view of the project that this principal sees, as Table resources.

        Raises: SourceError.
        """
        return await self._asked(self._control, self._listed)

    def _listed(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        for dataset in self._client.list_datasets(retry=SOON, timeout=RELOAD_SECONDS):
            for table in self._client.list_tables(dataset.reference, retry=SOON, timeout=RELOAD_SECONDS):
                got = self._client.get_table(table.reference, retry=SOON, timeout=RELOAD_SECONDS)
                found.append(got.to_api_repr())
        return found

    async def routine(self, name: str) -> Mapping[str, Any] | None:
        """Give a routine as a resource; None where it is not there for this principal.

        Raises: SourceError.
        """
        try:
            return await self._asked(self._control, self._described, name)
        except StatementFailed:
            return None

    def _described(self, name: str) -> Mapping[str, Any]:
        got = self._client.get_routine(bigquery.RoutineReference.from_string(name), retry=SOON, timeout=RELOAD_SECONDS)
        found: Mapping[str, Any] = got._properties  # noqa: SLF001 - its class has no names for remote functions' options
        return found

    async def locations(self) -> Mapping[str, str]:
        """Say where each dataset is that this principal sees, by canonical name.

        Raises: SourceError.
        """
        return await self._asked(self._control, self._placed)

    def _placed(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for dataset in self._client.list_datasets(retry=SOON, timeout=RELOAD_SECONDS):
            got = self._client.get_dataset(dataset.reference, retry=SOON, timeout=RELOAD_SECONDS)
            found[f"{got.project}.{got.dataset_id}"] = str(got.location)
        return found

    async def _asked(self, threads: ThreadPoolExecutor, ask: Callable[..., T], *words: object) -> T:
        """Have a thread ask; what the client raises holds the statement, so only the reason goes on.

        Raises: SourceError.
        """
        run = functools.partial(contextvars.copy_context().run, ask, *words)
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, run)
        except (GoogleAPICallError, RetryError, GoogleAuthError, OSError) as error:  # those of `requests` are OSErrors
            failure = reasons.translated(error)
        raise failure


Job: TypeAlias = bigquery.QueryJob | bigquery.LoadJob | bigquery.CopyJob | bigquery.ExtractJob | bigquery.UnknownJob


def resource(job: Job) -> Mapping[str, Any]:
    """Give a job as the service describes it: its class has no names for half of what governs."""
    found: Mapping[str, Any] = job._properties  # noqa: SLF001
    return found


def said(job: Mapping[str, Any]) -> Dry:
    """Read what the service says of a statement (JobStatistics2); all that governs stands in this one place."""
    told: Mapping[str, Any] = job["statistics"]["query"]
    listed = told.get("referencedTables", [])
    schema = told.get("schema")
    return Dry(
        kind=str(told.get("statementType", "")),
        tables=frozenset(named(one, "tableId") for one in listed),
        whole=len(listed) < LISTED,
        routines=frozenset(named(one, "routineId") for one in told.get("referencedRoutines", [])),
        fields=None if schema is None else values.fields(schema.get("fields", [])),
        bytes=int(told.get("totalBytesProcessed", 0)),
        exact=told.get("totalBytesProcessedAccuracy") in EXACT,
        undeclared=tuple(str(one.get("name", "?")) for one in told.get("undeclaredQueryParameters", [])),
        targets=frozenset(aims(told)),
    )


def named(reference: Mapping[str, Any], last: str) -> str:
    """Write a reference's canonical name; a part that it lacks is no name of ours, so that nothing is found by it."""
    return ".".join(str(reference.get(part, "?")) for part in ("projectId", "datasetId", last))


def aims(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a definition is aimed at, by canonical names."""
    for key, parts in AIMS.items():
        if key in told:
            yield ".".join(str(told[key].get(part, "?")) for part in parts)
