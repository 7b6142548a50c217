"""A Source over a real BigQuery project, held to what the local server answers.

    make live ARGS="--project acme-test --location EU --dataset assent_live"

Signs in by application default credentials, as one account that reads and changes; makes two tables in the dataset,
which must be there and empty, and drops them again. Each line is what was asked, and whether the service did as we
think. Exit 0: everything did; 1: something differs, which is then what we did not know.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any, Final, final

from core.connectors.bigquery import BigQueryConnector, Place, signed
from core.connectors.bigquery.service import ENDPOINT
from core.errors import GatewayError
from core.model import Dialect, Source, Unreadable
from core.ports import Statement
from demo.issuer import Wall
from tests.integration.connecting import permit

MOST: Final = 1 << 30
MASKS: Final = {"pii": "hide", "phone": "last4"}
SETUP: Final = (
    "CREATE TABLE {0}.people (id INT64, email STRING, home STRUCT<phone STRING, city STRING>)",
    "CREATE TABLE {0}.plain (n INT64)",
)
TAKEN: Final = ("DROP TABLE {0}.people", "DROP TABLE {0}.plain")
# A text, and its rows, how many rows it changes, or the doubt that it meets.
STEPS: Final[tuple[tuple[str, Any], ...]] = (
    ("SELECT 1 AS one", ((1,),)),
    ("INSERT INTO {0}.plain (n) VALUES (1), (2)", 2),
    (
        "INSERT INTO {0}.people (id, email, home) VALUES (1, 'a@b.test', STRUCT('0044 7946' AS phone, 'Lyon' AS city))",
        1,
    ),
    ("SELECT n FROM {0}.plain ORDER BY n", ((1,), (2,))),
    ("SELECT * FROM {0}.people", ((1, "***", ("***7946", "Lyon")),)),
    ("SELECT people.email FROM {0}.people", (("***",),)),
    ("SELECT p.home.phone FROM {0}.people AS p WHERE p.email = 'a@b.test'", ()),
    ("SELECT TO_JSON_STRING(p.home) AS j FROM {0}.people p", (('{{"phone":"***7946","city":"Lyon"}}',),)),
    ("UPDATE {0}.plain SET n = 3 WHERE n = 2", 1),
    ("MERGE {0}.plain t USING (SELECT 3 AS n) s ON t.n = s.n WHEN MATCHED THEN DELETE", 1),
    ("DELETE FROM {0}.plain WHERE TRUE", 1),
    ("TRUNCATE TABLE {0}.plain", 0),
    ("CREATE TABLE {0}.copy AS SELECT email FROM {0}.people", "launders"),
    ("FROM {0}.people |> SELECT email", "protected"),
    ("SELECT * FROM {0}.nowhere", "missing"),
    ("SELECT nothing FROM {0}.plain", "missing"),
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where it runs."""

    project: str
    location: str
    dataset: str
    endpoint: str = ""


def connector(wanted: Wanted) -> BigQueryConnector:
    """Open nothing yet; the same credentials serve both accounts."""
    tags = {f"{wanted.dataset}.people.email": "pii", f"{wanted.dataset}.people.home.phone": "phone"}
    places = [
        Place(
            project=wanted.project,
            location=wanted.location,
            endpoint=wanted.endpoint or ENDPOINT,
            account=account,
            credentials=signed(None, "", wanted.endpoint),
        )
        for account in ("read", "write")
    ]
    source = Source(name="live", dialect=Dialect.BIGQUERY, tags=tags, enforced=False)
    return BigQueryConnector(source, place=places[0], writing=places[1], masks=MASKS, clock=Wall(), most=MOST)


async def met(made: BigQueryConnector, text: str) -> Any:
    """Ask one thing; give its rows, how many it changed, or why it does not run."""
    async with made.visit(Statement(text=text), name=f"assent:live{token_hex(6)}:1") as visit:
        reading = await visit.read()
        if isinstance(reading, Unreadable):
            return reading.doubt.value
        found = await visit.run(permit(reading, seconds=60))
    return found.rows if found.work is None else found.work.affected


async def told(wanted: Wanted) -> int:
    """Ask everything; give how many answers were others."""
    made = connector(wanted)
    other = 0
    # The tags name a table that is not there yet: until it is, nobody reads its dataset.
    bare = BigQueryConnector(
        Source(name="live", dialect=Dialect.BIGQUERY, tags={}, enforced=False),
        place=made._service.place,
        writing=made._writer.place if made._writer else None,
        masks={},
        clock=Wall(),
        most=MOST,
    )
    try:
        for text in SETUP:
            other += await compared(bare, text.format(wanted.dataset), 0)
        for text, expected in STEPS:
            other += await compared(made, text.format(wanted.dataset), literal(expected))
    finally:
        for text in TAKEN:
            other += await compared(bare, text.format(wanted.dataset), 0)
        await made.close()
        await bare.close()
    return other


def literal(expected: Any) -> Any:
    """Undo doubled braces in rows, which a format would have undone."""
    if not isinstance(expected, tuple):
        return expected
    return tuple(
        tuple(cell.replace("{{", "{").replace("}}", "}") if isinstance(cell, str) else cell for cell in row)
        for row in expected
    )


async def compared(made: BigQueryConnector, text: str, expected: Any) -> bool:
    """Say whether the service did as we think."""
    began = datetime.now(UTC)
    try:
        found = await met(made, text)
    except GatewayError as error:
        found = f"{type(error).__name__}: {error}"
    took = (datetime.now(UTC) - began) / timedelta(milliseconds=1)
    verdict = "as expected" if found == expected else f"OTHER: {found!r}, not {expected!r}"
    sys.stdout.write(f"{took:8.0f} ms  {verdict}  {text}\n")
    return bool(found != expected)


def main(words: Sequence[str]) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="make live")
    for name in ("--project", "--location", "--dataset"):
        parser.add_argument(name, required=True)
    parser.add_argument("--endpoint", default="", help="a server of this machine in Google's place")
    other = asyncio.run(told(Wanted(**vars(parser.parse_args(words)))))
    sys.stdout.write(f"{other} differ\n")
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
