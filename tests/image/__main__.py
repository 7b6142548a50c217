"""Build the image without Docker and run it as closed as it must be run: `make image-test`, as root on Debian.

A base with the system's Python comes from the machine's own package mirror, by debootstrap; nothing is pulled. Then the
gateway serves the demo's world out of a container with a read-only root, no capability and no new privileges.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from demo.world import World, free, world
from tests.replicas.life import META, MODERN, result
from tests.waiting import until

ROOT: Final = Path(__file__).parents[2]
NEEDED: Final = ("podman", "buildah", "debootstrap", "runc")
BASE: Final = "localhost/assent-base:bookworm"
IMAGE: Final = "localhost/assent:test"
UID: Final = 10_001
CLOSED: Final = (
    *("--runtime", "runc", "run", "--network", "host", "--read-only", "--tmpfs", "/tmp:size=16m,noexec,nosuid"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"),
)
CERTIFICATES: Final = Path("/etc/ssl/certs/ca-certificates.crt")
LONG: Final = "SELECT count(*) FROM orders a CROSS JOIN orders b WHERE a.id % 7 = b.id % 11"


class Broken(AssertionError):
    """The image is not what it says."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def holds(what: str, *, true: bool, seen: object = "") -> None:
    if not true:
        raise Broken(f"{what}: {seen}")
    say(f"  {what}")


def run(*command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, check=False)
    if check and done.returncode:
        raise Broken(f"{' '.join(str(part) for part in command[:3])}: {done.stderr[-2_000:]}")
    return done


# ---------------------------------------------------------------- building


def base() -> None:
    """Make the base image, once."""
    if run("podman", "image", "exists", BASE, check=False).returncode == 0:
        return
    say("a base with the system's Python, about three minutes the first time")
    with tempfile.TemporaryDirectory() as folder:
        run(
            "debootstrap",
            "--variant=minbase",
            "--include=python3,python3-venv,ca-certificates",
            "bookworm",
            folder,
            mirror(),
        )
        tar = subprocess.Popen(["tar", "-C", folder, "-c", "."], stdout=subprocess.PIPE)
        done = subprocess.run(["podman", "import", "-q", "-", BASE], stdin=tar.stdout, capture_output=True, check=False)
        if tar.wait() or done.returncode:
            raise Broken("the base cannot be imported")


def mirror() -> str:
    """Where this machine's own packages come from."""
    for path in Path("/etc/apt").rglob("*.sources"):
        for line in path.read_text().splitlines():
            if line.startswith("URIs:"):
                return line.split()[1]
    for path in (Path("/etc/apt/sources.list"), *Path("/etc/apt").rglob("*.list")):
        for line in path.read_text().splitlines() if path.exists() else ():
            if line.startswith("deb "):
                return next(word for word in line.split() if "://" in word)
    raise Broken("no source of packages in /etc/apt")


def build() -> None:
    """Build the image as a release does, but for its base; the machine's certificates are lent, not baked in."""
    say("the image")
    command = [
        "buildah",
        "bud",
        "--quiet",
        "--layers",
        "--isolation",
        "chroot",
        "--network",
        "host",
        "--format",
        "docker",
    ]
    command += ["--ulimit", "nofile=1024:1024", "--build-arg", f"PYTHON_IMAGE={BASE}", "--tag", IMAGE]
    run(*command, "--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro", ".")


# ---------------------------------------------------------------- what it is


def inside(*command: str) -> subprocess.CompletedProcess[str]:
    return run("podman", *CLOSED, "--rm", "--entrypoint", command[0], IMAGE, *command[1:], check=False)


def looked() -> None:
    """What stands in the image, and what does not."""
    (image,) = json.loads(run("podman", "image", "inspect", IMAGE).stdout)
    config = image["Config"]
    holds("its user is a number", true=config["User"] == "10001:10001", seen=config["User"])
    holds("it has a health check", true="health" in str(image.get("Healthcheck")))
    holds("its environment names no secret", true=not any("KEY" in one or "TOKEN" in one for one in config["Env"]))
    help_ = run("podman", *CLOSED, "--rm", IMAGE, "--help")
    holds("one command answers", true="serve" in help_.stdout)
    demo = run("podman", *CLOSED, "--rm", IMAGE, "demo", check=False)
    holds("the demo is not in it, and says so", true=demo.returncode == 4 and "demo" in demo.stderr, seen=demo.stderr)
    for path in ("/src", "/opt/build", "/usr/bin/gcc", "/usr/bin/curl"):
        holds(f"no {path}", true=inside("ls", path).returncode != 0)
    history = run("podman", "history", "--no-trunc", IMAGE).stdout
    holds("its history names no secret", true="secret" not in history.lower())


# ---------------------------------------------------------------- what it does


@contextlib.contextmanager
def placed(made: World, folder: Path, metrics: int) -> Iterator[tuple[Path, Path]]:
    """Hand the world's configuration over as a container gets it: its own user's, and a folder for the store."""
    etc, state = folder / "etc", folder / "state"
    shutil.copytree(
        made.config.parent, etc, ignore=lambda _, names: [one for one in names if one.startswith("assent.db")]
    )
    state.mkdir(mode=0o700)
    text = made.config.read_text().replace("sqlite:assent.db", "sqlite:/var/lib/assent/assent.db")
    (etc / "assent.toml").write_text(f'{text}\n[metrics]\nlisten = "127.0.0.1:{metrics}"\n')
    for path in (folder, *folder.rglob("*")):
        os.chown(path, UID, UID)
    yield etc, state


@contextlib.asynccontextmanager
async def serving(etc: Path, state: Path) -> AsyncIterator[str]:
    """Run the gateway out of the image."""
    volumes = ("--volume", f"{etc}:/etc/assent:ro", "--volume", f"{state}:/var/lib/assent")
    name = (await asyncio.to_thread(run, "podman", *CLOSED, "--detach", *volumes, IMAGE)).stdout.strip()
    try:
        yield name
    finally:
        await asyncio.to_thread(run, "podman", "rm", "--force", name, check=False)


async def asked(made: World, sql: str) -> dict[str, object]:
    headers = {"authorization": f"Bearer {made.token('ana')}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{made.url}/mcp", http_client=http)) as agent,
    ):
        said = await agent.call_tool("query", {"source": "shop", "sql": sql, "purpose": "to see it run"})
    return dict(said.structured_content or {})


async def plain(made: World, sql: str) -> dict[str, Any]:
    """Ask by one request alone: the SDK's client asks for the tools after its first call, when the door is closed."""
    meta = {"protocolVersion": MODERN, "clientInfo": {"name": "image", "version": "1"}, "clientCapabilities": {}}
    given = {"source": "shop", "sql": sql, "purpose": "to see it end"}
    params = {"name": "query", "arguments": given, "_meta": {META + key: value for key, value in meta.items()}}
    headers = {
        "authorization": f"Bearer {made.token('ana')}",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": MODERN,
        "mcp-method": "tools/call",
        "mcp-name": "query",
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    async with httpx2.AsyncClient(timeout=90, trust_env=False) as http:
        return result(await http.post(f"{made.url}/mcp", json=body, headers=headers))


async def served() -> None:
    """Serve the demo's world, closed as it must be, and end in order."""
    say("the gateway, out of it")
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        Path(one).chmod(0o755)
        metrics = free()
        async with world(Path(one), say=lambda _: None) as made:
            with placed(made, Path(other) / "given", metrics) as (etc, state):
                async with serving(etc, state) as name:
                    await checked(made, name)
                    await ended(made, name, metrics)


async def checked(made: World, name: str) -> None:
    async def healthy() -> bool:
        return (await asyncio.to_thread(run, "podman", "healthcheck", "run", name, check=False)).returncode == 0

    try:
        await until(healthy, 60)
    except TimeoutError:
        probe = run("podman", "healthcheck", "run", name, check=False)
        raise Broken(f"not healthy: {probe.stdout}{probe.stderr}{run('podman', 'logs', name).stderr}") from None
    holds("its health check passes", true=True)
    answer = await asked(made, "SELECT id, email FROM customers WHERE id = 1")
    holds("it serves MCP", true=answer["status"] == "answered", seen=answer)
    holds("what it shows is masked", true="@" not in str(answer["rows"]), seen=answer["rows"])
    status = run("podman", "exec", name, "cat", "/proc/1/status").stdout
    found = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if len(line.split()) > 1}
    holds("it runs as 10001", true=found["Uid"] == str(UID), seen=found["Uid"])
    holds("it has no capability", true=int(found["CapEff"], 16) == int(found["CapBnd"], 16) == 0, seen=found["CapEff"])
    holds("it gains no privilege", true=found["NoNewPrivs"] == "1")
    holds("its system calls are filtered", true=found["Seccomp"] == "2", seen=found["Seccomp"])
    for path in ("/opt/x", "/etc/x", "/etc/assent/x", "/x"):
        wrote = run("podman", "exec", name, "touch", path, check=False)
        holds(f"nothing writes {path}", true=wrote.returncode != 0, seen=wrote.stderr)


async def ended(made: World, name: str, metrics: int) -> None:
    """SIGTERM while a statement runs: it is answered or told that it did not run, and the process ends in order."""
    running = asyncio.create_task(plain(made, LONG))

    async def begun() -> bool:
        async with httpx2.AsyncClient(trust_env=False) as http:
            numbers = (await http.get(f"http://127.0.0.1:{metrics}/metrics")).text
        return 'assent_connector_in_use{source="shop"} 1.0' in numbers or running.done()

    await until(begun, 60)
    holds("a statement runs", true=not running.done())
    await asyncio.to_thread(run, "podman", "kill", "--signal", "TERM", name)
    answer = await running
    holds("what ran at SIGTERM has its answer", true=answer.get("status") in {"answered", "failed"}, seen=answer)
    code = (await asyncio.to_thread(run, "podman", "wait", name)).stdout.strip()
    holds("it ends in order", true=code == "0", seen=code)
    said = run("podman", "logs", name).stderr
    holds("its lines are JSON", true=all(json.loads(line) for line in said.splitlines()), seen=said)


def main() -> int:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing or os.geteuid():
        say(f"not run: needs root and {', '.join(missing) or 'root'} (apt-get install {' '.join(NEEDED)})")
        return 0
    try:
        base()
        build()
        looked()
        asyncio.run(served())
    except Broken as error:
        say(f"BROKEN {error}")
        return 1
    say("the image holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
