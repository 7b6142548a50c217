"""As whom a BigQuery Source is asked: a key, a federation, another account by name; and what no file may make it do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError
from google.oauth2 import service_account

from core.connectors.bigquery import signed
from core.errors import SourceUnavailable, UnsafeStart
from demo.bigquery import BigQuery
from tests.integration.warehouses import opened, place, world

READER: Final = "reader@acme.test"
WRITER: Final = "writer@acme.test"


@pytest.fixture
async def service() -> AsyncIterator[BigQuery]:
    held = world()
    held.require_auth = True
    held.access["reader@acme.test"] = frozenset({"acme.stats"})
    held.access["elsewhere@acme.test"] = frozenset()
    async with BigQuery.start(held) as running:
        yield running


@pytest.fixture(scope="module")
def pem() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.private_bytes(encoding, kind, serialization.NoEncryption()).decode()


def key(service: BigQuery, pem: str, who: str = READER) -> dict[str, Any]:
    return {
        "type": "service_account",
        "project_id": "acme",
        "private_key_id": "1",
        "private_key": pem,
        "client_email": who,
        "token_uri": f"{service.base}/token",
    }


def federated(service: BigQuery, folder: Path, who: str = READER) -> dict[str, Any]:
    token = folder / "token"
    token.write_text(jwt.encode({"sub": who}, "k" * 32, algorithm="HS256"), "utf-8")
    return {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{service.base}/sts",
        "credential_source": {"file": str(token)},
    }


async def seen(service: BigQuery, text: str | None, account: str = "") -> set[str]:
    """Which tables are seen by who signs in so."""
    credentials = await asyncio.to_thread(signed, text, account, service.base)
    async with opened(service, tags={}, masks={}, at=place(service, by=credentials)) as made:
        return {table.name for table in await made.tables()}


async def test_a_key_and_a_federation_are_whom_they_say(service: BigQuery, pem: str, tmp_path: Path) -> None:
    assert await seen(service, json.dumps(key(service, pem))) == {"acme.stats.visits"}
    assert await seen(service, json.dumps(federated(service, tmp_path))) == {"acme.stats.visits"}


async def test_another_account_is_impersonated_by_name(service: BigQuery, pem: str) -> None:
    by = json.dumps(key(service, pem, "elsewhere@acme.test"))
    assert await seen(service, by) == set()
    assert await seen(service, by, READER) == {"acme.stats.visits"}
    assert await seen(service, by, WRITER) == {"acme.stats.visits", "acme.sales.orders"}


async def test_a_credential_that_ended_is_a_source_that_cannot_be_reached(service: BigQuery) -> None:
    with pytest.raises(SourceUnavailable):
        await seen(service, None)


GOOGLE: Final = "https://oauth2.googleapis.com/token"


@pytest.mark.parametrize(
    "more",
    [
        {"token_uri": "https://evil.example/token"},
        {"token_uri": "http://oauth2.googleapis.com/token"},
        {"token_uri": "https://oauth2.googleapis.com@evil.example/token"},
        {"token_uri": "https://oauth2.googleapis.com:8443/token"},
        {"token_url": "http://169.254.169.254/token"},
        {"service_account_impersonation_url": "https://iamcredentials.googleapis.com.evil.example/x"},
        {"credential_source": {"executable": {"command": "/bin/id"}}},
        {"credential_source": {"url": "http://169.254.169.254/"}},
        {"credential_source": {"environment_id": "aws1", "url": "http://169.254.169.254/"}},
        {"credential_source": "file"},
        {"type": "authorized_user"},
        {"type": None},
        {"private_key": "canary"},
    ],
)
def test_a_file_that_would_send_secrets_elsewhere_or_run_a_program_is_refused(pem: str, more: dict[str, Any]) -> None:
    whole = {"type": "service_account", "client_email": READER, "private_key": pem, "token_uri": GOOGLE}
    assert isinstance(signed(json.dumps(whole), "", ""), service_account.Credentials)
    with pytest.raises(UnsafeStart) as caught:
        signed(json.dumps(whole | more), "", "")
    assert "canary" not in str(caught.value)


def test_a_file_that_is_none_and_a_machine_without_credentials_do_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "[]", "{", '"x"'):
        with pytest.raises(UnsafeStart):
            signed(text, "", "")

    def nobody(**_: object) -> None:
        raise DefaultCredentialsError("canary")

    monkeypatch.setattr("google.auth.default", nobody)
    with pytest.raises(UnsafeStart, match="no application default credentials"):
        signed(None, "", "")
    assert isinstance(signed(None, "", "http://127.0.0.1:1"), AnonymousCredentials)
