"""Files that the settings stand in, opened only when nobody else may read or write them."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from core.errors import SettingsError

LARGEST: Final = 4 * 2**20  # bytes of a configuration: 5,000 rules take less than 2 MiB
LARGEST_SECRET: Final = 64 * 2**10
PLACED: Final = re.compile(r"\(('[^()]*'),?\)")  # how `tomllib` writes a key of several parts: ('source', 'shop')
OTHERS_WRITE: Final = 0o022
OTHERS: Final = 0o007
GROUP: Final = 0o070
GROUP_READS: Final = 0o040


def configuration(path: Path) -> str:
    """Read the configuration as UTF-8.

    Raises: ValueError when anyone but its owner or root may write it, when it is too large or no text; OSError.
    """
    octets = _read(path, _writable, LARGEST)
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        raise ValueError("the file is not UTF-8 text") from error


def toml(path: Path, text: str) -> Mapping[str, object]:
    """Read a text as TOML 1.0.

    Raises: SettingsError with the place of the mistake.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = PLACED.sub(lambda key: key[1].replace("', '", ".").strip("'"), str(error))
        raise SettingsError(f"{path}: {said}") from error
    except (RecursionError, ValueError) as error:
        raise SettingsError(f"{path}: nested too deeply, or a number too long") from error


def secret(path: Path) -> bytes:
    """Read a secret without the line break at its end.

    Raises: ValueError when others may read it, or its group may, unless it is root's and mounted for a group of this
    process (as Kubernetes does); OSError.
    """
    return _read(path, _readable, LARGEST_SECRET).removesuffix(b"\n").removesuffix(b"\r")


def private(path: Path) -> str:
    """Say what is wrong with the mode of a store's file that exists; "" when nothing is."""
    try:
        return _readable(path.stat())
    except FileNotFoundError:
        return ""


def _read(path: Path, wrong: Callable[[os.stat_result], str], most: int) -> bytes:
    # The file that is checked is the file that is read: by descriptor, and never waiting on a pipe.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is no regular file")
        if trouble := wrong(status):
            raise ValueError(trouble)
        octets = stream.read(most + 1)
    if len(octets) > most:
        raise ValueError(f"it is larger than {most} bytes")
    return octets


def _writable(status: os.stat_result) -> str:
    if status.st_uid not in {0, os.geteuid()}:
        return "it belongs to another user; chown it to the user who runs this, or to root"
    if status.st_mode & OTHERS_WRITE:
        return "others than its owner may write it; chmod go-w"
    return ""


def _readable(status: os.stat_result) -> str:
    if status.st_uid not in {0, os.geteuid()}:
        return "it belongs to another user; chown it to the user who runs this, or to root"
    if status.st_mode & OTHERS:
        return "others may read it; chmod 600"
    if status.st_mode & GROUP and not _mounted(status):
        return "its group may read it; chmod 600"
    return ""


def _mounted(status: os.stat_result) -> bool:
    """Root's file that only a group of this process may read: a mounted secret."""
    ours = {os.getegid(), *os.getgroups()}
    return status.st_uid == 0 and status.st_gid in ours and status.st_mode & GROUP == GROUP_READS
