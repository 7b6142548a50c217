"""`assent policy`: arguments of what people ask about rules before these decide anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from cli.options import DEFAULT, Config, Json, TokenFile, Url
from cli.show import Exit, fail, spoken

policy = typer.Typer(
    help="Look rules over, explain them, hold them to examples.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

EXAMPLES: Final = Path("policy_test.toml")
Groups = Annotated[str, typer.Option("--as", help="Decide for a person of these groups.", metavar="GROUP,…")]
Strict = Annotated[bool, typer.Option("--strict", help="Warnings count as findings.")]


@policy.command()
def lint(
    *,
    file: Annotated[Path, typer.Argument(help="A configuration, or a file of rules alone.", metavar="FILE")] = DEFAULT,
    strict: Strict = False,
    as_json: Json = False,
) -> None:
    """Say everything wrong with rules, tags, masks, owners and groups. Each with its line; 1 when something is."""
    with spoken():
        from cli.policy import rules  # noqa: PLC0415 - commands import their work when they run

        if rules.lint(file, strict=strict, as_json=as_json):
            raise typer.Exit(Exit.FINDINGS)


@policy.command()
def explain(
    *,
    statement: Annotated[str, typer.Argument(help="The statement; nothing of it runs.", metavar="STATEMENT")],
    groups: Groups = "",
    agent: Annotated[str, typer.Option(help="Through this client.", metavar="CLIENT")] = "",
    caller: Annotated[str, typer.Option(help="Who exactly: an e-mail, or directory:person id.", metavar="NAME")] = "",
    machine: Annotated[bool, typer.Option("--machine", help="No person is behind the client.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="The parser's word alone; no database.")] = False,
    source: Annotated[str | None, typer.Option(help="The source; else the only one.", metavar="NAME")] = None,
    config: Config = DEFAULT,
    as_json: Json = False,
) -> None:
    """Say for each thing and verb of a statement which rules hold. And what keeps the nearest others away."""
    if machine and not agent:
        fail("a machine is named by its client: --agent", Exit.USAGE)
    with spoken():
        from cli.policy import explained  # noqa: PLC0415

        named = tuple(part.strip() for part in groups.split(",") if part.strip())
        who = explained.Who(groups=named, agent=agent, caller=caller, machine=machine)
        explained.run(config, source, statement, who, offline=offline, as_json=as_json)


@policy.command(name="test")
def examine(
    *,
    file: Annotated[Path, typer.Argument(help="The examples.", metavar="FILE")] = EXAMPLES,
    config: Annotated[
        Path | None,
        typer.Option(help="The configuration whose rules are tested; else those that the file names.", metavar="FILE"),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Rules and conditions that no example tests count as findings.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Hold rules to examples; 1 when one fails. Names the rules and conditions that no example tests."""
    with spoken():
        from cli.policy import rules  # noqa: PLC0415

        if rules.test(file, config, strict=strict, as_json=as_json):
            raise typer.Exit(Exit.FINDINGS)


@policy.command()
def apply(
    *,
    config: Config = DEFAULT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be; change nothing.")] = False,
    url: Url = None,
    token_file: TokenFile = None,
    as_json: Json = False,
) -> None:
    """Put the policy of the gateway's configuration in force. What lets anybody do more waits for a second operator."""
    with spoken():
        from cli.policy import applying  # noqa: PLC0415

        applying.run(config, url, token_file, dry=dry_run, as_json=as_json)


@policy.command()
def budgets(*, config: Config = DEFAULT, as_json: Json = False) -> None:
    """Say what is used of each budget, and when it begins anew. A caller is a pseudonym, as in the record."""
    with spoken():
        from cli.policy import used  # noqa: PLC0415

        used.run(config, as_json=as_json)


@policy.command()
def diff(
    *,
    old: Annotated[
        Path, typer.Argument(help="The configuration as it is, or in-force: what the store says.", metavar="OLD")
    ],
    new: Annotated[Path, typer.Argument(help="The configuration as it would be.", metavar="NEW")],
    store: Annotated[
        str,
        typer.Option(help="The record to look through, from a copy of it.", metavar="sqlite:PATH|env:NAME|file:PATH"),
    ],
    days: Annotated[int, typer.Option(min=1, max=3_650, help="How far back.", metavar="NUMBER")] = 30,
    as_json: Json = False,
) -> None:
    """Say which recorded calls two policies decide differently. It reads no statement; 1 when there are some."""
    with spoken():
        from cli.policy import differing  # noqa: PLC0415

        if differing.run(old, new, store, days, as_json=as_json):
            raise typer.Exit(Exit.FINDINGS)
