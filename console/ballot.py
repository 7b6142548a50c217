"""The JSON of a vote, or of what stops one: every member by name, types exact, nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from console.door import Bad
from core.identity.token import Members, strict
from core.model import Caps, Decision, Digest, ReviewId
from core.ports import Ballot, Finding, Hindsight

NAMES: Final = frozenset({"decision", "digest", "reason", "affected_rows", "grant", "ticket"})
CAPS: Final = frozenset({"uses", "rows", "total", "seconds"})
HINDSIGHT: Final = frozenset({"digest", "finding", "note"})
DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
REASON: Final = 500  # characters, one line: a denial's reaches the agent
TICKET: Final = 80
ROWS: Final = 2**63  # PostgreSQL's bigint
HOUR: Final = 3_600


def ballot(review: ReviewId, content: bytes) -> Ballot:
    """Read the body of a vote.

    Raises: Bad, naming the member.
    """
    members = _members(content)
    if not members.keys() <= NAMES:
        raise Bad("a member that is not decision, digest, reason, affected_rows, grant or ticket")
    return Ballot(
        review=review,
        digest=_digest(members),
        decision=_decision(members),
        reason=_line(members, "reason", REASON),
        affected_rows=_rows(members),
        grant=_grant(members),
        ticket=_line(members, "ticket", TICKET) or "",
    )


def hindsight(review: ReviewId, content: bytes) -> Hindsight:
    """Read the body of what somebody else says afterwards.

    Raises: Bad, naming the member.
    """
    members = _members(content)
    if members.keys() != HINDSIGHT:
        raise Bad("its members are digest, finding and note")
    finding = members.get("finding")
    if not isinstance(finding, str) or finding not in set(Finding):
        raise Bad("finding is justified or unjustified")
    note = _line(members, "note", REASON) or ""
    return Hindsight(review=review, digest=_digest(members), finding=Finding(finding), note=note)


def seen(content: bytes) -> Digest:
    """Read the body of what stops something: the digest of what was seen, and nothing else.

    Raises: Bad.
    """
    members = _members(content)
    if members.keys() != {"digest"}:
        raise Bad("its one member is digest")
    return _digest(members)


def bare(content: bytes) -> None:
    """Read the body of what needs no word: an empty object.

    Raises: Bad.
    """
    if _members(content):
        raise Bad("it has no member")


def _members(content: bytes) -> Members:
    """Read the body: one JSON object, no name in it twice.

    Raises: Bad.
    """
    try:
        return strict(content)
    except ValueError as error:
        raise Bad("it is not one JSON object") from error


def _decision(members: Members) -> Decision:
    word = members.get("decision")
    if not isinstance(word, str) or word not in set(Decision):
        raise Bad("decision is approve or deny")
    return Decision(word)


def _digest(members: Members) -> Digest:
    digest = members.get("digest")
    if not isinstance(digest, str) or DIGEST.fullmatch(digest) is None:
        raise Bad("digest is the 64 hex digits that were shown")
    return Digest(digest)


def _line(members: Members, name: str, most: int) -> str | None:
    """Read a line of somebody's own words."""
    text = members.get(name)
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > most:
        raise Bad(f"{name} is a text of at most {most} characters")
    # Cc: controls, new lines among them; Cs: lone surrogates, which no store can write
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise Bad(f"{name} is one line without control characters")
    return text.strip() or None


def _grant(members: Members) -> Caps | None:
    """Read how far a grant shall reach; every number is said, none is guessed."""
    said = members.get("grant")
    if said is None:
        return None
    if not isinstance(said, Mapping) or said.keys() != CAPS:
        raise Bad("grant is an object of uses, rows, total and seconds")
    numbers = {name: _number(said[name]) for name in CAPS}
    if numbers["seconds"] > HOUR:
        raise Bad("a grant lasts 3,600 seconds at most")
    time = timedelta(seconds=numbers["seconds"])
    return Caps(uses=numbers["uses"], rows=numbers["rows"], total=numbers["total"], time=time)


def _number(found: object) -> int:
    if isinstance(found, bool) or not isinstance(found, int) or not 0 < found < ROWS:
        raise Bad("uses, rows, total and seconds are numbers above 0")
    return found


def _rows(members: Members) -> int | None:
    rows = members.get("affected_rows")
    if rows is None:
        return None
    if isinstance(rows, bool) or not isinstance(rows, int) or not 0 <= rows < ROWS:
        raise Bad("affected_rows is a number of rows")
    return rows
