"""Durable work that nobody's end cuts: what is half written would be worse than what comes late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def shielded(work: Awaitable[T], *, cut: Callable[[], Awaitable[None]] | None = None) -> T:
    """Finish durable work however often the waiter is cancelled: a half-written end would be worse than a late one.

    `cut` is awaited once when somebody wants it to end, so that it may end sooner.

    Raises: what the work raised; CancelledError, once it is done, when somebody wanted to cut it.
    """
    task, wanted = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            if cut is not None and not wanted:
                await shielded(cut())
            wanted = True
    if wanted and not task.cancelled():
        task.exception()  # seen: recovery ends what this could not
    if wanted:
        raise asyncio.CancelledError
    return task.result()
