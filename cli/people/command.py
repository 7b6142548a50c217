"""`assent review` and `assent audit`: arguments of what a person asks the running gateway's people side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DEFAULT, Config, Json, TokenFile, Url
from cli.show import Exit, fail, spoken

review = typer.Typer(
    help="See what waits, and decide, with a reviewer's own token.", no_args_is_help=True, rich_markup_mode=None
)
audit = typer.Typer(help="Look sessions and calls up; verify the record.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="Its id, as the list shows it.", metavar="ID")]
Digest = Annotated[
    str | None, typer.Option(help="What you saw, by the 64 digits of assent review show.", metavar="HEX")
]


@review.command(name="list")
def list_(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List what waits and you may see, oldest first."""
    with spoken():
        from cli import reach  # noqa: PLC0415 - commands import their work when they run
        from cli.people import voting  # noqa: PLC0415 - commands import their work when they run

        voting.list_(reach.people(config, url, token_file), as_json=as_json)


@review.command()
def show(
    *, name: Name, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Show one review whole. The exact statement, who asks, why it stopped, what an approval binds."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.show(reach.people(config, url, token_file), name, as_json=as_json)


@review.command()
def approve(
    *,
    name: Name,
    digest: Digest = None,
    rows: Annotated[
        int | None, typer.Option(min=0, help="Lower the number of rows that may change.", metavar="NUMBER")
    ] = None,
    grant: Annotated[
        bool, typer.Option("--grant", help="Let more statements of its shape run, as far as the rules let it.")
    ] = False,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Approve exactly what you saw, once. It is shown and confirmed here, or named by its digest."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.approve(reach.people(config, url, token_file), name, digest, rows, grant=grant, as_json=as_json)


@review.command()
def deny(
    *,
    name: Name,
    reason: Annotated[str, typer.Option(help="Why, in one line; the agent reads it.", metavar="TEXT")],
    digest: Digest = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Deny, with a reason that reaches the agent."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.deny(reach.people(config, url, token_file), name, digest, reason, as_json=as_json)


@review.command()
def revoke(
    *,
    name: Name,
    digest: Digest = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Take an approval back, or have stopped what it began."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.stop(reach.people(config, url, token_file), name, "revocation", digest, as_json=as_json)


@review.command()
def block(
    *,
    name: Name,
    digest: Digest = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Block the agent that asks, for an hour. It holds for everybody it acts for."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.stop(reach.people(config, url, token_file), name, "block", digest, as_json=as_json)


@review.command()
def grants(*, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False) -> None:
    """List grants that still let something run without being asked. Those that you may see."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.grants(reach.people(config, url, token_file), as_json=as_json)


@review.command("end-grant")
def end_grant(
    *,
    name: Annotated[str, typer.Argument(help="The grant: gr_…", metavar="GRANT", show_default=False)],
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """End a grant. Nothing more runs under it, and what has begun is rolled back."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.people import voting  # noqa: PLC0415

        voting.end(reach.people(config, url, token_file), name, as_json=as_json)


@audit.command()
def sessions(
    *,
    before: Annotated[str | None, typer.Option(help="Older than this, with its offset.", metavar="TIME")] = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """List sessions, newest first, 20 at a time."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import record  # noqa: PLC0415

        record.sessions(reach.people(config, url, token_file), before, as_json=as_json)


@audit.command()
def session(
    *, name: Name, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Replay one session, call by call."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import record  # noqa: PLC0415

        record.session(reach.people(config, url, token_file), name, as_json=as_json)


@audit.command()
def call(
    *, name: Name, url: Url = None, config: Config = DEFAULT, token_file: TokenFile = None, as_json: Json = False
) -> None:
    """Show one call: statement, purpose, outcome, its entries."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import record  # noqa: PLC0415

        record.call(reach.people(config, url, token_file), name, as_json=as_json)


@audit.command()
def replay(
    *,
    name: Name,
    html: Annotated[Path | None, typer.Option("--html", help="Write it there as a page.", metavar="FILE")] = None,
    against: Annotated[
        str | None,
        typer.Option(help="Ask its reads again at this source, as calls of your own, and compare.", metavar="SOURCE"),
    ] = None,
    mcp: Annotated[
        str | None, typer.Option("--mcp", help="Address of the agents' door; else that of --config.", metavar="URL")
    ] = None,
    agent_token_file: Annotated[
        Path | None,
        typer.Option(help="File with your own token for the agents' door; else ASSENT_AGENT_TOKEN.", metavar="FILE"),
    ] = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Show a session as it happened, or ask its reads again. Then 1 when one differs or cannot be compared."""
    if against is None and (mcp or agent_token_file):
        fail("--mcp and --agent-token-file go with --against", Exit.USAGE)
    if against is not None and html is not None:
        fail("give one of --against and --html", Exit.USAGE)
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import replay  # noqa: PLC0415

        people = reach.people(config, url, token_file)
        if against is None:
            replay.run(people, name, page=html, as_json=as_json)
            return
        from cli.audit import against as work  # noqa: PLC0415
        from cli.audit import agents  # noqa: PLC0415

        if not work.run(people, name, against, agents.door(config, mcp, agent_token_file), as_json=as_json):
            raise typer.Exit(Exit.FINDINGS)


@audit.command()
def find(
    *,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Words of the statement's shape, all of them; the last may end in *.", metavar="WORD"),
    ] = None,
    person: Annotated[str, typer.Option(help="Name, e-mail, directory:id or pseudonym.", metavar="WHO")] = "",
    agent: Annotated[str, typer.Option(help="Client id of the agent.", metavar="NAME")] = "",
    session: Annotated[str, typer.Option(help="Calls of one session.", metavar="ID")] = "",
    source: Annotated[str, typer.Option(help="The source.", metavar="NAME")] = "",
    table: Annotated[str, typer.Option(help="public.orders, or orders.", metavar="NAME")] = "",
    column: Annotated[str, typer.Option(help="public.orders.id, orders.id or id.", metavar="NAME")] = "",
    verdict: Annotated[str, typer.Option(help="What the policy said.", metavar="allow|ask|refuse")] = "",
    rule: Annotated[str, typer.Option(help="A rule that matched.", metavar="NAME")] = "",
    outcome: Annotated[str, typer.Option(help="What became of it, as entries name it.", metavar="WORD")] = "",
    rows: Annotated[int | None, typer.Option(min=0, help="At least so many rows went out.", metavar="NUMBER")] = None,
    since: Annotated[
        str, typer.Option(help="Not before: 24h, 7d, a day, or a time with its offset.", metavar="TIME")
    ] = "",
    until: Annotated[str, typer.Option(help="Before: as --since.", metavar="TIME")] = "",
    after: Annotated[str, typer.Option(help="Go on where a page ended.", metavar="MARK")] = "",
    store: Annotated[
        str | None,
        typer.Option(help="Search a copy of this store, without a gateway.", metavar="sqlite:PATH|env:NAME|file:PATH"),
    ] = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Find calls by what they asked, newest first, 20 at a time."""
    given = {
        "words": " ".join(words or ()),
        "person": person,
        "agent": agent,
        "session": session,
        "source": source,
        "table": table,
        "column": column,
        "verdict": verdict,
        "rule": rule,
        "outcome": outcome,
        "rows": "" if rows is None else str(rows),
        "after": after,
    }
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import finding  # noqa: PLC0415

        given |= {"since": finding.moment(since), "until": finding.moment(until)}
        wanted = {name: value for name, value in given.items() if value}
        if store is not None:
            finding.stored(store, wanted, as_json=as_json)
        else:
            finding.find(reach.people(config, url, token_file), wanted, as_json=as_json)


@audit.command()
def export(
    *,
    start: Annotated[int, typer.Option("--from", min=0, help="Begin at this Entry.", metavar="NUMBER")] = 0,
    cef: Annotated[bool, typer.Option("--cef", help="CEF instead of OCSF.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write there; else to standard output.", metavar="FILE")] = None,
    store: Annotated[
        str | None,
        typer.Option(help="Export a copy of this store, without a gateway.", metavar="sqlite:PATH|env:NAME|file:PATH"),
    ] = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
) -> None:
    """Write the log, an event a line, as OCSF 1.8.0 or CEF. It holds shapes of statements, never a result."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import finding  # noqa: PLC0415

        if store is not None:
            finding.exported(store, start, cef=cef, out=out)
        else:
            finding.export(reach.people(config, url, token_file), start, cef=cef, out=out)


@audit.command()
def verify(
    *,
    store: Annotated[
        str | None,
        typer.Option(help="Verify a copy of this store, without a gateway.", metavar="sqlite:PATH|env:NAME|file:PATH"),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            help="The log's public key, or a file of keys and the sizes they are for.", metavar="VKEY|file:PATH"
        ),
    ] = None,
    witness: Annotated[
        list[str] | None, typer.Option(help="A witness's public key; may be repeated.", metavar="VKEY|file:PATH")
    ] = None,
    copy: Annotated[
        list[Path] | None,
        typer.Option(help="Checkpoints that were kept elsewhere; may be repeated.", metavar="FILE"),
    ] = None,
    start: Annotated[
        int,
        typer.Option(
            "--from", min=0, help="Begin at this Entry; earlier ones count by their hashes alone.", metavar="NUMBER"
        ),
    ] = 0,
    end: Annotated[
        int | None,
        typer.Option(
            "--to", min=0, help="Stop at the first checkpoint that covers Entries before this.", metavar="NUMBER"
        ),
    ] = None,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Check every entry, hash, signature and shape of the record. 3 when all holds, but to no key that was named."""
    held = key is not None or bool(witness or copy or start) or end is not None
    if held and store is None:
        fail("--key and the other options go with --store; the gateway verifies by its own key", Exit.USAGE)
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import record, verifying  # noqa: PLC0415

        if store is not None:
            asked = verifying.asked(key, witness or (), copy or (), start=start, end=end)
            raise typer.Exit(verifying.stored(store, asked, as_json=as_json))
        if record.remotely(reach.people(config, url, token_file), as_json=as_json):
            raise typer.Exit(Exit.FINDINGS)


@audit.command()
def prove(
    *,
    name: Annotated[str, typer.Argument(help="The call or session.", metavar="CALL|SESSION")],
    store: Annotated[
        str, typer.Option(help="Prove from a copy of this store.", metavar="sqlite:PATH|env:NAME|file:PATH")
    ],
    key: Annotated[str, typer.Option(help="The log's public key, or a file of keys.", metavar="VKEY|file:PATH")],
    witness: Annotated[
        list[str] | None, typer.Option(help="A witness's public key; may be repeated.", metavar="VKEY|file:PATH")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Add this configuration's policy, where a verdict names it.", metavar="FILE")
    ] = None,
    out: Annotated[Path, typer.Option(help="Write the bundle there.", metavar="DIR")] = Path(),
    words: Annotated[
        bool, typer.Option("--words", help="With the words that its Entries name; the gateway records it.")
    ] = False,
    url: Url = None,
    config: Config = DEFAULT,
    token_file: TokenFile = None,
) -> None:
    """Write what proves a call or a session to an outsider. One script checks it off line, without Assent."""
    with spoken():
        from cli import reach  # noqa: PLC0415
        from cli.audit import proving  # noqa: PLC0415

        people = reach.people(config, url, token_file) if words else None
        proving.prove(name, store, key, witness or (), policy=policy, out=out, people=people)
