"""`[[same_person]]`: read, and held against the directories that there are."""

from __future__ import annotations

from collections import Counter
from typing import Final

from core.identity.same import Same
from core.model import Json, Person
from core.settings import schema
from core.settings.findings import Findings
from core.settings.parts import Parts
from core.settings.reader import Reader

FORM: Final = '"{}" is no directory:person id of a configured directory'


def humans(reader: Reader, listed: list[object]) -> tuple[tuple[Person, ...], ...]:
    """Make every human's accounts, the one all are known by first."""
    tables = [reader.table(schema.SAME_PERSON, one, ("same_person", str(number))) for number, one in enumerate(listed)]
    return tuple(tuple(map(person, (each.text("person"), *sorted(each.names("accounts") or ())))) for each in tables)


def person(text: str) -> Person:
    """Read `directory:person id`; what is none has a part that is empty."""
    directory, _, identifier = text.partition(":")
    return Person(directory=directory, id=identifier)


def check(parts: Parts, found: Findings) -> None:
    """Each account is one that can sign in, and one human's alone."""
    directories = {one.directory for one in parts.issuers if not one.client_claim}
    directories |= {one.issuer.directory for one in parts.console.saml}
    times = Counter(account for accounts in parts.humans for account in set(accounts))
    for number, accounts in enumerate(parts.humans):
        path = ("same_person", str(number), "accounts")
        if len(set(accounts)) < len(accounts) or len(accounts) < 2:  # noqa: PLR2004 - else there is nothing to join
            found.error(path, "one account more than person, and none twice")
        for account in accounts:
            if account.directory not in directories or not account.id:
                found.error(path, FORM.format(account))
            elif times[account] > 1:
                found.error(path, f'"{account}" stands in another [[same_person]] too: write one table for them')


def joined(parts: Parts) -> Same:
    """Say who is whose account."""
    return Same(parts.humans)


def said(parts: Parts) -> dict[str, Json]:
    """Word it for the policy's hash; nothing where nothing is joined, so that such a policy is the one of before."""
    return {"same_person": sorted([str(one) for one in each] for each in parts.humans)} if parts.humans else {}
