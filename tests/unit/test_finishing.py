"""Large text is looked at beside the event loop: nobody waits for another's result, and who waits may be cancelled."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from core.errors import GatewayError
from core.execution.finishing import AT_ONCE, LARGE, Finishing, large
from core.model import Cell, Dialect, Masked, Pair, Reading, ResultColumn, Rows, Thing, Verb

READING = Reading(
    dialect=Dialect.POSTGRES,
    statement="s",
    text="s",
    pairs=frozenset({Pair(thing=Thing(kind="table", name="t"), verb=Verb.READ)}),
)
BIG: Cell = "x" * (LARGE + 1)


class Slow:
    """A Masker that goes on when it is let go, and says where it ran."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.began = 0
        self.threads: list[str] = []

    def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
        del reading, source
        self.threads.append(threading.current_thread().name)
        self.began += 1
        if large(rows):
            assert self.go.wait(10)
        return Masked(columns=(), rows=rows.rows, cut=None)


def rows(cell: Cell) -> Rows:
    return Rows(columns=(ResultColumn(name="a", type="text"),), rows=((cell,),), cut=None, elapsed=timedelta())


async def until(met: object) -> None:
    for _ in range(1000):
        if callable(met) and met():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("not met")


async def test_large_text_keeps_nobody_waiting_and_each_gets_its_own_rows() -> None:
    masker = Slow()
    finishing = Finishing(masker)
    slow = asyncio.ensure_future(finishing.finish(rows(BIG), READING, "shop"))
    await until(lambda: masker.began == 1)
    quick = await finishing.finish(rows("short"), READING, "shop")  # while the large one is still looked at
    assert quick.rows == (("short",),)
    assert not slow.done()
    masker.go.set()
    assert (await slow).rows == ((BIG,),)
    assert [name.startswith("assent-net") for name in masker.threads] == [True, False]


async def test_a_cancelled_wait_ends_at_once_and_frees_no_more_threads_than_there_are() -> None:
    masker = Slow()
    finishing = Finishing(masker)
    waits = [asyncio.ensure_future(finishing.finish(rows(BIG), READING, "shop")) for _ in range(AT_ONCE + 5)]
    await until(lambda: masker.began == AT_ONCE)
    for wait in waits:
        wait.cancel()
    assert all(isinstance(one, asyncio.CancelledError) for one in await asyncio.gather(*waits, return_exceptions=True))
    later = asyncio.ensure_future(finishing.finish(rows(BIG), READING, "shop"))
    assert masker.began == AT_ONCE  # those that were cancelled in the queue never begin
    masker.go.set()
    assert (await later).rows == ((BIG,),)
    assert masker.began == AT_ONCE + 1


async def test_what_the_net_refuses_is_refused_from_the_thread_as_well() -> None:
    class Refusing:
        def finish(self, rows: Rows, reading: Reading, source: str) -> Masked:
            raise GatewayError(f"not witnessed: {len(rows.rows)} rows of {source}, {reading.witnessed}")

    with pytest.raises(GatewayError):
        await Finishing(Refusing()).finish(rows(BIG), READING, "shop")


def test_text_in_lists_counts() -> None:
    assert large(rows(("x" * LARGE, ("y",))))
    assert not large(rows(("x" * LARGE, 7, None, True)))
