"""A toy door: one JSON object a line over a socket, one line back."""

from __future__ import annotations

import asyncio
import json
import secrets
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

from core.assembly.house import Hall
from core.errors import GatewayError
from core.model import Answered, Call, CallId, Door, Failed, Refused, Tool, Waiting

BELL: Final = Door("doorbell")


@asynccontextmanager
async def opened(hall: Hall) -> AsyncIterator[str]:
    server = await asyncio.start_server(partial(ring, hall), "127.0.0.1", 0)
    async with server:
        yield f"doorbell://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def ring(hall: Hall, reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(json.dumps(await answered(hall, json.loads(await reader.readline()))).encode() + b"\n")
    writer.close()


async def answered(hall: Hall, said: dict[str, str]) -> dict[str, object]:
    call = Call(
        id=CallId("call_" + secrets.token_hex(13)),
        door=BELL,
        tool=Tool.QUERY,
        source=said["source"],
        received_at=hall.clock.now(),
        statement=said["statement"],
        purpose=said["purpose"],
        bearer=said["token"],
    )
    try:
        answer = await hall.line.answer(call)
    except GatewayError as error:
        return {"call": call.id, "code": error.code, "sentence": error.public}
    match answer:
        case Answered():
            return {"call": call.id, "rows": answer.masked.rows, "masks": [one.mask for one in answer.masked.columns]}
        case Refused() | Failed():
            return {"call": call.id, "code": answer.code, "sentence": answer.sentence}
        case Waiting():
            return {"call": call.id, "code": "waiting", "sentence": answer.sentence}
