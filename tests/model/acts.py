"""What each party may do next; one yield is one durable unit, one act of the database, or one tick of a clock.

A crash drops an executor's memory and leaves its transaction behind. `flow.wrong` names the one rule that is broken.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.model.search import Steps
from tests.model.world import (
    MORE,
    WITHOUT_EFFECT,
    Flow,
    Process,
    Take,
    Work,
    World,
    begun,
    ended,
    fate,
    may_follow,
    newest,
    outcome,
    put,
    said,
    unit,
)

Actor = Callable[[World], Steps[World]]
IDLE = Process()
INTENT, PREPARED, OUTCOME, RESOLVED = "intent", "prepared", "outcome", "resolved"


def actors(flow: Flow) -> tuple[Actor, ...]:
    """Return everyone who acts, as functions of the world."""

    def gateway(world: World) -> Steps[World]:
        return answers(world, flow)

    def executor(world: World) -> Steps[World]:
        return executes(world, flow)

    def people(world: World) -> Steps[World]:
        return decides(world, flow)

    def sweeper(world: World) -> Steps[World]:
        return sweeps(world, flow)

    def recovery(world: World) -> Steps[World]:
        return recovers(world, flow)

    def clock(world: World) -> Steps[World]:
        return ticks(world, flow)

    def database(world: World) -> Steps[World]:
        return lands(world, flow)

    return gateway, executor, people, sweeper, recovery, clock, database


def won(label: str, world: World | None) -> Steps[World]:
    """Yield a unit that was durable."""
    if world is not None:
        yield label, world


# ---------------------------------------------------------------- the line


def answers(world: World, flow: Flow) -> Steps[World]:
    """The Call arrives, and is answered from the log alone."""
    if not world.log:
        opened = (Take("opened", 0, "review"),) if flow.ask else ()
        arrived = unit(world, Take(INTENT, 1, INTENT), *opened)
        assert arrived is not None
        yield INTENT, arrived if flow.ask else put(arrived, 0, Process("begun", 1))
        return
    if not world.answer and ended(world):
        yield "answer", world._replace(answer=ended(world))


def executes(world: World, flow: Flow) -> Steps[World]:
    """Any replica's executor begins what may begin, goes on, or dies."""
    for index, one in enumerate(world.executors):
        if index and one == world.executors[index - 1]:
            continue
        if one == IDLE:
            yield from begins(world, flow, index)
            continue
        yield "kill -9", put(world, index, IDLE)
        if one.at == "rows":
            yield "Rows leave", put(world._replace(shown=world.shown + 1), index, IDLE)
        elif not flow.write:
            yield from reads(world, flow, index, one)
        elif one.at in {"begun", "ran", "failed"}:
            yield from writes(world, flow, index, one)
        else:
            yield from commits(world, flow, index, one)


def begins(world: World, flow: Flow, index: int) -> Steps[World]:
    """Claim an approval, or take the attempt that the requester was to ask for."""
    number, wrong = newest(world), flow.wrong
    claim = Take("use", 0, "claimed")
    in_time = not world.over or wrong == "guard by the caller's clock"
    if flow.ask and said(world, "decision", 0) == "approved" and in_time:
        claimed = unit(world, claim, unique=wrong != "USE is no slot")
        if claimed is not None and not said(world, OUTCOME, 1):
            yield "claim", put(claimed, index, Process("begun", 1))
    word, final = outcome(world, number) if number else ("", True)
    follows = bool(word) and not final
    if wrong == "attempt without the end of the one before":
        follows |= world.due >= number > 0 and not word
    if wrong == "attempt in a second unit":
        follows |= word in WITHOUT_EFFECT
    if follows and may_follow(world, flow, number):
        after = unit(world, Take(INTENT, number + 1, INTENT))
        assert after is not None
        yield f"INTENT {number + 1}", put(after, index, Process("begun", number + 1))


def reads(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """Rows leave only under an OUTCOME of this very executor."""
    number = one.attempt
    if one.at == "begun":
        yield "Rows are in hand", put(world, index, Process("ran", number))
        return
    done = unit(world, Take(OUTCOME, number, "delivered"), unique=flow.wrong != "no slot is unique")
    if done is not None:
        yield "OUTCOME delivered", put(done, index, Process("rows", number))
    elif flow.wrong == "the loser shows its Rows":
        yield "OUTCOME is taken, goes on", put(world, index, Process("rows", number))
    else:
        yield "OUTCOME is taken, Rows are dropped", put(world, index, IDLE)


def writes(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """Up to PREPARED the transaction is open and nobody has sent COMMIT."""
    number, wrong = one.attempt, flow.wrong
    if one.at == "begun":
        opened = world._replace(works=(*world.works, Work(number, "open")))
        yield "BEGIN, run", put(opened, index, Process("ran", number, len(world.works)))
        yield "the statement fails", put(world, index, Process("failed", number))
    elif one.at == "failed":
        given_up = unit(world, Take(PREPARED, number, "abandoned"), Take(OUTCOME, number, "error"))
        yield "abandoned, OUTCOME error", put(given_up or world, index, IDLE)
    elif world.works[one.work].fate != "open":
        yield "the connection is gone", put(world, index, Process("failed", number))
    elif wrong in {"COMMIT before PREPARED", "log after execute"}:
        yield "COMMIT", put(fate(world, one.work, "sent"), index, Process("sent", number, one.work))
    else:
        yield from prepares(world, flow, index, one)


def prepares(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """PREPARED is the right to COMMIT; past the deadline it is refused in its own unit."""
    late = world.due >= one.attempt and flow.wrong != "PREPARED past its deadline"
    take = Take(PREPARED, one.attempt, f"xid {one.work}")
    owned = None if late else unit(world, take, unique=flow.wrong != "no slot is unique")
    if owned is None:
        yield "PREPARED is taken or too late, ROLLBACK", put(fate(world, one.work, "aborted"), index, IDLE)
    else:
        yield "PREPARED", put(owned, index, Process(PREPARED, one.attempt, one.work))


def commits(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """COMMIT, its reply or the question instead of it, OUTCOME."""
    number, now = one.attempt, world.works[one.work]
    decided = now.fate in {"committed", "aborted"}
    if one.at == PREPARED and now.fate == "open":
        yield "COMMIT", put(fate(world, one.work, "sent"), index, Process("sent", number, one.work))
    elif one.at == PREPARED:
        yield "the connection is gone", put(world, index, Process("asks", number, one.work))
    elif one.at == "sent":
        yield from replies(world, flow, index, one)
    elif one.at == "asks" and decided and now.told:
        yield f"asks: {now.fate}", put(world, index, Process("knows", number, one.work))
    elif one.at == "asks" and decided:
        told = unit(world, Take(OUTCOME, number, "unknown"))
        yield "nobody can tell, OUTCOME unknown", put(told or world, index, IDLE)
    elif one.at == "knows":
        yield from closes(world, flow, index, one)


def replies(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """A reply may come, or none: then only the database can say."""
    now = world.works[one.work].fate
    if now in {"committed", "aborted"}:
        yield f"reply {now}", put(world, index, Process("knows", one.attempt, one.work))
    if flow.wrong == "a lost reply is a failure":
        failed = unit(world, Take(OUTCOME, one.attempt, "error"))
        yield "no reply, OUTCOME error", put(failed or world, index, IDLE)
    else:
        yield "no reply", put(world, index, Process("asks", one.attempt, one.work))


def closes(world: World, flow: Flow, index: int, one: Process) -> Steps[World]:
    """Write what became of it; who finds `unknown` there and knows better resolves it."""
    number, word = one.attempt, world.works[one.work].fate
    if flow.wrong == "answer before OUTCOME" and not world.answer and word == "committed":
        yield "answer", world._replace(answer=word)
    if flow.wrong == "an aborted COMMIT is taken for done":
        word = "committed"
    first = (Take(PREPARED, number, f"xid {one.work}"),) if flow.wrong == "COMMIT before PREPARED" else ()
    done = unit(world, *first, Take(OUTCOME, number, word))
    if done is not None:
        yield f"OUTCOME {word}", put(done, index, Process("rows", number) if word == "committed" else IDLE)
    else:
        proof = resolution(world, number, word)
        yield "OUTCOME is taken", put(proof or world, index, IDLE)


def resolution(world: World, number: int, word: str) -> World | None:
    """Close an `unknown` by proof."""
    if said(world, OUTCOME, number) != "unknown":
        return None
    return unit(world, Take(RESOLVED, number, "committed" if word == "committed" else "not_executed"))


# ---------------------------------------------------------------- people and clocks


def decides(world: World, flow: Flow) -> Steps[World]:
    """Votes, the requester's change of mind, `stop`, and the persons who close an unknown."""
    wrong = flow.wrong
    if said(world, "opened", 0):
        if not world.expired or wrong == "guard by the caller's clock":
            yield from won("approved", unit(world, Take("decision", 0, "approved")))
            yield from won("denied", unit(world, Take("decision", 0, "denied")))
        yield from won("cancelled", unit(world, Take("decision", 0, "cancelled")))
    if said(world, "decision", 0) == "approved":
        for word in ("revoked", "cancelled"):
            taken = Take("use", 0, word)
            if wrong == "USE is no slot" and said(world, "use", 0) == "claimed":
                yield word, world._replace(log=world.log - {Take("use", 0, "claimed")} | {taken})
            yield from won(word, unit(world, taken))
    yield from stops(world, flow)
    number = newest(world)
    if said(world, OUTCOME, number) == "unknown":
        truth = world.works[int(said(world, PREPARED, number).removeprefix("xid "))].fate
        if truth in {"committed", "aborted"}:
            yield from won("RESOLVED", resolution(world, number, truth))


def stops(world: World, flow: Flow) -> Steps[World]:
    """Give up the open attempt, or the next one that nobody began."""
    number = newest(world)
    word, final = outcome(world, number) if number else ("", True)
    cancelled = Take(OUTCOME, number, "cancelled")
    if begun(world, flow):
        alone = not flow.write or flow.wrong == "an OUTCOME of a write without its abandoned"
        given_up = () if alone else (Take(PREPARED, number, "abandoned"),)
        if alone and said(world, PREPARED, number):
            return
        yield from won("stop", unit(world, *given_up, cancelled))
    elif word and not final and not world.over:
        ended_ = Take(OUTCOME, number + 1, "cancelled")
        yield from won("stop", unit(world, Take(INTENT, number + 1, INTENT), ended_))


def ticks(world: World, flow: Flow) -> Steps[World]:
    """Time passes and changes nothing by itself."""
    if said(world, "opened", 0) and not said(world, "decision", 0) and not world.expired:
        yield "expires_at is past", world._replace(expired=True)
    if flow.ask and said(world, "decision", 0) == "approved" and not world.over:
        yield "use_by is past", world._replace(over=True)
    number = newest(world)
    if world.due < number and begun(world, flow):
        yield f"deadline {number} is past", world._replace(due=number)


def sweeps(world: World, flow: Flow) -> Steps[World]:
    """Turn clocks and ended Reviews into slots."""
    expired = Take(OUTCOME, 1, "expired")
    if world.expired:
        yield from won("expired", unit(world, Take("decision", 0, "expired"), expired))
    if world.over and said(world, "decision", 0) == "approved":
        yield from won("lapsed", unit(world, Take("use", 0, "lapsed"), expired))
    closed = next((said(world, slot, 0) for slot in ("decision", "use") if said(world, slot, 0)), "")
    closed = said(world, "use", 0) if closed == "approved" else closed
    if closed not in {"", "claimed"} and flow.wrong != "a closed Review leaves its Call open":
        yield from won("close", unit(world, Take(OUTCOME, 1, {"lapsed": "expired"}.get(closed, closed))))
    number = newest(world)
    word, final = outcome(world, number) if number else ("", True)
    if world.over and word and not final:
        last = (Take(INTENT, number + 1, INTENT), Take(OUTCOME, number + 1, "expired"))
        yield from won("nobody came", unit(world, *last))


# ---------------------------------------------------------------- recovery


def recovers(world: World, flow: Flow) -> Steps[World]:
    """Look at attempts past their deadline; what was found may be written much later, or never."""
    for found in world.finders:
        rest = tuple(one for one in world.finders if one != found)
        yield "recovery is killed", world._replace(finders=rest)
        yield from finishes(world._replace(finders=rest), flow, found)
        if said(world, OUTCOME, found.attempt):
            yield "recovery is late", world._replace(finders=rest)
    for number in range(1, newest(world) + 1):
        if not said(world, OUTCOME, number) and world.due >= number and not world.finders:
            yield from looks(world, flow, number)


def looks(world: World, flow: Flow, number: int) -> Steps[World]:
    """Do what the table says of one attempt that nobody ended."""
    prepared = said(world, PREPARED, number)
    if not flow.write:
        yield from finishes(world, flow, Take(OUTCOME, number, "not_delivered"))
    elif not prepared and flow.wrong == "abandoned in two units":
        yield from won("abandoned", unit(world, Take(PREPARED, number, "abandoned")))
    elif not prepared:
        yield from finishes(world, flow, Take(OUTCOME, number, "not_executed"))
    elif prepared != "abandoned":
        yield from asks(world, flow, number, int(prepared.removeprefix("xid ")))


def asks(world: World, flow: Flow, number: int, work: int) -> Steps[World]:
    """Ask the database; a transaction still open is ended first."""
    now, found = world.works[work], world.finders
    if not now.told:
        yield "it cannot tell", world._replace(finders=(*found, Take(OUTCOME, number, "unknown")))
    elif now.fate in {"committed", "aborted"}:
        yield f"it says {now.fate}", world._replace(finders=(*found, Take(OUTCOME, number, now.fate)))
    elif flow.wrong == "in progress is taken for aborted":
        yield "in progress", world._replace(finders=(*found, Take(OUTCOME, number, "aborted")))
    elif flow.wrong == "in progress for too long is unknown":
        yield "in progress", world._replace(finders=(*found, Take(OUTCOME, number, "unknown")))
    else:
        yield "its backend is ended", fate(world, work, "aborted")


def finishes(world: World, flow: Flow, found: Take) -> Steps[World]:
    """Write an OUTCOME: for good, or in one unit with what lets the next attempt follow."""
    number, word = found.attempt, found.word
    beside = (Take(PREPARED, number, "abandoned"),) if word == "not_executed" else ()
    if flow.wrong == "recovery without abandoned":
        beside = ()
    again = word in WITHOUT_EFFECT or (word == "unknown" and flow.wrong == "retry on unknown")
    again = again and may_follow(world, flow, number) and flow.wrong != "attempt in a second unit"
    if not again or flow.wrong == "":  # the claim's other guards may no longer hold
        yield from won(f"OUTCOME {word}", unit(world, *beside, found))
    if not again:
        return
    more = Take(OUTCOME, number, word + MORE)
    if flow.hold:
        yield from won(f"OUTCOME {word}, not final", unit(world, *beside, more))
        return
    after = unit(world, *beside, more, Take(INTENT, number + 1, INTENT))
    if after is not None:
        idle = next((index for index, one in enumerate(after.executors) if one == IDLE), None)
        after = after if idle is None else put(after, idle, Process("begun", number + 1))
        yield f"OUTCOME {word} with INTENT {number + 1}", after


def lands(world: World, flow: Flow) -> Steps[World]:
    """The database ends transactions by itself, and may forget after a failover."""
    for number, work in enumerate(world.works):
        if work.fate in {"open", "sent"}:
            yield f"work {number} aborts", fate(world, number, "aborted")
        if work.fate == "sent":
            yield f"work {number} commits", fate(world, number, "committed")
        if flow.failover and work.told and number == len(world.works) - 1:
            kept = "committed" if work.fate == "committed" else "aborted"
            yield "failover", fate(world, number, kept, told=False)
