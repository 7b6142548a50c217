"""A configured sink made into its pump: which transport, which words."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, final
from urllib.parse import urlsplit

from core.audit.export import lines, ocsf
from core.audit.export.event import Event
from core.errors import SettingsError
from core.sinks.http import Splunk, Webhook, secrets
from core.sinks.lines import File, Syslog
from core.sinks.pump import House, Pump, Transport, Wording

SYSLOG: Final = 6514  # RFC 5425 4.1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the configuration says of one sink."""

    name: str
    kind: str
    path: Path | None = None
    url: str = ""
    secret: str = field(default="", repr=False)
    cef: bool = False
    ca: Path | None = None
    statements: bool = False
    acknowledged: bool = False


def pump(wanted: Wanted, house: House, host: str) -> Pump:
    """Make a sink's pump; `host` is our name in a syslog's header.

    Raises: SettingsError.
    """
    try:
        made = transport(wanted)
    except (ValueError, OSError) as error:
        raise SettingsError(f"[[sink]] {wanted.name}: {error}") from error
    return Pump(wanted.name, house, made, wording(wanted, host), statements=wanted.statements)


def transport(wanted: Wanted) -> Transport:
    """Make the way to its receiver.

    Raises: ValueError, OSError, SettingsError.
    """
    trusted = ssl.create_default_context(cafile=str(wanted.ca)) if wanted.ca else ssl.create_default_context()
    match wanted.kind:
        case "file" if wanted.path is not None:
            return File(wanted.path)
        case "webhook":
            return Webhook(wanted.url, secrets(wanted.secret), now=time.time, trusted=trusted)
        case "splunk":
            return Splunk(wanted.url, wanted.secret.strip(), acknowledged=wanted.acknowledged, trusted=trusted)
        case "syslog":
            parts = urlsplit(wanted.url)
            under = trusted if parts.scheme == "tls" else None
            return Syslog(parts.hostname or "", parts.port or SYSLOG, tls=under)
        case kind:
            raise SettingsError(f"[[sink]] {wanted.name}: there is no kind {kind!r}")


def wording(wanted: Wanted, host: str) -> Wording:
    """Choose the words."""
    words: Wording = lines.cef if wanted.cef else ocsf.line
    if wanted.kind != "syslog":
        return words

    def within(event: Event) -> bytes:
        return lines.syslog(event, words(event), host)

    return within
