"""`assent act`, `assent audit hold|erase|resolve|retention`: arguments of what operators ask the running gateway."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from cli.options import DEFAULT, Config, Json, Purpose, TokenFile, Url
from cli.show import Exit, fail, spoken

act = typer.Typer(
    help="Decide what another operator proposed. What loosens or destroys takes two people.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
hold = typer.Typer(
    help="Keep evidence of a session, a person or a source at any age.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

keys = typer.Typer(
    help="List the keys, and propose that another takes one's place.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Its id, as assent act list shows it.", metavar="ID")]
SessionName: TypeAlias = Annotated[str | None, typer.Option("--session", help="A session.", metavar="ID")]
PersonName: TypeAlias = Annotated[
    str | None, typer.Option("--person", help="A person, or a pseudonym of the record.", metavar="DIRECTORY:ID")
]
SourceName: TypeAlias = Annotated[str | None, typer.Option("--source", help="A source.", metavar="NAME")]


def extent(session: str | None, person: str | None, source: str | None) -> dict[str, str]:
    """Read the one thing that is meant."""
    given = {kind: name for kind, name in (("session", session), ("person", person), ("source", source)) if name}
    if len(given) != 1:
        fail("name one of --session, --person and --source", Exit.USAGE)
    ((kind, name),) = given.items()
    return {"kind": kind, "id": name}


@keys.command(name="list")
def listed(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List the keys by their ids. Which is current, what they wrap, which can be destroyed."""
    with spoken():
        from cli import reach  # noqa: PLC0415 - commands import their work when they run
        from cli.people import keeping  # noqa: PLC0415 - commands import their work when they run

        keeping.keys(reach.people(config, url, token_file), as_json=as_json)


@keys.command()
def rotate(
    *,
    purpose: Annotated[
        Purpose, typer.Argument(help="Which of [keys]: questions, results, signing, mask or minting.", metavar="KEY")
    ],
    to: Annotated[str, typer.Option(help="Its id, where more than one was offered.", metavar="ID")] = "",
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Propose that the key of [keys.next] takes the current one's place. Another operator decides."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        keeping.rotate(reach.people(config, url, token_file), purpose.value, to, as_json=as_json)


@keys.command()
def revoke(
    *,
    name: Annotated[str, typer.Argument(help="Its id; else the only former one.", metavar="ID")] = "",
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Propose that a former key signs nothing from now on. One of checkpoints or tokens; another operator decides."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        keeping.revoke(reach.people(config, url, token_file), name, as_json=as_json)


@act.command(name="list")
def list_(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List what was proposed and waits."""
    with spoken():
        from cli import reach  # noqa: PLC0415 - commands import their work when they run
        from cli.people import keeping  # noqa: PLC0415 - commands import their work when they run

        keeping.acts(reach.people(config, url, token_file), as_json=as_json)


@act.command()
def approve(
    *, name: Name, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Approve what another operator proposed; it is done at once."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        keeping.decide(reach.people(config, url, token_file), name, "approve", as_json=as_json)


@act.command()
def deny(
    *, name: Name, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Deny what was proposed, or take back what you proposed yourself."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        keeping.decide(reach.people(config, url, token_file), name, "deny", as_json=as_json)


@hold.command(name="list")
def held(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List the holds; persons by their pseudonym."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        keeping.holds(reach.people(config, url, token_file), as_json=as_json)


@hold.command(name="set")
def set_(
    *,
    session: SessionName = None,
    person: PersonName = None,
    source: SourceName = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Set a hold: nothing of it is erased until it is released."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        one = extent(session, person, source)
        keeping.hold(reach.people(config, url, token_file), one, as_json=as_json)


@hold.command()
def release(
    *,
    session: SessionName = None,
    person: PersonName = None,
    source: SourceName = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Propose that a hold ends; another operator decides."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        one = extent(session, person, source)
        keeping.propose(reach.people(config, url, token_file), "hold.release", one, as_json=as_json)


def erase(
    *,
    session: SessionName = None,
    person: PersonName = None,
    source: SourceName = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Propose that words and results are erased. Those of a session, a person or a source; another operator decides."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        one = extent(session, person, source)
        keeping.propose(reach.people(config, url, token_file), "erase", one, as_json=as_json)


def resolve(
    *,
    call: Annotated[str, typer.Argument(help="The call whose outcome is unknown.", metavar="CALL")],
    note: Annotated[
        str, typer.Option("--note", help="How you know: kept encrypted, shown to who decides.", metavar="TEXT")
    ],
    executed: Annotated[
        bool, typer.Option("--executed/--not-executed", help="What became of it, as its source shows.")
    ],
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Propose how a call ended of which nobody can tell. Another person decides, neither requester nor voter."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        of = {"call": call, "outcome": "committed" if executed else "not_executed", "note": note}
        keeping.propose(reach.people(config, url, token_file), "resolve", of, as_json=as_json)


def retention(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and what a hold keeps.")] = False,
    shorten: Annotated[
        bool, typer.Option("--shorten", help="Propose that the shorter retention of the configuration holds.")
    ] = False,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Show what retention would end today, or propose to shorten it."""
    if dry_run == shorten:
        fail("give one of --dry-run and --shorten", Exit.USAGE)
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import keeping  # noqa: PLC0415

        people = reach.people(config, url, token_file)
        if shorten:
            keeping.propose(people, "retention", {}, as_json=as_json)
        else:
            keeping.due(people, as_json=as_json)
