"""The port SlackLinks: one account, one person, one e-mail a workspace, in every store alike."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.audit.entry import Malformed
from core.errors import Lost
from core.model import Entry, EntryKind, Person
from core.ports import EndLink, SetLink, SlackLink, Unit
from tests.contract.conftest import Clock, Store

ANN, BEN = Person(directory="acme", id="ann"), Person(directory="acme", id="ben")


def link(clock: Clock, user: str = "U1", person: Person = ANN, email: str = "") -> SlackLink:
    return SlackLink(team="T1", user=user, person=person, email=email, at=clock.now())


def made(one: SlackLink, *ended: SlackLink) -> Unit:
    gone = Entry(kind=EntryKind.LINK_ENDED, body={"by": "p", "person": "q", "via": "v", "why": "replaced"})
    said = Entry(kind=EntryKind.LINK_MADE, body={"by": "p", "via": "v"})
    return Unit(
        entries=(*(gone for _ in ended), said), changes=(*(EndLink(link=each) for each in ended), SetLink(link=one))
    )


async def test_an_account_is_the_person_it_was_linked_to_in_its_workspace_alone(store: Store, clock: Clock) -> None:
    await store.journal.commit(made(link(clock, email="ann@acme.example")))
    assert await store.links.link("T1", "U1") == link(clock, email="ann@acme.example")
    assert await store.links.link("T2", "U1") is None
    assert (await store.links.users("T1"), await store.links.users("T2")) == (("U1",), ())
    await store.journal.commit(made(replace(link(clock), team="T2")))
    assert await store.links.users("T2") == ("U1",)


@pytest.mark.parametrize(
    "other",
    [{"person": BEN, "email": ""}, {"user": "U2"}, {"user": "U2", "person": BEN}],
    ids=["account", "person", "e-mail"],
)
async def test_no_second_link_of_an_account_a_person_or_an_email_stands_beside_the_first(
    store: Store, clock: Clock, other: dict[str, object]
) -> None:
    first = link(clock, email="a@acme.example")
    await store.journal.commit(made(first))
    second = replace(first, **other)  # type: ignore[arg-type]
    with pytest.raises(Lost):
        await store.journal.commit(made(second))
    assert await store.links.beside(second) == (first,)
    await store.journal.commit(made(second, first))
    assert await store.links.beside(first) == (second,)
    assert await store.links.link("T1", first.user) == (second if second.user == first.user else None)


async def test_those_without_an_email_and_those_of_another_directory_do_not_stand_in_the_way(
    store: Store, clock: Clock
) -> None:
    for number, directory in enumerate(("acme", "acme", "other")):
        person = Person(directory=directory, id=f"p{min(number, 1)}")
        await store.journal.commit(made(link(clock, f"U{number}", person, "x@acme.example" if number else "")))


async def test_of_many_who_link_one_account_at_once_one_does(store: Store, clock: Clock) -> None:
    people = [Person(directory="acme", id=f"p{number}") for number in range(8)]
    done = await asyncio.gather(
        *(store.journal.commit(made(link(clock, person=one))) for one in people), return_exceptions=True
    )
    assert sum(isinstance(one, Lost) for one in done) == 7


async def test_a_link_ends_as_it_was_read_or_not_at_all(store: Store, clock: Clock) -> None:
    first = link(clock)
    await store.journal.commit(made(first))
    said = Entry(kind=EntryKind.LINK_ENDED, body={"by": "p", "person": "p", "via": "v", "why": "asked"})
    for other in (replace(first, person=BEN), replace(first, user="U2")):
        with pytest.raises(Lost):
            await store.journal.commit(Unit(entries=(said,), changes=(EndLink(link=other),)))
    await store.journal.commit(Unit(entries=(said,), changes=(EndLink(link=first),)))
    assert await store.links.link("T1", "U1") is None


async def test_no_link_is_made_or_ended_without_its_entry(store: Store, clock: Clock) -> None:
    for change in (SetLink(link=link(clock)), EndLink(link=link(clock))):
        with pytest.raises(Malformed):
            await store.journal.commit(Unit(changes=(change,)))
