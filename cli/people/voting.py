"""`assent review`: what waits, the whole of it, and one person's decision on exactly the digest that was seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

import typer

from cli.reach import Answer, People, moment, objects, part, word, words
from cli.show import Exit, fail, print_json, quoted, rows, say, single
from core.model import State
from core.reviews.misleading import warnings

GRANTED: Final = ("grant", "does", "source", "who", "uses", "rows", "until", "given by")
BROKEN: Final = ("review", "asked", "by", "why", "look by", "yours")
HEADERS: Final = ("review", "risk", "asks", "source", "requester", "until", "yours")


def list_(people: People, *, as_json: bool) -> None:
    """Show what waits."""
    found = people.get("reviews")
    if as_json:
        print_json(found)
        return
    reviews = objects(found, "reviews")
    rows(HEADERS, (line(one) for one in reviews)) if reviews else say("nothing waits")


def line(review: Answer) -> tuple[str, ...]:
    """Give one Review as a row."""
    question, facts = part(review, "question"), part(review, "facts")
    return (
        word(review, "id"),
        word(review, "risk"),
        f"{words(facts, 'verbs')} {words(facts, 'things')}",
        word(question, "source"),
        word(part(question, "caller"), "name"),
        moment(review, "expires_at"),
        "yes" if review.get("eligible") is True else "no",
    )


def show(people: People, name: str, *, as_json: bool) -> None:
    """Show one Review whole."""
    found = people.get("reviews", name)
    if as_json:
        print_json(found)
    else:
        tell(found)


def tell(review: Answer) -> None:
    """Print all that an approval would bind; what is masked, who asks, why it stopped, the exact statement."""
    question, facts = part(review, "question"), part(review, "facts")
    caller, limits = part(question, "caller"), part(question, "limits")
    seats = ", ".join(f"{word(seat, 'count')} of {word(seat, 'group')}" for seat in objects(review, "seats"))
    single(f"{word(review, 'id')} · {word(review, 'state')} · risk {word(review, 'risk')} · needs {seats}")
    single(
        f"{words(facts, 'verbs')} {words(facts, 'things')} at {word(question, 'source')} as {word(question, 'role')}"
    )
    itself = f" · calls itself “{word(facts, 'calls_itself')}”" if word(facts, "calls_itself") else ""
    single(
        f"{word(facts, 'agent') or word(caller, 'client')} for {word(caller, 'name')} ({word(caller, 'kind')}){itself}"
    )
    for reason in objects(facts, "reasons"):
        rule, sentence = word(reason, "rule"), word(reason, "sentence")
        single(f"- {sentence}" + (f" ({rule})" if rule and f"“{rule}”" not in sentence else ""))
    quoted("statement", word(question, "statement"))
    if word(question, "text") != word(question, "statement"):
        quoted("runs, with masks at the source", word(question, "text"))
    if question.get("parameters"):
        quoted("parameters", str(question["parameters"]))
    for warning in warnings(asked(question)):
        say(warning)
    masked(question)
    granting(review)
    single(number(facts) + f" · at most {word(limits, 'affected_rows') or 'any number of'} may change")
    quoted("the agent says why", word(facts, "purpose"))
    for vote in objects(review, "votes"):
        single(f"{word(vote, 'name')} says {word(vote, 'decision')} for {word(vote, 'seat')} at {moment(vote, 'at')}")
    if review.get("glass"):
        emergency(part(review, "glass"))
    for said in over(review):
        single(said)
    single(" · ".join([f"digest {word(review, 'digest')}", *term(review)]))


def term(review: Answer) -> tuple[str, ...]:
    """Say until when it may be decided or, approved, used, and whether by this person; of what is over, nothing."""
    match word(review, "state"):
        case State.PENDING:
            yours = () if review.get("eligible") is True else ("not yours to decide",)
            return (f"until {moment(review, 'expires_at')}", *yours)
        case State.APPROVED:
            return (f"to be used by {moment(review, 'use_by')}",)
        case _:
            return ()


def over(review: Answer) -> Iterator[str]:
    """Say what became of it, and who took it back or had it stopped."""
    if review.get("outcome"):
        yield ended(part(review, "outcome"))
    if word(review, "ended_by"):
        yield f"ended by: {word(review, 'ended_by')}"


def ended(outcome: Answer) -> str:
    """Word what became of it: the outcome first, then its numbers by name."""
    said = {key: value for key, value in outcome.items() if key != "outcome"}
    return " · ".join([f"outcome: {word(outcome, 'outcome')}", *(f"{key} {value}" for key, value in said.items())])


def asked(question: Answer) -> str:
    """Give all the words of the question that could mislead, each once."""
    said = (word(question, "statement"), word(question, "text"), str(question.get("parameters") or ""))
    return "\n".join(dict.fromkeys(said))


def masked(question: Answer) -> None:
    """Print what is masked."""
    for mask in objects(question, "masks"):
        single(f"masked: {word(mask, 'column')} ({word(mask, 'kind')})")


def granting(review: Answer) -> None:
    """Print how far a grant given with it may reach, where one may be given."""
    if review.get("grant"):
        caps = part(review, "grant")
        say(
            f"a grant may be given (--grant): {word(caps, 'uses')} uses, {word(caps, 'rows')} rows each,"
            f" {word(caps, 'total')} in all, {word(caps, 'seconds')} s; the agent chooses the values"
        )


def emergency(glass: Answer) -> None:
    """Print what was answered alone: by whom, what for, and what somebody else said of it."""
    single(f"answered alone by {word(glass, 'by')}; somebody else looks at it by {moment(glass, 'due')}")
    quoted("what for", word(glass, "why"))
    if word(glass, "closed_by"):
        single(f"{word(glass, 'closed_by')} looked at it: {word(glass, 'finding')}")
        quoted("they say", word(glass, "note"))


def number(facts: Answer) -> str:
    """Say how many rows, and how that is known."""
    if facts.get("counted") is not None:
        return f"rows: at most {word(facts, 'counted')}, counted"
    if facts.get("estimated") is not None:
        return f"rows: about {word(facts, 'estimated')}, the planner's estimate"
    return "rows: not known"


def approve(
    people: People, name: str, digest: str | None, most: int | None, *, grant: bool = False, as_json: bool
) -> None:
    """Approve exactly what was seen: the digest given, or the one shown just now and confirmed.

    `grant`: let statements of its shape run as well, as far as the rules let it.
    """
    seen = digest or confirmed(people, name)
    body: dict[str, object] = {"decision": "approve", "digest": seen}
    if most is not None:
        body["affected_rows"] = most
    if grant:
        body["grant"] = offered(people.get("reviews", name))
    said(people.post("reviews", name, "votes", body=body), as_json=as_json)


def offered(review: Answer) -> Answer:
    """Give how far a grant may reach that is given with a Review."""
    caps = review.get("grant")
    if not isinstance(caps, dict):
        fail("no grant can be given with this: a rule that asks lets none, or none may be", Exit.USAGE)
    return part(review, "grant")


def grants(people: People, *, as_json: bool) -> None:
    """Show the grants that still let something run."""
    found = people.get("grants")
    if as_json:
        print_json(found)
        return
    listed = objects(found, "grants")
    rows(GRANTED, (granted(one) for one in listed)) if listed else say("no grant lets anything run")


def granted(one: Answer) -> tuple[str, ...]:
    """Give one grant as a row."""
    used, caps = part(one, "used"), part(one, "caps")
    return (
        word(one, "id"),
        word(one, "does"),
        word(one, "source"),
        f"{word(one, 'agent')} for {word(one, 'requester')}",
        f"{word(used, 'uses')}/{word(caps, 'uses')}",
        f"{word(used, 'rows')}/{word(caps, 'total')}",
        moment(one, "until"),
        words(one, "givers"),
    )


def end(people: People, name: str, *, as_json: bool) -> None:
    """End a grant: to stop needs no second look."""
    said(people.post("grants", name, "revocation", body={}), as_json=as_json)


def deny(people: People, name: str, digest: str | None, reason: str, *, as_json: bool) -> None:
    """Deny, with a reason that reaches the agent."""
    seen = digest or word(people.get("reviews", name), "digest")
    body = {"decision": "deny", "digest": seen, "reason": reason}
    said(people.post("reviews", name, "votes", body=body), as_json=as_json)


def alone(people: People, name: str, digest: str | None, ticket: str, reason: str, *, as_json: bool) -> None:
    """Answer alone in an emergency: exactly what was seen, with what it is for."""
    seen = digest or confirmed(people, name)
    body = {"decision": "approve", "digest": seen, "ticket": ticket, "reason": reason}
    said(people.post("reviews", name, "votes", body=body), as_json=as_json)


def broken(people: People, *, as_json: bool) -> None:
    """Show what was answered alone and nobody else has looked at."""
    found = people.get("breaks")
    if as_json:
        print_json(found)
        return
    reviews = objects(found, "reviews")
    rows(BROKEN, (after(one) for one in reviews)) if reviews else say("nothing waits to be looked at")


def after(review: Answer) -> tuple[str, ...]:
    """Give one answer given alone as a row."""
    glass, facts = part(review, "glass"), part(review, "facts")
    late = " overdue" if glass.get("overdue") is True else ""
    return (
        word(review, "id"),
        f"{words(facts, 'verbs')} {words(facts, 'things')}",
        word(glass, "by"),
        word(glass, "why").replace("\n", ": "),
        moment(glass, "due") + late,
        "yes" if glass.get("closes") is True else "no",
    )


def look(people: People, name: str, digest: str | None, finding: str, note: str, *, as_json: bool) -> None:
    """Say of an answer given alone whether it was justified."""
    seen = digest or word(people.get("reviews", name), "digest")
    body = {"digest": seen, "finding": finding, "note": note}
    said(people.post("reviews", name, "hindsight", body=body), as_json=as_json)


def stop(people: People, name: str, what: str, digest: str | None, *, as_json: bool) -> None:
    """Take an approval back (`revocation`), or block the agent that asks (`block`): to stop needs no second look."""
    known = digest or word(people.get("reviews", name), "digest")
    said(people.post("reviews", name, what, body={"digest": known}), as_json=as_json)


def confirmed(people: People, name: str) -> str:
    """Show a Review and ask; nobody approves what nobody saw."""
    if not sys.stdin.isatty():
        fail("without a terminal name what you saw: --digest, as assent review show prints it", Exit.USAGE)
    review = people.get("reviews", name)
    tell(review)
    if not typer.confirm("Approve exactly this, once?", err=True):
        fail("nothing was decided", Exit.FINDINGS)
    return word(review, "digest")


def said(answer: Answer, *, as_json: bool) -> None:
    """Say what became of a vote."""
    if as_json:
        print_json(answer)
    else:
        say(word(answer, "message") or word(answer, "said"))
