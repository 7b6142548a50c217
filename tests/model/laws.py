"""What must hold in every state, and of every step."""

from __future__ import annotations

from collections.abc import Callable

from core.execution.slots import RESULT
from core.model import MOVES, Outcome, State
from tests.model.world import MORE, WITHOUT_EFFECT, Flow, World, ended, newest, outcome, said

Law = Callable[[World], bool]
Move = Callable[[World, str, World], bool]


def landed(world: World) -> list[int]:
    """Attempts that changed the database."""
    return [work.attempt for work in world.works if work.fate == "committed"]


def executed_at_most_once(world: World) -> bool:
    return len(landed(world)) <= 1


def prepared_before_commit(world: World) -> bool:
    """No COMMIT is sent before its transaction id is durable."""
    sent = [(number, work) for number, work in enumerate(world.works) if work.fate in {"sent", "committed"}]
    return all(said(world, "prepared", work.attempt) == f"xid {number}" for number, work in sent)


def recorded_before_run(world: World) -> bool:
    """Nothing has run without its INTENT."""
    return all(said(world, "intent", work.attempt) for work in world.works)


def outcomes_are_true(world: World) -> bool:
    """OUTCOME `committed` if and only if it committed; any other but `unknown` never commits later."""
    for number in range(1, newest(world) + 1):
        word, _ = outcome(world, number)
        if word not in {"", "unknown", "delivered"} and (word == "committed") != (number in landed(world)):
            return False
    return True


def attempts_follow_proof(world: World) -> bool:
    """An attempt follows only one that is proved to be without effect and says that it is not final."""
    before = [said(world, "outcome", number) for number in range(1, newest(world))]
    return all(word.endswith(MORE) and word.removesuffix(MORE) in WITHOUT_EFFECT for word in before)


def abandoned_with_its_outcome(world: World) -> bool:
    """`abandoned` never stands alone, and a write that ended without effect before COMMIT has it."""
    given_up = {one.attempt for one in world.log if one.slot == "prepared" and one.word == "abandoned"}
    ends = {number: outcome(world, number)[0] for number in range(1, newest(world) + 1)}
    whole = all(ends[number] in {"not_executed", "error", "cancelled"} for number in given_up)
    return whole and {number for number, word in ends.items() if word in {"not_executed", "error"}} <= given_up


def shown_as_recorded(world: World) -> bool:
    """Rows leave at most once, under an OUTCOME that discloses them."""
    disclosed = sum(outcome(world, number)[0] in {"delivered", "committed"} for number in range(1, newest(world) + 1))
    return world.shown <= disclosed <= 1


def answers_are_true(world: World) -> bool:
    """What the agent was told is what the log says, and stays so; an `unknown` may be resolved later."""
    return world.answer in {"", ended(world)} or (world.answer == "unknown" and bool(ended(world)))


def unknown_only_where_nobody_can_tell(world: World) -> bool:
    works = [said(world, "prepared", number) for number in range(1, newest(world) + 1)]
    unknown = [work for number, work in enumerate(works, 1) if outcome(world, number)[0] == "unknown"]
    return all(work.startswith("xid") and not world.works[int(work[4:])].told for work in unknown)


def standing(world: World, flow: Flow) -> State | None:
    """Return the Review's state; None when nobody was asked."""
    if not flow.ask:
        return None
    decision, use = said(world, "decision", 0), said(world, "use", 0)
    if decision != "approved":
        return State(decision) if decision else State.PENDING
    if use != "claimed":
        return {"": State.APPROVED, "lapsed": State.EXPIRED}.get(use) or State(use)
    return RESULT[Outcome(ended(world))] if ended(world) else State.EXECUTING


def laws(flow: Flow) -> tuple[Law, ...]:
    """Return what must hold in every state of a flow."""

    def runs_only_with_assent(world: World) -> bool:
        """Nothing is prepared, committed or shown without its approval and its claim."""
        acted = landed(world) or world.shown or any(one.word.startswith("xid") for one in world.log)
        both = (said(world, "decision", 0), said(world, "use", 0)) == ("approved", "claimed")
        return not flow.ask or not acted or both

    return (
        executed_at_most_once,
        prepared_before_commit,
        recorded_before_run,
        outcomes_are_true,
        attempts_follow_proof,
        abandoned_with_its_outcome,
        shown_as_recorded,
        answers_are_true,
        unknown_only_where_nobody_can_tell,
        runs_only_with_assent,
    )


def moves(flow: Flow) -> tuple[Move, ...]:
    """Return what must hold of every step of a flow."""

    def first_writer_wins(before: World, _: str, after: World) -> bool:
        return before.log <= after.log

    def review_moves_by_its_table(before: World, _: str, after: World) -> bool:
        old, new = standing(before, flow), standing(after, flow)
        return old is new or (old is not None and new in MOVES.get(old, frozenset()))

    def nothing_is_late(before: World, by: str, after: World) -> bool:
        """Not past its time: approval, claim, attempt, PREPARED."""
        new = after.log - before.log
        if before.expired and any(one.slot == "decision" and one.word in {"approved", "denied"} for one in new):
            return False
        taken = {one.slot for one in new if one.slot == "use" and one.word == "claimed"}
        begun = [one for one in new if one.slot == "intent" and one.attempt > 1]
        begun = [one for one in begun if not said(after, "outcome", one.attempt)]
        if before.over and (taken or begun):
            return False
        prepared = [one for one in new if one.slot == "prepared" and one.word.startswith("xid")]
        return by != "executor" or all(before.due < one.attempt for one in prepared)

    return first_writer_wins, review_moves_by_its_table, nothing_is_late


def over(flow: Flow) -> Law:
    """Return what is an end: the Call's OUTCOME, or a Call that never came."""

    def done(world: World) -> bool:
        return not world.log or bool(ended(world))

    return done
