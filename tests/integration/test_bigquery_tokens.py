"""Keyed tokens on BigQuery: made in the text by a wrapped keyset; equal values are equal, none is shown."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest

from core.connectors.bigquery import BigQueryConnector
from core.errors import SettingsError
from core.masking.warehouse.fields import Wanted
from core.masking.warehouse.keysets import keyset
from core.model import Doubt, Reading
from demo.bigquery import BigQuery, World
from tests.integration.warehouses import doubt, opened, read, run

KEY: Final = "gcp-kms://projects/acme/locations/eu/keyRings/assent/cryptoKeys/tokens"
KEYSET: Final = keyset(KEY, base64.b64encode(b"wrapped \x00\xff'\\").decode())
TAGS: Final = {
    "sales.people.email": "pii.email",
    "sales.people.code": "pii.code",
    "sales.people.born": "pii.email",
    "sales.people.phones": "pii.email",
    "sales.people.home.email": "pii.other",
    "mail.sent.to_address": "pii.email",
}
MASKS: Final = {"pii.*": "token"}
PEOPLE: Final[list[dict[str, Any]]] = [
    {"name": "id", "type": "INTEGER"},
    {"name": "email", "type": "STRING"},
    {"name": "code", "type": "INTEGER"},
    {"name": "born", "type": "DATE"},
    {"name": "phones", "type": "STRING", "mode": "REPEATED"},
    {"name": "home", "type": "RECORD", "fields": [{"name": "email", "type": "STRING"}]},
]
SENT: Final[list[dict[str, Any]]] = [
    {"name": "to_address", "type": "STRING"},
    {"name": "subject", "type": "STRING"},
]


def world() -> World:
    made = World()
    ann = "canary-ann@acme.test"
    rows: list[dict[str, Any]] = [
        {"id": 1, "email": ann, "code": 424242, "born": "1980-02-03", "phones": ["7946", ann], "home": {"email": ann}},
        {"id": 2, "email": "canary-bob@acme.test", "code": -9, "born": None, "phones": [], "home": None},
        {"id": 3, "email": "", "code": 0, "born": None, "phones": [], "home": {"email": None}},
        {"id": 4, "email": None, "code": None, "born": None, "phones": [], "home": None},
    ]
    made.table("acme.sales.people", PEOPLE, rows)
    made.table("acme.mail.sent", SENT, [{"to_address": ann, "subject": "hello"}])
    return made


@pytest.fixture
async def warehouse() -> AsyncIterator[BigQueryConnector]:
    async with BigQuery.start(world()) as service, opened(service, tags=TAGS, masks=MASKS, keyset=KEYSET) as connector:
        yield connector


async def test_tokens_are_total_keep_their_type_and_are_equal_where_values_and_tags_are(
    warehouse: BigQueryConnector,
) -> None:
    found = await run(warehouse, "SELECT email, code, born, phones, home FROM sales.people ORDER BY id")
    assert [column.type for column in found.columns[:3]] == ["STRING", "INT64", "DATE"]
    (ann, code, born, phones, home), bob, empty, nothing = found.rows
    assert not any(secret in repr(found.rows) for secret in ("canary", "424242", "7946", "1980"))
    assert isinstance(ann, str)
    assert len(ann) == 20
    assert isinstance(phones, tuple)
    assert phones[1] == ann  # the same tag: one token
    assert home != (ann,)  # another tag: another token
    assert len({ann, bob[0], empty[0]}) == 3
    assert code != bob[1]
    assert born is None  # a type that has no token of its own is hidden
    assert nothing == (None, None, None, (), None)


async def test_tokens_join_and_group_across_tables_of_the_project(warehouse: BigQueryConnector) -> None:
    joined = "SELECT s.subject, p.id FROM mail.sent AS s JOIN sales.people AS p ON p.email = s.to_address"
    assert (await run(warehouse, joined)).rows == (("hello", 1),)


async def test_another_keyset_makes_other_tokens_and_the_text_names_no_more_than_the_wrapped_one() -> None:
    text, told = "SELECT email FROM sales.people WHERE id = 1", []
    async with BigQuery.start(world()) as service:
        for one in (KEYSET, keyset(KEY, base64.b64encode(b"another").decode())):
            async with opened(service, tags=TAGS, masks=MASKS, keyset=one) as connector:
                told.append((await run(connector, text)).rows)
    assert told[0] != told[1]
    assert "another" not in repr(KEYSET)
    assert "wrapped" not in repr(KEYSET)


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT DETERMINISTIC_DECRYPT_STRING({KEYSET.chain}, b'x', 'pii.email') AS a",
        f"SELECT DETERMINISTIC_ENCRYPT({KEYSET.chain}, 'ann', 'pii.email') AS a",
        f"SELECT AEAD.DECRYPT_STRING({KEYSET.chain}, b'x', '') AS a",
        f"SELECT KEYS.KEYSET_TO_JSON({KEYSET.chain}) AS a",
        f"SELECT `DETERMINISTIC_ENCRYPT`({KEYSET.chain}, 'ann', 'pii.email') AS a",
        f"SELECT SAFE.DETERMINISTIC_ENCRYPT({KEYSET.chain}, 'ann', 'pii.email') AS a",
        "SELECT id FROM sales.people WHERE email = assent_token('canary-ann@acme.test')",
    ],
)
async def test_no_agents_text_makes_or_undoes_a_token(warehouse: BigQueryConnector, text: str) -> None:
    assert doubt(await read(warehouse, text)) is Doubt.FUNCTION


async def test_a_text_over_tokens_is_proved_like_any_other(warehouse: BigQueryConnector) -> None:
    found = await read(warehouse, "SELECT email FROM sales.people")
    assert isinstance(found, Reading)
    assert found.text.count(KEY) >= 2
    assert {mask.kind for mask in found.masks} == {"token", "hide"}


def test_without_a_keyset_a_token_refuses_a_start_by_name() -> None:
    with pytest.raises(SettingsError, match=r"\[mask\] pii\.code: .* need the Source's token_key and token_keyset"):
        Wanted(tags=TAGS, masks=MASKS)


@pytest.mark.parametrize(
    ("key", "written", "wrong"),
    [
        ("gcp-kms://projects/acme/keyRings/a/cryptoKeys/b", "AAAA", "a key is"),
        (f"{KEY}', b'x') --", "AAAA", "a key is"),
        (KEY, "no base64!", "base64"),
        (KEY, "", "at most"),
        (KEY, "A" * 12_000, "at most"),
    ],
)
def test_a_keyset_of_another_form_is_none(key: str, written: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        keyset(key, written)
