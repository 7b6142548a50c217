"""The protocol holds in every interleaving of the small designs, wrong ones are caught, and the product agrees."""

from __future__ import annotations

import pytest

from core.execution.slots import project
from tests.model.designs import SMALL, WRONG, design
from tests.model.laws import standing
from tests.model.record import sealed
from tests.model.search import search
from tests.model.world import World, ended, newest, outcome, said

QUICK = [name for name in SMALL if name != "… after a failover"]  # `make model` searches all of them


@pytest.mark.parametrize("name", QUICK)
def test_the_design_holds_in_every_interleaving_and_the_product_reads_each_state_alike(name: str) -> None:
    flow = SMALL[name]
    read: set[frozenset[object]] = set()

    def agrees(world: World) -> None:
        if world.log in read or not world.log:
            return
        read.add(world.log)
        slots, number = project(sealed(world, flow)), newest(world)
        assert slots.state is standing(world, flow)
        assert ("" if slots.ended is None else slots.ended.value) == ended(world)
        assert slots.latest.number == number
        assert slots.follows == (bool(said(world, "outcome", number)) and not outcome(world, number)[1])
        assert slots.latest.owned == said(world, "prepared", number).startswith("xid")
        assert slots.begun == (not flow.ask or said(world, "use", 0) == "claimed")

    result = search(design(flow), seen=agrees)
    assert (result.broken, result.steps) == ("", ())
    assert len(read) > 1


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_design_breaks_its_law(wrong: str) -> None:
    flow, law = WRONG[wrong]
    assert search(design(flow._replace(wrong=wrong), law)).broken == law
