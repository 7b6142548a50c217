"""What `assent doctor` and `assent harden` say of a BigQuery Source, and doctor of one of a further kind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

import typer

from cli.lines import Line, State
from cli.show import Exit, fail, print_json, say, visible, working
from core.assembly import SystemClock
from core.assembly.sources import alone
from core.assembly.warehouses import made, opened
from core.errors import GatewayError, SourceUnavailable
from core.masking import Step
from core.ports import Table
from core.settings import BigQuerySource, PlainSource, Settings

if TYPE_CHECKING:
    from core.connectors.bigquery.rights import Trouble

HEAD: Final = """\
-- What makes BigQuery itself refuse: masking views in a dataset of their own, and an account that reads nothing else of
-- what is protected. Run by an administrator of the project. Lines that say datasets.patch are no statements: their
-- entries belong into a dataset's access list (console: Sharing, Authorize views).
"""


async def warehouse(area: str, configured: BigQuerySource | PlainSource, settings: Settings) -> AsyncIterator[Line]:
    """Load its catalogue as a start would; say what is closed, and what is wrong with accounts and places."""
    try:
        async with AsyncExitStack() as stack:
            tables, wrong = await looked(stack, configured, settings)
    except SourceUnavailable as error:
        remedy = "a start leaves it closed until it is reached; check its address, and the account's rights there"
        yield Line(area=area, state=State.WARNS, says=str(error), remedy=remedy)
        return
    except GatewayError as error:
        yield Line(area=area, state=State.REFUSES, says=str(error))
        return
    yield Line(area=area, state=State.OK, says=seen(configured, tables))
    for one in wrong:
        yield Line(area=area, state=State.WARNS, says=one.says, remedy=one.remedy)
    for table in tables:
        if table.closed:
            yield Line(area=area, state=State.CLOSES, says=f"{table.name}: {table.closed}")


async def looked(
    stack: AsyncExitStack, configured: BigQuerySource | PlainSource, settings: Settings
) -> tuple[tuple[Table, ...], list[Trouble]]:
    """Give its tables, and what is wrong with accounts and places, where it has such.

    Raises: GatewayError.
    """
    if not isinstance(configured, BigQuerySource):
        return await (await alone(stack, configured, settings, SystemClock())).tables(), []
    connector = await opened(stack, configured, settings, SystemClock())
    return await connector.tables(), [one async for one in connector.troubles()]


def seen(configured: BigQuerySource | PlainSource, tables: Sequence[Table]) -> str:
    """Say what is reached."""
    masked = sum(any(field.mask for field in table.fields) for table in tables)
    reached = f"reached; {len(tables)} tables are seen, {masked} of them with masked fields"
    if not isinstance(configured, BigQuerySource):
        return f"{reached}; reads only"
    form = "in views that the database enforces" if configured.source.enforced else "in the text only, which is weaker"
    changes = f"changes by {configured.write_account or 'an account of its own'}" if configured.writes else "reads only"
    return f"{reached}, {form}; {changes}"


# ---------------------------------------------------------------- harden


def fence(configured: BigQuerySource, settings: Settings, *, apply: bool, check: bool, as_json: bool) -> bool:
    """Show what an administrator has to do; answer whether `check` found drift.

    Raises: SourceError, SettingsError, UnsafeStart.
    """
    name = configured.source.name
    if apply:
        fail("BigQuery's access lists are changed by no statement: an administrator does what is printed", Exit.USAGE)
    if not configured.source.enforced:
        fail(f'[source.{name}] has masking = "spliced": nothing is to be enforced there', Exit.USAGE)
    with working(f"comparing {name}"):
        steps = asyncio.run(planned(configured, settings))
    if as_json:
        print_json({"source": name, "applied": False, "steps": [{"sql": one.sql, "why": one.why} for one in steps]})
    elif check:
        for one in steps:
            say(f"differs: {one.sql.splitlines()[0][:120]} ({one.why})")
        if not steps:
            say(f"{name}: the project stands as it should")
    elif sys.stdout.isatty():
        say(script(steps))
    else:
        typer.echo(script(steps))  # to the byte: it will be run
    return check and bool(steps)


async def planned(configured: BigQuerySource, settings: Settings) -> tuple[Step, ...]:
    """Ask what stands, as both accounts; give what is left to do."""
    connector = made(configured, settings, SystemClock())
    try:
        return await connector.plan(configured.read_account)
    finally:
        await connector.close()


def script(steps: Sequence[Step]) -> str:
    """Word the steps, each under its reason."""
    if not steps:
        return "-- The project stands as it should.\n"
    return HEAD + "".join(f"\n-- {visible(step.why)}\n{step.sql}\n" for step in steps)
