"""Doors that a person confirmed once at a terminal: their tokens go to no other, whatever a repository's file says.

The record stands in the account's own home folder, found by the account and not by the environment: who starts a relay
for an agent may have written its environment too.
"""

from __future__ import annotations

import json
import os
import pwd
import stat
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, final
from urllib.parse import urlsplit

from core.errors import SettingsError

NAME: Final = Path(".config/assent/gateways.json")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One confirmed gateway; who signs its people in is part of what was confirmed."""

    url: str
    issuer: str | None = None  # None: tokens come from ASSENT_TOKEN alone
    client: str | None = None  # the relay's client id there
    callback: str | None = None  # a fixed path of the loopback redirect; None: one drawn each time
    authority: str | None = None  # a file of certificates, of an organisation's own authority
    audience: str | None = None  # of a people's side: what its reviewers' tokens are for; None: an agents' door


def home() -> Path:
    """Return the account's home folder; HOME is not asked."""
    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def address(url: str) -> str:
    """Return an address as it is compared: scheme, host, port and path, nothing else.

    Raises: SettingsError for a scheme other than https, but on loopback, and for anything beyond an address.
    """
    parts = urlsplit(url)
    if parts.hostname is None or parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(f"{url}: not the plain address of a gateway, such as https://assent.example.com/mcp")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise SettingsError(f"{url}: only https, or http on this machine")
    return url


def metadata(url: str) -> str:
    """Return where a gateway says which resource it is and who signs its people in (RFC 9728 section 3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/.well-known/oauth-protected-resource{parts.path}"


def read(place: Path) -> dict[str, Gateway]:
    """Read what was confirmed.

    Raises: SettingsError when the file is another account's, can be written by others, or is no record.
    """
    try:
        with place.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{place}: {error.strerror}") from error
    if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(f"{place}: not yours alone to write")
    try:
        return {one["url"]: Gateway(**one) for one in json.loads(content)}
    except (ValueError, TypeError, KeyError) as error:
        raise SettingsError(f"{place}: not a record of gateways") from error


def known(url: str, place: Path) -> Gateway:
    """Find a confirmed gateway.

    Raises: SettingsError when nobody confirmed it.
    """
    found = read(place).get(address(url))
    if found is None:
        raise SettingsError(
            f"{url} was never confirmed on this machine: a token would go to whoever answers there.\n"
            f"Run this yourself, at a terminal: assent relay {url} --confirm"
        )
    return found


def remember(gateway: Gateway, place: Path) -> None:
    """Add a gateway, or replace it, in one step.

    Raises: SettingsError when the file cannot be written.
    """
    kept = read(place) | {gateway.url: gateway}
    content = json.dumps([asdict(one) for one in kept.values()], indent=2) + "\n"
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "w") as file:  # noqa: PTH123
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    except OSError as error:
        raise SettingsError(f"{place}: {error.strerror}") from error
