"""Trials without dice: each brings processes to one moment, ends or overtakes one there, and looks what came of it.

What a crowd meets by luck in a long run, and what each wrong design of it shows, is met here in every run.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeAlias

from core.model import Decision
from core.ports import Ballot, Finding, Hindsight, Said
from tests.torture import wrong
from tests.torture.crowd import held
from tests.torture.harness import Child, Work
from tests.torture.places import Place
from tests.torture.room import Room, Stand, room
from tests.torture.screens import at_once
from tests.torture.terms import BREAKERS, CAPS, NIGHT, VOTERS
from tests.torture.wrong_acts import DESIGNS

BOUND: Final = 120.0  # seconds for one process
DIES: Final = "dies_"  # what a script's name begins with whose process does not survive it
MEETS: Final = 10.0  # seconds that one replica waits for the other

Script: TypeAlias = Callable[[Room], Awaitable[None]]


async def both(on: Room, what: str) -> None:
    """Let two replicas come to the same unit before either goes on."""
    meeting = asyncio.Barrier(2)

    async def meet() -> None:
        with contextlib.suppress(TimeoutError, asyncio.BrokenBarrierError):
            async with asyncio.timeout(MEETS):
                await meeting.wait()

    on.one.journal.meets[what] = on.other.journal.meets[what] = meet


async def last_use(on: Room) -> None:
    """Two replicas want the last use of a grant at once."""
    await on.given(replace(CAPS, uses=2))
    await on.ask("granted", on.one)
    await both(on, "permit.used")
    await asyncio.gather(on.ask("granted", on.one), on.ask("granted", on.other))


async def last_rows(on: Room) -> None:
    """Two replicas want the last rows of a grant at once: more than it holds together."""
    await on.given(replace(CAPS, rows=3, total=5))
    await both(on, "SpendGrant")
    await asyncio.gather(on.ask("granted", on.one, rows=3), on.ask("granted", on.other, rows=3))


async def two_claim(on: Room) -> None:
    """Two replicas claim one approval at once."""
    row = await on.row(await on.ask("asked", on.one))
    for who in VOTERS[:2]:
        await on.votes(row, who)
    await both(on, "review.claimed")
    await asyncio.gather(on.one.parts.sweeper.sweep(), on.other.parts.sweeper.sweep())
    await on.finishes()


async def ended(on: Room, what: str) -> None:
    """End a grant while a use of it stands before a unit."""
    grant, stand = await on.given(), Stand()
    on.one.journal.meets[what] = stand
    using = asyncio.create_task(on.ask("granted", on.one))
    await stand.reached.wait()
    if await on.other.parts.grantors.end(VOTERS[2], grant) is Said.REVOKED:
        on.tell(f"ended {grant}")
    stand.go.set()
    await using


async def ended_before_its_use(on: Room) -> None:
    await ended(on, "permit.used")


async def ended_before_it_lasts(on: Room) -> None:
    await ended(on, "SpendGrant")


async def dies_with_a_use(on: Room) -> None:
    """Die as a Call begins under a grant."""
    await on.given()
    on.doom.arm("before call.intent")
    await on.ask("granted", on.one)


async def dies_ending(on: Room) -> None:
    """Die once the end of a grant is on record, before anybody was told."""
    grant = await on.given()
    on.doom.arm("after permit.revoked")
    await on.other.parts.grantors.end(VOTERS[2], grant)


async def uses(on: Room) -> None:
    """Ask for more of a grant's shape."""
    await on.ask("granted", on.one)


async def dies_giving(on: Room) -> None:
    """Die as the Vote that decides gives a grant."""
    await on.ungranted()
    row = await on.row(await on.ask("granted", on.one))
    await on.votes(row, VOTERS[0], caps=CAPS)
    on.doom.arm("before permit.given")
    await on.votes(row, VOTERS[1], caps=CAPS)


async def alone(on: Room) -> None:
    """Answer alone, and let it run."""
    row = await on.row(await on.ask("broken", on.one))
    yes = Ballot(review=row.id, digest=row.digest, decision=Decision.APPROVE, ticket="INC-1", reason="down")
    if await on.one.parts.desk.vote(BREAKERS[0], yes) is Said.APPROVED:
        on.tell(f"alone {row.call}")
    await on.finishes()


async def dies_answering_alone(on: Room) -> None:
    """Die as an answer given alone becomes an alert."""
    on.doom.arm("before alert.raised")
    await alone(on)


async def dies_looking(on: Room) -> None:
    """Die as somebody else looks at what was answered alone."""
    await alone(on)
    on.doom.arm("before breakglass.closed")
    (shown,) = await on.one.parts.desk.unclosed(NIGHT)
    seen = Hindsight(review=shown.review.id, digest=shown.review.digest, finding=Finding.JUSTIFIED, note="seen")
    if await on.one.parts.desk.close(NIGHT, seen) is Said.LOOKED:
        on.tell(f"looked {shown.review.call}")


async def follows_early(on: Room) -> None:
    """Vote in the place of a group that is still asked alone, where a clock says that its time is over."""
    row = await on.row(await on.ask("late", on.one))
    await on.votes(row, VOTERS[0], of=on.late)


async def reminds(on: Room) -> None:
    """Two replicas remind at once."""
    await on.ask("late", on.one)
    await asyncio.gather(on.late.reminders.round(), on.late.reminders.round())


async def dies_reminding(on: Room) -> None:
    """Die as somebody was told."""
    await on.ask("late", on.one)
    on.doom.arm("after direct")
    await on.late.reminders.round()


async def again(on: Room) -> None:
    """Remind once more, after that."""
    await on.late.reminders.round()


async def draws_overtaken(on: Room) -> None:
    """Vote while a card is drawn: what it shows is no longer the newest."""
    row = await on.row(await on.ask("asked", on.one))
    await on.one.screen.round()
    await on.votes(row, VOTERS[0])

    async def overtakes() -> None:
        on.one.wall.seen = at_once
        await on.denies(row, VOTERS[1])

    on.one.wall.seen = overtakes
    await on.one.screen.round()


async def two_draw(on: Room) -> None:
    """Draw a card while another replica's older picture of it is still under way."""
    row, stand = await on.row(await on.ask("asked", on.one)), Stand()
    await on.one.screen.round()
    await on.votes(row, VOTERS[0])
    on.one.wall.sent = stand
    older = asyncio.create_task(on.one.screen.round())
    await stand.reached.wait()
    await on.denies(row, VOTERS[1])
    await on.other.screen.round()
    stand.go.set()
    await older


async def rests(on: Room) -> None:
    """Do nothing: all is brought to its end after the last trial."""
    del on


# ---------------------------------------------------------------- two processes


async def gives_two(on: Room) -> None:
    """Have a grant given of two uses, and use it once."""
    await on.given(replace(CAPS, uses=2))
    await on.ask("granted", on.one)


async def gives_five_rows(on: Room) -> None:
    """Have a grant given of five rows."""
    await on.given(replace(CAPS, rows=3, total=5))


async def frozen(on: Room, what: str, rows: int) -> None:
    """Ask, and be frozen before a unit until the other process is, too."""

    async def freeze() -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    on.one.journal.meets[what] = freeze
    await on.ask("granted", on.one, rows=rows)


async def wants_a_use(on: Room) -> None:
    await frozen(on, "permit.used", 1)


async def wants_three_rows(on: Room) -> None:
    await frozen(on, "SpendGrant", 3)


# A trial -> what its processes do, one after another.
TRIALS: Final[Mapping[str, tuple[Script, ...]]] = {
    "last_use": (last_use,),
    "last_rows": (last_rows,),
    "ended_before_its_use": (ended_before_its_use,),
    "ended_before_it_lasts": (ended_before_it_lasts,),
    "follows_early": (follows_early,),
    "reminds": (reminds,),
    "draws_overtaken": (draws_overtaken,),
    "two_draw": (two_draw,),
    "two_claim": (two_claim,),
    "dies_with_a_use": (dies_with_a_use, rests),
    "dies_ending": (dies_ending, uses),
    "dies_giving": (dies_giving, rests),
    "dies_answering_alone": (dies_answering_alone, rests),
    "dies_looking": (dies_looking, rests),
    "dies_reminding": (dies_reminding, again),
}
# Of a record that several processes write: what the first does, and then two, each frozen until the other is, too.
SHARED: Final[Mapping[str, tuple[Script, Script]]] = {
    "last_use_of_two_processes": (gives_two, wants_a_use),
    "last_rows_of_two_processes": (gives_five_rows, wants_three_rows),
}
Step: TypeAlias = tuple[tuple[Script, ...], ...]  # scripts of each of the processes that live together


def steps(names: Sequence[str]) -> list[Step]:
    """Lay trials out over as few processes as they need: who comes after a dead one goes on with the next trial."""
    laid: list[list[Script]] = [[]]
    for name in names:
        first, *later = TRIALS.get(name, (rests,))
        laid[-1].append(first)
        laid += [[script] for script in later]
    made: list[Step] = [(tuple(scripts),) for scripts in laid]
    for name in names:
        if name in SHARED:
            gives, wants = SHARED[name]
            made += [((gives,),), ((wants,), (wants,))]
    return made if len(made[-1]) == 1 else [*made, ((rests,),)]


def directed(names: Sequence[str], place: Callable[[Path], Place], url: str, *, design: str = "") -> list[str]:
    """Run trials over one record, maybe with a wrong design in every process; return what is wrong."""
    laid = steps(names)
    with tempfile.TemporaryDirectory(prefix="directed") as folder:
        where, wall, told = place(Path(folder) / "assent.db"), Path(folder) / "screen", list[str]()
        for number, processes in enumerate(laid, 1):
            before = told if number == len(laid) else None
            children = [Child(work(where, url, wall, one, before, design)) for one in processes]
            told += together(children, dies=processes[-1][-1].__name__.startswith(DIES) and not design)
    found = [line for line in told if line.startswith("broke ")]
    return found + [line.removeprefix("found ") for line in told if line.startswith("found ")]


def together(children: Sequence[Child], *, dies: bool) -> list[str]:
    """Let processes come to their ends, two of them once both are frozen; return what they told.

    `dies`: it is no trial of a death where nobody died.
    """
    meet = len(children) > 1
    told = ["broke one was never frozen" for one in children if meet and not one.wait(until="stopped", seconds=BOUND)]
    for child in children:
        child.wake()
    for child in children:
        if not child.wait(seconds=BOUND):
            told.append("broke it never ended")
            child.kill()
        died = child.reap() == -signal.SIGKILL
        told += [*child.told, *(["broke it did not die"] if dies and not died else [])]
    return told


def work(place: Place, url: str, wall: Path, scripts: Sequence[Script], told: list[str] | None, design: str) -> Work:
    """Return one process's work; the last one, which knows what was `told`, brings all to its end and judges."""

    def begin(tell: Callable[[str], None]) -> None:
        said = list(told or ())

        def tells(line: str) -> None:
            said.append(line)
            tell(line)

        if design:
            wrong.TELL[0] = tells
            DESIGNS[design][0]()
        asyncio.run(lived(tells, said))

    async def lived(tell: Callable[[str], None], said: list[str]) -> None:
        async with room(place, url, wall, tell) as on:
            for script in scripts:
                await script(on)
            for what in [] if told is None else await ended_well(on, url, wall, said):
                tell(f"found {what}")

    return begin


async def ended_well(on: Room, url: str, wall: Path, said: list[str]) -> list[str]:
    """Bring all to its end, and say what is wrong."""
    await on.finishes()
    await on.draws()
    return await held(on.store, url, wall, said)
