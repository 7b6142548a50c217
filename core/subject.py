"""Pseudonyms under which bodies name people and principals: keyed MACs, so that a log without the key names nobody."""

from __future__ import annotations

from core.model import Caller, Identity, Person
from core.ports import Macs


def of_principal(macs: Macs, principal: tuple[str, str, str]) -> str:
    """Return the pseudonym of (issuer, subject, client): `caller.ps` of an INTENT."""
    return macs.mac("principal", "\0".join(principal).encode())


def of_caller(macs: Macs, caller: Caller) -> str:
    """Return the pseudonym of a Caller's principal."""
    return of_principal(macs, caller.principal)


def of_person(macs: Macs, person: Person) -> str:
    """Return the pseudonym of a human, the same for every issuer and client of one directory."""
    return macs.mac("person", f"{person.directory}\0{person.id}".encode())


def behind(macs: Macs, caller: Caller) -> str | None:
    """Return the pseudonym of who is behind a Caller: the person, or the owner of a machine."""
    human = caller.person or caller.owner
    return None if human is None else of_person(macs, human)


def of_identity(macs: Macs, who: Identity) -> str:
    """Return the pseudonym of somebody on the people's side."""
    return of_person(macs, who.person)
