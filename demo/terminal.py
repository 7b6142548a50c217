"""The reviewer in the foreground terminal: sees what waits, decides, looks sessions up; only ever a person's keys."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final, final

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from core.execution.turns import Turns
from core.model import MOVES, CallId, Decision, Identity, ReviewId, SessionId, State
from core.ports import Archive, Ballot, Desk, Said, Shown, Story
from core.revealing import line, reveal
from core.reviews.misleading import warnings

HELP: Final = (
    "approve [ID] · deny [ID] WHY… · show [ID] · list · audit sessions · audit session ID · audit call ID · "
    "audit verify · help"
)
SAID: Final[Mapping[Said, str]] = {
    Said.APPROVED: "approved: it runs now, once",
    Said.DENIED: "denied: the agent reads your reason",
    Said.COUNTED: "counted; more people are needed",
    Said.NO_REASON: "a denial needs a reason: deny ID why",
    Said.NOT_ELIGIBLE: "you are in none of the groups it asks, or that seat is filled",
    Said.CLOSED: "it is decided already",
    Said.EXPIRED: "its time is over",
    Said.UNKNOWN: "there is no such review",
}


@final
class Desktop:
    """One person at one terminal."""

    def __init__(
        self,
        *,
        who: Identity,
        desk: Desk,
        archive: Archive,
        verify: Callable[[], Awaitable[Mapping[str, object]]],
        out: Console,
    ) -> None:
        self._who = who
        self._desk = desk
        self._archive = archive
        self._verify = verify
        self._out = out

    async def announce(self, turns: Turns) -> None:
        """Show each Review once as it comes, and say how it ended."""
        open_: set[ReviewId] = set()
        while True:
            turn = turns.turn("reviews")
            for shown in await self._desk.pending(self._who):
                if shown.review.id not in open_:
                    open_.add(shown.review.id)
                    self.card(shown)
            for review in sorted(open_):
                ended = await self._desk.show(self._who, review)
                if ended is None or ended.review.state not in MOVES:
                    open_.discard(review)
                    if ended is not None:
                        self._say(f"{review}: {how(ended)}")
            await turn.wait()

    async def obey(self, line: str) -> None:
        """Do what one typed line says."""
        word, _, rest = line.strip().partition(" ")
        match word.lower():
            case "approve" | "a":
                await self._vote(rest.split(" ", 1)[0], Decision.APPROVE, None)
            case "deny" | "d":
                identifier, _, reason = rest.strip().partition(" ")
                named = identifier.startswith("rev_")
                await self._vote(identifier if named else "", Decision.DENY, reason if named else rest)
            case "show" | "s":
                await self._show(rest)
            case "list" | "l":
                for shown in await self._desk.pending(self._who):
                    self._say(f"{shown.review.id}  {title(shown)}")
            case "audit":
                await self._audit(rest.split())
            case "":
                return
            case _:
                self._say(HELP)

    def card(self, shown: Shown) -> None:
        """Draw a Review."""
        self._out.print(card(shown), soft_wrap=False)

    async def _vote(self, named: str, decision: Decision, reason: str | None) -> None:
        shown = await self._find(named)
        if shown is None:
            self._say("nothing waits" if not named else SAID[Said.UNKNOWN])
            return
        ballot = Ballot(review=shown.review.id, digest=shown.review.digest, decision=decision, reason=reason)
        said = await self._desk.vote(self._who, ballot)
        self._say(f"{shown.review.id}: {SAID.get(said, said.value)}")

    async def _find(self, named: str) -> Shown | None:
        if named:
            return await self._desk.show(self._who, ReviewId(named))
        waiting = await self._desk.pending(self._who)
        return waiting[0] if waiting else None

    async def _show(self, named: str) -> None:
        shown = await self._find(named.strip())
        if shown is None:
            self._say("nothing waits")
            return
        self.card(shown)
        if shown.review.state is not State.PENDING:
            self._say(f"{shown.review.state.value}: {dict(shown.outcome or {})}")

    async def _audit(self, words: list[str]) -> None:
        match words:
            case ["sessions"]:
                for line in await self._archive.sessions(self._who):
                    self._say(f"{line.session}  {line.last_at:%H:%M:%S}  {line.person}  {line.calls} calls")
            case ["session", name]:
                found = await self._archive.session(self._who, SessionId(name))
                for story in found[1] if found else ():
                    self.tell(story)
                if found is None:
                    self._say("no such session")
            case ["call", name]:
                told = await self._archive.call(self._who, CallId(name))
                self.tell(told) if told else self._say("no such call")
            case ["verify"]:
                self._say(str(dict(await self._verify())))
            case _:
                self._say(HELP)

    def tell(self, story: Story) -> None:
        """Print one Call as it happened."""
        line = story.line
        outcome = line.outcome.value if line.outcome else "open"
        self._say(f"{line.call}  {line.at:%H:%M:%S}  {line.person}  {line.tool}: {line.verdict} -> {outcome}")
        for text in filter(None, (story.purpose, story.statement)):
            self._say("\n".join(f"    | {one}" for one in visible(text).split("\n")))
        for entry in story.entries:
            self._say(f"    #{entry.sequence} {entry.body['kind']}")

    def _say(self, text: str) -> None:
        self._out.print(Text(text))


def card(shown: Shown) -> Panel:
    """Draw a Review: what, who, why it stopped, the exact statement, what the agent says; words of others in a box."""
    head = "\n".join((who(shown), *(reason.sentence for reason in shown.facts.reasons)))
    parameters = f"\nparameters: {shown.question.parameters}" if shown.question.parameters else ""
    asked, text = shown.question.statement + parameters, shown.question.text
    foot = Text(f"{shown.review.id} · sha256 {shown.review.digest[:12]} · ", style="dim")
    foot.append(f"until {shown.review.expires_at:%H:%M UTC}")
    body = Group(
        Text(head, overflow="fold"),
        boxed(asked, "statement", style="bold"),
        *(() if text == shown.question.statement else (boxed(text, "what runs, masks put in", style="bold"),)),
        *(Text(said) for said in (*warnings(asked), *counts(shown))),
        boxed(shown.facts.purpose, "the agent says", style="italic"),
        foot,
    )
    choice = "  approve · deny WHY" if shown.eligible else "  not yours to decide"
    return Panel(body, title=Text(title(shown)), subtitle=choice, title_align="left")


def who(shown: Shown) -> str:
    """Say who asks, and where."""
    agent, itself = shown.facts.agent or shown.question.caller.client, shown.facts.calls_itself
    said = f"{agent} for {shown.question.caller.name} · {shown.question.source} as {shown.question.role}"
    return line(said + (f" · calls itself “{itself}”" if itself else ""))


def counts(shown: Shown) -> list[str]:
    """Say how many rows, and what else happens."""
    also = [line(said) for said in shown.facts.also]
    if shown.facts.counted is not None:
        return [f"rows: at most {shown.facts.counted}, counted", *also]
    if shown.facts.estimated is not None:
        return [f"rows: about {shown.facts.estimated}, the planner's estimate", *also]
    return also


def boxed(text: str, name: str, *, style: str) -> Panel:
    """Box words of others: folded lines stay inside, so none of them imitates ours; wrapped, never cropped."""
    return Panel(Text(visible(text), overflow="fold", style=style), title=name, title_align="left", border_style="dim")


def how(shown: Shown) -> str:
    """Say how a Review ended: its state, rows and time as far as they may be shown."""
    outcome = shown.outcome or {}
    rows = "" if shown.facts.protected or "affected" not in outcome else f" · {outcome['affected']} rows changed in all"
    time = f" · {outcome['dur_ms']} ms" if "dur_ms" in outcome else ""
    code = f" · {outcome['code']}" if outcome.get("code") else ""
    return f"{shown.review.state.value}{rows}{time}{code}"


def title(shown: Shown) -> str:
    """Say in one line what is asked."""
    verbs = " and ".join(shown.facts.verbs).upper()
    return line(f"{verbs} {', '.join(shown.facts.things[:3])} · {shown.facts.risk}")


def visible(text: str) -> str:
    """Show what would not show as its code point."""
    return reveal(text.replace("\t", "    ")).text


@asynccontextmanager
async def reading() -> AsyncIterator[asyncio.Queue[str]]:
    """Give lines typed at a terminal; none when standard input is not one: then nobody approves here."""
    lines: asyncio.Queue[str] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    if not sys.stdin.isatty():
        yield lines
        return
    loop.add_reader(sys.stdin, lambda: lines.put_nowait(sys.stdin.readline()))
    try:
        yield lines
    finally:
        loop.remove_reader(sys.stdin)
