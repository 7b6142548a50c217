"""Code of the warehouse that somebody looked at: called by name and etag, seen by both witnesses, over masks only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final

import pytest

from core.classify.bigquery import Account, Ground, account, agree, registered
from core.connectors.bigquery import Accepted, BigQueryConnector
from core.model import Doubt, Reading, Unreadable, Verb
from core.warehouse import Dry, Field, Registered
from demo.bigquery import BigQuery, Phase
from tests.integration.warehouses import doubt, opened, read, run, world
from tests.unit.test_bigquery_changes import HERE

CODE: Final = {
    "tools.double": Registered(etag="e1"),
    "acme.tools.shout": Registered(etag="e1", masked=True),
    "tools.stale": Registered(etag="e0"),
    "tools.far": Registered(etag="e1"),
    "tools.script": Registered(etag="e1"),
    "tools.gone": Registered(etag="e1"),
}


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    made = world()
    made.routine("acme.tools.double", "x", "x * 2")
    made.routine("acme.tools.shout", "x", "upper(x)")
    made.routine("acme.tools.other", "x", "x")
    made.routine("acme.tools.stale", "x", "x")
    made.routine("acme.tools.far", "x", "x", remoteFunctionOptions={"endpoint": "https://x.example"})
    made.routine("acme.tools.script", "x", "x", language="JAVASCRIPT")
    async with BigQuery.start(made) as running:
        yield running


@pytest.fixture
async def warehouse(service: BigQuery) -> AsyncIterator[BigQueryConnector]:
    async with opened(service, accepted=Accepted(routines=CODE)) as made:
        yield made


async def test_code_that_is_registered_is_called_by_reads(warehouse: BigQueryConnector) -> None:
    reading = await read(warehouse, "SELECT tools.double(n) AS d FROM stats.visits")
    assert isinstance(reading, Reading), reading
    assert reading.verbs == {Verb.READ}
    assert "tools.double" in reading.functions
    for text in (
        "SELECT tools.double(n) FROM stats.visits ORDER BY n",
        "SELECT `acme`.tools.double(n) AS d FROM stats.visits ORDER BY n",
    ):
        assert (await run(warehouse, text)).rows == ((6,), (10,))
    assert (await run(warehouse, "SELECT tools.double(21) AS a")).rows == ((42,),)


@pytest.mark.parametrize("name", ["other", "stale", "far", "script", "gone", "DOUBLE", "nothing"])
async def test_other_code_than_was_looked_at_is_called_by_nobody(warehouse: BigQueryConnector, name: str) -> None:
    """Not registered, another etag, elsewhere, no SQL, gone, another case."""
    assert doubt(await read(warehouse, f"SELECT tools.{name}(n) FROM stats.visits")) is Doubt.FUNCTION
    assert doubt(await read(warehouse, f"SELECT tools.double(n), tools.{name}(n) FROM stats.visits")) is Doubt.FUNCTION


async def test_over_a_protected_table_code_sees_masks_where_it_is_registered_for_that(
    warehouse: BigQueryConnector,
) -> None:
    assert doubt(await read(warehouse, "SELECT tools.double(id) FROM sales.orders")) is Doubt.FUNCTION
    found = await run(warehouse, "SELECT tools.shout(email) AS e FROM sales.orders WHERE id = 1")
    assert found.rows == (("***",),)


async def test_a_change_calls_no_code(warehouse: BigQueryConnector) -> None:
    for text in (
        "UPDATE stats.visits SET n = tools.double(n) WHERE TRUE",
        "DELETE FROM stats.visits WHERE tools.double(n) = 6",
    ):
        assert doubt(await read(warehouse, text)) is Doubt.FUNCTION


REFERENCE: Final = {"projectId": "acme", "datasetId": "tools", "routineId": "double"}


@pytest.mark.parametrize(
    ("text", "said", "wanted"),
    [
        ("SELECT tools.double(n) AS d FROM stats.visits", [], Doubt.DISAGREE),
        ("SELECT tools.double(n) AS d FROM stats.visits", [REFERENCE | {"routineId": "shout"}], Doubt.DISAGREE),
        ("SELECT tools.double(n) AS d FROM stats.visits", [REFERENCE, REFERENCE | {"routineId": "x"}], Doubt.FUNCTION),
        ("SELECT n FROM stats.visits", [REFERENCE], Doubt.DISAGREE),
        ("SELECT n FROM stats.visits", [REFERENCE | {"routineId": "x"}], Doubt.FUNCTION),
    ],
)
async def test_code_that_only_one_witness_sees_is_a_refusal(
    service: BigQuery, warehouse: BigQueryConnector, text: str, said: list[Any], wanted: Doubt
) -> None:
    service.world.faults.lies[Phase.RAW] = {"referencedRoutines": said}
    assert doubt(await read(warehouse, text)) is wanted


def test_a_table_function_reads_what_is_plain_and_nothing_protected() -> None:
    """No mask is put into its body."""
    guard = replace(HERE.guard, routines={"acme.tools.visits": Registered(etag="1", masked=True)})
    here = Ground(warehouse=HERE.warehouse, guard=guard)
    told = account("SELECT n FROM tools.visits(1)")
    assert isinstance(told, Account)
    told = registered(told, here)
    dry = Dry(
        kind="SELECT", tables=frozenset({"acme.stats.visits"}), whole=True, routines=frozenset({"acme.tools.visits"}),
        fields=(Field(name="n", type="INT64"),), bytes=0, exact=True,
    )  # fmt: skip
    assert isinstance(agree(told, dry, here), Reading)
    found = agree(told, replace(dry, tables=frozenset({"acme.sales.orders"})), here)
    assert isinstance(found, Unreadable)
    assert found.doubt is Doubt.PROTECTED
