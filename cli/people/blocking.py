"""`assent block` and `assent unblock`: arguments of how operators stop somebody, at once, and let them go on."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

import typer

from cli.options import DEFAULT, Config, Json, TokenFile, Url
from cli.show import spoken

block = typer.Typer(
    help="Stop a person, an agent, a source or everything, at once.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
unblock = typer.Typer(
    help="Propose that a block ends; another operator decides.", no_args_is_help=True, rich_markup_mode=None
)

KINDS: Final = {
    "person": ("a person", "With all their identities and agents, as caller and as voter."),
    "agent": ("an agent", "By its verified client id."),
    "source": ("a source", "By its name."),
}
Name: TypeAlias = Annotated[str, typer.Argument(help="As the configuration or the record names it.", metavar="NAME")]
Until: TypeAlias = Annotated[
    str | None, typer.Option("--until", help="When it ends by itself, with its offset.", metavar="TIME")
]


@block.command(name="all")
def everything(
    *,
    until: Until = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Stop everything: no agent runs, collects or asks anything."""
    with spoken():
        from cli import reach  # noqa: PLC0415 - commands import their work when they run
        from cli.people import keeping  # noqa: PLC0415 - commands import their work when they run

        keeping.block(reach.people(config, url, token_file), {"kind": "all", "id": ""}, until, as_json=as_json)


@block.command(name="list")
def list_(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List who is stopped, and until when."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        keeping.blocks(reach.people(config, url, token_file), as_json=as_json)


@unblock.command(name="all")
def released(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """Propose that the block of everything ends. Blocks of single ones stay."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        of = {"kind": "all", "id": ""}
        keeping.propose(reach.people(config, url, token_file), "block.release", of, as_json=as_json)


def _command(kind: str) -> None:
    """Add the two commands of one kind."""

    def stop(
        *,
        name: Name,
        until: Until = None,
        url: Url = None,
        config: Config = DEFAULT,
        token_file: TokenFile = None,
        as_json: Json = False,
    ) -> None:
        with spoken():
            from cli import reach  # noqa: PLC0415
            from cli.people import keeping  # noqa: PLC0415

            keeping.block(reach.people(config, url, token_file), {"kind": kind, "id": name}, until, as_json=as_json)

    def release(
        *, name: Name, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False
    ) -> None:
        with spoken():
            from cli import reach  # noqa: PLC0415
            from cli.people import keeping  # noqa: PLC0415

            of = {"kind": kind, "id": name}
            keeping.propose(reach.people(config, url, token_file), "block.release", of, as_json=as_json)

    noun, whole = KINDS[kind]
    block.command(name=kind, help=f"Stop {noun}. {whole}")(stop)
    unblock.command(name=kind, help=f"Propose that the block of {noun} ends. {whole}")(release)


for _kind in KINDS:
    _command(_kind)
