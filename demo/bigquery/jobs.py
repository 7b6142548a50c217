"""Jobs: one id, one run, a state that can be asked for, and rows in pages.

https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

import duckdb

from demo.bigquery.analysis import DML, Plan, analyse
from demo.bigquery.faults import Phase, Wrong
from demo.bigquery.types import Field, cell
from demo.bigquery.types import field as described
from demo.bigquery.values import given
from demo.bigquery.world import World, located

PAGE_ROWS: Final = 10_000
DAY_MS: Final = 86_400_000


@final
@dataclass(slots=True)
class Job:
    """One accepted query."""

    id: str
    who: str
    configuration: Mapping[str, Any]  # as it was sent
    plan: Plan
    began: float = field(default_factory=time.time)
    ended: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    error: Wrong | None = None
    affected: int | None = None
    fields: tuple[Field, ...] | None = None
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    cursor: duckdb.DuckDBPyConnection | None = None


@final
class Jobs:
    """All jobs of the service, each run by a thread of its own."""

    def __init__(self, world: World) -> None:
        self._world: Final = world
        self._jobs: Final[dict[str, Job]] = {}
        self._lock: Final = threading.Lock()

    # ------------------------------------------------------------ asking

    def insert(self, body: Mapping[str, Any], who: str) -> dict[str, Any]:
        """Accept a job, or say what it would do.

        Raises: Wrong.
        """
        configuration = body["configuration"]
        query = configuration.get("query")
        if query is None or query.get("useLegacySql", True):
            raise Wrong("notImplemented", "Only standard SQL queries are available here.")
        job = str(body.get("jobReference", {}).get("jobId", ""))
        with self._lock:
            if job in self._jobs and not configuration.get("dryRun"):
                raise Wrong("duplicate", f"Already Exists: Job {self._world.project}:{self._world.location}.{job}")
        default = query.get("defaultDataset", {}).get("datasetId", "")
        plan = analyse(self._world, query["query"], given(query), default, who)
        where = str(body.get("jobReference", {}).get("location") or self._world.location)
        if plan.tables and where.casefold() != self._world.location.casefold():
            raise Wrong("notFound", f"Not found: Dataset {plan.tables[0]} was not found in location {where}")
        if configuration.get("dryRun"):
            return self._dry(job, configuration, plan, who)
        if plan.kind == "SCRIPT":
            raise Wrong("notImplemented", "Scripts are not available here.")
        if plan.undeclared:
            raise Wrong("invalidQuery", f"Query parameter {plan.undeclared[0]!r} not found at [1:8]", "query")
        made = Job(id=job, who=who, configuration=configuration, plan=plan)
        with self._lock:
            if self._jobs.setdefault(job, made) is not made:
                raise Wrong("duplicate", f"Already Exists: Job {self._world.project}:{self._world.location}.{job}")
        threading.Thread(target=self._run, args=(made,), daemon=True).start()
        made.ended.wait(0.05)  # a short query is over when its insertion is answered
        return self.resource(made)

    def all(self) -> tuple[Job, ...]:
        """Give every job that was accepted, in order."""
        with self._lock:
            return tuple(self._jobs.values())

    def get(self, job: str) -> Job:
        """Find a job.

        Raises: Wrong.
        """
        with self._lock:
            if job not in self._jobs:
                raise Wrong("notFound", f"Not found: Job {self._world.project}:{job}")
            return self._jobs[job]

    def cancel(self, job: str) -> dict[str, Any]:
        """Ask a job to stop; it may still finish.

        Raises: Wrong.
        """
        found = self.get(job)
        if not self._world.faults.cancel_ignored:
            found.stopped.set()
            if found.cursor is not None:
                found.cursor.interrupt()
        return self.resource(found)

    def _dry(self, job: str, configuration: Mapping[str, Any], plan: Plan, who: str) -> dict[str, Any]:
        made = Job(id=job, who=who, configuration=configuration, plan=plan)
        made.ended.set()
        return self.resource(made)

    # ------------------------------------------------------------ running

    def _run(self, job: Job) -> None:
        try:
            self._bounded(job)
            self._world.faults.fail(job.id)
            self._pause(job)
            self._execute(job)
        except Wrong as error:
            job.error = error
        except duckdb.InterruptException:
            job.error = Wrong("stopped", "Job execution was cancelled: User requested cancellation")
        except duckdb.Error as error:
            job.error = Wrong("invalidQuery", str(error), "query")
        finally:
            job.ended.set()

    def _bounded(self, job: Job) -> None:
        """Refuse what would bill more than allowed, before anything runs.

        Raises: Wrong.
        """
        most = job.configuration["query"].get("maximumBytesBilled")
        if most is not None and job.plan.billed > int(most):
            raise Wrong(
                "bytesBilledLimitExceeded",
                f"Query exceeded limit for bytes billed: {most}. {job.plan.billed} or higher required.",
            )

    def _pause(self, job: Job) -> None:
        """Run as long as a test wants.

        Raises: Wrong.
        """
        allowed = int(job.configuration.get("jobTimeoutMs") or DAY_MS) / 1000
        wait = self._world.faults.delay
        if job.stopped.wait(min(wait, allowed)) if wait else job.stopped.is_set():
            raise Wrong("stopped", "Job execution was cancelled: User requested cancellation")
        if wait > allowed:
            raise Wrong("stopped", "Job execution was cancelled: Job timed out after its timeout")

    def _execute(self, job: Job) -> None:
        plan, world = job.plan, self._world
        with world.lock if plan.kind != "SELECT" else threading.Lock():
            job.cursor = world.cursor()
            if plan.kind == "CREATE_TABLE":
                if not (plan.exists and plan.target in world.relations):
                    world.table(plan.target, plan.made)
                return
            held = job.cursor.execute(plan.text)
            rows = held.fetchall()
            if plan.kind in DML:
                job.affected = int(rows[0][0]) if rows else 0
            elif plan.kind == "SELECT":
                relation = job.cursor.sql(plan.text)
                job.fields = tuple(described(*one) for one in zip(relation.columns, relation.types, strict=True))
                job.rows = rows
            else:
                self._defined(plan)

    def _defined(self, plan: Plan) -> None:
        """Take over what DDL changed."""
        if plan.kind.startswith("DROP_"):
            self._world.relations.pop(plan.target, None)
            return
        what = plan.kind.removeprefix("CREATE_").removeprefix("ALTER_").removesuffix("_AS_SELECT")
        self._world.note(plan.target, query=plan.query if what.endswith("VIEW") else "", kind=what)

    # ------------------------------------------------------------ telling

    def resource(self, job: Job) -> dict[str, Any]:
        """Write a job as the API does."""
        status: dict[str, Any] = {"state": "DONE" if job.ended.is_set() else "RUNNING"}
        if job.error is not None:
            status |= {"errorResult": job.error.proto, "errors": [job.error.proto]}
        return {
            "kind": "bigquery#job",
            "id": f"{self._world.project}:{self._world.location}.{job.id}",
            "jobReference": self.reference(job),
            "configuration": {**job.configuration, "jobType": "QUERY"},
            "user_email": job.who,
            "status": status,
            "statistics": self._statistics(job),
        }

    def reference(self, job: Job) -> dict[str, str]:
        """Write a JobReference."""
        return {"projectId": self._world.project, "jobId": job.id, "location": self._world.location}

    def _statistics(self, job: Job) -> dict[str, Any]:
        query = job.plan.statistics
        ran = job.ended.is_set() and not job.configuration.get("dryRun")
        if ran and job.error is None:
            query |= {"totalBytesBilled": str(job.plan.billed), "totalSlotMs": "1", "cacheHit": False}
        if job.affected is not None:
            query["numDmlAffectedRows"] = str(job.affected)
            query["dmlStats"] = dml(job.plan.kind, job.affected)
        query |= self._world.faults.lies.get(Phase.of(job.id), {})
        began = str(int(job.began * 1000))
        said = {"creationTime": began, "startTime": began, "query": query, "totalBytesProcessed": str(job.plan.bytes)}
        return said | ({"endTime": str(int(time.time() * 1000))} if ran else {})

    def results(self, job: Job, asked: Mapping[str, str]) -> dict[str, Any]:
        """Write a page of rows (getQueryResults); of DDL no number of rows.

        Raises: Wrong where the job failed.
        """
        job.ended.wait(min(float(asked.get("timeoutMs", 10_000)), 10_000) / 1000)
        said: dict[str, Any] = {
            "kind": "bigquery#getQueryResultsResponse",
            "jobReference": self.reference(job),
            "jobComplete": job.ended.is_set(),
        }
        if not job.ended.is_set():
            return said
        if job.error is not None:
            raise job.error
        if job.fields is None:
            done = {} if job.affected is None else {"numDmlAffectedRows": str(job.affected), "totalRows": "0"}
            return said | {"schema": {"fields": []}, "cacheHit": False} | done
        start = int(asked.get("pageToken") or asked.get("startIndex") or 0)
        stop = start + min(int(asked.get("maxResults") or PAGE_ROWS), PAGE_ROWS)
        micros = asked.get("formatOptions.useInt64Timestamp", "").lower() == "true"
        lie = self._world.faults.lies.get(Phase.of(job.id), {})
        said["schema"] = lie.get("schema", {"fields": list(job.fields)})
        said["totalRows"] = str(len(job.rows))
        said["totalBytesProcessed"] = str(job.plan.bytes)
        said["cacheHit"] = False
        said["rows"] = page(job, start, stop, micros=micros)
        return said | ({"pageToken": str(stop)} if stop < len(job.rows) else {})


def page(job: Job, start: int, stop: int, *, micros: bool) -> list[Any]:
    """Encode rows."""
    fields = job.fields or ()
    return [
        {"f": [{"v": cell(value, one, micros=micros)} for value, one in zip(row, fields, strict=True)]}
        for row in job.rows[start:stop]
    ]


def dml(kind: str, affected: int) -> dict[str, str]:
    """Write a DmlStats."""
    names = {"INSERT": "insertedRowCount", "UPDATE": "updatedRowCount"}
    return {names.get(kind, "deletedRowCount"): str(affected)}


def table(world: World, name: str) -> dict[str, Any]:
    """Write a Table resource.

    Raises: Wrong.
    """
    if name not in world.relations:
        raise Wrong("notFound", f"Not found: Table {name}")
    one = world.relations[name]
    project, dataset, last = one.parts
    said: dict[str, Any] = {
        "kind": "bigquery#table",
        "etag": f"{one.etag}",
        "id": f"{project}:{dataset}.{last}",
        "tableReference": {"projectId": project, "datasetId": dataset, "tableId": last},
        "schema": {"fields": list(one.fields)},
        "type": one.kind,
        "location": world.location,
    }
    if name in world.copies:
        of = world.copies[name].split(".")
        said["cloneDefinition"] = {
            "baseTableReference": dict(zip(("projectId", "datasetId", "tableId"), of, strict=True))
        }
    if one.query:
        said["view"] = {"query": one.query, "useLegacySql": False}
    else:
        found = world.cursor().execute(f"SELECT count(*) FROM {located(name)}").fetchone()
        said["numRows"] = str(found[0] if found else 0)
    return said
