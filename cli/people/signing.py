"""`assent login`: its arguments; the work is `cli.people.login`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Final, Protocol

import typer

from cli.show import Exit, fail, spoken

PEOPLES: Final = frozenset({"review", "audit", "act", "keys", "policy", "block", "unblock"})  # ask the people's side


class Commands(Protocol):
    """Every command of `assent`, as typer made them."""

    def __call__(self, args: list[str], *, prog_name: str) -> object:
        """Run one, then leave."""
        ...


def obeyed(commands: Commands, words: list[str]) -> int:
    """Run a command of who is signed in, in this process; return its exit code."""
    if words[0] not in PEOPLES:
        typer.echo(f"assent: not of the people's side; {', '.join(sorted(PEOPLES))}, or exit", err=True)
        return Exit.USAGE
    try:
        commands(words, prog_name="assent")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.CANNOT
    return Exit.OK


def login(
    *,
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(help="One command, such as review list; else asked for.", metavar="COMMAND")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="The people's side; else the only one confirmed.", metavar="URL")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm it at this terminal, once; your token goes to no other.")
    ] = False,
    issuer: Annotated[str | None, typer.Option(help="With --confirm: who signs you in.", metavar="URL")] = None,
    client_id: Annotated[
        str | None, typer.Option(help="With --confirm: a client of [console] clients.", metavar="ID")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(help="With --confirm: one of review_audiences.", metavar="NAME")
    ] = None,
    callback: Annotated[
        str | None, typer.Option(help="With --confirm: a fixed path of the redirect; else one drawn.", metavar="PATH")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(help="With --confirm: certificates of your own authority.", metavar="FILE")
    ] = None,
) -> None:
    """Sign in by browser as reviewer, auditor or operator. Tokens stay in this process, which runs your commands."""
    with spoken():
        from cli.people import login as work  # noqa: PLC0415 - commands import their work when they run
        from cli.relay.trusted import Gateway  # noqa: PLC0415

        if confirm:
            if url is None:
                fail("--confirm needs --url", Exit.USAGE)
            authority = str(ca.absolute()) if ca else None
            work.confirm(
                Gateway(
                    url=url.rstrip("/"),
                    issuer=issuer,
                    client=client_id,
                    callback=callback,
                    authority=authority,
                    audience=audience,
                )
            )
            return
        raise typer.Exit(work.run(work.chosen(url), command or (), partial(obeyed, context.find_root().command)))
