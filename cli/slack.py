"""`assent slack`: arguments of what a workspace is set up and looked over with."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import DEFAULT, Config, Json
from cli.show import Exit, fail, spoken

slack = typer.Typer(help="The Slack app: its manifest, and what keeps it from working.", no_args_is_help=True)


@slack.command()
def manifest(
    *,
    url: Annotated[
        str, typer.Option(help="Address that Slack posts to (HTTP mode); without it, Socket Mode.", metavar="https://…")
    ] = "",
    email: Annotated[bool, typer.Option("--email", help="With the scope that [slack] email_domains needs.")] = False,
) -> None:
    """Print the app manifest. For api.slack.com/apps, Create New App, From a manifest."""
    if url and not (url.startswith("https://") and url.count("/") == 2):  # noqa: PLR2004 - https://host and no more
        fail("--url takes https://host, without a path", Exit.USAGE)
    with spoken():
        from cli.chat import printed  # noqa: PLC0415 - commands import their work when they run

        printed(url, email=email)


@slack.command()
def doctor(*, config: Config = DEFAULT, as_json: Json = False) -> None:
    """Ask Slack what would not work; 1 when something would not. Tokens, scopes, channels, every kind of message."""
    with spoken():
        from cli.chat import looked  # noqa: PLC0415

        if looked(config, as_json=as_json):
            raise typer.Exit(Exit.FINDINGS)
