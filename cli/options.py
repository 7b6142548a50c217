"""Options that several commands share, each with its one meaning."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

Config: TypeAlias = Annotated[Path, typer.Option("--config", help="The configuration.", metavar="FILE")]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Dba: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Where a DBA's URL stands; asked for when left out, and never stored.", metavar="env:NAME|file:PATH"
    ),
]
Url: TypeAlias = Annotated[
    str | None, typer.Option("--url", help="Address of the people's side; else that of --config.", metavar="URL")
]
TokenFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        help="File with your reviewer's token, readable by you alone; else ASSENT_TOKEN.",
        metavar="FILE",
    ),
]

DEFAULT: Final = Path("assent.toml")


class Part(StrEnum):
    """What one process serves."""

    GATEWAY = "gateway"
    PEOPLE = "people"
    SIGNER = "signer"


class Purpose(StrEnum):
    """Which of [keys] can be replaced here."""

    QUESTIONS = "questions"
    RESULTS = "results"
    SIGNING = "signing"
    MASK = "mask"
    MINTING = "minting"


class Severity(StrEnum):
    """The mildest verdict of `check` at which the exit code is 1."""

    REFUSE = "refuse"
    ASK = "ask"
