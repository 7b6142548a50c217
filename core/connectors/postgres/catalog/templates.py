"""Trees of masked subselects, learnt once a load: what a spliced text is held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from core.classify.postgres import Model, Tree


@final
class Templates:
    """Trees of one role over one load of the catalogs; another load forgets them."""

    def __init__(self) -> None:
        self._serial = 0
        self._trees: dict[Model, Tree] = {}

    def known(self, serial: int) -> Mapping[Model, Tree]:
        """Give what was learnt over this load."""
        return self._trees if serial == self._serial else {}

    def keep(self, serial: int, learnt: Mapping[Model, Tree]) -> None:
        """Remember what was analysed over this load.

        A tree that was analysed after a change the load does not know makes no text pass that it should not: an equal
        tree is still masked, and the last look fails on its own.
        """
        if serial != self._serial:
            self._serial, self._trees = serial, {}
        self._trees |= learnt
