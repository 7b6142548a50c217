"""`assent store`: what is done to the store itself, by a DBA or an operator."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import DEFAULT, Config, Dba
from cli.show import spoken

app = typer.Typer(help="The store itself.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """The store itself."""


@app.command()
def setup(
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Run the SQL, in one transaction.")] = False,
    dba: Dba = None,
    config: Config = DEFAULT,
) -> None:
    """Print the SQL that makes a PostgreSQL store: schema, roles and the rights of each; or run it."""
    with spoken():
        from cli.making import setup as run  # noqa: PLC0415

        run(config, dba, apply=apply)


@app.command()
def reindex(*, config: Config = DEFAULT) -> None:
    """Begin the index of look-ups anew: it is made of the log alone, and is no evidence."""
    with spoken():
        from cli.making import reindex as run  # noqa: PLC0415

        run(config)
