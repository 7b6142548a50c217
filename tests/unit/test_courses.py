from __future__ import annotations

import asyncio
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


@pytest.mark.parametrize(("firm", "end"), [(False, "cancelled"), (True, "finished")])
async def test_a_client_that_goes_away_ends_only_what_may_end(firm: bool, end: str) -> None:
    gate, seen, courses = asyncio.Event(), list[str](), Courses()
    request = asyncio.create_task(courses.hold(CALL, finish(gate, seen)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    if firm:
        courses.firm(CALL)
    request.cancel()
    gate.set() if firm else None
    with pytest.raises(asyncio.CancelledError):
        await request
    await courses.drain()
    assert seen == [end]


async def test_a_stopped_course_is_no_answer_and_no_crash() -> None:
    courses = Courses()
    request = asyncio.create_task(courses.hold(CALL, finish(asyncio.Event(), [])))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    courses.stop(CALL)
    assert await request is None
