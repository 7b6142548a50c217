"""The HTTP interface: jobs, results, catalogue, and the token endpoints that clients sign in at."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, final

import duckdb
import jwt
from aiohttp import web

from demo.bigquery.faults import Drop, Wrong
from demo.bigquery.jobs import Jobs, table
from demo.bigquery.world import World

BODY_BYTES: Final = 10 << 20
API: Final = "/bigquery/v2/projects/{project}"
Answered = Callable[[web.Request], Awaitable[web.StreamResponse]]


@final
@dataclass(slots=True)
class BigQuery:
    """The service on a free port; `async with BigQuery.start() as service:`."""

    world: World
    jobs: Jobs
    base: str = ""

    @classmethod
    @asynccontextmanager
    async def start(cls, world: World | None = None) -> AsyncIterator[BigQuery]:
        """Serve on loopback while the block runs."""
        held = world or World()
        service = cls(held, Jobs(held))
        server = web.Application(middlewares=[service.guard], client_max_size=BODY_BYTES)
        service.route(server.router)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield service
        finally:
            await runner.cleanup()
            held.close()

    def route(self, router: web.UrlDispatcher) -> None:
        """Say what is served where."""
        router.add_post(f"{API}/jobs", self.insert)
        router.add_get(f"{API}/jobs/{{job}}", self.job)
        router.add_post(f"{API}/jobs/{{job}}/cancel", self.cancel)
        router.add_get(f"{API}/queries/{{job}}", self.results)
        router.add_get(f"{API}/datasets", self.datasets)
        router.add_get(f"{API}/datasets/{{dataset}}", self.dataset)
        router.add_get(f"{API}/datasets/{{dataset}}/tables", self.tables)
        router.add_get(f"{API}/datasets/{{dataset}}/tables/{{table}}", self.table)
        router.add_get(f"{API}/datasets/{{dataset}}/routines/{{routine}}", self.routine)
        router.add_post("/token", self.token)
        router.add_post("/sts", self.exchange)
        router.add_post("/v1/projects/-/serviceAccounts/{account}:generateAccessToken", self.impersonate)

    # ------------------------------------------------------------ around every request

    @web.middleware
    async def guard(self, request: web.Request, handler: Answered) -> web.StreamResponse:
        """Note the request, meet what is planned to go wrong, and answer errors as the API does."""
        said = f"{request.method} {request.path}"
        self.world.log.append(said)
        fault = self.world.faults.take(said)
        try:
            if fault is not None and fault.drop is Drop.BEFORE:
                return cut(request)
            if fault is not None and fault.reason:
                return failed(Wrong(fault.reason, "A fault of the test."))
            answer = await handler(request)
        except Wrong as wrong:
            return failed(wrong)
        except duckdb.Error as error:
            return failed(Wrong("invalidQuery", str(error), "query"))
        except (KeyError, ValueError, TypeError):
            return failed(Wrong("invalid", "Invalid request."))
        return cut(request) if fault is not None and fault.drop is Drop.AFTER else answer

    def who(self, request: web.Request) -> str:
        """Name the principal of a request.

        Raises: Wrong.
        """
        return self.world.principal(request.headers.get("Authorization", "").removeprefix("Bearer "))

    # ------------------------------------------------------------ jobs

    async def insert(self, request: web.Request) -> web.Response:
        """POST jobs: run a query, or say what it would do."""
        who, body = self.who(request), await request.json()
        return web.json_response(await asyncio.to_thread(self.jobs.insert, body, who))

    async def job(self, request: web.Request) -> web.Response:
        """GET a job."""
        self.who(request)
        return web.json_response(self.jobs.resource(self.jobs.get(request.match_info["job"])))

    async def cancel(self, request: web.Request) -> web.Response:
        """POST cancel."""
        self.who(request)
        return web.json_response(
            {"kind": "bigquery#jobCancelResponse", "job": self.jobs.cancel(request.match_info["job"])}
        )

    async def results(self, request: web.Request) -> web.Response:
        """GET rows of a job, waiting for them a while."""
        self.who(request)
        found = self.jobs.get(request.match_info["job"])
        return web.json_response(await asyncio.to_thread(self.jobs.results, found, dict(request.query)))

    # ------------------------------------------------------------ catalogue

    async def datasets(self, request: web.Request) -> web.Response:
        """GET the datasets of a project that somebody may see."""
        who, project = self.who(request), request.match_info["project"]
        mine = [one.split(".") for one in sorted(self.world.datasets) if self.world.allowed(who, one)]
        items = [{"datasetReference": reference(name)} for name in mine if name[0] == project]
        return web.json_response(paged("datasets", items, request.query))

    async def dataset(self, request: web.Request) -> web.Response:
        """GET a dataset."""
        name = self._named(request)
        return web.json_response({"datasetReference": reference(name), "location": self.world.location, "access": []})

    async def tables(self, request: web.Request) -> web.Response:
        """GET the tables of a dataset."""
        name = ".".join(self._named(request))
        mine = [one for key, one in sorted(self.world.relations.items()) if key.startswith(f"{name}.")]
        items = [
            {"tableReference": {**reference([*one.parts[:2]]), "tableId": one.parts[2]}, "type": one.kind}
            for one in mine
        ]
        return web.json_response(paged("tables", items, request.query))

    async def table(self, request: web.Request) -> web.Response:
        """GET a table."""
        name = ".".join((*self._named(request), request.match_info["table"]))
        return web.json_response(await asyncio.to_thread(table, self.world, name))

    async def routine(self, request: web.Request) -> web.Response:
        """GET a routine."""
        name = ".".join((*self._named(request), request.match_info["routine"]))
        if name not in self.world.routines:
            raise Wrong("notFound", f"Not found: Routine {name}")
        return web.json_response(dict(self.world.routines[name]))

    def _named(self, request: web.Request) -> list[str]:
        """Give project and dataset of a path, if they are there for who asks.

        Raises: Wrong.
        """
        who, name = self.who(request), [request.match_info["project"], request.match_info["dataset"]]
        if ".".join(name) not in self.world.datasets:
            raise Wrong("notFound", f"Not found: Dataset {':'.join(name)}")
        if not self.world.allowed(who, ".".join(name)):
            raise Wrong("accessDenied", f"Access Denied: Dataset {':'.join(name)}")
        return name

    # ------------------------------------------------------------ identity

    async def token(self, request: web.Request) -> web.Response:
        """POST a signed assertion (RFC 7523) of a service account; its signature is not what is tested here."""
        form = await request.post()
        claims = jwt.decode(str(form["assertion"]), options={"verify_signature": False})
        return web.json_response(self._minted(str(claims["iss"])))

    async def exchange(self, request: web.Request) -> web.Response:
        """POST a token of another issuer (RFC 8693)."""
        form = await request.post()
        claims = jwt.decode(str(form["subject_token"]), options={"verify_signature": False})
        return web.json_response(self._minted(str(claims["sub"])))

    async def impersonate(self, request: web.Request) -> web.Response:
        """POST for a token of another account: https://cloud.google.com/iam/docs/reference/credentials/rest."""
        self.who(request)
        minted = self._minted(request.match_info["account"])
        return web.json_response({"accessToken": minted["access_token"], "expireTime": "2100-01-01T00:00:00Z"})

    def _minted(self, who: str) -> dict[str, Any]:
        token = f"ya29.{secrets.token_hex(16)}"
        self.world.principals[token] = who
        return {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}


def failed(wrong: Wrong) -> web.Response:
    """Answer an error as the API does."""
    return web.json_response(wrong.body, status=wrong.status)


def cut(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def reference(name: list[str]) -> dict[str, str]:
    """Write a DatasetReference."""
    return {"projectId": name[0], "datasetId": name[1]}


def paged(key: str, items: list[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
    """Cut a list into pages."""
    start, most = int(asked.get("pageToken") or 0), int(asked.get("maxResults") or 50)
    said: dict[str, Any] = {key: items[start : start + most], "totalItems": len(items)}
    return said | ({"nextPageToken": str(start + most)} if start + most < len(items) else {})
