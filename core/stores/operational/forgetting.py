"""Rows that name a person otherwise than by pseudonym, and how they cease to: the same for every store.

Votes and Reviews stay, under the pseudonym by which the record knows the person too; what only serves for a while
(proposals, sign-ins, links of Slack accounts) goes.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Final, LiteralString

from pydantic import TypeAdapter

from core.errors import Lost
from core.model import Coverage, Person, Review, ReviewId, State, Vote
from core.ports import Act, Forget
from core.stores import rows
from core.stores.operational.grants import SELECT as GRANT
from core.stores.operational.grants import grant, pack_grant
from core.stores.steps import Reads, Steps, ask, one
from core.subject import erased

WORD: Final = "erased"  # stands where a name stood
OPEN: Final = frozenset({State.PENDING, State.APPROVED, State.EXECUTING, State.INDETERMINATE})

ASKED: Final[LiteralString] = (
    rows.REVIEW + "WHERE asker_directory = $1 AND asker = $2 OR owner_directory = $1 AND owner = $2"
)
VOTED: Final[LiteralString] = (
    "SELECT v.n, v.row, r.state FROM votes v JOIN reviews r ON r.id = v.review WHERE v.directory = $1 AND v.person = $2"
)
NAMELESS: Final[LiteralString] = (
    "UPDATE reviews SET row = $1, asker_directory = $2, asker = $3, owner_directory = $4, owner = $5 WHERE id = $6"
)
REDRAW: Final[LiteralString] = (
    "UPDATE reviews SET version = version + 1 WHERE id = $1 AND EXISTS (SELECT 1 FROM cards WHERE review = reviews.id)"
)
BROKEN: Final[LiteralString] = "SELECT closed FROM breaks WHERE directory = $1 AND person = $2"
UNLINK: Final[LiteralString] = "DELETE FROM slack_links WHERE directory = $1 AND person = $2"

_ACT: Final = TypeAdapter(Act)


def _distinct(table: LiteralString, directory: LiteralString, person: LiteralString) -> LiteralString:
    """Name everyone in a table once, by a step in its index for each of them and none for their rows."""
    least: LiteralString = "(SELECT min(" + person + ") FROM " + table + " WHERE " + directory + " = "
    return (
        "WITH RECURSIVE directories (d) AS (SELECT min(" + directory + ") FROM " + table + " UNION ALL SELECT"
        " (SELECT min(" + directory + ") FROM " + table + " WHERE " + directory + " > d) FROM directories"
        " WHERE d IS NOT NULL), people (d, p) AS (SELECT d, " + least + "d) FROM directories WHERE d IS NOT NULL"
        " UNION ALL SELECT d, " + least + "d AND " + person + " > p) FROM people WHERE p IS NOT NULL)"
        " SELECT d, p FROM people WHERE p IS NOT NULL"
    )


NAMED: Final[tuple[LiteralString, ...]] = (
    _distinct("votes", "directory", "person"),
    _distinct("breaks", "directory", "person"),
    _distinct("reviews", "asker_directory", "asker"),
    _distinct("reviews", "owner_directory", "owner"),
    "SELECT directory, person FROM slack_links",
)


async def persons(reads: Reads) -> frozenset[Person]:
    """Whom rows name otherwise than by pseudonym, but for what goes by itself within the hour."""
    found = {(directory, name) for sql in NAMED for directory, name in await reads.rows(sql)}
    found |= {_pair(_ACT.validate_json(row).by) for (row,) in await reads.rows("SELECT row FROM acts")}
    return frozenset(Person(directory=directory, id=name) for directory, name in found)


def _pair(person: Person) -> tuple[str, str]:
    return person.directory, person.id


def forget(change: Forget, now: datetime) -> Steps[None]:
    """Apply the Change.

    Raises: Lost.
    """
    yield from _reviews(change, now)
    yield from _votes(change)
    yield from _breaks(change)
    yield from ask(UNLINK, *_pair(change.person))
    for name, row in (yield from ask("SELECT id, row FROM acts")):
        if _ACT.validate_json(row).by == change.person:
            yield from ask("DELETE FROM acts WHERE id = $1", name)
    for name, row in (yield from ask("SELECT name, row FROM ticket WHERE row <> ''")):
        if names(row, change.person):
            yield from ask("DELETE FROM ticket WHERE name = $1", name)


def _reviews(change: Forget, now: datetime) -> Steps[None]:
    for row in (yield from ask(ASKED, *_pair(change.person))):
        found = rows.review(row)
        _over(found.state)
        nameless = _nameless(found, change)
        yield from ask(NAMELESS, rows.pack_review(nameless), *rows.people(nameless), found.id)
        yield from _grant(found.id, now)
        yield from ask(REDRAW, found.id)


def _nameless(review: Review, change: Forget) -> Review:
    """Write a Review without a person's ids; whether it was the one who asked, or who answers for it, stays."""
    mark, asked = erased(change.person, change.known), review.requester == change.person
    offer = review.offer
    return replace(
        review,
        requester=mark if asked else review.requester,
        owner=mark if review.owner == change.person else review.owner,
        principal=_unsaid(review.principal) if asked else review.principal,
        offer=replace(offer, coverage=_uncovered(offer.coverage)) if asked and offer else offer,
    )


def _unsaid(principal: tuple[str, str, str]) -> tuple[str, str, str]:
    issuer, _, client = principal
    return issuer, WORD, client


def _uncovered(coverage: Coverage) -> Coverage:
    return replace(coverage, principal=_unsaid(coverage.principal))


def _grant(review: ReviewId, now: datetime) -> Steps[None]:
    """Write the grant that a Review gave without who may use it, once nobody may."""
    row = yield from one(GRANT + "WHERE review = $1", review)
    if row is None:
        return
    found = grant(row)
    if found.ended_at is None and now < found.until:
        raise Lost("a grant of theirs may still be used: it is to be revoked first")
    given = replace(found, coverage=_uncovered(found.coverage))
    yield from ask("UPDATE grants SET row = $1 WHERE id = $2", pack_grant(given), given.id)


def _votes(change: Forget) -> Steps[None]:
    mark = erased(change.person, change.known)
    for number, row, state in (yield from ask(VOTED, *_pair(change.person))):
        _over(State(state))
        vote = replace(rows.vote(row), person=mark, name=WORD, via=WORD, member="")
        yield from _rewritten(number, vote)
        yield from ask(REDRAW, vote.review)


def _rewritten(number: int, vote: Vote) -> Steps[None]:
    sql: Final = "UPDATE votes SET person = $1, row = $2 WHERE n = $3"
    yield from ask(sql, vote.person.id, rows.pack_vote(vote), number)


def _breaks(change: Forget) -> Steps[None]:
    """Write answers given alone without who gave them, once somebody else has looked at them."""
    found = yield from ask(BROKEN, *_pair(change.person))
    if not all(closed for (closed,) in found):
        raise Lost("an answer that they gave alone is to be looked at first")
    sql: Final = "UPDATE breaks SET person = $1 WHERE directory = $2 AND person = $3"
    yield from ask(sql, erased(change.person, change.known).id, *_pair(change.person))


def _over(state: State) -> None:
    if state in OPEN:
        raise Lost("a Review that is not over still needs to know this person")


def names(said: object, person: Person) -> bool:
    """Say whether a person stands in a row: in its JSON, in JSON kept as text within it; no JSON, anywhere in it."""
    if isinstance(said, dict):
        return (said.get("directory"), said.get("id")) == _pair(person) or any(
            names(one, person) for one in said.values()
        )
    if not isinstance(said, str):
        return False
    try:
        return names(dict(json.loads(said)), person)
    except (ValueError, TypeError):
        return person.id in said
