"""What stands in a submitted modal, read by the block of each input; what is not there is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VALUE: Final = "v"  # action id of every input of ours


def state(values: object, block: str) -> Mapping[str, object]:
    """Find the state of one input."""
    inputs = values.get(block) if isinstance(values, Mapping) else None
    found = inputs.get(VALUE) if isinstance(inputs, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def typed(values: object, block: str) -> str:
    """Read a text input; empty when it holds none."""
    found = state(values, block).get("value")
    return found if isinstance(found, str) else ""


def picked(values: object, block: str) -> str:
    """Read a select; empty when nothing was chosen."""
    option = state(values, block).get("selected_option")
    found = option.get("value") if isinstance(option, Mapping) else None
    return found if isinstance(found, str) else ""
