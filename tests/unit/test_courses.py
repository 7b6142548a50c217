from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

import pytest

from core.execution.courses import Courses
from core.model import Answer, CallId, Failed

CALL = CallId("call_1")
DONE = Failed(call=CALL, code="x", sentence="y")


async def finish(gate: asyncio.Event, seen: list[str]) -> Answer:
    try:
        await gate.wait()
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise
    seen.append("finished")
    return DONE


async def test_a_course_within_the_hold_answers() -> None:
    gate = asyncio.Event()
    gate.set()
    assert await Courses().hold(CALL, finish(gate, [])) is DONE


async def test_past_the_hold_the_course_goes_on() -> None:
    gate, seen, courses = asyncio.Event(), list[str](), Courses(hold=timedelta(milliseconds=1))
    assert await courses.hold(CALL, finish(gate, seen)) is None
    gate.set()
    await courses.drain()
    assert seen == ["finished"]


async def test_a_client_that_goes_away_ends_its_course() -> None:
    seen, courses = list[str](), Courses()
    request = asyncio.create_task(courses.hold(CALL, finish(asyncio.Event(), seen)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert seen == ["cancelled"]


async def test_what_a_course_raises_past_its_hold_is_nobodys_surprise() -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    gate, courses = asyncio.Event(), Courses(hold=timedelta(milliseconds=1))

    async def fail() -> Answer:
        await gate.wait()
        raise RuntimeError

    assert await courses.hold(CALL, fail()) is None
    gate.set()
    await courses.drain()
    gc.collect()
    assert told == []


async def test_a_stopped_course_is_no_answer_and_no_crash() -> None:
    courses = Courses()
    request = asyncio.create_task(courses.hold(CALL, finish(asyncio.Event(), [])))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    courses.stop(CALL)
    assert await request is None
