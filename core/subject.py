"""Pseudonyms under which bodies name people and principals: keyed MACs, so that a log without the key names nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from core.model import Caller, Identity, Person
from core.ports import EVERYTHING, Macs, Party, PartyKind

# Before the pseudonym of somebody who was erased, in place of their id. No identity has it: theirs print throughout.
ERASED: Final = "\x1f"


PSEUDONYM: Final = re.compile("[0-9a-f]{64}")  # as an Entry, an export or a copy shows one


def of_principal(macs: Macs, principal: tuple[str, str, str]) -> str:
    """Return the pseudonym of (issuer, subject, client): `caller.ps` of an INTENT."""
    return macs.mac("principal", "\0".join(principal).encode())


def of_caller(macs: Macs, caller: Caller) -> str:
    """Return the pseudonym of a Caller's principal."""
    return of_principal(macs, caller.principal)


def of_person(macs: Macs, person: Person) -> str:
    """Return the pseudonym of a human, the same for every issuer and client of one directory, erased or not."""
    if person.id.startswith(ERASED):
        return person.id.removeprefix(ERASED)
    return macs.mac("person", f"{person.directory}\0{person.id}".encode())


def erased(person: Person, pseudonym: str) -> Person:
    """Return who is left of somebody in rows that stay: of the same directory, known by pseudonym alone."""
    return replace(person, id=ERASED + pseudonym)


def behind(macs: Macs, caller: Caller) -> str | None:
    """Return the pseudonym of who is behind a Caller: the person, or the owner of a machine."""
    human = caller.person or caller.owner
    return None if human is None else of_person(macs, human)


def payer(macs: Macs, caller: Caller) -> str:
    """Return under which pseudonym a Caller uses budgets: a person's, whatever agent they use; a machine's own."""
    return of_caller(macs, caller) if caller.person is None else of_person(macs, caller.person)


def parties(macs: Macs, caller: Caller, source: str) -> frozenset[Party]:
    """Return everyone a block of whom stops a Caller at a Source: the principal, the human behind it, agent, Source."""
    known = {of_caller(macs, caller), behind(macs, caller)}
    return places(caller.client, source) | {Party(kind=PartyKind.PERSON, id=one) for one in known if one is not None}


def places(client: str, source: str) -> frozenset[Party]:
    """Return what of it is no person: everything, the agent by its verified client id, the Source."""
    named = ((PartyKind.AGENT, client), (PartyKind.SOURCE, source))
    return frozenset({EVERYTHING, *(Party(kind=kind, id=name) for kind, name in named if name)})


def of_identity(macs: Macs, who: Identity) -> str:
    """Return the pseudonym of somebody on the people's side."""
    return of_person(macs, who.person)
