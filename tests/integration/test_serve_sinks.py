"""`assent serve` with sinks of every kind: killed, restarted, receivers away; nothing is missing and no Call waits."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from core.stores.sqlite.files import Place
from demo.world import World, world
from tests import ocsf
from tests.commands import PROGRAM, ROOT, assent
from tests.integration.test_sinks import SECRET, Receiver, decoded, frames, receiving, sequences
from tests.waiting import until

PIPE: Final = asyncio.subprocess.PIPE
UID: Final = re.compile(rb"externalId=[^ ]*:([0-9]+)")


@dataclass
class Collector:
    """A syslog receiver that keeps every connection's bytes."""

    port: int = 0
    held: list[bytearray] = field(default_factory=list)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held = bytearray()
        self.held.append(held)
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                held += chunk
        writer.close()

    @property
    def messages(self) -> list[bytes]:
        return [frame for held in self.held for frame in frames(bytes(held))]


@asynccontextmanager
async def collecting(tls: ssl.SSLContext | None) -> AsyncIterator[Collector]:
    made = Collector()
    server = await asyncio.start_server(made.accept, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate of our own for 127.0.0.1, and a server's side of it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "collector")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = folder / "ca.pem", folder / "collector.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain) + trusted.read_bytes()
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(secret)
    return context, trusted


@dataclass
class Receivers:
    """One of each kind."""

    webhook: Receiver
    splunk: Receiver
    tls: Collector
    tcp: Collector
    file: Path

    def delivered(self) -> dict[str, list[int]]:
        """Which Entries each has; a sequence out of place fails."""
        lines = [json.loads(line) for line in self.file.read_bytes().splitlines()] if self.file.exists() else []
        return {
            "file": [one["metadata"]["sequence"] for one in lines],
            "webhook": sequences(self.webhook.taken),
            "splunk": sequences(self.splunk.taken),
            "tls": unrepeated(
                [json.loads(one[one.index(b"{") :])["metadata"]["sequence"] for one in self.tls.messages]
            ),
            "tcp": unrepeated([int(found[1]) for one in self.tcp.messages if (found := UID.search(one))]),
        }


def unrepeated(numbers: list[int]) -> list[int]:
    kept: list[int] = []
    for number in numbers:
        if not kept or number == kept[-1] + 1:
            kept.append(number)
        assert number <= kept[-1], numbers
    return kept


def configured(place: World, receivers: Receivers, ca: Path) -> None:
    for name, secret in (("hook", SECRET), ("hec", "token")):
        (place.folder / name).touch(mode=0o600)
        (place.folder / name).write_text(secret)
    more = f"""
[[sink]]
name = "file"
kind = "file"
path = "{receivers.file.name}"

[[sink]]
name = "webhook"
kind = "webhook"
url = "{receivers.webhook.url}"
secret = "file:hook"

[[sink]]
name = "splunk"
kind = "splunk"
url = "{receivers.splunk.url}"
secret = "file:hec"

[[sink]]
name = "tls"
kind = "syslog"
url = "tls://127.0.0.1:{receivers.tls.port}"
ca = "{ca.name}"

[[sink]]
name = "tcp"
kind = "syslog"
url = "tcp://127.0.0.1:{receivers.tcp.port}"
format = "cef"

[[sink]]
name = "dead"
kind = "webhook"
url = "http://127.0.0.1:1/"
secret = "file:hook"
"""
    place.config.write_text(place.config.read_text() + more)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[World, Receivers]]:
    context, ca = certified(tmp_path)
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(world(tmp_path, say=lambda _: None))
        receivers = Receivers(
            webhook=await stack.enter_async_context(receiving()),
            splunk=await stack.enter_async_context(receiving()),
            tls=await stack.enter_async_context(collecting(context)),
            tcp=await stack.enter_async_context(collecting(None)),
            file=tmp_path / "audit.jsonl",
        )
        configured(made, receivers, ca)
        yield made, receivers


@asynccontextmanager
async def serving(place: World) -> AsyncIterator[asyncio.subprocess.Process]:
    command = (*PROGRAM, "serve", "--config", str(place.config))
    running = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, cwd=ROOT)
    try:
        assert running.stderr is not None
        async with asyncio.timeout(60):
            line = (await running.stderr.readline()).decode()
        assert "assent serves" in line, line
        yield running
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def asked(place: World, times: int) -> None:
    headers = {"authorization": f"Bearer {place.token('ana')}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{place.url}/mcp", http_client=http)) as agent,
    ):
        for number in range(times):
            given = {"source": "shop", "sql": f"SELECT id FROM orders WHERE id = {number}", "purpose": "to be seen"}
            result: Any = await agent.call_tool("query", given)
            assert result.structured_content["status"] == "answered"


async def whole(receivers: Receivers, least: int) -> dict[str, list[int]]:
    """Wait until all have the same Entries, at least so many, without a gap."""

    async def looked() -> dict[str, list[int]] | None:
        found = receivers.delivered()
        lengths = {len(one) for one in found.values()}
        return found if len(lengths) == 1 and lengths.pop() >= least else None

    found = await until(looked, 60)
    assert found is not None
    for name, numbers in found.items():
        assert numbers == list(range(len(numbers))), name
    return found


async def test_every_sink_has_every_entry_whatever_was_killed_or_away(place: tuple[World, Receivers]) -> None:
    made, receivers = place
    async with serving(made) as running:
        await asked(made, 5)
        first = len((await whole(receivers, 12))["file"])
        running.kill()
    receivers.webhook.script = ["500"]
    receivers.splunk.script = ["cut"]
    async with serving(made):
        await asked(made, 3)
        await whole(receivers, first + 6)
        doctor = await asyncio.to_thread(assent, "doctor", "--config", made.config)
        assert "sink.dead" in doctor.stdout
        busy = await asyncio.to_thread(assent, "store", "reindex", "--config", made.config)
        assert (busy.exit_code, "another process uses this store" in busy.stderr) == (4, True)
    lines = [json.loads(line) for line in receivers.file.read_bytes().splitlines()]
    assert [(one["metadata"]["event_code"], ocsf.faults(one)) for one in lines if ocsf.faults(one)] == []
    assert {one["class_uid"] for one in lines} >= {6003, 6005, 3002}
    said = json.dumps(lines) + "".join(str(decoded(body)) for body in receivers.splunk.taken)
    assert "to be seen" not in said
    assert "FROM orders WHERE id = 1" not in said
    assert Place(made.folder / "assent.db").history.exists()
    emptied = await asyncio.to_thread(assent, "store", "reindex", "--config", made.config)
    assert (emptied.exit_code, Place(made.folder / "assent.db").history.exists()) == (0, False)
