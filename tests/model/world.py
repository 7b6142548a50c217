"""One Call as the protocol sees it: a log whose slots are taken once, processes, transactions, and clocks.

Everything durable goes through `unit`: several slots are taken together or not at all, and a guard is read inside.
"""

from __future__ import annotations

from typing import NamedTuple

from core.model import Outcome

# Outcomes that prove that nothing happened: an attempt may follow, unless they are final.
WITHOUT_EFFECT = ("not_executed", "aborted", "not_delivered")
MORE = "…"  # ends the word of an OUTCOME that is not final


class Take(NamedTuple):
    """A slot of an attempt (0: of the Review), and what it says."""

    slot: str  # intent prepared outcome resolved, opened decision use
    attempt: int
    word: str


class Work(NamedTuple):
    """A transaction in the database."""

    attempt: int
    fate: str  # open, sent (COMMIT is on its way), committed, aborted
    told: bool = True  # the database can still say which


class Process(NamedTuple):
    """An executor, alive; a frozen one is one that is not scheduled."""

    at: str = "idle"
    attempt: int = 0
    work: int = -1


class World(NamedTuple):
    """Everything there is."""

    log: frozenset[Take] = frozenset()
    executors: tuple[Process, ...] = (Process(), Process())
    finders: tuple[Take, ...] = ()  # recovery's findings that are not written yet, and may be late
    works: tuple[Work, ...] = ()
    expired: bool = False  # the time to decide is over
    over: bool = False  # the time to use the approval is over
    due: int = 0  # the newest attempt whose deadline is past
    answer: str = ""
    shown: int = 0  # how often Rows left
    stale: bool = False  # a vote's guard was read before the time was over


class Flow(NamedTuple):
    """What kind of Call is looked at, and which one rule is broken, if any."""

    write: bool = True
    ask: bool = True
    hold: bool = False
    attempts: int = 2
    executors: int = 2
    failover: bool = False
    wrong: str = ""


def said(world: World, slot: str, attempt: int) -> str:
    """Return what a slot says, "" while it is free; the first word counts."""
    return min((one.word for one in world.log if (one.slot, one.attempt) == (slot, attempt)), default="")


def newest(world: World) -> int:
    """Return the number of the newest attempt."""
    return max((one.attempt for one in world.log if one.slot == "intent"), default=0)


def outcome(world: World, attempt: int) -> tuple[str, bool]:
    """Return an attempt's OUTCOME and whether it is final."""
    word = said(world, "outcome", attempt)
    return word.removesuffix(MORE), not word.endswith(MORE)


def unit(world: World, *takes: Take, unique: bool = True) -> World | None:
    """Take slots together; None when one of them is taken."""
    if unique and any(said(world, one.slot, one.attempt) for one in takes):
        return None
    free = [one for one in takes if not said(world, one.slot, one.attempt)]
    return world._replace(log=world.log | frozenset(free))


def ended(world: World) -> str:
    """Return what the Call came to, "" while an attempt is open or may follow."""
    number = newest(world)
    word, final = outcome(world, number) if number else ("", True)
    if word == Outcome.UNKNOWN and said(world, "resolved", number):
        return said(world, "resolved", number)
    return word if final else ""


def begun(world: World, flow: Flow) -> bool:
    """Whether an attempt may be running: an Ask begins with its claim, an Allow with its INTENT."""
    number = newest(world)
    open_ = number > 0 and not said(world, "outcome", number)
    return open_ and (not flow.ask or said(world, "use", 0) == "claimed")


def may_follow(world: World, flow: Flow, attempt: int) -> bool:
    """Whether another attempt may follow this one: under a claim, in time, so many and no more."""
    most = min(flow.attempts, 3 if flow.write else 2)
    in_time = not world.over or flow.wrong == "attempt after use_by"
    return said(world, "use", 0) == "claimed" and in_time and attempt < most


def put(world: World, index: int, process: Process) -> World:
    """Move an executor; those that are alike are one."""
    others = world.executors[:index] + world.executors[index + 1 :]
    return world._replace(executors=tuple(sorted((*others, process))))


def fate(world: World, work: int, new: str, *, told: bool = True) -> World:
    """Set what the database did with a transaction."""
    changed = Work(world.works[work].attempt, new, told)
    return world._replace(works=(*world.works[:work], changed, *world.works[work + 1 :]))
