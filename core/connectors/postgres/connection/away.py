"""Why a database stayed away, as one word: read from the kind of an error and its SQLSTATE, never from its text."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import asyncpg

from core.connectors.postgres.connection.wire import Deviation
from core.errors import Away, Busy, SourceUnavailable

# PostgreSQL documentation, appendix A: a code, else its class.
STATES: Final[Mapping[str, Away]] = MappingProxyType(
    {
        "08": Away.LOST,
        "28": Away.UNADMITTED,
        "3D": Away.UNADMITTED,
        "53": Away.EXHAUSTED,
        "53300": Away.CROWDED,
        "57P01": Away.ENDED,  # admin_shutdown: pg_terminate_backend, or a fast shutdown
        "57P02": Away.ENDED,  # crash_shutdown: another backend died
        "57P03": Away.NOT_READY,  # cannot_connect_now: it starts, recovers or ends
        "57P04": Away.UNADMITTED,  # database_dropped
        "57P05": Away.ENDED,  # idle_session_timeout
    }
)
# The first that fits counts, so that a kind stands before what it is a kind of.
KINDS: Final[tuple[tuple[type[BaseException], Away], ...]] = (
    (Busy, Away.POOL),
    (ConnectionRefusedError, Away.REFUSED),
    (FileNotFoundError, Away.REFUSED),  # of a Unix socket
    (socket.gaierror, Away.UNKNOWN_HOST),
    (TimeoutError, Away.SILENT),
    (Deviation, Away.PROTOCOL),
    (asyncpg.InternalClientError, Away.PROTOCOL),
    (ConnectionError, Away.LOST),
    (asyncpg.InterfaceError, Away.LOST),  # the driver's word for a connection that is closed
    (OSError, Away.REFUSED),  # unreachable network or host; asyncpg's one error for several addresses
)


def cause(error: BaseException) -> Away:
    """Name why a connection could not be had, or went; what no list holds is the server's fault."""
    if isinstance(error, SourceUnavailable):
        return error.cause
    if isinstance(error, asyncpg.PostgresError):
        code = error.sqlstate or ""
        return STATES.get(code) or STATES.get(code[:2]) or Away.FAULT
    return next((word for kind, word in KINDS if isinstance(error, kind)), Away.FAULT)
