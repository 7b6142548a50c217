"""`assent review break|broken|look`: what one person answers alone in an emergency, and what another says of it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import DEFAULT, Config, Json, TokenFile, Url
from cli.people.command import Digest, Name
from cli.show import spoken


def break_(
    *,
    name: Name,
    ticket: Annotated[str, typer.Option(help="What names the emergency.", metavar="TEXT")],
    reason: Annotated[str, typer.Option(help="Why nobody who is asked can answer, in one line.", metavar="TEXT")],
    digest: Digest = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Answer alone in an emergency, exactly what you saw, once. Somebody else looks at it within 24 hours."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.alone(reach.people(config, url, token_file), name, digest, ticket, reason, as_json=as_json)


def broken(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List what was answered alone and not looked at, oldest first."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.broken(reach.people(config, url, token_file), as_json=as_json)


def look(
    *,
    name: Name,
    finding: Annotated[str, typer.Option(help="justified or unjustified.", metavar="WORD")],
    note: Annotated[str, typer.Option(help="What you saw, in one line.", metavar="TEXT")],
    digest: Digest = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Say whether an answer that was given alone was justified. The first word counts."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.look(reach.people(config, url, token_file), name, digest, finding, note, as_json=as_json)
