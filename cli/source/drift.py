"""`assent harden`: what a DBA has to run so that the database itself refuses; shown, applied, or compared."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer

from cli import dba
from cli.doctor import warehouses
from cli.show import ERR, Exit, fail, print_json, say, visible, working
from core.connectors.postgres import harden
from core.connectors.postgres.catalog.places import Claim, Neighbour, among
from core.masking import Step, Wish
from core.masking.hardening.harden import SESSION
from core.settings import BigQuerySource, PostgresSource, Role, Settings, SourceSettings, load

GIST = 120  # characters


def run(config: Path, name: str | None, reference: str | None, *, apply: bool, check: bool, as_json: bool) -> bool:
    """Show the steps, or apply them; answer whether `check` found drift.

    Raises: SettingsError, SourceUnavailable, UnsafeStart, SourceError.
    """
    settings = load(config, os.environ, roles=frozenset({Role.GATEWAY}))
    warehouse = next(
        (one for one in settings.sources if one.source.name == name and isinstance(one, BigQuerySource)), None
    )
    if warehouse is not None:
        return warehouses.fence(warehouse, settings, apply=apply, check=check, as_json=as_json)
    configured = chosen(settings, name)
    source = configured.source.name
    wish, secret = wished(configured, settings), settings.keys.mask.key()
    plain = f"no-tls:{source}" in settings.gateway.acknowledged
    url = dba.asked(reference, plain=plain, remedy=f'acknowledge = ["no-tls:{source}"]')
    wish, away = asyncio.run(
        among(url, source, wish, read_url=configured.read_url.text(), others=neighbours(source, settings))
    )
    for other in away:
        ERR.print(
            f"[source.{other}] could not be asked which database it reaches; if it is this one, run this again",
            markup=False,
        )
    if apply:
        with working(f"hardening {source}, in one transaction"):
            steps = asyncio.run(harden.apply(url, wish, secret))
    else:
        with working(f"comparing {source}"):
            steps = asyncio.run(harden.show(url, wish, secret))
    if as_json:
        print_json({"source": source, "applied": apply, "steps": [document(step) for step in steps]})
    else:
        tell(steps, wish, source, apply=apply, check=check)
    return check and any(required(step) for step in steps)


def tell(steps: Sequence[Step], wish: Wish, source: str, *, apply: bool, check: bool) -> None:
    """Say what was done, what differs, or the SQL itself."""
    if apply:
        applied(steps, wish, source)
    elif check:
        differing(steps, source)
    elif sys.stdout.isatty():
        say(script(steps, wish))
    else:
        typer.echo(script(steps, wish))  # to the byte: it will be run


def applied(steps: Sequence[Step], wish: Wish, source: str) -> None:
    """Say what was done, a line a reason."""
    for why, count in Counter(step.why for step in steps if required(step) or step.optional).items():
        say(f"done: {why}" + (f" (x{count})" if count > 1 else ""))
    done = "done, in one transaction" if steps else "roles, rights and views stood already"
    say(f"{source}: {done}; the mask keys stand")
    if any(f'CREATE ROLE "{role}"' in step.sql for step in steps for role in (wish.read_role, wish.write_role)):
        say(f"new roles have no password yet: in psql, {passwords(wish)}")


def differing(steps: Sequence[Step], source: str) -> None:
    """Say what differs, a line each; what the server refuses to make is no drift, its view stays closed."""
    for step in steps:
        if required(step):
            say(f"differs: {gist(step)} ({step.why})")
        elif step.optional:
            say(f"closed: {gist(step)} ({step.why})")
    if not any(map(required, steps)):
        say(f"{source}: the database stands as it should")


def gist(step: Step) -> str:
    """Show what a step comes to in part of a line: what is taken away before what is given first."""
    lines = step.sql.splitlines()
    line = next((line for line in lines if line.startswith("REVOKE")), lines[0])
    return line if len(line) <= GIST else f"{line[:GIST]} …"


def required(step: Step) -> bool:
    """Whether a step changes what holds: not the settings that only the others need, nor one that may fail."""
    return not step.optional and step.sql != SESSION


def neighbours(source: str, settings: Settings) -> dict[str, Neighbour]:
    """Give the other PostgreSQL sources, whose tags hold here too where they reach the same database."""
    return {
        one.source.name: Neighbour(url=one.read_url.text(), claim=Claim(tags=one.source.tags, accepted=one.accepted))
        for one in settings.sources
        if isinstance(one, PostgresSource) and one.source.name != source
    }


def chosen(settings: Settings, name: str | None) -> PostgresSource:
    """Find the named source, or the only one of kind postgres that masks by rights."""
    fitting = [
        one
        for one in settings.sources
        if isinstance(one, PostgresSource) and (one.source.name == name or (name is None and one.source.enforced))
    ]
    if len(fitting) != 1:
        names = ", ".join(told(one) for one in settings.sources) or "none"
        fail(f"name one source that is masked by its database; the configuration has: {names}", Exit.USAGE)
    return fitting[0]


def wished(configured: PostgresSource, settings: Settings) -> Wish:
    """Say what one source wants of its database; its roles are those of its URLs."""
    reader = dba.role(configured.read_url.text())
    writer = dba.role(configured.write_url.text()) if configured.write_url else None
    unmask = dba.role(configured.unmask_url.text()) if configured.unmask_url else None
    if not reader or "" in {writer, unmask}:
        fail(f"[source.{configured.source.name}]: a URL names no role: postgresql://ROLE:PASSWORD@HOST/DATABASE")
    return Wish(
        tags=configured.source.tags,
        masks=settings.masks,
        read_role=reader,
        write_role=writer,
        unmask_role=unmask,
        owned=settings.owned,
        accepted=configured.accepted,
        functions=configured.functions,
    )


def script(steps: Sequence[Step], wish: Wish) -> str:
    """Word the steps as SQL that psql runs, each under its reason."""
    if not steps:
        return "-- The database stands as it should.\n"
    head = (
        "-- What makes the database itself refuse: roles, rights and masking views, for a DBA to read. It is what\n"
        "-- `assent harden --apply` runs, in one transaction; it fills the mask keys, too, which no text ever holds.\n"
        f"-- Afterwards, in psql: {passwords(wish)}\n"
    )
    body = "\n".join(f"-- {visible(step.why)}{optional(step)}\n{step.sql}\n" for step in steps)
    return f"{head}\nBEGIN;\n\n{body}\nCOMMIT;\n"


def optional(step: Step) -> str:
    """Say when a step may fail without harm."""
    return " (if the server refuses this one, leave it out: the view stays closed)" if step.optional else ""


def passwords(wish: Wish) -> str:
    """Say how the roles get passwords that no log holds."""
    roles = [role for role in (wish.read_role, wish.write_role) if role]
    return "; ".join(f"\\password {visible(role)}" for role in roles)


def document(step: Step) -> dict[str, object]:
    """Give one step to programs."""
    return {"sql": step.sql, "why": step.why, "optional": step.optional}


def told(one: SourceSettings) -> str:
    """Name a source for somebody who must choose."""
    return one.source.name if one.source.enforced else f"{one.source.name} (masks in the statement: spliced)"
