"""What a store is opened with, whichever database it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, final

from core.ports import Clock, Recording
from core.stores.encryption.vault import Keys

NOTHING_LESS: Final[Mapping[str, Recording]] = MappingProxyType({})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every part of a store is made with."""

    keys: Keys
    origin: str
    clock: Clock
    recorded: Mapping[str, Recording] = field(default_factory=dict)  # what less than everything a Source has recorded
    adopt: bool = False  # the operator's word that a log whose signer's state is gone is the right one
