"""Twin warehouses that differ in tagged values alone, asked the same: what tells them apart is a leak.

Values differ as far as their masks hide: an e-mail altogether, its length and whether it is there included; a phone
number before its last four digits; amounts within a thousand.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from core.classify.bigquery.offline import LATE as LATE_TEXT
from core.classify.bigquery.offline import SILENT
from core.connectors.bigquery import BigQueryConnector
from core.errors import GatewayError
from core.model import Reading
from core.ports import Outlay, Statement
from demo.bigquery import BigQuery, World
from tests.integration.connecting import permit
from tests.integration.warehouses import ORDERS, PLAIN, opened, place

ROWS: Final = 12
TRIES: Final = 5
LATE: Final = frozenset(map(repr, (LATE_TEXT, SILENT)))
PHONES: Final = ("0044 20 7946 {:04d}", "0049 30 1111 {:04d}")
WORDS: Final = (
    ("ann{}@acme.test", "a much longer address of number {}@somewhere.example"),
    ("{}", "{}.5"),
)


def rows(twin: int) -> Iterator[dict[str, Any]]:
    """Give the same orders as one of the twins has them."""
    for n in range(ROWS):
        gone = (n + twin) % 5 == 0
        yield {
            "id": n,
            "email": None if gone else WORDS[n % 2][twin].format(n),
            "customer": None if n == 3 else {"name": f"name {n % 4}", "phone": PHONES[twin].format(n % 3)},
            "items": [{"sku": f"s{k}", "price": 1000 * k + (900 if twin else 1)} for k in range(n % 4)],
            "spent": None if n == 7 else 1000 * (n % 3) + (n if twin else 999 - n),
        }


def world(twin: int) -> World:
    """Make one of the twins."""
    made = World()
    made.table("acme.sales.orders", ORDERS, list(rows(twin)))
    made.table("acme.stats.visits", PLAIN, [{"country": "ES", "n": 3}, {"country": "FR", "n": 5}])
    return made


@dataclass
class Pair:
    """Both, each with a connector of its own."""

    connectors: tuple[BigQueryConnector, ...]
    number: int = 0

    async def ask(self, text: str) -> tuple[str, str]:
        """Ask both, by ids that say nothing of which is which; once more where a reader was late, which tells time."""
        first = second = ""
        for _ in range(TRIES):
            self.number += 1
            first, second = [await observed(one, text, f"assent:twin{self.number}:1") for one in self.connectors]
            if not {first, second} & LATE:
                break
        return first, second


@asynccontextmanager
async def pair() -> AsyncIterator[Pair]:
    """Open both."""
    async with AsyncExitStack() as stack:
        made = []
        for twin in range(2):
            service = await stack.enter_async_context(BigQuery.start(world(twin)))
            made.append(await stack.enter_async_context(opened(service, writing=place(service, "write"))))
        yield Pair(connectors=tuple(made))


async def observed(connector: BigQueryConnector, text: str, name: str) -> str:
    """Tell all that an agent, or the channel before people decide, could see of a statement; nothing of time."""
    async with connector.visit(Statement(text=text), name=name) as visit:
        try:
            reading = await visit.read()
        except GatewayError as error:
            return repr((type(error).__name__, str(error), error.public))
        if not isinstance(reading, Reading):
            return repr(reading)
        told = (
            sorted(reading.pairs), sorted(reading.masks), sorted(reading.facts), reading.bytes, reading.tree,
            [sorted(one) for one in reading.outputs], reading.notes,
        )  # fmt: skip
        if reading.writes:
            return repr((told, await connector.impact(Statement(text=text), Outlay(name=f"{name}0", bytes=1 << 30))))
        try:
            found = await visit.run(permit(reading))
        except GatewayError as error:
            return repr((told, type(error).__name__, getattr(error, "sqlstate", ""), error.public))
        bill = None if found.bill is None else found.bill.bytes
        return repr(("rows", told, found.columns, sorted(map(repr, found.rows)), found.cut, bill))


# ---------------------------------------------------------------- statements


TAGGED: Final = ("o.email", "o.customer.phone", "o.spent", "i.price")
PLAINS: Final = ("o.id", "o.customer.name", "ARRAY_LENGTH(o.items)", "'x'", "1")
VALUES: Final = (
    "{}", "CAST({} AS STRING)", "CAST({} AS INT64)", "SAFE_CAST({} AS INT64)", "LENGTH(CAST({} AS STRING))",
    "CAST({} AS STRING) LIKE '%1%'", "{} IS NULL", "COALESCE(CAST({} AS STRING), 'gone')", "TO_JSON_STRING({})",
    "IF({} IS NULL, 1, 0)", "SUBSTR(CAST({} AS STRING), 1, 3)", "STRUCT({} AS a, 1 AS b)", "[CAST({} AS STRING)]",
    "MD5(CAST({} AS STRING))", "FARM_FINGERPRINT(CAST({} AS STRING))", "1 / LENGTH(CAST({} AS STRING))",
    "REGEXP_CONTAINS(CAST({} AS STRING), r'^a')", "STARTS_WITH(CAST({} AS STRING), 'ann')", "TO_JSON_STRING(o)",
    "CASE WHEN CAST({} AS STRING) > 'b' THEN 'y' ELSE 'n' END", "SAFE.SUBSTR(CAST({} AS STRING), -2)", "o",
)  # fmt: skip
TOTALS: Final = (
    "COUNT(*)", "COUNT(DISTINCT {})", "MAX(CAST({} AS STRING))", "MIN(CAST({} AS STRING))", "COUNTIF({} IS NULL)",
    "STRING_AGG(CAST({} AS STRING))", "ANY_VALUE({})", "ARRAY_AGG(CAST({} AS STRING))", "APPROX_COUNT_DISTINCT({})",
)  # fmt: skip
SOURCES: Final = (
    "sales.orders AS o CROSS JOIN UNNEST(o.items) AS i",
    "sales.orders AS o LEFT JOIN UNNEST(o.items) AS i ON TRUE",
    "`acme.sales.orders` o, o.items AS i",
    "(SELECT * FROM sales.orders) AS o CROSS JOIN UNNEST(o.items) AS i",
    "(SELECT * EXCEPT (id), id FROM sales.orders) AS o CROSS JOIN UNNEST(o.items) AS i",
    "(SELECT * REPLACE (CONCAT('', email) AS email) FROM sales.orders) AS o CROSS JOIN UNNEST(o.items) AS i",
    "(SELECT a.* FROM sales.orders AS a JOIN sales.orders AS b USING (email)) AS o, o.items AS i",
    "(SELECT * FROM sales.orders UNION ALL SELECT * FROM sales.orders) AS o CROSS JOIN UNNEST(o.items) AS i",
    "sales.orders AS o JOIN stats.visits AS v ON LENGTH(o.email) > v.n CROSS JOIN UNNEST(o.items) AS i",
)
CHANGES: Final = (
    "DELETE FROM sales.orders AS o WHERE {}",
    "UPDATE sales.orders AS o SET id = 1 WHERE {}",
    "UPDATE stats.visits SET n = 1 WHERE country IN (SELECT o.email FROM sales.orders AS o WHERE {})",
    "INSERT INTO stats.visits (n) SELECT COUNT(*) FROM sales.orders AS o WHERE {}",
    "CREATE TABLE stats.copy AS SELECT o.id FROM sales.orders AS o WHERE {}",
)
ODD: Final = (
    "SELECT * FROM sales.orders TABLESAMPLE SYSTEM (50 PERCENT)",
    "SELECT * FROM sales.orders FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()",
    "FROM sales.orders |> WHERE email LIKE 'a%' |> AGGREGATE COUNT(*)",
    "SELECT _TABLE_SUFFIX, email FROM `sales.ord*`",
    "SELECT email FROM `sales.*` WHERE _TABLE_SUFFIX = 'orders'",
    "SELECT SESSION_USER(), email FROM sales.orders",
    "SELECT ERROR(email) FROM sales.orders",
    "SELECT * FROM sales.INFORMATION_SCHEMA.PARTITIONS",
    "SELECT row_count FROM sales.__TABLES__",
    "SELECT * FROM (SELECT id, email FROM sales.orders) PIVOT(COUNT(id) FOR email IN ('ann0@acme.test', '***'))",
    "SELECT * FROM (SELECT id, email, CAST(spent AS STRING) AS s FROM sales.orders) UNPIVOT(v FOR k IN (email, s))",
)


@dataclass
class Maker:
    """Makes statements by chance that can be repeated."""

    random: Random
    odd: list[str] = field(default_factory=lambda: list(ODD))

    def value(self) -> str:
        """Make an expression, more often than not over what is tagged."""
        inner = self.random.choice(TAGGED if self.random.random() < 0.8 else PLAINS)
        return self.random.choice(VALUES).format(inner)

    def condition(self) -> str:
        """Make a condition."""
        one, other = self.value(), self.value()
        return self.random.choice(
            (
                f"TO_JSON_STRING({one}) < TO_JSON_STRING({other})",
                f"{one} IS NOT NULL",
                f"TO_JSON_STRING({one}) LIKE '%a%'",
                f"EXISTS (SELECT 1 FROM sales.orders AS p WHERE p.email = o.email AND p.id <> o.id AND {one} IS NULL)",
                f"o.id IN (SELECT q.id FROM sales.orders AS q WHERE q.spent > {self.random.randrange(2000)})",
            )
        )

    def query(self) -> str:
        """Make a query."""
        source, chance = self.random.choice(SOURCES), self.random.random()
        where = f" WHERE {self.condition()}" if self.random.random() < 0.6 else ""
        if chance < 0.35:
            total = self.random.choice(TOTALS).format(self.random.choice(TAGGED))
            return f"SELECT {total} AS t FROM {source}{where} GROUP BY TO_JSON_STRING({self.value()})"
        if chance < 0.5:
            over = f"ROW_NUMBER() OVER (PARTITION BY o.id ORDER BY {self.random.choice(TAGGED)})"
            return f"SELECT o.id, {over} AS r FROM {source}{where} QUALIFY r < {self.random.randrange(1, 4)}"
        order = f" ORDER BY TO_JSON_STRING({self.value()}), o.id LIMIT {self.random.randrange(1, 9)}"
        return f"SELECT o.id, {self.value()} AS v FROM {source}{where}{order if self.random.random() < 0.4 else ''}"

    def statement(self) -> str:
        """Make a statement."""
        if self.odd and self.random.random() < 0.2:
            return self.odd.pop()
        if self.random.random() < 0.15:
            return self.random.choice(CHANGES).format(self.condition().replace("i.price", "o.spent"))
        return self.query()


@dataclass
class Tally:
    """What a hunt saw."""

    asked: int = 0
    shown: int = 0  # answered with rows
    found: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.asked} statements, {self.shown} answered with rows, {len(self.found)} differences"


async def hunt(made: Pair, seed: int, on: Callable[[Tally], bool]) -> Tally:
    """Ask while that is wanted; tell which statements made a difference."""
    maker, tally = Maker(Random(seed)), Tally()
    while on(tally):
        text = maker.statement()
        first, second = await made.ask(text)
        tally.asked += 1
        tally.shown += first.startswith("('rows'")
        if first != second:
            tally.found.append(f"{text}\n  {first}\n  {second}")
    return tally
