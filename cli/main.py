"""The `assent` command: every command's arguments and its one meaning; each imports its work when it runs."""

from __future__ import annotations

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DEFAULT, Config, Dba, Json, Part, Severity
from cli.people import alone, blocking, custody, signing
from cli.people import command as people
from cli.policy import command as rulebook
from cli.show import Exit, fail, spoken
from cli.slack import slack
from cli.store import command as store
from core.model import Dialect

app = typer.Typer(
    name="assent",
    help="Let AI agents work on real databases without anyone having to trust the agent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its traceback would show the values of variables, secrets among them
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(people.review, name="review")
people.review.command(name="break")(alone.break_)
people.review.command()(alone.broken)
people.review.command()(alone.look)
app.add_typer(store.app, name="store")
app.add_typer(people.audit, name="audit")
app.add_typer(custody.act, name="act")
app.add_typer(custody.keys, name="keys")
people.audit.add_typer(custody.hold, name="hold")
people.audit.command()(custody.erase)
people.audit.command()(custody.resolve)
people.audit.command()(custody.retention)
app.add_typer(rulebook.policy, name="policy")
app.add_typer(slack, name="slack")
app.add_typer(blocking.block, name="block")
app.add_typer(blocking.unblock, name="unblock")


def main() -> None:
    """Run the command that the process was started with."""
    app()


def told(wanted: bool) -> None:  # noqa: FBT001 - typer's callback
    """Print the version and leave."""
    if wanted:
        typer.echo(f"assent {version('assent')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=told, is_eager=True)
    ] = False,
) -> None:
    """Let AI agents work on real databases without anyone having to trust the agent."""


def finding(found: bool) -> None:  # noqa: FBT001 - what a command found
    """Leave with 1 when a command found what it looks for."""
    if found:
        raise typer.Exit(Exit.FINDINGS)


@app.command()
def demo(
    *,
    script: Annotated[bool, typer.Option("--script", help="Tell the story unattended and check each step.")] = False,
    keep: Annotated[
        Path | None, typer.Option(help="Keep store, configuration and public key there.", metavar="DIR")
    ] = None,
    stdio: Annotated[bool, typer.Option("--stdio", help="Serve the MCP client that started this.")] = False,
    slack_fake: Annotated[
        bool, typer.Option("--slack-fake", help="Add a page like Slack's, on which people click.")
    ] = False,
    bigquery: Annotated[
        bool, typer.Option("--bigquery", help="Add a Source: a BigQuery-compatible server on this machine.")
    ] = False,
    plant: Annotated[str, typer.Option(help="Plant a fault that the story must notice.", hidden=True)] = "",
) -> None:
    """Run everything on this machine, with you as the reviewer. It brings a real PostgreSQL, issuer and gateway."""
    with spoken():
        if find_spec("demo") is None:
            fail("the demo is not part of an installation: it starts from the repository, with make demo")
        from cli.serve.demo import run  # noqa: PLC0415

        run(script=script, keep=keep, stdio=stdio, plant=plant, slack_fake=slack_fake, bigquery=bigquery)


@app.command()
def serve(
    *,
    config: Config = DEFAULT,
    role: Annotated[
        Part | None,
        typer.Option(
            help="Run this part alone, with its own secrets and rights, on a PostgreSQL store.",
            metavar="gateway|people|signer",
        ),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt", help="Sign a log of which this machine never signed anything: you know it is the right one."
        ),
    ] = False,
) -> None:
    """Run the gateway until a signal. It refuses to start when that would be unsafe."""
    with spoken():
        from cli.serve.serve import serve as run  # noqa: PLC0415

        run(config, dict(os.environ), role.value if role else None, adopt=adopt)


@app.command()
def witness(
    *,
    name: Annotated[str, typer.Option(help="The witness's own name.", metavar="HOST/NAME")],
    key: Annotated[str, typer.Option(help="Where its key stands: 32 random bytes.", metavar="env:NAME|file:PATH")],
    log: Annotated[
        list[str],
        typer.Option("--log", help="A log's public key, or trust file; may be repeated.", metavar="VKEY|file:PATH"),
    ],
    state: Annotated[Path, typer.Option(help="Folder of what it signed last.", metavar="DIR")],
    begin: Annotated[bool, typer.Option("--begin", help="Make that folder: a witness that never signed.")] = False,
    listen: Annotated[str, typer.Option(help="Where to listen.", metavar="HOST:PORT")] = "127.0.0.1:8090",
    host: Annotated[
        list[str] | None, typer.Option("--host", help="A public name it answers to; may be repeated.", metavar="NAME")
    ] = None,
    certificate: Annotated[Path | None, typer.Option(help="PEM certificates of its TLS.", metavar="FILE")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="PEM key of its TLS.", metavar="FILE")] = None,
) -> None:
    """Witness other people's logs (C2SP tlog-witness). Signs each checkpoint that follows from the last one signed."""
    with spoken():
        from cli.serve import witness as work  # noqa: PLC0415

        address = work.listen(listen, certificate, tls_key)
        work.start(name=name, key=key, known=log, state=state, begin=begin, address=address, hosts=host or [])


@app.command()
def relay(
    *,
    url: Annotated[
        str, typer.Argument(help="The gateway's address, such as https://assent.example.com/mcp.", metavar="URL")
    ],
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm it at this terminal, once; the relay talks to no other.")
    ] = False,
    client_id: Annotated[
        str | None, typer.Option(help="With --confirm: the relay's client id, to sign in by browser.", metavar="ID")
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(help="With --confirm: who signs you in, where there are several.", metavar="URL")
    ] = None,
    callback: Annotated[
        str | None, typer.Option(help="With --confirm: a fixed path of the redirect; else one drawn.", metavar="PATH")
    ] = None,
    ca: Annotated[
        Path | None, typer.Option(help="With --confirm: certificates of your own authority.", metavar="FILE")
    ] = None,
) -> None:
    """Carry an MCP client that only speaks stdio to a gateway. Your token is ASSENT_TOKEN, or it signs you in."""
    with spoken():
        from cli.relay.command import confirm as ask  # noqa: PLC0415
        from cli.relay.command import run  # noqa: PLC0415
        from cli.relay.trusted import Gateway  # noqa: PLC0415

        if confirm:
            authority = str(ca.absolute()) if ca else None
            ask(Gateway(url=url, issuer=issuer, client=client_id, callback=callback, authority=authority))
        else:
            run(url, os.environ)


app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})(signing.login)


@app.command()
def doctor(*, config: Config = DEFAULT, as_json: Json = False) -> None:
    """Say what is wrong, and what would refuse a start: then 1. Looks at settings, store, sources, clocks, issuers."""
    with spoken():
        from cli.doctor.doctor import run  # noqa: PLC0415

        finding(run(config, as_json=as_json))


@app.command()
def check(
    *,
    statement: Annotated[
        str | None, typer.Argument(help="The statement; else --file or standard input.", metavar="STATEMENT")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Read the statement, or the lines, from it.", metavar="FILE")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Read lines {"id": …, "sql": …}; print one result a line.')
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="The parser's word alone; no database.")] = False,
    dialect: Annotated[
        Dialect | None, typer.Option(help="The SQL to read; else that of the source.", metavar="postgres|bigquery")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Decide by its policy; without it the verdict is null.", metavar="FILE")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The source to ask, or to decide for.", metavar="NAME")] = None,
    groups: Annotated[str, typer.Option("--as", help="Decide for a person of these groups.", metavar="GROUP,…")] = "",
    fail_on: Annotated[
        Severity | None, typer.Option(help="Exit with 1 at such a verdict, or worse.", metavar="refuse|ask")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what statements would do, and what the policy says. Nothing runs."""
    if config is None and not offline:
        fail("name --config and --source to ask the source as well, or --offline for the parser's word", Exit.USAGE)
    if config is None and (groups or source):
        fail("--as and --source need --config: without a policy there is no verdict", Exit.USAGE)
    if statement is not None and (jsonl or file is not None):
        fail("give one of STATEMENT, --file and --jsonl on standard input", Exit.USAGE)
    with spoken():
        from cli.check.check import Asked, run  # noqa: PLC0415

        named = tuple(part.strip() for part in groups.split(",") if part.strip())
        asked = Asked(config=config, source=source, groups=named, offline=offline, dialect=dialect)
        finding(run(asked, statement=statement, file=file, lines=jsonl, as_json=as_json, fails=fail_on))


@app.command()
def init(
    *,
    url: Annotated[
        str | None,
        typer.Argument(
            help="Where a DBA's or owner's URL stands; asked for when left out.", metavar="env:NAME|file:PATH"
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Write the files there.", metavar="DIR")] = Path(),
    name: Annotated[str | None, typer.Option(help="Name of the source; else the database's.", metavar="NAME")] = None,
    issuer: Annotated[str, typer.Option(help="Who signs your people in.", metavar="URL")] = "https://login.example.com",
    directory: Annotated[str, typer.Option(help="Name of that directory of people.", metavar="NAME")] = "example",
    reviewer: Annotated[
        str, typer.Option(help="E-mail of the first who may approve.", metavar="EMAIL")
    ] = "dba@example.com",
    policy: Annotated[
        str | None, typer.Option("--policy", help="Begin with the rules of a ready policy.", metavar="NAME")
    ] = None,
    no_tls: Annotated[bool, typer.Option("--no-tls", help="Accept a database off loopback without TLS.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there; never keys.")] = False,
) -> None:
    """Look at a database and propose a configuration for it. Writes assent.toml, keys, SQL for a DBA, snippets."""
    with spoken():
        from cli import dba  # noqa: PLC0415
        from cli.source import proposal, ready  # noqa: PLC0415

        if name is not None and not name.replace("_", "").isalnum():
            fail("--name is letters, digits and underscores", Exit.USAGE)
        wanted = proposal.Wanted(
            folder=out,
            name=name,
            issuer=issuer,
            directory=directory,
            reviewer=reviewer,
            force=force,
            policy=proposal.BEGIN if policy is None else ready.ready(policy),
        )
        proposal.run(dba.asked(url, plain=no_tls, remedy="--no-tls"), wanted)


@app.command()
def scan(
    *,
    url: Annotated[
        str | None,
        typer.Argument(
            help="Where the URL of a DBA or of the read role stands; asked for when left out.",
            metavar="env:NAME|file:PATH",
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="The configuration whose tags stand already.", metavar="FILE")
    ] = None,
    source: Annotated[str | None, typer.Option(help="The source; else the only one.", metavar="NAME")] = None,
    page: Annotated[
        Path | None, typer.Option("--html", help="Write the report there as a page.", metavar="FILE")
    ] = None,
    no_tls: Annotated[bool, typer.Option("--no-tls", help="Accept a database off loopback without TLS.")] = False,
    as_json: Json = False,
) -> None:
    """Say which columns want a tag; 1 when one has none. Looks at names and a few rows, and shows no value."""
    with spoken():
        from cli import dba  # noqa: PLC0415
        from cli.source import scan as work  # noqa: PLC0415

        asked = dba.asked(url, plain=no_tls, remedy="--no-tls")
        finding(work.run(asked, config, source, page=page, as_json=as_json))


@app.command()
def harden(
    *,
    source: Annotated[str | None, typer.Argument(help="The source; else the only one.", metavar="SOURCE")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Run the SQL, in one transaction.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only say what differs; 1 when something does.")] = False,
    dba: Dba = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Print, apply or check what makes the database itself refuse. Each statement stands under its reason."""
    if apply and check:
        fail("give one of --apply and --check", Exit.USAGE)
    with spoken():
        from cli.source.drift import run  # noqa: PLC0415

        finding(run(config, source, dba, apply=apply, check=check, as_json=as_json))


@app.command()
def token(
    *,
    name: Annotated[str, typer.Argument(help="One of the demo's people.", metavar="NAME")],
    demo: Annotated[Path, typer.Option("--demo", help="The folder of a running demo.", metavar="DIR")],
    as_json: Json = False,
) -> None:
    """Print an agent's token of a running demo. Refuses to ask any other issuer."""
    with spoken():
        from cli.serve.borrowed import run  # noqa: PLC0415

        run(name, demo, as_json=as_json)


@app.command()
def health(
    *,
    config: Config = DEFAULT,
    url: Annotated[
        str | None, typer.Option(help="Address of the agents' door; else that of --config.", metavar="URL")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say whether a gateway is ready; 1 when it is not."""
    with spoken():
        from cli.health import run  # noqa: PLC0415

        finding(not run(config, url, as_json=as_json))
