"""`assent store setup|migrate|reindex`: what a store is made of, made, brought forward or begun anew."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import typer

from cli import dba
from cli.show import Exit, fail, say, working
from core.assembly import index
from core.assembly.stores import origin
from core.settings import Postgres, load
from core.stores.postgres import setup as work
from core.stores.sqlite import migrations
from core.stores.sqlite.files import Place

LOGINS = "then give each process a login of its role alone: CREATE ROLE … LOGIN PASSWORD … IN ROLE assent_gateway"


def setup(config: Path, reference: str | None, *, apply: bool) -> None:
    """Show the SQL, or run it in one transaction.

    Raises: SettingsError, UnsafeStart when there is a store already, AuditUnavailable.
    """
    settings = load(config, os.environ, roles=frozenset())
    if not isinstance(settings.gateway.store, Postgres):
        fail("[gateway] store is a file: it is made when the gateway starts", Exit.USAGE)
    text = work.text(origin(settings))
    if not apply:
        if sys.stdout.isatty():
            say(text)
        else:
            typer.echo(text)  # to the byte: it will be run
        return
    plain = "no-tls:store" in settings.gateway.acknowledged
    url = dba.asked(reference, plain=plain, remedy='acknowledge = ["no-tls:store"]')
    with working("making the store, in one transaction"):
        asyncio.run(work.apply(url, origin(settings)))
    say(f"the store stands, for the log {origin(settings)}; {LOGINS}")


def migrate(config: Path, reference: str | None) -> None:
    """Bring the store forward to what this program writes.

    Raises: SettingsError, UnsafeStart, AuditUnavailable.
    """
    settings = load(config, os.environ, roles=frozenset())
    place = settings.gateway.store
    if isinstance(place, Postgres):
        plain = "no-tls:store" in settings.gateway.acknowledged
        was = asyncio.run(work.migrate(dba.asked(reference, plain=plain, remedy='acknowledge = ["no-tls:store"]')))
    else:
        was = migrations.migrate(Place(place.path))
    say("nothing is to be done: the store is of this version" if was is None else f"brought forward from version {was}")


def reindex(config: Path) -> None:
    """Begin the index of look-ups anew.

    Raises: SettingsError, UnsafeStart, AuditUnavailable, AuditBusy.
    """
    settings = load(config, os.environ, roles=frozenset())
    asyncio.run(index.forget(settings))
    say("the index is empty; the people's side makes it anew from the log, and says so to who looks meanwhile")
