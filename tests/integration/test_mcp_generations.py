"""Clients of every generation of the protocol, as transcripts: what each says and gets, and whoever leaves."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import anyio
import httpx2
import pytest

from core.model import Tool
from mcp_server.room import HOLD
from tests.integration.door import GOOD, Gateway, answer_of, gateway
from tests.mcp_double import answered

TRANSCRIPTS: Final[list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("generations.toml").read_text("utf-8")
)["transcript"]
NAMES: Final = [f"{one['generation']} {one['habit']}" for one in TRANSCRIPTS]
ACCEPTS: Final = {"content-type": "application/json", "accept": "application/json, text/event-stream"}


def holds(found: object, wanted: object) -> bool:
    """Say whether an answer holds what it must: objects by their members, lists as far as they go."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(name in found and holds(found[name], wanted[name]) for name in wanted)
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) >= len(wanted) and all(map(holds, found, wanted))
    return found == wanted


async def said(made: Gateway, transcript: Mapping[str, Any], step: Mapping[str, Any]) -> httpx2.Response:
    call = made.line.calls[-1].id if made.line.calls else ""
    content = step["send"].replace("$CALL", next(reversed(made.line.states), call))
    headers = {**ACCEPTS, **GOOD, **transcript["says"], **step.get("says", {})}
    return await made.http.post(made.url, content=content.encode(), headers=headers)


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=NAMES)
async def test_a_client_of_each_generation_is_answered_as_it_can_read(transcript: Mapping[str, Any]) -> None:
    async with gateway(hold=timedelta(milliseconds=100)) as made:
        for step in transcript["steps"]:
            made.line.answers = made.line.asks if '"execute"' in step["send"] else None
            reply = await said(made, transcript, step)
            assert reply.status_code == step["status"], (step["send"], reply.text)
            if "holds" in step:
                waited = next(reversed(made.line.states), "")
                assert holds(answer_of(reply), json.loads(step["holds"].replace("$CALL", waited))), reply.text
            frames = reply.text.count('"notifications/progress"')
            assert frames >= step.get("progress", 0) if step.get("progress") else frames == 0


def executing(transcript: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(step for step in transcript["steps"] if '"execute"' in step["send"])


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=NAMES)
async def test_whoever_leaves_while_people_decide_loses_nothing_and_may_ask_again(
    transcript: Mapping[str, Any],
) -> None:
    async with gateway(hold=HOLD) as made:
        made.line.answers = made.line.asks
        async with anyio.create_task_group() as group:
            group.start_soon(said, made, transcript, executing(transcript))
            await made.line.asked.wait()
            group.cancel_scope.cancel()
        (left,) = made.line.calls
        made.line.answers = None
        assert (await said(made, transcript, executing(transcript))).status_code == 200
        made.line.decide(left.id, answered(left.id))
        assert [left.tool, made.line.calls[1].tool] == [Tool.EXECUTE, Tool.EXECUTE]


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=NAMES)
async def test_whoever_leaves_ends_the_statement_that_runs_for_them_alone(transcript: Mapping[str, Any]) -> None:
    async with gateway() as made:
        made.line.answers = made.line.runs
        async with anyio.create_task_group() as group:
            group.start_soon(said, made, transcript, executing(transcript))
            await made.line.asked.wait()
            group.cancel_scope.cancel()
        with anyio.fail_after(5):
            await made.line.ended.wait()
