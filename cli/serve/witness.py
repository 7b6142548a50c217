"""`assent witness`: a witness of other people's logs, until a signal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.audit.verifying import words
from cli.dba import resolved
from cli.serve.serve import loop
from cli.show import ERR, Exit, fail
from core.audit.transparency import note
from core.audit.transparency.note import BadNote
from core.audit.transparency.trust import Trust, pinned
from core.settings.secret import Secret
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from witness.app import Witness, build
from witness.memory import Memory

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def run(witness: Witness, address: Address, hosts: Sequence[str]) -> None:
    """Serve until SIGINT or SIGTERM."""
    with asyncio.Runner(loop_factory=loop()) as runner:
        runner.run(serving(witness, address, hosts))


async def serving(witness: Witness, address: Address, hosts: Sequence[str]) -> None:
    """Listen and wait for a signal."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    taken = bound(address)
    port = taken.getsockname()[1]
    async with listening(build(witness, [*LOCAL, *hosts]), taken, address=address, drain=Drain()):
        ERR.print(f"assent witness {witness.verifier} listens at {address.host}:{port}", markup=False)
        await stop.wait()


def listen(text: str, certificate: Path | None, key: Path | None) -> Address:
    """Read where to listen; off loopback only with TLS of its own."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit():
        fail('--listen is written "127.0.0.1:8090"', Exit.USAGE)
    if (certificate is None) != (key is None):
        fail("--certificate and --tls-key stand together", Exit.USAGE)
    if certificate is None and host.strip("[]") not in LOCAL:
        fail("--listen off loopback wants --certificate and --tls-key, or a proxy on this machine", Exit.USAGE)
    return Address(
        host=host.strip("[]"),
        port=int(port),
        certificate=None if certificate is None else str(certificate),
        key=None if key is None else str(key),
    )


def logs(given: Sequence[str]) -> tuple[Trust, ...]:
    """Read the keys of the logs that are witnessed, each from its trust file or as it is."""
    try:
        found = tuple(pinned(words(one)) for one in given)
    except BadNote as error:
        fail(f"--log: {error}; a key is written NAME+ID+KEY, in one line", Exit.USAGE)
    named = [origin for one in found for origin in one.origins]
    if not found or len(set(named)) != len(named):
        fail("--log names each log once, and at least one", Exit.USAGE)
    return found


def witness(name: str, key: str, known: Sequence[Trust], memory: Memory) -> Witness:
    """Make the witness; its name is no log's, and its key stands at a reference."""
    if note.NAME.fullmatch(name) is None or any(name in one.origins for one in known):
        fail("--name is a name of its own, without spaces and plus: witness.example.com/w1", Exit.USAGE)
    secret = Ed25519PrivateKey.from_private_bytes(Secret(key, resolved(key).encode()).key())
    if any(pin.key.key == secret.public_key().public_bytes_raw() for one in known for pin in one.pins):
        fail("a witness that signs with a log's own key witnesses nothing: make another key", Exit.USAGE)
    return Witness(name=name, key=secret, logs=known, memory=memory)


def start(
    *, name: str, key: str, known: Sequence[str], state: Path, begin: bool, address: Address, hosts: Sequence[str]
) -> None:
    """Begin or take the memory, and serve.

    Raises: UnsafeStart, SettingsError.
    """
    found = logs(known)
    if begin:
        Memory.begin(state)
    with closing(Memory(state)) as memory:
        made = witness(name, key, found, memory)
        for origin in (origin for one in found for origin in one.origins):
            memory.last(origin)  # a damaged memory is seen before anyone asks
        run(made, address, hosts)
