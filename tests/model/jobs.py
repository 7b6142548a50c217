"""Jobs of a service that commits by itself: ids of ours, requests that arrive late, answers that are lost, replicas.

A PREPARED names the job; a request for it may be under way for as long as it likes, so that "not found" proves nothing
until the id is taken. `flow.wrong` names the one rule that is broken. One yield is one durable unit or one act.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.model.search import Design, Steps

Law = Callable[["World"], bool]
WITHOUT: Final = frozenset({"not_executed", "aborted", "not_delivered"})
IDLE: Final = "idle"


class Job(NamedTuple):
    """What the service holds under an id; `real` ran the statement, the other took the id so that nothing can."""

    id: str
    state: str = "running"  # done, failed, stopped
    real: bool = True


class Process(NamedTuple):
    """An executor, alive; one that is not scheduled is a sleeper."""

    at: str = IDLE
    attempt: int = 0
    id: str = ""


class World(NamedTuple):
    """Everything there is."""

    log: frozenset[tuple[str, int, str]] = frozenset({("intent", 1, "")})  # slot, attempt, word
    executors: tuple[Process, ...] = (Process("begun", 1), Process())
    sent: frozenset[str] = frozenset()  # ids of requests that are under way, or may arrive again
    jobs: frozenset[Job] = frozenset()
    asked: frozenset[str] = frozenset()  # ids that somebody asked to stop
    due: int = 0  # the newest attempt whose deadline is past
    over: bool = False  # no attempt begins any more
    shown: int = 0  # how often Rows left
    found: tuple[int, str] | None = None  # recovery's finding that is not written yet


class Flow(NamedTuple):
    """What is looked at, and which rule is broken."""

    write: bool = True
    attempts: int = 2
    wrong: str = ""


def said(world: World, slot: str, attempt: int) -> str | None:
    """Return what a slot says; None while it is free."""
    return next((word for of, number, word in world.log if (of, number) == (slot, attempt)), None)


def newest(world: World) -> int:
    """Return the number of the newest attempt."""
    return max(number for slot, number, _ in world.log if slot == "intent")


def take(world: World, *takes: tuple[str, int, str]) -> World | None:
    """Take slots in one unit; None where one is taken."""
    if any(said(world, slot, number) is not None for slot, number, _ in takes):
        return None
    return world._replace(log=world.log | frozenset(takes))


def held(world: World, name: str) -> Job | None:
    """Return the job of an id."""
    return next((job for job in world.jobs if job.id == name), None)


def put(world: World, index: int, process: Process) -> World:
    """Move an executor; those that are alike are one."""
    others = world.executors[:index] + world.executors[index + 1 :]
    return world._replace(executors=tuple(sorted((*others, process))))


def became(job: Job | None) -> str:
    """Say what a look at an id tells: the product's own word for it is `core.connectors.bigquery.job.became`."""
    if job is None:
        return "absent"
    if not job.real:
        return "aborted"
    return {"running": "in_progress", "done": "committed"}.get(job.state, "aborted")


def insert(world: World, name: str, *, real: bool = True) -> World:
    """Let a request arrive: an id is used once, and who comes later finds what is there."""
    if held(world, name) is not None:
        return world
    job = Job(name, "running" if real else "done", real)
    return world._replace(jobs=world.jobs | {job})


# ---------------------------------------------------------------- who acts


def actors(flow: Flow) -> tuple[Callable[[World], Steps[World]], ...]:
    """Return everyone who acts."""

    def executor(world: World) -> Steps[World]:
        for index, one in enumerate(world.executors):
            if one.at != IDLE:
                yield "kill -9", put(world, index, Process())
                yield from executes(world, flow, index, one)

    def service(world: World) -> Steps[World]:
        return serves(world)

    def recovery(world: World) -> Steps[World]:
        return recovers(world, flow)

    return executor, service, recovery, clock


def clock(world: World) -> Steps[World]:
    """Time passes."""
    if world.due < newest(world):
        yield "a deadline is past", world._replace(due=newest(world))
    if not world.over:
        yield "use_by is past", world._replace(over=True)


def executes(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """Walk one attempt: PREPARED, the request, its answer or none, a look, the OUTCOME."""
    number, wrong = one.attempt, flow.wrong
    match one.at:
        case "begun" if wrong == "the request before PREPARED":
            yield (
                "POST",
                put(world._replace(sent=world.sent | {f"{number}"}), index, Process("sent", number, f"{number}")),
            )
        case "begun":
            late = world.due >= number and wrong != "a job PREPARED past its deadline"
            owned = None if late else take(world, ("prepared", number, f"{number}"))
            yield (
                "PREPARED",
                put(world, index, Process())
                if owned is None
                else put(owned, index, Process("prepared", number, f"{number}")),
            )
        case "prepared":
            yield "POST", put(world._replace(sent=world.sent | {one.id}), index, Process("sent", number, one.id))
        case "sent":
            yield from answered(world, flow, index, one)
        case "looks":
            yield from looks(world, flow, index, one)
        case "ran":
            yield from delivers(world, flow, index, one)
        case "rows":
            yield "Rows leave", put(world._replace(shown=world.shown + 1), index, Process())
        case _:
            pass


def answered(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """The answer comes, says that the id is used, or never comes: then only a look can tell."""
    wrong, number = flow.wrong, one.attempt
    if held(world, one.id) is not None:
        if wrong == "a conflict is a failure":
            yield "409, OUTCOME error", put(take(world, ("outcome", number, "error")) or world, index, Process())
        yield "accepted, or 409", put(world, index, Process("looks", number, one.id))
    if wrong == "a lost answer is a failure":
        yield "no answer, OUTCOME error", put(take(world, ("outcome", number, "error")) or world, index, Process())
    elif wrong == "another id for another try" and one.id == f"{number}":
        yield (
            "no answer, POST again",
            put(world._replace(sent=world.sent | {f"{number}b"}), index, one._replace(id=f"{number}b")),
        )
    else:
        yield "no answer", put(world, index, Process("looks", number, one.id))


def looks(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """Look until it is over; who goes away, or is late, asks it to stop and looks on."""
    state, number = became(held(world, one.id)), one.attempt
    if one.id not in world.asked:
        asked = world._replace(asked=world.asked | {one.id})
        if flow.wrong == "asked to stop is stopped":
            yield (
                "cancel, OUTCOME cancelled",
                put(take(asked, ("outcome", number, "cancelled")) or asked, index, Process()),
            )
        else:
            yield "cancel", asked
    if state == "committed":
        yield "DONE", put(world, index, Process("ran", number, one.id))
    elif state == "aborted":
        word = "aborted" if flow.write else "error"
        yield f"failed, OUTCOME {word}", put(take(world, ("outcome", number, word)) or world, index, Process())
    else:
        yield "nobody tells, left to recovery", put(world, index, Process())


def delivers(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """Rows, or the word that it ran, leave under an OUTCOME of this very executor."""
    done = take(world, ("outcome", one.attempt, "committed" if flow.write else "delivered"))
    if done is not None:
        yield "OUTCOME", put(done, index, Process() if flow.write else Process("rows", one.attempt))
    elif flow.wrong == "the loser of a job shows its Rows":
        yield "OUTCOME is taken, goes on", put(world, index, Process("rows", one.attempt))
    else:
        yield "OUTCOME is taken", put(world, index, Process())


def serves(world: World) -> Steps[World]:
    """Requests arrive, in any order and at any time; jobs end by themselves, whatever they were asked."""
    for name in sorted(world.sent):
        yield f"{name} arrives", insert(world, name)._replace(sent=world.sent - {name})
        yield f"{name} arrives, and again later", insert(world, name)
        yield f"{name} is lost", world._replace(sent=world.sent - {name})
    for job in sorted(world.jobs):
        if job.state == "running":
            ends = ("done", "failed", *(["stopped"] if job.id in world.asked else []))
            for end in ends:
                yield f"{job.id} is {end}", world._replace(jobs=world.jobs - {job} | {job._replace(state=end)})


# ---------------------------------------------------------------- recovery


def recovers(world: World, flow: Flow) -> Steps[World]:
    """Any replica's: what it found may be written much later, or never."""
    if world.found is not None:
        number, word = world.found
        yield "recovery is killed", world._replace(found=None)
        yield from writes(world._replace(found=None), flow, number, word)
        return
    for number in range(1, newest(world) + 1):
        if world.due >= number and said(world, "outcome", number) is None:
            yield from asks(world, flow, number)


def asks(world: World, flow: Flow, number: int) -> Steps[World]:
    """Ask the service about the id in PREPARED; without PREPARED nobody may begin any more."""
    name = said(world, "prepared", number)
    if name is None:
        yield "nobody may begin it", world._replace(found=(number, "not_executed"))
        return
    state, wrong = became(held(world, name)), flow.wrong
    if state == "absent" and wrong == "not found is never":
        yield "404", world._replace(found=(number, "aborted"))
    elif state == "absent" and wrong != "nobody takes the id":
        yield "SELECT 1 takes the id", insert(world, name, real=False)
    elif state == "in_progress" and wrong == "running is over":
        yield "running", world._replace(found=(number, "aborted"))
    elif state == "in_progress":
        yield "cancel", world._replace(asked=world.asked | {name})
    elif state in {"committed", "aborted"}:
        job = held(world, name)
        mistaken = wrong == "what took the id is ours" and job is not None and not job.real
        ran = "committed" if flow.write else "not_delivered"
        yield state, world._replace(found=(number, ran if state == "committed" or mistaken else "aborted"))


def writes(world: World, flow: Flow, number: int, word: str) -> Steps[World]:
    """Write the OUTCOME; with one that proves no effect the next attempt may begin in the same unit."""
    name = "abandoned" if word == "not_executed" else None
    beside = (("prepared", number, name),) if name else ()
    ended = take(world, *beside, ("outcome", number, word))
    if ended is None:
        return
    yield f"OUTCOME {word}", ended
    proved = word in WITHOUT or flow.wrong == "the next attempt without proof"
    idle = next((at for at, one in enumerate(ended.executors) if one.at == IDLE), None)
    if proved and not world.over and number < flow.attempts and idle is not None:
        following = take(ended, ("intent", number + 1, ""))
        if following is not None:
            yield f"OUTCOME {word}, INTENT {number + 1}", put(following, idle, Process("begun", number + 1))


# ---------------------------------------------------------------- what must hold


def ran(world: World) -> list[int]:
    """Attempts whose statement ran to its end, as often as it did."""
    return [int(job.id.rstrip("b")) for job in world.jobs if job.real and job.state == "done"]


def laws(flow: Flow) -> tuple[Law, ...]:
    """Return what must hold in every state."""

    def executed_at_most_once(world: World) -> bool:
        """A change runs once; a read as often as attempts say, each once."""
        times = ran(world)
        return len(times) <= 1 if flow.write else len(times) == len(set(times))

    def prepared_before_the_request(world: World) -> bool:
        """No request is under way, and no job costs anything, that no PREPARED names."""
        names = {word for slot, _, word in world.log if slot == "prepared"}
        return world.sent | {job.id for job in world.jobs} <= names

    def outcomes_are_true(world: World) -> bool:
        """What is said to have run did, and what is said not to have never does."""
        for number in range(1, newest(world) + 1):
            word = said(world, "outcome", number)
            if word in {"committed", "delivered"} and number not in ran(world):
                return False
            if word in {"aborted", "error", "cancelled", "not_executed"} and number in ran(world):
                return False
        return True

    def shown_as_recorded(world: World) -> bool:
        return world.shown <= sum(word == "delivered" for slot, _, word in world.log if slot == "outcome")

    return executed_at_most_once, prepared_before_the_request, outcomes_are_true, shown_as_recorded


def prepared_in_time(before: World, by: str, after: World) -> bool:
    """Nobody takes the right to begin an attempt whose deadline is past."""
    new = [number for slot, number, word in after.log - before.log if slot == "prepared" and word != "abandoned"]
    return by != "executor" or all(before.due < number for number in new)


def over(world: World) -> bool:
    """Whether every attempt has its OUTCOME."""
    return said(world, "outcome", newest(world)) is not None


CHANGE: Final = Flow()
READ: Final = Flow(write=False)
SMALL: Final = {"a change as a job": CHANGE, "a read as a job": READ}
RIGHT: Final = SMALL | {
    "a change as a job, three attempts": CHANGE._replace(attempts=3),
}
# A rule that is broken -> the flow in which it shows, and the law that must break.
WRONG: Final = {
    "the request before PREPARED": (CHANGE, "prepared_before_the_request"),
    "a job PREPARED past its deadline": (CHANGE, "prepared_in_time"),
    "another id for another try": (CHANGE, "executed_at_most_once"),
    "a lost answer is a failure": (CHANGE, "outcomes_are_true"),
    "a conflict is a failure": (CHANGE, "outcomes_are_true"),
    "not found is never": (CHANGE, "outcomes_are_true"),
    "running is over": (CHANGE, "outcomes_are_true"),
    "asked to stop is stopped": (CHANGE, "outcomes_are_true"),
    "what took the id is ours": (CHANGE, "outcomes_are_true"),
    "the next attempt without proof": (CHANGE, "executed_at_most_once"),
    "nobody takes the id": (CHANGE, "every_story_can_end"),
    "the loser of a job shows its Rows": (READ, "shown_as_recorded"),
}


def design(flow: Flow, only: str = "") -> Design[World]:
    """Make the design of a flow; service, clock and recovery alone must be able to bring the end."""
    return Design(
        start=World(),
        actors=actors(flow),
        closers=frozenset({"service", "recovery", "clock"}),
        laws=tuple(law for law in laws(flow) if only in {"", law.__name__}),
        moves=(prepared_in_time,) if only in {"", "prepared_in_time"} else (),
        ended=over,
    )
