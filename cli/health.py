"""`assent health`: whether a gateway answers and can record, for health checks of containers."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

from cli.show import Exit, fail, print_json, say
from core.settings import Listen, Settings, load

LOCAL: Final = "http://127.0.0.1:8080"  # [gateway] listen, as it is when nothing is written
SECONDS: Final = 5.0


def run(config: Path, url: str | None, *, as_json: bool) -> bool:
    """Ask the operators' port, else the agents' door, whether it is ready; answer whether it is.

    Raises: SettingsError.
    """
    settings = configured(config)
    certificate = settings.gateway.certificate if settings else None
    address = (url or asked_at(settings)).rstrip("/")
    if urlsplit(address).scheme not in {"http", "https"}:
        fail("--url is an http or https address", Exit.USAGE)
    try:
        with httpx2.Client(
            trust_env=False, follow_redirects=False, timeout=SECONDS, verify=trusted(certificate)
        ) as http:
            reply = http.get(f"{address}/readyz")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        fail(f"{address} does not answer ({type(error).__name__}): is assent serve running?")
    if as_json:
        print_json({"url": address, "ready": reply.is_success, "status": reply.status_code})
    else:
        stays = f"{address} is not ready: status {reply.status_code}; assent doctor says why"
        say(f"{address} is ready" if reply.is_success else stays)
    return reply.is_success


def trusted(certificate: Path | None) -> ssl.SSLContext:
    """Trust what this machine trusts, and the certificate that the configuration names, whoever issued it."""
    context = httpx2.create_ssl_context(trust_env=False)
    if certificate is not None:
        try:
            context.load_verify_locations(certificate)
        except OSError as error:
            fail(f"[gateway] certificate cannot be read ({type(error).__name__}): {certificate.name}")
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # itself is enough: its issuer's may not be there
    return context


def listening(config: Path) -> str:
    """Say where the configuration has a process asked; no secret of it is read."""
    return asked_at(configured(config))


def configured(config: Path) -> Settings | None:
    """Read the configuration, where there is one, without a secret."""
    return load(config, os.environ, roles=frozenset()) if config.exists() else None


def asked_at(settings: Settings | None) -> str:
    """Write the address that a process of these settings is asked at."""
    if settings is None:
        return LOCAL
    gateway = settings.gateway
    if settings.metrics is not None:  # whatever its role, a process is asked there
        return located(settings.metrics.listen)
    if gateway.certificate is not None:
        return gateway.url  # the certificate is for that name
    return located(gateway.listen)


def located(listen: Listen) -> str:
    """Write where something listens as an address."""
    host = f"[{listen.host}]" if ":" in listen.host else listen.host
    return f"http://{host}:{listen.port}"
