"""Clicks on the local Slack platform: the whole path to a durable, journalled decision, its answer and its card.

The real Bolt app, Desk and SQLite store (`synchronous = FULL`) in one process with the platform, which so takes its own
share of the same core. Questions are invented; nothing is run.
"""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, final

from bench.facts import facts
from bench.measure import percentile
from bench.workspace import DBA, VOTER, Scene, scene
from core.model import Identity, State
from core.ports import Ballot, Said
from demo.slack.pings import pings
from demo.slack.world import Posted, read
from slackbot import invented
from slackbot.views import cards

BURST: Final = 60
VOTES: Final = 200
HOSTILE: Final = (
    *("<!channel>", "<@U0DBA>", "<!here|x>", "```", "*", "`", "@here "),
    *("\n" * 61, "\u202e", "&lt;!channel&gt;"),
)
DATE: Final = re.compile(r"<!date[^>]*>")  # Slack draws one word
WORDS: Final = 60  # of the card, beside the statement


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one run saw; times in seconds."""

    acks: dict[str, Sequence[float]]  # transport -> click to acknowledgement, one after the other
    redrawn: Sequence[float]  # click to card, one after the other
    rate: float  # clicks a second that decide, sixteen at a time
    votes: float  # Votes a second that decide, sixteen at a time, without Slack
    cpu: float  # of the process for one of them, platform and redraw included
    burst: float  # 60 decisions at once, until the last card is redrawn under the platform's limits
    decided: int  # of 200 Votes at once on one Review
    words: int
    pinged: int
    fuzzed: int


async def seen(say: Callable[[str], None], *, clicks: int = 200, fuzzed: int = 10_000) -> Seen:
    """Measure everything, one thing after the other."""
    acks: dict[str, Sequence[float]] = {}
    with tempfile.TemporaryDirectory(prefix="assent-bench-") as folder:
        for transport in ("socket", "http"):
            say(f"{clicks} clicks, one after the other: {transport}")
            async with scene(Path(folder), transport) as on:
                acks[transport] = await on.timed(await on.asked(clicks))
        async with scene(Path(folder), "all") as on:
            say("clicks until the card says so")
            redrawn = [await on.redrawn(card) for card in await on.asked(clicks)]
            say("clicks sixteen at a time")
            rate, cpu = await pressed(on, await on.asked(clicks), 16)
            say("Votes sixteen at a time")
            votes = await voted(on, await on.reviews(clicks), 16)
            say(f"{BURST} at once, under the platform's limits")
            burst = await burst_of(on, await on.asked(BURST))
            say(f"{VOTES} Votes at once on one Review")
            decided = await raced(on)
    say(f"{fuzzed} cards of hostile words")
    return Seen(
        acks=acks,
        redrawn=redrawn,
        rate=rate,
        votes=votes,
        cpu=cpu,
        burst=burst,
        decided=decided,
        words=spoken(),
        pinged=sum(len(hostile(random.Random(number))) for number in range(fuzzed)),
        fuzzed=fuzzed,
    )


async def pressed(on: Scene, asked: Sequence[Posted], at_once: int) -> tuple[float, float]:
    """Click so many at a time; decisions a second, and the CPU of one."""
    on.slack.api.limits.on = False
    turns = asyncio.Semaphore(at_once)

    async def one(card: Posted) -> None:
        async with turns:
            await on.slack.click(DBA, card, cards.APPROVE)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(card) for card in asked))
    took = time.perf_counter() - began
    await on.slack.world.until(lambda: all(len(card.versions) > 1 for card in asked))
    return len(asked) / took, (time.process_time() - cpu) / len(asked)


async def voted(on: Scene, asked: Sequence[Ballot], at_once: int) -> float:
    """Cast Votes at the Desk so many at a time; decisions a second."""
    turns, who = asyncio.Semaphore(at_once), Identity(person=VOTER, name="dba", email=None, via="bench")

    async def one(ballot: Ballot) -> Said:
        async with turns:
            return await on.desk.vote(who, ballot)

    began = time.perf_counter()
    said = await asyncio.gather(*(one(ballot) for ballot in asked))
    if set(said) != {Said.APPROVED}:
        raise LookupError(f"Votes that did not decide: {set(said)}")
    return len(asked) / (time.perf_counter() - began)


async def burst_of(on: Scene, asked: Sequence[Posted]) -> float:
    """Click all at once; seconds until the last card says so."""
    on.slack.api.limits.on = True
    began = time.perf_counter()
    clicked = [asyncio.create_task(on.slack.click(DBA, card, cards.APPROVE)) for card in asked]
    await on.slack.world.until(lambda: all(len(card.versions) > 1 for card in asked))
    took = time.perf_counter() - began
    await asyncio.gather(*clicked)
    return took


async def raced(on: Scene) -> int:
    """Cast 200 Votes on one Review by as many who may; how many decided it."""
    (ballot,) = await on.reviews(1)
    voters = [Identity(person=VOTER, name="dba", email=None, via=f"bench:{number}") for number in range(VOTES)]
    said = await asyncio.gather(*(on.desk.vote(who, ballot) for who in voters))
    return said.count(Said.APPROVED)


def spoken() -> int:
    """Count the words beside the statement of an ordinary card: nothing else runs, nobody denied it before."""
    asked = invented.Invented().asked()
    made = cards.card(replace(asked, facts=replace(asked.facts, also=(), denied=0)))
    blocks = [one for one in made.blocks if str(one.get("block_id", ""))[:2] not in {"s.", "p."}]
    return len(DATE.sub("12:15", " ".join(read(blocks))).split())


def hostile(chance: random.Random) -> list[str]:
    """Draw a card of hostile words; whom it would ping."""
    words = "".join(chance.choice(HOSTILE) + chance.choice(("", "x", " ", chance.randbytes(4).hex())) for _ in range(6))
    made = invented.Invented().asked(statement=f"{invented.STATEMENT} {words}", state=chance.choice(list(State)))
    facts = replace(made.facts, purpose=words, things=(words,), agent=words)
    question = replace(made.question, source=words, role=words, caller=replace(made.question.caller, email=words))
    card = cards.card(replace(made, facts=facts, question=question, note=words))
    return pings(card.text, card.blocks)


def told(run: Seen) -> str:
    """Lay it out beside what is asked."""
    rows = [(f"click to acknowledgement, {way}, p50 / p99 ms", both(took), "– / 25") for way, took in run.acks.items()]
    rows += [
        ("click to redrawn card, p50 / p99 ms", both(run.redrawn), "10 / 50"),
        (f"burst of {BURST}, all cards redrawn, s", f"{run.burst:.2f}", "2"),
        ("durable, journalled decisions a second, one process", f"{run.votes:,.0f}", "200"),
        ("clicks a second that decide, platform and redraws in the same process", f"{run.rate:,.0f}", "–"),
        ("CPU of one, platform and redraw included, ms", f"{run.cpu * 1000:.1f}", "–"),
        (f"decisions of {VOTES} Votes at once on one Review", str(run.decided), "1"),
        ("words of a card beside its statement", str(run.words), str(WORDS)),
        (f"pings of {run.fuzzed:,} cards of hostile words", str(run.pinged), "0"),
    ]
    head = ["| what | seen | goal |", "|---|---:|---:|"]
    return "\n".join([*head, *(f"| {what} | {found} | {goal} |" for what, found, goal in rows)])


def both(took: Sequence[float]) -> str:
    """Write median and 99th percentile in milliseconds."""
    return f"{percentile(took, 0.5) * 1000:.1f} / {percentile(took, 0.99) * 1000:.1f}"


async def shown(say: Callable[[str], None], *, short: bool) -> str:
    """Measure, and word it with the machine it was seen on."""
    before = facts(Path(tempfile.gettempdir()))
    run = await seen(say, clicks=60 if short else 400, fuzzed=1_000 if short else 10_000)
    loaded = before.until(Path(tempfile.gettempdir())).load
    return f"{told(run)}\n\n{before.date}, {before.cores} cores, load average {loaded[0]:.1f} to {loaded[1]:.1f}"
