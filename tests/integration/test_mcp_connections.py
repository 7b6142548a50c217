"""Bytes at the agents' door that end nothing, mean two things, or never come: answered once or not at all, and over."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from core.errors import SettingsError
from mcp_server import heads
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.integration.door import Gateway, gateway
from tests.integration.saml_idp import Idp

SHAPES: Final[Mapping[str, Mapping[str, object]]] = tomllib.loads(
    Path(__file__).with_name("smuggling.toml").read_text(encoding="utf-8")
)
SECONDS: Final = 20
BEGUN: Final = "POST {path} HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\n"
ENDLESS: Final[Mapping[str, tuple[bytes, bytes]]] = {
    "the value of a trailer": (b"0\r\na: ", b"x" * 65_536),
    "the name of a trailer": (b"0\r\n", b"x" * 65_536),
    "fields of a trailer": (b"0\r\n", b"x: y\r\n" * 10_000),
    "what extends a chunk": (b"1;a=", b"x" * 65_536),
    "the size of a chunk": (b"", b"0" * 65_536),
}


@pytest.fixture(scope="module")
async def made() -> AsyncIterator[Gateway]:
    async with gateway() as one:
        yield one


async def said(port: int | None, *pieces: bytes) -> bytes:
    """Say this on one connection, and read until the other side ends it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    try:
        async with asyncio.timeout(SECONDS):
            with suppress(ConnectionError):
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
            with suppress(ConnectionError):
                while piece := await reader.read(65_536):
                    got += piece
    finally:
        writer.close()
    return got


def statuses(got: bytes) -> list[int]:
    return [int(line.split()[1]) for line in got.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]


@pytest.mark.parametrize("path", ["/mcp", "/healthz"])
@pytest.mark.parametrize("case", ENDLESS)
async def test_what_follows_a_body_without_end_ends_the_connection(
    case: str, path: str, made: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parser keeps a field that is not whole: 100 MiB of one were kept, and no token was asked for."""
    monkeypatch.setattr(heads, "PATIENCE", 3 * SECONDS)  # not by time
    first, piece = ENDLESS[case]
    host = urlsplit(made.url).netloc
    await said(urlsplit(made.url).port, BEGUN.format(path=path, host=host).encode() + first, *[piece] * 400)
    assert (await made.http.get(made.url.replace("/mcp", "/healthz"))).status_code == 200


async def told(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the names of the headers, as they are once the body was read."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    await PlainTextResponse(b" ".join(name for name, _ in scope["headers"]))(scope, receive, send)


async def test_a_field_of_a_trailer_is_no_header() -> None:
    """RFC 9110 6.5.1: whoever merges one lets a header in that nobody in front has seen."""
    taken = bound(Address())
    port = taken.getsockname()[1]
    begun = BEGUN.format(path="/", host="x").replace("transfer-", "connection: close\r\ntransfer-").encode()
    async with listening(told, taken, address=Address(), drain=Drain()):
        got = await said(port, begun + b"1\r\nx\r\n0\r\nauthorization: Bearer good\r\n\r\n")
    assert got.endswith(b"host connection transfer-encoding"), got


@pytest.mark.parametrize("begun", [b"", b"\r\n", b"GET /heal", b"POST /mcp HTTP/1.1\r\nhost: x\r\nauthoriza"])
async def test_a_connection_that_says_no_whole_head_is_closed(
    begun: bytes, made: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "PATIENCE", 0.2)
    assert await said(urlsplit(made.url).port, begun) == b""


async def test_the_rest_of_a_body_that_nobody_wants_is_waited_for_no_longer(
    made: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "PATIENCE", 0.2)
    host = urlsplit(made.url).netloc
    pieces = [b"10\r\n" + b"x" * 16 + b"\r\n"] * 2_000
    assert statuses(
        await said(urlsplit(made.url).port, BEGUN.format(path="/nothing", host=host).encode(), *pieces)
    ) in ([404], [])


@pytest.mark.parametrize("case", SHAPES)
async def test_a_request_of_two_meanings_hides_no_other(case: str, made: Gateway) -> None:
    """One answer, which says no, and the end: nothing after it is read as a request of its own."""
    shape = SHAPES[case]
    host = urlsplit(made.url).netloc
    hidden = f"GET /healthz HTTP/1.1\r\nhost: {host}\r\n\r\n"
    got = await said(urlsplit(made.url).port, (str(shape["says"]).replace("HOST", host) + hidden).encode("latin-1"))
    assert statuses(got) == [shape["status"]]


def test_a_certificate_beside_another_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    own, other = Idp(), Idp()
    (tmp_path / "chain.pem").write_text(own.certificate)
    for name, key in (("own.pem", own.pem), ("other.pem", other.pem), ("none.pem", b"-")):
        (tmp_path / name).write_bytes(key)
    chain = str(tmp_path / "chain.pem")
    bound(Address(certificate=chain, key=str(tmp_path / "own.pem"))).close()
    for name in ("other.pem", "none.pem", "absent.pem"):
        with pytest.raises(SettingsError, match="not that of its key"):
            bound(Address(certificate=chain, key=str(tmp_path / name)))
