"""How the command speaks: one sentence and an exit code for what goes wrong, JSON where a program may read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn

import typer
from rich.console import Console

from core.errors import GatewayError

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


class Exit(IntEnum):
    """Exit codes of every command; documented in docs/reference/commands.md."""

    OK = 0
    FINDINGS = 1  # it ran, and what it looked at is not as it should be; or it was refused
    USAGE = 2  # arguments (typer's own code)
    SELF_CONSISTENT = 3  # verified, but against no pinned key
    CANNOT = 4  # configuration, files, network: it could not be done


def fail(sentence: str, code: Exit = Exit.CANNOT) -> NoReturn:
    """Say one sentence on standard error and leave."""
    for line in sentence.splitlines() or [""]:
        ERR.print(f"assent: {line}", markup=False)
    raise typer.Exit(code)


@contextmanager
def spoken() -> Iterator[None]:
    """Turn what was raised on purpose into its sentence and exit code."""
    try:
        yield
    except GatewayError as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None  # 128 + SIGINT


def print_json(value: object) -> None:
    """Print one JSON document on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
