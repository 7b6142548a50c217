"""An Entry as one line: CEF, and RFC 5424 around CEF or OCSF. Hostile words cannot begin another record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from core.audit.export import ocsf
from core.audit.export.event import Event, number, said, texts

FACILITY: Final = 13  # log audit, RFC 5424 6.2.1
# OCSF's severity -> RFC 5424's: informational, notice, warning, error, critical.
LEVELS: Final[Mapping[int, int]] = MappingProxyType({0: 6, 1: 6, 2: 5, 3: 4, 4: 3, 5: 2, 6: 1})
# OCSF's severity -> CEF's 0 to 10.
GRADES: Final[Mapping[int, int]] = MappingProxyType({0: 0, 1: 2, 2: 4, 3: 5, 4: 8, 5: 10, 6: 10})
LONGEST: Final = 4000  # of a CEF value; Micro Focus' own dictionary has none above
MOST: Final = 2**31 - 1  # of sequenceId, RFC 5424 7.3.1


def cef(one: Event) -> bytes:
    """Write `CEF:0|Assent|Gateway|version|kind|title|severity|key=value …` (ArcSight CEF, version 0)."""
    head = ("Assent", "Gateway", one.version, one.kind, one.kind.replace(".", " "), str(grade(one)))
    return f"CEF:0|{'|'.join(map(_head, head))}|{' '.join(_extension(one))}".encode()


def grade(one: Event) -> int:
    """CEF's severity."""
    return GRADES[ocsf.severity(one)]


def _extension(one: Event) -> list[str]:
    verdict, outcome = said(one.verdict, "action"), one.outcome
    values = {
        "rt": str(one.at),
        "externalId": one.uid,
        "suser": said(one.caller, "ps") or said(one.body, "person") or said(one.body, "by"),
        "sourceServiceName": said(one.caller, "client"),
        "dhost": one.source,
        "act": verdict,
        "outcome": outcome.value if outcome else said(one.body, "decision"),
        "cnt": str(number(one.body, "rows")) if number(one.body, "rows") is not None else "",
        "reason": said(one.body, "code") or said(one.verdict, "code"),
        "request": one.query if one.reading else "",
        "cs1Label": "call" if one.call else "",
        "cs1": one.call,
        "cs2Label": "rule" if texts(one.verdict, "rules") else "",
        "cs2": ", ".join(texts(one.verdict, "rules")),
        "cs3Label": "tables" if one.tables else "",
        "cs3": ", ".join(one.tables),
        "cs4Label": "session" if one.session else "",
        "cs4": one.session,
        "cs5Label": "leaf_sha256",
        "cs5": one.sealed.leaf,
    }
    return [f"{key}={_value(value)}" for key, value in values.items() if value]


def _head(text: str) -> str:
    """Escape a header field: backslash and bar; a line break has no form there."""
    return _clean(text).replace("\n", " ").replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    """Escape an extension's value: backslash, equals sign, line breaks."""
    return _clean(text)[:LONGEST].replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n")


def _clean(text: str) -> str:
    """Let one kind of line break through and no other control: readers differ in what ends a line."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(one if one == "\n" or one.isprintable() else f"<U+{ord(one):04X}>" for one in whole)


def syslog(one: Event, message: bytes, host: str) -> bytes:
    """Write RFC 5424's header around a message; `meta sequenceId` is its own registered element (7.3)."""
    priority = FACILITY * 8 + LEVELS[ocsf.severity(one)]
    at = datetime.fromtimestamp(one.at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    sequence = one.sealed.sequence % MOST + 1
    name = "".join(mark for mark in host if "!" <= mark <= "~")[:255] or "-"
    head = f"<{priority}>1 {at}.{one.at % 1000:03d}Z {name} assent - {one.kind[:32] or '-'}"
    return f'{head} [meta sequenceId="{sequence}"] '.encode() + message


def framed(message: bytes) -> bytes:
    """Count octets (RFC 6587 3.4.1): no byte of a message ends it."""
    return b"%d %b" % (len(message), message)
