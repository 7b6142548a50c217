"""The right design in each of its flows, and wrong ones with the law that each must break."""

from __future__ import annotations

from typing import Final

from tests.model.acts import actors
from tests.model.laws import laws, moves, over
from tests.model.search import Design
from tests.model.world import Flow, Process, World

WRITE: Final = Flow()
SMALL: Final = {
    "a write that is asked": WRITE,
    "… on hold": WRITE._replace(hold=True),
    "… after a failover": WRITE._replace(failover=True),
    "a write that is allowed": WRITE._replace(ask=False, failover=True),
    "a read that is asked": Flow(write=False),
    "… read on hold": Flow(write=False, hold=True),
    "a read that is allowed": Flow(write=False, ask=False),
}
WHOLE: Final = SMALL | {
    "three attempts, three executors": WRITE._replace(attempts=3, executors=3),
    "three attempts, a failover": WRITE._replace(attempts=3, failover=True),
    "three attempts on hold, a failover": WRITE._replace(attempts=3, hold=True, failover=True),
    "a read by three executors": Flow(write=False, executors=3),
}

# A rule that is broken -> the flow in which it shows, and the law that must break.
WRONG: Final = {
    "COMMIT before PREPARED": (WRITE, "prepared_before_commit"),
    "log after execute": (WRITE, "prepared_before_commit"),
    "no slot is unique": (WRITE, "prepared_before_commit"),
    "USE is no slot": (WRITE, "first_writer_wins"),
    "an OUTCOME of a write without its abandoned": (WRITE, "outcomes_are_true"),
    "recovery without abandoned": (WRITE, "abandoned_with_its_outcome"),
    "abandoned in two units": (WRITE, "abandoned_with_its_outcome"),
    "attempt in a second unit": (WRITE, "review_moves_by_its_table"),
    "attempt without the end of the one before": (WRITE, "attempts_follow_proof"),
    "attempt after use_by": (WRITE, "nothing_is_late"),
    "guard by the caller's clock": (WRITE, "nothing_is_late"),
    "PREPARED past its deadline": (WRITE, "nothing_is_late"),
    "answer before OUTCOME": (WRITE, "answers_are_true"),
    "retry on unknown": (WRITE._replace(failover=True), "attempts_follow_proof"),
    "a lost reply is a failure": (WRITE, "outcomes_are_true"),
    "an aborted COMMIT is taken for done": (WRITE, "outcomes_are_true"),
    "in progress is taken for aborted": (WRITE, "outcomes_are_true"),
    "in progress for too long is unknown": (WRITE, "unknown_only_where_nobody_can_tell"),
    "a closed Review leaves its Call open": (WRITE, "every_story_can_end"),
    "the loser shows its Rows": (Flow(write=False), "shown_as_recorded"),
}


def design(flow: Flow, only: str = "") -> Design[World]:
    """Make the design of a flow; the end must be in reach of clocks, sweeper and recovery alone.

    `only`: the one law that is looked at.
    """
    return Design(
        start=World(executors=(Process(),) * flow.executors),
        actors=actors(flow),
        closers=frozenset({"sweeper", "recovery", "clock"}),
        laws=tuple(law for law in laws(flow) if only in {"", law.__name__}),
        moves=tuple(move for move in moves(flow) if only in {"", move.__name__}),
        ended=over(flow),
    )
