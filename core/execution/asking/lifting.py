"""What people are asked to show raw is read once more as they would let it run, before anyone is asked."""

from __future__ import annotations

from core.errors import Drifted
from core.execution.asking.opening import Met
from core.execution.record import Case
from core.model import Answer, Ask, Question, Reading, Refuse
from core.ports import Connector, Judge, Statement


async def lifted(judge: Judge, case: Case, connector: Connector, met: Answer | Met) -> Answer | Met:
    """Give the Reading of the text that shows the columns an approval would unmask, and the verdict on it.

    Raises: Drifted when that Reading would be decided in another way.
    """
    match met:
        case (Reading(), Ask(unmask=wanted)) if wanted:
            statement = Statement(text=case.call.statement, parameters=case.call.parameters, unmask=wanted)
        case _:
            return met
    async with connector.visit(statement, name=f"assent:{case.call.id}:1") as visit:
        reading = await visit.read()
    verdict = judge.decide(case.call, case.caller, connector.source, reading)
    if isinstance(verdict, Refuse) or (isinstance(verdict, Ask) and verdict.unmask == wanted):
        return reading, verdict
    raise Drifted("the reading with columns unmasked is decided in another way")


def asked(question: Question) -> Statement:
    """Give the statement that a question is about, with the columns that its approval shows as they are."""
    unmask = frozenset(mask.name for mask in question.unmasked)
    return Statement(text=question.statement, parameters=question.parameters, unmask=unmask)
