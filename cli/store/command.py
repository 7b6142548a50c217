"""`assent store`: what is done to the store itself, by a DBA or an operator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DEFAULT, Config, Dba, Json, TokenFile, Url
from cli.show import spoken

app = typer.Typer(help="Make, migrate, copy and restore the store.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """Make, migrate, copy and restore the store."""


@app.command()
def setup(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Run the SQL, in one transaction.")] = False,
    dba: Dba = None,
    config: Config = DEFAULT,
) -> None:
    """Print the SQL that makes a PostgreSQL store, or run it. Schema, roles and the rights of each."""
    with spoken():
        from cli.store.making import setup as run  # noqa: PLC0415

        run(config, dba, apply=apply)


@app.command()
def migrate(*, dba: Dba = None, config: Config = DEFAULT) -> None:
    """Bring an older version's store forward to this one. Every process is stopped, and nothing goes back."""
    with spoken():
        from cli.store.making import migrate as run  # noqa: PLC0415

        run(config, dba)


@app.command()
def reindex(*, config: Config = DEFAULT) -> None:
    """Begin the index of look-ups anew. It is made of the log alone, and is no evidence."""
    with spoken():
        from cli.store.making import reindex as run  # noqa: PLC0415

        run(config)


@app.command()
def backup(
    *,
    folder: Annotated[Path, typer.Argument(help="A new folder for the record and its payloads.", metavar="DIR")],
    keys: Annotated[
        Path, typer.Option(help="A new file for the wrapped data keys, to be kept elsewhere.", metavar="FILE")
    ],
    dba: Dba = None,
    config: Config = DEFAULT,
) -> None:
    """Copy the store while it runs. The record in one place, wrapped data keys in another, none of [keys]."""
    with spoken():
        from cli.store import copying  # noqa: PLC0415 - commands import their work when they run

        copying.backup(config, folder, keys, dba)


@app.command()
def restore(
    *,
    folder: Annotated[Path, typer.Argument(help="The folder of a copy.", metavar="DIR")],
    keys: Annotated[Path, typer.Option(help="The newest copy of wrapped data keys.", metavar="FILE")],
    signed: Annotated[
        Path | None, typer.Option(help="What the lost store's signer signed last, where it is left.", metavar="FILE")
    ] = None,
    dba: Dba = None,
    config: Config = DEFAULT,
) -> None:
    """Make the store anew from a copy. It is closed, has a new name, and nothing is left of what people allowed."""
    with spoken():
        from cli.store import copying  # noqa: PLC0415
        from core.stores.sqlite.sheet import Source  # noqa: PLC0415

        copying.restore(config, Source(folder=folder, keys=keys, signed=signed), dba)


@app.command(name="open")
def open_(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Propose that a restored store serves again. It does under the policy of --config; another operator decides."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.store import copying  # noqa: PLC0415

        copying.open_(reach.people(config, url, token_file), config, as_json=as_json)
