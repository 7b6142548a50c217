"""A DBA's connection URL for one command: from a reference or a prompt, never from an argument, never kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import typer

from cli.show import Exit, fail
from core.settings import file, tls

REFERENCE = "write env:NAME or file:PATH, or leave it out to be asked: an argument can be read by every process"


def asked(reference: str | None, *, plain: bool, remedy: str) -> str:
    """Return the URL behind a reference, or ask for it; `remedy` says how to acknowledge a connection without TLS."""
    return vetted(prompted() if reference is None else resolved(reference), plain=plain, remedy=remedy)


def prompted() -> str:
    """Ask without echo at a terminal, else take the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("PostgreSQL URL of a DBA (shown and stored nowhere)", hide_input=True, err=True))
    return sys.stdin.readline().strip() or fail(f"no URL: {REFERENCE}", Exit.USAGE)


def resolved(reference: str) -> str:
    """Read `env:NAME` or `file:PATH`."""
    scheme, _, name = reference.partition(":")
    if scheme == "env":
        return os.environ.get(name) or fail(f"the environment has no {name}")
    if scheme != "file":
        fail(REFERENCE, Exit.USAGE)
    try:
        return file.secret(Path(name)).decode()
    except OSError as error:
        fail(f"{name}: cannot be read: {error.strerror}")
    except ValueError as error:
        fail(f"{name}: {error}")


def vetted(url: str, *, plain: bool, remedy: str) -> str:
    """Refuse what is no PostgreSQL address, and a password sent where nobody checks who listens."""
    try:
        safe = tls.database(url)
        _ = urlsplit(url).port
    except ValueError:
        fail("the URL is no postgresql://user:password@host:port/database")
    if not safe and not plain:
        fail(f"this database is off loopback and its TLS unverified: add sslmode=verify-full, or {remedy}")
    return url


def role(url: str) -> str:
    """Name the role that a URL logs in as; "" when it names none."""
    parts = urlsplit(url)
    return unquote(parts.username or "") or parse_qs(parts.query).get("user", [""])[0]
