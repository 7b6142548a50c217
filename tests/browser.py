"""A real browser for tests: Debian's Chromium, driven by Playwright; `make node` installs the driver, `.ci/run` both.

`browser` in `tests/conftest.py` gives one per module. A test opens a `tab` of it: cookies of its own, and whatever the
page complains about (a script's error, something that the content policy stopped, an answer of 4xx) fails the test
at the end of the block, but for what the test says it expects.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import pytest

from tests.node import NAMED

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page

FLAGS: Final = (  # nothing leaves this machine; the sandbox wants a user that is not root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def place() -> str | None:
    """Where Chromium is, or None."""
    return shutil.which("chromium")


def ready() -> bool:
    """Whether Chromium and its driver are there."""
    return place() is not None and importlib.util.find_spec("playwright") is not None


def wanted() -> None:
    """Skip a test that wants a browser where nobody installed one.

    Raises: pytest.skip.Exception.
    """
    if not ready() and NAMED not in os.environ:
        pytest.skip("Chromium or its driver is missing: apt install chromium, make node")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run one, without a window; skipped where there is none."""
    wanted()
    from playwright.async_api import async_playwright

    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=place(), args=flags)
        try:
            yield running
        finally:
            await running.close()


@asynccontextmanager
async def tab(
    browser: Browser, *, headers: Mapping[str, str] | None = None, expected: tuple[str, ...] = ()
) -> AsyncIterator[Page]:
    """Open a tab with cookies of its own; every request carries `headers`, `expected` are parts of its complaints."""
    complaints: list[str] = []
    context: BrowserContext = await browser.new_context(extra_http_headers=dict(headers or {}))
    context.set_default_timeout(10_000)
    page = await context.new_page()
    page.on("console", lambda said: _hear(said, complaints))
    page.on("pageerror", lambda error: _fail(error, complaints))
    try:
        yield page
    finally:
        await context.close()
    foreign = [one for one in complaints if not any(part in one for part in expected)]
    assert not foreign, foreign


def _hear(said: ConsoleMessage, complaints: list[str]) -> None:
    if said.type in {"error", "warning"}:
        complaints.append(said.text)


def _fail(error: Error, complaints: list[str]) -> None:
    complaints.append(error.message)
