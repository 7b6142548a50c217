"""`assent audit replay --against`: a session's reads asked again as Calls of one's own, held beside what came then.

Who asks is governed as anyone is: own identity, policy, masks, budgets, Entries. A statement is looked at by `check`
first: what is no read, what would ask people and what is refused does not run. Nothing of a change runs again.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, final

from cli.audit import sameness
from cli.audit.agents import Asks, Door, Said
from cli.audit.opening import results
from cli.audit.replay import title
from cli.audit.sameness import Difference
from cli.reach import Answer, People, objects, part, word
from cli.show import Exit, fail, print_json, say, working
from core.model import Outcome, Tool

READS: Final = ["read"]  # verbs of a Call that only reads
WAITING: Final = frozenset({"pending_approval", "running"})
NOWADAYS: Final[Mapping[str, str]] = {"allow": "allowed", "ask": "for people to decide", "refuse": "refused"}


class Now(StrEnum):
    """How what came then and what comes now stand to each other."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_COMPARED = "not_compared"
    CHANGE = "a_change"  # nothing of it runs again


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """One Call of the session and what became of asking it again."""

    of: str
    call: str  # the new Call; "" where nothing was asked
    state: Now
    why: str = ""
    found: Difference | None = None


def run(people: People, name: str, source: str, door: Door, *, as_json: bool) -> bool:
    """Ask again and report; answer whether every read gave the same.

    Raises: Unreachable.
    """
    replayed = results(people, people.get("audit", "replays", name))
    asked = chosen(objects(replayed, "calls"), source)
    with working(f"asking {source} again", total=len(asked)) as bar:
        told = asyncio.run(again(door, name, source, asked, lambda: bar.advance(bar.task_ids[0])))
    if as_json:
        print_json(document(name, source, told))
    else:
        tell(part(replayed, "session"), source, told)
    return all(one.state in {Now.SAME, Now.CHANGE} for one in told)


def chosen(calls: Sequence[Answer], source: str) -> list[Answer]:
    """Choose the statements that were read at a Source; at one the session never read, those of its only one."""
    stated = [one for one in calls if word(one, "tool") in {Tool.QUERY.value, Tool.EXECUTE.value}]
    read_at = {word(one, "source") for one in stated if reading(one)}
    if source not in read_at and len(read_at) > 1:
        fail(f"this session read {', '.join(sorted(read_at))}: --against names one of them", Exit.USAGE)
    return [one for one in stated if word(one, "source") == source or source not in read_at]


def reading(one: Answer) -> bool:
    """Tell whether a Call only read: by its tool, or by what both witnesses said of it."""
    if word(one, "tool") == Tool.QUERY.value:
        return True
    intents = [part(entry, "body") for entry in objects(one, "entries")]
    return any(part(body, "reading").get("verbs") == READS for body in intents)


async def again(door: Door, name: str, source: str, asked: Sequence[Answer], step: Callable[[], None]) -> list[Again]:
    """Ask one after the other, in the session's order.

    Raises: Unreachable.
    """
    told = []
    async with door.opened(f"replay of {name} {secrets.token_hex(4)}") as tools:
        for one in asked:
            told.append(await ask(tools, source, one))
            step()
    return told


async def ask(tools: Asks, source: str, one: Answer) -> Again:
    """Ask one statement again, if it is a read that may be compared."""
    of = word(one, "id")
    if not reading(one):
        return Again(of=of, call="", state=Now.CHANGE, why="nothing of it runs again")
    if why := unasked(one):
        return Again(of=of, call="", state=Now.NOT_COMPARED, why=why)
    given = {"source": source, "sql": word(one, "statement"), **parameters(one)}
    looked = await tools.call("check", **given)
    if looked.get("class") != "read" or word(looked, "verdict") != "allow" or refused(one):
        return decided(one, looked)
    purpose = f"replay of {of}: does it give the same now"
    answer = await tools.call("query", purpose=purpose, **given)
    if word(answer, "status") in WAITING:  # the policy changed since the look: nobody is kept waiting for a comparison
        await tools.call("cancel", call=word(answer, "call"))
    return held(one, answer, foreign=word(one, "source") != source)


def unasked(one: Answer) -> str:
    """Say why a read is not asked again, "" where it is."""
    if one.get("statement") is None:
        return "its words are erased, or not yours to see"
    if word(one, "outcome") not in {Outcome.DELIVERED.value, Outcome.REFUSED.value}:
        return f"it was not answered then: {word(one, 'outcome') or 'not finished'}"
    if word(one, "outcome") == Outcome.DELIVERED.value and not part(one, "result"):
        return f"its result cannot be compared: {word(one, 'withheld')}"
    return ""


def parameters(one: Answer) -> Mapping[str, object]:
    """Read what stood beside the statement."""
    text = one.get("parameters")
    return {"parameters": json.loads(text)} if isinstance(text, str) else {}


def refused(one: Answer) -> bool:
    """Tell whether it was refused then."""
    return word(one, "outcome") == Outcome.REFUSED.value


def decided(one: Answer, looked: Said) -> Again:
    """Compare what was decided: what was refused then, or would not be answered now, does not run."""
    of, call = word(one, "id"), word(looked, "call")
    if "class" not in looked:
        return Again(of=of, call=call, state=Now.NOT_COMPARED, why=f"could not be asked: {word(looked, 'message')}")
    then, now = "refused" if refused(one) else "answered", NOWADAYS.get(word(looked, "verdict"), "refused")
    if looked.get("class") != "read":
        now = "refused"
    why = f"{then} then, {now} now: {' '.join(word(each, 'sentence') for each in objects(looked, 'reasons'))}"
    return Again(of=of, call=call, state=Now.SAME if then == now else Now.DIFFERS, why=why)


def held(one: Answer, answer: Said, *, foreign: bool) -> Again:
    """Hold an answer beside the result of then."""
    of, call = word(one, "id"), word(answer, "call")
    if word(answer, "status") != "answered":
        why = f"answered then, {word(answer, 'status')} now: {word(answer, 'message')}"
        return Again(of=of, call=call, state=Now.DIFFERS, why=why)
    then, now = sameness.read(part(one, "result"), "cut"), sameness.read(answer, "truncated")
    found = sameness.compare(then, now, foreign=foreign)
    return Again(of=of, call=call, state=Now.DIFFERS if found.differs else Now.SAME, found=found)


# ---------------------------------------------------------------- words

SUMS: Final[Mapping[Now, str]] = {Now.SAME: "the same", Now.DIFFERS: "differ", Now.NOT_COMPARED: "not compared"}


def tell(session: Answer, source: str, told: Sequence[Again]) -> None:
    """Print every Call, then how many of each."""
    say(f"{title(session)} · again at {source}")
    for one in told:
        say(f"{one.of}  {one.state.value.replace('_', ' ')}{f'  (now {one.call})' if one.call else ''}")
        for line in [one.why] if one.why else []:
            say(f"  {line}")
        for line in sameness.sentences(one.found) if one.found else []:
            say(f"  {line}")
    counted = Counter(one.state for one in told)
    say(", ".join(f"{counted[state]} {says}" for state, says in SUMS.items()))
    if counted[Now.CHANGE]:
        say(f"{counted[Now.CHANGE]} that change something: nothing of them ran again")


def document(name: str, source: str, told: Sequence[Again]) -> Mapping[str, object]:
    """Give a report to programs: counts and columns, no cells."""
    return {
        "session": name,
        "against": source,
        "calls": [
            {
                "id": one.of,
                "now": one.call or None,
                "state": one.state.value,
                "why": one.why or None,
                "difference": None if one.found is None else sameness.document(one.found),
            }
            for one in told
        ],
    }
