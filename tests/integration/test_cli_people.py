"""`assent review` and `assent audit` against the people's own HTTP door, over a real socket."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import final

import pytest
from typer.testing import Result

from cli.people.voting import tell
from console.app import build
from core.errors import NotFound
from core.model import Decision, Identity, Json, PayloadId
from core.ports import Exported, Finding, Glass, Opening, Role, Said
from core.reviews.misleading import COMMENTED
from mcp_server.bounds import Drain
from mcp_server.listen import Address, bound, listening
from tests.commands import PROGRAM, ROOT, answer, assent
from tests.identities import DOOR, Network, trust, verifier
from tests.integration.test_console import (
    CALL,
    CLOCK,
    DIGEST,
    MINT,
    RESULT,
    REVIEW_ID,
    SESSION,
    TICKET,
    ArchiveDouble,
    DeskDouble,
    gate,
    rita,
)


@final
@dataclass(kw_only=True)
class Side:
    """The people's side, listening, and a person at a command line."""

    url: str
    desk: DeskDouble
    archive: ArchiveDouble
    report: dict[str, Json]
    taken: list[str]  # tickets that the gateway was shown

    async def assent(self, *arguments: object, token: str | None = None) -> Result:
        environ = {"ASSENT_TOKEN": token or rita()}
        return await asyncio.to_thread(assent, *arguments, "--url", self.url, environ=environ)


class ExportsDouble:
    """A log of five Entries, given in twos."""

    async def stretch(self, who: Identity, start: int, *, cef: bool = False) -> Exported | None:
        assert who.person.id == "rita"
        numbers = range(start, min(start + 2, 5))
        words = "cef" if cef else "event"
        return Exported(lines=tuple(f"{words} {n}" for n in numbers), next=start + 2 if start + 2 < 5 else None)


@pytest.fixture
async def side() -> AsyncIterator[Side]:
    desk, archive, report = DeskDouble(), ArchiveDouble(), dict[str, Json](result="ok", entries=9, findings=[])

    async def verify() -> Mapping[str, Json]:
        return report

    tickets: list[str] = []

    async def redeem(ticket: str) -> Opening:
        tickets.append(ticket)
        if tickets != [TICKET]:
            raise NotFound(ticket)
        return Opening(id=PayloadId("pay_1"), role=Role.RESULT, content=RESULT, key=b"")

    taken, gateway = bound(Address()), bound(Address())
    host = f"127.0.0.1:{taken.getsockname()[1]}"
    door = verifier(Network(MINT), CLOCK, trust(MINT))
    app = build(
        desk=desk,
        brakes=desk,
        archive=archive,
        verifier=door,
        verify=verify,
        hosts=frozenset({host}),
        exports=ExportsDouble(),
        results=f"http://127.0.0.1:{gateway.getsockname()[1]}/results",
    )
    async with (
        listening(gate(redeem), gateway, address=Address(), drain=Drain()),
        listening(app, taken, address=Address(), drain=Drain()),
    ):
        yield Side(url=f"http://{host}", desk=desk, archive=archive, report=report, taken=tickets)


async def test_what_waits_is_listed_and_shown_whole(side: Side) -> None:
    listed = await side.assent("review", "list")
    assert (listed.exit_code, "rev_one" in listed.stdout, "update public.customers" in listed.stdout) == (0, True, True)
    shown = await side.assent("review", "show", REVIEW_ID)
    assert f"digest {DIGEST}" in shown.stdout
    assert "  | SELECT '⟨U+202E⟩<script>alert(1)</script>⟨U+200B⟩' -- ⟨U+0000⟩" in shown.stdout
    assert COMMENTED in shown.stdout
    assert "invisible characters, shown as" in shown.stdout
    assert "masked: public.customers.ssn (hide)" in shown.stdout
    assert "rows: at most 7, counted · at most 10 may change" in shown.stdout
    assert answer(await side.assent("review", "list", "--json"))["reviews"][0]["id"] == REVIEW_ID
    assert answer(await side.assent("review", "show", REVIEW_ID, "--json"))["digest"] == DIGEST


@pytest.mark.parametrize(
    ("state", "last"),
    [
        ("pending", "digest ab · until 2026-01-01 12:00:07 UTC · not yours to decide"),
        ("approved", "digest ab · to be used by 2026-01-02 00:00:00 UTC"),
        ("executed", "digest ab"),
        ("denied", "digest ab"),
    ],
)
def test_only_what_waits_has_a_term(state: str, last: str, capsys: pytest.CaptureFixture[str]) -> None:
    terms = {"expires_at": "2026-01-01T13:00:07.123456+01:00", "use_by": "2026-01-02T00:00:00Z", "eligible": False}
    over = {"outcome": {"outcome": "committed", "affected": 736}} if state == "executed" else {}
    tell({"id": "rev_one", "state": state, "digest": "ab", **terms, **over})
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == last
    assert ("outcome: committed · affected 736" in said) is (state == "executed")


async def test_an_approval_says_what_was_seen(side: Side) -> None:
    result = await side.assent("review", "approve", REVIEW_ID, "--digest", DIGEST, "--rows", 5)
    assert result.exit_code == 0
    ((who, ballot),) = side.desk.ballots
    assert (who.person.id, ballot.decision, ballot.digest, ballot.affected_rows) == (
        "rita",
        Decision.APPROVE,
        DIGEST,
        5,
    )


@pytest.mark.parametrize(("typed", "code", "votes"), [(b"y\n", 0, [DIGEST]), (b"n\n", 1, []), (b"\n", 1, [])])
async def test_at_a_terminal_what_is_shown_is_what_is_approved(
    side: Side, typed: bytes, code: int, votes: list[str]
) -> None:
    ours, theirs = pty.openpty()
    try:
        command = (*PROGRAM, "review", "approve", REVIEW_ID, "--url", side.url)
        running = await asyncio.create_subprocess_exec(
            *command,
            stdin=theirs,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "ASSENT_TOKEN": rita()},
        )
        os.write(ours, typed)
        async with asyncio.timeout(60):
            out, err = await running.communicate()
    finally:
        os.close(ours)
        os.close(theirs)
    assert running.returncode == code, err
    assert f"digest {DIGEST}".encode() in out
    assert b"Approve exactly this, once?" in err
    assert [ballot.digest for _, ballot in side.desk.ballots] == votes


async def test_a_denial_takes_its_reason_along(side: Side) -> None:
    result = await side.assent("review", "deny", REVIEW_ID, "--reason", "name the rows", "--json")
    assert answer(result)["said"] == "approved"  # what the double was told to say
    ((_, ballot),) = side.desk.ballots
    assert (ballot.decision, ballot.reason, ballot.digest) == (Decision.DENY, "name the rows", DIGEST)


async def test_a_reviewer_takes_back_and_blocks_what_they_see_or_name(side: Side) -> None:
    side.desk.word = Said.REVOKED
    assert (await side.assent("review", "revoke", REVIEW_ID)).stdout == "Revoked: it will not run.\n"
    side.desk.word = Said.BLOCKED
    assert (await side.assent("review", "block", REVIEW_ID, "--digest", DIGEST)).exit_code == 0
    assert side.desk.brakes == [("revoke", "rita", DIGEST), ("block", "rita", DIGEST)]


async def test_an_answer_given_alone_says_what_for_and_what_was_seen(side: Side) -> None:
    emergency = ("--ticket", "INC-7", "--reason", "the shop is down")
    result = await side.assent("review", "break", REVIEW_ID, *emergency, "--digest", DIGEST)
    assert result.exit_code == 0
    ((_, ballot),) = side.desk.ballots
    assert (ballot.decision, ballot.digest, ballot.ticket, ballot.reason) == (
        Decision.APPROVE, DIGEST, "INC-7", "the shop is down",
    )  # fmt: skip
    unseen = await side.assent("review", "break", REVIEW_ID, *emergency)  # no terminal, so nothing was shown
    assert (unseen.exit_code != 0, "--digest" in unseen.stderr, len(side.desk.ballots)) == (True, True, 1)


async def test_what_was_answered_alone_is_listed_and_looked_at(side: Side) -> None:
    given = Glass(by="otto", why="INC-7\nthe shop is down", due=CLOCK.now(), overdue=True, closes=True)
    side.desk.shown = replace(side.desk.shown, glass=given)
    listed = (await side.assent("review", "broken")).stdout
    assert all(word in listed for word in ("rev_one", "otto", "INC-7", "overdue"))
    looked = ("review", "look", REVIEW_ID, "--finding", "unjustified", "--note", "the DBA was there")
    assert (await side.assent(*looked)).exit_code == 0
    ((_, said),) = side.desk.closed
    assert (said.finding, said.note, said.digest) == (Finding.UNJUSTIFIED, "the DBA was there", DIGEST)
    wrong = await side.assent("review", "look", REVIEW_ID, "--finding", "fine", "--note", "x")
    assert (wrong.exit_code != 0, len(side.desk.closed)) == (True, 1)


@pytest.mark.parametrize("word", [Said.SELF, Said.NOT_ELIGIBLE, Said.MISMATCH, Said.CLOSED, Said.EXPIRED])
async def test_a_refused_vote_is_one_sentence_and_exit_code_one(side: Side, word: Said) -> None:
    side.desk.word = word
    result = await side.assent("review", "approve", REVIEW_ID, "--digest", DIGEST)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)


async def test_a_vote_that_could_not_be_recorded_is_no_vote(side: Side) -> None:
    side.desk.fails = True
    result = await side.assent("review", "approve", REVIEW_ID, "--digest", DIGEST)
    assert (result.exit_code, "secret" in result.output) == (4, False)


@pytest.mark.parametrize("name", ["rev_two", "../audit/sessions", "rev_one/votes", "", "x?y=1", "%2e%2e"])
async def test_an_id_that_names_nothing_is_not_found(side: Side, name: str) -> None:
    result = await side.assent("review", "show", name)
    assert result.exit_code in {1, 4}
    assert DIGEST not in result.stdout


async def test_an_agents_token_opens_nothing(side: Side) -> None:
    token = rita(audience=DOOR)
    result = await side.assent("review", "approve", REVIEW_ID, "--digest", DIGEST, token=token)
    assert (result.exit_code, side.desk.ballots) == (1, [])
    assert token not in result.output


async def test_an_auditor_looks_sessions_and_calls_up(side: Side) -> None:
    sessions = await side.assent("audit", "sessions")
    assert "older: assent audit sessions --before 2026-05-01T12:00:00Z" in sessions.stdout
    older = await side.assent("audit", "sessions", "--before", "2026-05-01T12:00:00Z", "--json")
    assert len(answer(older)["sessions"]) == 1
    session, call = await side.assent("audit", "session", SESSION), await side.assent("audit", "call", CALL)
    assert call.stdout in session.stdout
    assert not re.search(r"\d\.\d{3,6}(?:Z|\+)|T\d\d:", session.stdout + call.stdout)  # people read seconds
    assert "allow, delivered" in call.stdout
    assert "#9 call.intent ff" in call.stdout
    assert answer(await side.assent("audit", "call", CALL, "--json"))["statement"].startswith("SELECT")


async def test_the_gateways_own_verification_fails_closed(side: Side) -> None:
    assert answer(await side.assent("audit", "verify", "--json"))["entries"] == 9
    side.report["result"] = "findings"
    assert (await side.assent("audit", "verify")).exit_code == 1
    side.report.pop("result")
    assert (await side.assent("audit", "verify", "--json")).exit_code == 1


async def test_nobody_listening_is_one_sentence(side: Side) -> None:
    result = await asyncio.to_thread(
        assent, "review", "list", "--url", "http://127.0.0.1:9", environ={"ASSENT_TOKEN": rita()}
    )
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1)
    assert "is assent serve running?" in result.stderr


async def test_health_asks_the_agents_door(side: Side) -> None:
    result = await asyncio.to_thread(assent, "health", "--url", side.url, "--json")
    assert (result.exit_code, json.loads(result.stdout)["ready"]) == (1, False)  # the people's side has no /readyz
    assert (await asyncio.to_thread(assent, "health", "--url", "http://127.0.0.1:9")).exit_code == 4


async def test_calls_are_found_by_what_they_asked(side: Side) -> None:
    options = ("--table", "orders", "--rows", "5", "--person", "ann@acme.example")
    found = await side.assent("audit", "find", "orders", "id*", *options)
    ((wanted, person, _),) = side.archive.wanted
    assert (wanted.words, wanted.table, wanted.rows, person) == ("orders id*", "orders", 5, "ann@acme.example")
    assert CALL in found.stdout
    assert "looked back to 2026-05-01T12:00:00Z; older: the same with --after 5.7" in found.stdout
    assert answer(await side.assent("audit", "find", "--after", "5.7", "--json"))["next"] == "5.7"
    assert (await side.assent("audit", "find", "--outcome", "done")).exit_code == 1
    refused = await side.assent("audit", "find", "--verdict", "refused")
    assert (refused.exit_code, "verdict is one of allow, ask, refuse" in refused.stderr) == (1, True)
    assert (await side.assent("audit", "find", "--since", "24h", "--until", "2026-05-01")).exit_code == 0
    ((wanted, _, _),) = side.archive.wanted[-1:]
    assert wanted.until == datetime(2026, 5, 1, tzinfo=UTC)
    assert wanted.since is not None
    assert timedelta(hours=24) <= datetime.now(UTC) - wanted.since < timedelta(hours=25)


async def test_the_log_is_written_stretch_by_stretch(side: Side, tmp_path: Path) -> None:
    plain = await side.assent("audit", "export", "--from", "3")
    assert plain.stdout.splitlines() == ["event 3", "event 4"]
    written = await side.assent("audit", "export", "--cef", "--out", tmp_path / "log")
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", f"{tmp_path / 'log'}: 5 Entries\n")
    assert (tmp_path / "log").read_text() == "".join(f"cef {n}\n" for n in range(5))
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
    assert (await side.assent("audit", "export", "--out", tmp_path / "log")).exit_code == 4


async def test_a_session_is_replayed_with_its_pauses_and_results_and_nothing_is_cut_silently(
    side: Side, tmp_path: Path
) -> None:
    told = (await side.assent("audit", "replay", SESSION)).stdout
    assert side.taken == [TICKET]
    again = answer(await side.assent("audit", "replay", SESSION, "--json"))
    assert [one["withheld"] for one in again["calls"]] == ["its key is gone or not held there", "its key is gone"]
    assert TICKET not in str(again)
    side.taken.clear()
    assert "… 2:00:00 of silence …" in told
    assert "result: a<b>, email (token)" in told
    assert "and 5 more rows: --html or --json has all" in told
    assert "the agent was given no more: cut by rows" in told
    assert "result not shown: its key is gone" in told
    assert "\u202e" not in told
    assert all(line.startswith("  | ") for line in told.splitlines() if "script" in line)
    page = tmp_path / "page.html"
    assert "written to" in (await side.assent("audit", "replay", SESSION, "--html", page)).stdout
    text = page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o777 == 0o600
    assert text.count("<tr>") == 26
    assert "<script" not in text
    assert "\u202e" not in text
    assert "default-src 'none'" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "2:00:00 of silence" in text
    assert (await side.assent("audit", "replay", SESSION, "--html", page)).exit_code == 4
    assert (await side.assent("audit", "replay", "ses_none")).exit_code == 1
