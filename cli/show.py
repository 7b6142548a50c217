"""How the command speaks: one sentence and an exit code for what goes wrong, JSON where a program may read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import Final, NoReturn

import typer
from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from core.errors import GatewayError
from core.revealing import line as revealed
from core.revealing import reveal

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)

QUOTE: Final = "  | "


class Exit(IntEnum):
    """Exit codes of every command; documented in docs/reference/commands.md."""

    OK = 0
    FINDINGS = 1  # it ran, and what it looked at is not as it should be; or it was refused
    USAGE = 2  # arguments (typer's own code)
    SELF_CONSISTENT = 3  # verified, but against no pinned key
    CANNOT = 4  # configuration, files, network: it could not be done


def fail(sentence: str, code: Exit = Exit.CANNOT) -> NoReturn:
    """Say one sentence on standard error and leave."""
    for line in sentence.split("\n"):
        ERR.print(f"assent: {visible(line)}", markup=False)
    raise typer.Exit(code)


def told(sentence: str) -> None:
    """Say one line on standard error: what a program reads on standard output stays alone there."""
    ERR.print(Text(revealed(sentence)))


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
    """Print one JSON document on one line, in ASCII: half a surrogate pair cannot break it, nothing hides in it."""
    typer.echo(json.dumps(value, ensure_ascii=True, separators=(",", ":")))


def say(text: str = "") -> None:
    """Print lines for people: words of others cannot move the cursor, hide or imitate ours."""
    OUT.print(Text(visible(text)))


def single(text: str) -> None:
    """Print one line, whatever it holds: line ends among words of others become spaces."""
    OUT.print(Text(revealed(text)))


def quoted(title: str, text: str) -> None:
    """Print words of others so that each line of them is known to be theirs, also where a terminal would fold it."""
    say(f"{title}:")
    for one in visible(text).split("\n"):
        folded = chop_cells(one, OUT.width - len(QUOTE)) if OUT.is_terminal else [one]
        for piece in folded or [""]:
            OUT.print(Text(f"{QUOTE}{piece}"))


def rows(headers: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Print a table for people, a line each whatever the width: a terminal folds it, a file keeps it."""
    cells = [tuple(visible(str(cell)).replace("\n", " ") for cell in line) for line in (headers, *lines)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        padded = (set_cell_size(cell, width) for cell, width in zip(line, widths, strict=True))
        if text := "  ".join(padded).rstrip():
            OUT.print(Text(text))


def visible(text: str) -> str:
    """Show what would not show: controls, bidirectional marks, odd spaces and blank letters as their code points."""
    return reveal(text.replace("\t", "    ")).text


@contextmanager
def working(sentence: str, *, total: int | None = None) -> Iterator[Progress]:
    """Show a bar on standard error while the block runs, where that is a terminal; its one task has the id 0."""
    words = Column(ratio=1, no_wrap=True, overflow="ellipsis")  # a long address leaves the bar its room
    columns = (TextColumn("{task.description}", markup=False, table_column=words), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=ERR, transient=True, disable=not ERR.is_terminal, expand=True) as bar:
        bar.add_task(sentence, total=total)
        yield bar
