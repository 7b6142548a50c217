"""The demo as an MCP host starts it: nothing approves there, unless a page was asked for on which a person clicks."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from demo.slack.office import DORA, RITA, SAM
from tests.waiting import until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SQL = "UPDATE tickets SET closed_at = now() WHERE id = 31 RETURNING id"
FORM = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@asynccontextmanager
async def started(folder: Path, options: str) -> AsyncIterator[Client]:
    (folder / "tmp").mkdir()
    program = StdioServerParameters(
        command=sys.executable,
        args=["-c", f"from cli.serve.demo import run; run(stdio=True{options})"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")},
    )
    with (folder / "log").open("w") as log:
        async with asyncio.timeout(120), Client(stdio_client(program, errlog=log), mode="auto") as client:
            yield client


class Asked:
    """A change that waits, known by the id that its progress names."""

    def __init__(self, client: Client, sql: str) -> None:
        self.client = client
        self.id: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        arguments = {"source": "shop", "purpose": "to see", "sql": sql}
        self.work = asyncio.create_task(client.call_tool("execute", arguments, progress_callback=self.progress))

    async def progress(self, progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG002 - the SDK's
        found = re.search(r"call_\w+", message or "")
        if found and not self.id.done():
            self.id.set_result(found[0])

    async def pending(self) -> dict[str, Any]:
        result = await self.client.call_tool("collect", {"call": await self.id, "wait_seconds": 0})
        return dict(result.structured_content or {})

    async def answer(self) -> dict[str, Any]:
        return dict((await self.work).structured_content or {})


def forms(html: str, act: str) -> list[tuple[str, dict[str, str], str]]:
    """Forms of one act: where they go, what they carry unseen, what their button says."""
    found = []
    for action, inner in FORM.findall(html):
        if action.endswith(f"/{act}"):
            carried = {unescape(name): unescape(value) for name, value in HIDDEN.findall(inner)}
            found.append((unescape(action), carried, unescape(re.sub("<[^>]*>", " ", inner)).strip()))
    return found


async def test_without_a_page_the_pending_answer_says_that_nothing_approves_here(tmp_path: Path) -> None:
    async with started(tmp_path, "") as client:
        asked = Asked(client, SQL)
        waiting = await asked.pending()
        assert waiting["status"] == "pending_approval"
        assert "Nothing approves here" in waiting["message"]
        assert "no boundary" in waiting["message"]
        withdrawn = await client.call_tool("cancel", {"call": waiting["call"]})
        assert dict(withdrawn.structured_content or {})["code"] == "cancelled"
        assert (await asked.answer())["status"] == "refused"
    assert "Fake Slack" not in (tmp_path / "log").read_text()
    assert list((tmp_path / "tmp").glob("assent-demo-*")) == []


async def test_on_the_page_a_person_approves_denies_and_looks_up_what_an_agent_asked(tmp_path: Path) -> None:
    async with started(tmp_path, ", slack_fake=True") as client:
        await client.list_tools()
        (url,) = re.findall(r"Fake Slack: (http://127\.0\.0\.1:\d+/[\w-]{43}/)", (tmp_path / "log").read_text())
        origin = url[: url.index("/", 8)]
        async with httpx2.AsyncClient(headers={"origin": origin}, timeout=20) as http:

            async def page(user: str) -> str:
                return str((await http.get(url, params={"as": user})).raise_for_status().text)

            async def card(user: str, act: str, says: str) -> list[tuple[str, dict[str, str], str]]:
                return [form for form in forms(await page(user), act) if form[2].startswith(says)]

            asked = Asked(client, SQL)
            waiting = await asked.pending()
            assert "fake Slack page" in waiting["message"]
            assert url not in str(waiting)
            ((where, carried, _),) = await until(lambda: card(RITA, "click", "Approve once"))
            assert SQL in unescape(await page(RITA))
            own = await http.post(f"{origin}{where}", data=carried | {"as": SAM})  # the requester's own click
            assert own.status_code == 303
            assert (await asked.pending())["status"] == "pending_approval"
            done = await http.post(f"{origin}{where}", data=carried)
            assert done.status_code == 303
            answer = await asked.answer()
            assert (answer["status"], answer["rows"]) == ("answered", [[31]]), answer

            async def executed() -> bool:
                return "Executed" in await page(RITA)

            await until(executed)
            gone = await http.post(f"{origin}{where}", data=carried)  # the button of a card that is no more
            assert gone.status_code == 409

            refused = Asked(client, SQL.replace("31", "32"))
            ((where, carried, _),) = await until(lambda: card(DORA, "click", "Deny"))
            await http.post(f"{origin}{where}", data=carried)
            ((where, carried, _),) = await until(lambda: card(DORA, "submit", ""))
            empty = await http.post(f"{origin}{where}", data=carried | {"in.kind": ""})
            assert empty.status_code == 409
            await http.post(f"{origin}{where}", data=carried | {"in.kind": "wrong", "in.note": "the <b>other</b> one"})
            denied = await refused.answer()
            assert denied["reviewer_note"] == "Wrong table or environment. the <b>other</b> one"

            async def noted() -> bool:
                html = await page(RITA)
                assert "<b>other</b>" not in html
                return "&lt;b&gt;other&lt;/b&gt;" in html

            await until(noted)

            await http.post(
                f"{origin}{where.replace('submit', 'type')}", data={"as": RITA, "text": f"/audit call {answer['call']}"}
            )
            told = unescape(await page(RITA))
            assert f"Call {answer['call']}" in told
            assert "Only visible to you" in told
            assert f"Call {answer['call']}" not in await page(SAM)
    assert list((tmp_path / "tmp").glob("assent-demo-*")) == []
