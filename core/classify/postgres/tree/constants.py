"""Constants of a dump, behind a door that writes down who looks: what is remembered of a statement hangs on none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final


@final
@dataclass(slots=True)
class Looks:
    """Whether anybody looked at a constant of one dump."""

    taken: bool = False


@final
class Constant:
    """A constant's octets, shown only to whoever is then known to have looked."""

    __slots__ = ("_looks", "_octets")

    def __init__(self, octets: tuple[str, ...], looks: Looks) -> None:
        self._octets: Final = octets
        self._looks: Final = looks

    def octets(self) -> tuple[int, ...]:
        """Read the octets, each from -128 to 127 as printed; none of an absent one."""
        self._looks.taken = True
        return tuple(map(int, self._octets))

    def __eq__(self, other: object) -> bool:
        """Compare octets: that is a look at both."""
        return isinstance(other, Constant) and self.octets() == other.octets()

    def __hash__(self) -> int:
        """Hash the octets: a look."""
        return hash(self.octets())
