"""Going over to another key, step by step over doubles: what a process may say of what it does not see."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.audit.entry import Malformed
from core.audit.unit import check
from core.custody.rotation import Rotation
from core.errors import NotFound
from core.identity.minted import OVERLAP
from core.ports import Change, KeyState, NamedKey, RetireKey, Rewrapped, Signed, TurnKey, Unit
from tests.doubles import ManualClock, MemoryStore


class Keys:
    """The ports KeyNames and Wraps as another process leaves them."""

    def __init__(self, *, over: bool, left: int, mine: bool = True) -> None:
        self.over, self.left, self.mine = over, left, mine

    async def named(self) -> tuple[NamedKey, ...]:
        return tuple(
            NamedKey(purpose="results", name=state.value, state=state) for state in (KeyState.FORMER, KeyState.CURRENT)
        )

    async def size(self) -> int:
        return 0

    async def signed(self) -> Signed | None:
        return None

    async def turn(self, purpose: str, name: str) -> bool:
        assert (purpose, name) == ("results", "current")
        return self.over

    async def rewrap(self, purpose: str, old: str, new: str, *, after: int) -> Rewrapped:
        del purpose, old, new, after
        if not self.mine:
            raise NotFound("another's")
        return Rewrapped(keys=0, last=0)

    async def wrapped(self) -> Mapping[tuple[str, str], int]:
        return {("results", "former"): self.left}

    async def emptied(self) -> None:
        return None


@pytest.mark.parametrize(
    ("over", "left", "retires"), [(True, 1, True), (False, 0, True), (True, 0, False), (False, 1, False)]
)
async def test_a_former_key_is_not_retired_while_something_is_or_may_come_to_be_wrapped_by_it(
    over: bool, left: int, retires: bool
) -> None:
    store, keys = MemoryStore(ManualClock()), Keys(over=over, left=left, mine=False)
    await Rotation(
        journal=store.journal, names=keys, wraps=keys, clock=ManualClock(), tokens=OVERLAP, retires=retires
    ).sweep()
    assert store.journal.tables.log == []


@pytest.mark.parametrize(
    "change", [TurnKey(purpose="results", old="a", new="b"), RetireKey(purpose="results", name="a")]
)
def test_a_key_turns_beside_its_entry_alone(change: Change) -> None:
    with pytest.raises(Malformed):
        check(Unit(changes=(change,)))
