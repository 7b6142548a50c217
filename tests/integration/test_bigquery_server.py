"""The local BigQuery-compatible server, seen by the real client: what the tests of the Source rest on."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

import anyio.to_thread
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.api_core import exceptions
from google.api_core.client_options import ClientOptions
from google.api_core.retry import Retry
from google.auth import identity_pool, impersonated_credentials
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.oauth2 import service_account

from demo.bigquery import BigQuery, Drop, Fault, Phase, World

T = TypeVar("T")
ONCE = Retry(predicate=lambda _: False)

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "INTEGER"},
    {"name": "email", "type": "STRING"},
    {"name": "customer", "type": "RECORD", "fields": [{"name": "name", "type": "STRING"}]},
    {
        "name": "items",
        "type": "RECORD",
        "mode": "REPEATED",
        "fields": [{"name": "sku", "type": "STRING"}, {"name": "price", "type": "NUMERIC"}],
    },
]
ROWS: list[dict[str, Any]] = [
    {"id": 1, "email": "ann@acme.test", "customer": {"name": "Ann"}, "items": [{"sku": "a", "price": 1.5}]},
    {"id": 2, "email": None, "customer": None, "items": []},
]


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    world = World()
    world.table("acme.sales.orders", FIELDS, ROWS)
    async with BigQuery.start(world) as running:
        yield running


def connect(service: BigQuery, credentials: Any = None) -> bigquery.Client:
    return bigquery.Client(
        project="acme",
        location="EU",
        credentials=credentials or AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=service.base),
    )


async def off(work: Callable[[], T]) -> T:
    return await anyio.to_thread.run_sync(work)


async def ask(service: BigQuery, text: str, *parameters: Any, **options: Any) -> list[tuple[Any, ...]]:
    config = bigquery.QueryJobConfig(query_parameters=parameters, **options)

    def run() -> list[tuple[Any, ...]]:
        job = connect(service).query(text, job_config=config, job_id=f"t{uuid4().hex}", job_retry=None, retry=ONCE)
        return [tuple(row) for row in job.result(job_retry=None)]

    return await off(run)


async def dry(service: BigQuery, text: str, suffix: str = "") -> dict[str, Any]:
    config = bigquery.QueryJobConfig(dry_run=True, use_query_cache=False, use_legacy_sql=False)

    def run() -> dict[str, Any]:
        job = connect(service).query(
            text, job_config=config, job_id=f"t{uuid4().hex}{suffix}", job_retry=None, retry=ONCE
        )
        said: dict[str, Any] = job._properties["statistics"]["query"]
        return said

    return await off(run)


def tables(said: dict[str, Any]) -> list[str]:
    return [one["tableId"] for one in said.get("referencedTables", [])]


async def test_cells_of_every_type_come_as_the_client_decodes_them(service: BigQuery) -> None:
    text = """SELECT 1, 1.5, NUMERIC '2.5', TRUE, 'x', b'ab', DATE '2020-01-02', DATETIME '2020-01-02 03:04:05',
        TIME '03:04:05', TIMESTAMP '2020-01-02 03:04:05+00', [1, 2], STRUCT(1 AS a, 'x' AS b), JSON '{"a":1}', NULL"""
    assert await ask(service, text) == [
        (
            1, 1.5, Decimal("2.5"), True, "x", b"ab", date(2020, 1, 2), datetime(2020, 1, 2, 3, 4, 5),  # noqa: DTZ001
            time(3, 4, 5), datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), [1, 2], {"a": 1, "b": "x"}, {"a": 1}, None,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT id FROM `acme.sales.orders`", [(1,), (2,)]),
        ("SELECT o.customer.name FROM sales.orders AS o", [("Ann",), (None,)]),
        ("SELECT i.sku FROM sales.orders AS o, o.items AS i", [("a",)]),
        ("SELECT i.price FROM sales.orders o CROSS JOIN UNNEST(o.items) AS i", [(Decimal("1.5"),)]),
        ("SELECT ARRAY(SELECT i.sku FROM o.items AS i) FROM sales.orders o", [(["a"],), ([],)]),
        ("WITH orders AS (SELECT id FROM sales.orders WHERE id = 1) SELECT * FROM orders", [(1,)]),
        ("SELECT _TABLE_SUFFIX, id FROM `sales.ord*` ORDER BY id", [("ers", 1), ("ers", 2)]),
        ("SELECT table_name FROM sales.INFORMATION_SCHEMA.TABLES", [("orders",)]),
        ("SELECT TO_JSON_STRING(STRUCT(o.id AS id)) FROM sales.orders o WHERE id = 2", [('{"id":2}',)]),
    ],
)
async def test_what_analysts_write_is_answered(service: BigQuery, text: str, rows: list[Any]) -> None:
    assert await ask(service, text) == rows


async def test_parameters_are_named_positional_arrays_and_records(service: BigQuery) -> None:
    assert await ask(
        service, "SELECT id FROM sales.orders WHERE id = @id", bigquery.ScalarQueryParameter("id", "INT64", 2)
    ) == [(2,)]
    assert await ask(
        service, "SELECT ?, ?", *(bigquery.ScalarQueryParameter(None, "STRING", one) for one in ("a", "b"))
    ) == [("a", "b")]
    assert await ask(service, "SELECT 3 IN UNNEST(@all)", bigquery.ArrayQueryParameter("all", "INT64", [1, 3])) == [
        (True,)
    ]
    record = bigquery.StructQueryParameter("one", bigquery.ScalarQueryParameter("a", "INT64", 7))
    assert await ask(service, "SELECT @one.a", record) == [(7,)]


async def test_a_parameter_that_nobody_gave_is_told_by_a_dry_run_and_refused_by_a_run(service: BigQuery) -> None:
    said = await dry(service, "SELECT @missing")
    assert said["undeclaredQueryParameters"] == [{"name": "missing"}]
    with pytest.raises(exceptions.BadRequest, match="missing"):
        await ask(service, "SELECT @missing")


@pytest.mark.parametrize(
    ("text", "kind", "named"),
    [
        ("SELECT 1", "SELECT", []),
        ("SELECT email FROM sales.v", "SELECT", ["v", "orders"]),
        ("SELECT id FROM sales.orders UNION ALL SELECT 1", "SELECT", ["orders"]),
        ("INSERT INTO sales.orders (id) VALUES (3)", "INSERT", ["orders"]),
        ("UPDATE sales.orders SET id = 3 WHERE id = 1", "UPDATE", ["orders"]),
        ("DELETE FROM sales.orders WHERE TRUE", "DELETE", ["orders"]),
        (
            "MERGE sales.orders t USING (SELECT 1 AS a) s ON t.id = s.a WHEN MATCHED THEN DELETE",
            "MERGE",
            ["orders"],
        ),
        ("TRUNCATE TABLE sales.orders", "TRUNCATE_TABLE", ["orders"]),
        ("CREATE TABLE sales.x (a INT64)", "CREATE_TABLE", []),
        ("CREATE TABLE sales.x AS SELECT id FROM sales.orders", "CREATE_TABLE_AS_SELECT", ["orders"]),
        ("CREATE OR REPLACE VIEW sales.v AS SELECT id FROM sales.orders", "CREATE_VIEW", ["orders"]),
        ("DROP TABLE sales.orders", "DROP_TABLE", []),
        ("ALTER TABLE sales.orders ADD COLUMN z INT64", "ALTER_TABLE", []),
        ("SELECT 1; SELECT 2", "SCRIPT", []),
    ],
)
async def test_a_dry_run_tells_the_kind_and_the_tables_and_changes_nothing(
    service: BigQuery, text: str, kind: str, named: list[str]
) -> None:
    await ask(service, "CREATE VIEW sales.v AS SELECT id, email FROM sales.orders")
    said = await dry(service, text)
    assert said["statementType"] == kind
    assert tables(said) == named
    assert ("ddlTargetTable" in said) == kind.startswith(("CREATE", "DROP", "ALTER"))
    assert await ask(service, "SELECT COUNT(*) FROM sales.orders") == [(2,)]
    assert service.world.relations.keys() == {"acme.sales.orders", "acme.sales.v"}


async def test_bytes_are_those_of_whole_columns_whatever_the_limit(service: BigQuery) -> None:
    async def size(text: str) -> int:
        return int((await dry(service, text))["totalBytesProcessed"])

    assert await size("SELECT id FROM sales.orders LIMIT 1") == 16
    assert await size("SELECT email FROM sales.orders WHERE id = 1") == 16 + 2 + len("ann@acme.test")
    assert await size("SELECT COUNT(*) FROM sales.orders") == 0
    assert await size("SELECT o FROM sales.orders AS o") == await size("SELECT * FROM sales.orders")
    service.world.scale["acme.sales.orders"] = 10**7
    assert await size("SELECT id FROM sales.orders") == 16 * 10**7


async def test_a_cap_fails_the_job_before_anything_is_billed_or_changed(service: BigQuery) -> None:
    service.world.scale["acme.sales.orders"] = 10**7
    with pytest.raises(exceptions.GoogleAPICallError) as caught:
        await ask(service, "DELETE FROM sales.orders WHERE id = 1", maximum_bytes_billed=20 << 20)
    assert caught.value.errors[0]["reason"] == "bytesBilledLimitExceeded"
    assert await ask(service, "SELECT COUNT(*) FROM sales.orders") == [(2,)]


async def test_changes_say_how_many_rows_and_definitions_say_none(service: BigQuery) -> None:
    def run(text: str) -> bigquery.QueryJob:
        job = connect(service).query(text, job_id=f"t{uuid4().hex}", job_retry=None)
        job.result(job_retry=None)
        return job

    inserted = await off(lambda: run("INSERT INTO sales.orders (id) VALUES (3), (4)"))
    assert inserted.num_dml_affected_rows == 2
    made = await off(lambda: run("CREATE TABLE sales.copy AS SELECT id FROM sales.orders"))
    assert made.num_dml_affected_rows is None
    assert list(await off(made.result)) == []
    assert await ask(service, "SELECT COUNT(*) FROM sales.copy") == [(4,)]
    assert (await off(lambda: connect(service).get_table("sales.copy"))).schema[0].name == "id"


async def test_an_id_is_used_once_and_the_job_of_a_lost_answer_can_be_found(service: BigQuery) -> None:
    service.world.faults.planned.append(Fault(match="POST */jobs", drop=Drop.AFTER))

    def twice() -> bigquery.QueryJob:
        client = connect(service)
        text = "INSERT INTO sales.orders (id) VALUES (3)"
        with pytest.raises((ConnectionError, exceptions.RetryError, OSError)):
            client.query(text, job_id="once", job_retry=None, retry=ONCE)
        with pytest.raises(exceptions.Conflict):
            client.query(text, job_id="once", job_retry=None, retry=ONCE)
        found = client.get_job("once", location="EU")
        assert isinstance(found, bigquery.QueryJob)
        return found

    assert (await off(twice)).query == "INSERT INTO sales.orders (id) VALUES (3)"
    assert await ask(service, "SELECT COUNT(*) FROM sales.orders") == [(3,)]


async def test_nothing_of_a_request_that_was_cut_before_is_accepted(service: BigQuery) -> None:
    service.world.faults.planned.append(Fault(match="POST */jobs", drop=Drop.BEFORE))
    with pytest.raises(OSError, match="abort"):
        await ask(service, "DELETE FROM sales.orders WHERE TRUE")
    assert await ask(service, "SELECT COUNT(*) FROM sales.orders") == [(2,)]


async def test_rows_come_in_pages_and_the_whole_count_is_known(service: BigQuery) -> None:
    def run() -> tuple[int | None, list[int]]:
        client = connect(service)
        job = client.query("SELECT x FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x", job_id="pages", job_retry=None)
        found = job.result(page_size=10, max_results=21, job_retry=None)
        return found.total_rows, [row[0] for row in found]

    assert await off(run) == (25, list(range(1, 22)))
    assert service.world.log.count("GET /bigquery/v2/projects/acme/queries/pages") == 3


async def test_a_failure_while_it_runs_is_the_jobs_and_one_of_the_text_is_answered_at_once(service: BigQuery) -> None:
    with pytest.raises(exceptions.NotFound):
        await ask(service, "SELECT * FROM sales.nowhere")
    with pytest.raises(exceptions.BadRequest):
        await ask(service, "SELECT nothing FROM sales.orders")

    def run() -> dict[str, Any]:
        job = connect(service).query(
            "SELECT CAST(email AS INT64) FROM sales.orders", job_id="bad", job_retry=None, retry=ONCE
        )
        while job.state != "DONE":
            job.reload()
        found: dict[str, Any] = job.error_result
        return found

    assert (await off(run))["reason"] == "invalidQuery"


async def test_a_job_can_be_cancelled_and_may_finish_all_the_same(service: BigQuery) -> None:
    def run(name: str) -> bigquery.QueryJob:
        client = connect(service)
        job = client.query("SELECT 1", job_id=name, job_retry=None)
        client.cancel_job(name, location="EU")
        while job.state != "DONE":
            job.reload()
        return job

    service.world.faults.delay = 0.3
    assert (await off(lambda: run("stopped"))).error_result["reason"] == "stopped"
    service.world.faults.cancel_ignored = True
    assert (await off(lambda: run("finished"))).error_result is None


async def test_a_job_ends_at_its_own_time_out(service: BigQuery) -> None:
    service.world.faults.delay = 0.3
    with pytest.raises(exceptions.GoogleAPICallError, match="timed out"):
        await ask(service, "SELECT 1", job_timeout_ms=100)


async def test_a_lie_is_told_in_one_phase_alone(service: BigQuery) -> None:
    service.world.faults.lies[Phase.HOLLOW] = {"statementType": "INSERT"}
    assert (await dry(service, "SELECT 1", "_dry0"))["statementType"] == "INSERT"
    assert (await dry(service, "SELECT 1", "_dry1"))["statementType"] == "SELECT"
    assert (await dry(service, "SELECT 1", "_dry2"))["statementType"] == "SELECT"


async def test_a_fault_comes_as_often_as_it_was_planned(service: BigQuery) -> None:
    service.world.faults.planned.append(Fault(match="POST */jobs", reason="quotaExceeded"))
    with pytest.raises(exceptions.Forbidden):
        await ask(service, "SELECT 1")
    assert await ask(service, "SELECT 1") == [(1,)]


# ---------------------------------------------------------------- who asks


async def test_datasets_are_there_for_those_who_may_see_them(service: BigQuery) -> None:
    service.world.table("acme.hr.payroll", [{"name": "pay", "type": "INTEGER"}])
    service.world.access["anyone@example.test"] = frozenset({"acme.sales"})
    with pytest.raises(exceptions.Forbidden):
        await ask(service, "SELECT * FROM hr.payroll")
    with pytest.raises(exceptions.Forbidden):
        await off(lambda: connect(service).get_table("hr.payroll"))
    assert [one.dataset_id for one in await off(lambda: list(connect(service).list_datasets()))] == ["sales"]


def signer() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*pem).decode()


def account(service: BigQuery) -> Any:
    return service_account.Credentials.from_service_account_info(
        {
            "type": "service_account",
            "client_email": "reader@acme.test",
            "private_key": signer(),
            "token_uri": f"{service.base}/token",
        },
        scopes=["https://www.googleapis.com/auth/bigquery"],
    )


async def test_without_a_token_nobody_is_answered_where_one_is_asked_for(service: BigQuery) -> None:
    service.world.require_auth = True
    with pytest.raises(Exception, match=r"credentials|refresh"):
        await ask(service, "SELECT 1")


async def test_an_account_signs_in_and_its_jobs_carry_its_name(service: BigQuery) -> None:
    service.world.require_auth = True
    credentials = account(service)

    def run() -> str | None:
        job = connect(service, credentials).query("SELECT 1", job_id="mine", job_retry=None)
        name: str | None = job.user_email
        return name

    assert await off(run) == "reader@acme.test"


async def test_one_account_acts_for_another(service: BigQuery) -> None:
    service.world.require_auth = True
    acting = impersonated_credentials.Credentials(
        source_credentials=account(service),
        target_principal="writer@acme.test",
        target_scopes=["https://www.googleapis.com/auth/bigquery"],
        iam_endpoint_override=f"{service.base}/v1/projects/-/serviceAccounts/writer@acme.test:generateAccessToken",
    )
    job = await off(lambda: connect(service, acting).query("SELECT 1", job_id="other", job_retry=None))
    assert job.user_email == "writer@acme.test"


async def test_a_token_of_another_issuer_is_exchanged(service: BigQuery, tmp_path: Any) -> None:
    service.world.require_auth = True
    held = tmp_path / "token"
    held.write_text(jwt.encode({"sub": "system:serviceaccount:agents:assent"}, "k" * 32, algorithm="HS256"))
    federated = identity_pool.Credentials.from_info(
        json.loads(
            json.dumps(
                {
                    "type": "external_account",
                    "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
                    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                    "token_url": f"{service.base}/sts",
                    "credential_source": {"file": str(held)},
                }
            )
        )
    ).with_scopes(["https://www.googleapis.com/auth/bigquery"])
    job = await off(lambda: connect(service, federated).query("SELECT 1", job_id="pod", job_retry=None))
    assert job.user_email == "system:serviceaccount:agents:assent"
