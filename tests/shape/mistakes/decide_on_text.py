"""A policy decides on the statement instead of its Reading."""

from core.model import Call, Caller, Source, Verdict
from core.ports import Judge


def decide(judge: Judge, call: Call, caller: Caller, source: Source) -> Verdict:
    return judge.decide(call, caller, source, call.statement)
