"""The server's dump -> a tree whose every node and field stands in the field table of that server version."""

from typing import Final

VERSIONS: Final = frozenset({15, 16, 18})


def supported(version: int) -> bool:
    """Whether a server of this `server_version_num` has a field table."""
    return version // 10_000 in VERSIONS
