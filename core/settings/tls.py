"""Which addresses leave this machine, and whether they do so under verified TLS."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

# The one libpq mode that checks chain and host name: https://www.postgresql.org/docs/current/libpq-ssl.html, table 34.1
VERIFIED: Final = "verify-full"
SCHEMES: Final = frozenset({"postgresql", "postgres"})


def local(host: str) -> bool:
    """Tell whether a host is this machine: a socket's folder, localhost or a loopback address."""
    name = host.strip("[]").lower()
    if not name or name.startswith("/") or name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def verified(url: str) -> bool:
    """Tell whether a web address is HTTPS, or of this machine.

    Raises: ValueError when it is no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an https address without a password")
    return parts.scheme == "https" or local(parts.hostname)


def stream(url: str) -> bool:
    """Tell whether a syslog's address is under TLS, or of this machine.

    Raises: ValueError when it is no address.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"tls", "tcp"} or not parts.hostname or parts.port is None or parts.path:
        raise ValueError("must be tls://host:port")
    return parts.scheme == "tls" or local(parts.hostname)


def database(url: str) -> bool:
    """Tell whether a PostgreSQL address stays on this machine or verifies the server it reaches.

    Raises: ValueError, without the address, when it is none.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in SCHEMES:
        raise ValueError("must be a postgresql:// address")
    authority, _, tail = rest.partition("/")
    authority = authority.partition("?")[0]
    query = dict(parse_qsl(url.partition("?")[2]))
    if tail == "" and "/" not in rest and "?" not in rest and not authority:
        raise ValueError("the address names no host and no database")
    hosts = authority.rpartition("@")[2].split(",")
    hosts += [name for key in ("host", "hostaddr") for name in query.get(key, "").split(",") if name]
    return all(local(_host(one)) for one in hosts) or query.get("sslmode") == VERIFIED


def _host(one: str) -> str:
    text = unquote(one)
    if text.startswith("/"):
        return text
    if text.startswith("["):
        return text.partition("]")[0].strip("[")
    return text.rpartition(":")[0] or text if text.count(":") == 1 else text
