"""Why a database stayed away is one word of a closed list, by the kind of an error, whatever its text says."""

from __future__ import annotations

import socket

import asyncpg
import pytest

from core.connectors.postgres.connection.away import cause
from core.connectors.postgres.connection.sqlstates import failure
from core.connectors.postgres.connection.wire import Deviation
from core.errors import Away, Busy, SourceUnavailable
from core.telemetry.stages import Asked
from tests.generate.away import CAUSES, STEPS

TEXT = "10.0.0.7 port 5432: role shop_read, value 4242"


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (ConnectionRefusedError(111, TEXT), Away.REFUSED),
        (OSError(f"Multiple exceptions: {TEXT}"), Away.REFUSED),
        (FileNotFoundError(TEXT), Away.REFUSED),
        (socket.gaierror(-2, TEXT), Away.UNKNOWN_HOST),
        (TimeoutError(TEXT), Away.SILENT),
        (ConnectionResetError(TEXT), Away.LOST),
        (asyncpg.InterfaceError(TEXT), Away.LOST),
        (Deviation(TEXT), Away.PROTOCOL),
        (asyncpg.InternalClientError(TEXT), Away.PROTOCOL),
        (Busy(TEXT), Away.POOL),
        (SourceUnavailable(TEXT, Away.UNSAFE), Away.UNSAFE),
    ],
)
def test_each_kind_of_failure_has_its_word(error: BaseException, word: Away) -> None:
    assert cause(error) is word


@pytest.mark.parametrize(
    ("sqlstate", "word"),
    [
        ("08003", Away.LOST),
        ("28P01", Away.UNADMITTED),
        ("3D000", Away.UNADMITTED),
        ("53100", Away.EXHAUSTED),
        ("53300", Away.CROWDED),
        ("57P01", Away.ENDED),
        ("57P02", Away.ENDED),
        ("57P03", Away.NOT_READY),
        ("58030", Away.FAULT),
        ("XX001", Away.FAULT),
    ],
)
def test_the_servers_own_code_has_its_word(sqlstate: str, word: Away) -> None:
    error = asyncpg.PostgresError.new({"C": sqlstate, "M": TEXT})
    assert cause(error) is word
    away = failure(error)
    if isinstance(away, SourceUnavailable):
        assert away.cause is word
        assert TEXT not in str(away)


def test_every_word_is_explained() -> None:
    assert set(CAUSES) == set(Away)
    assert set(STEPS) == set(Asked)
