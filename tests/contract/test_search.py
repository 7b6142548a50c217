"""Finding Calls: every criterion, alone and together, means the same to the double and to the real store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from core import subject
from core.errors import AuditBusy
from core.model import Caller, CallId, Json, Outcome, Person
from core.ports import Mark, Search, Unit
from core.stores.lookups import history as looking
from core.stores.lookups.find import PEOPLE
from tests import entries
from tests.contract.conftest import Clock, Store
from tests.doubles import MemoryStore

ORDERS = "select id, status from public.orders where customer_id = ?"
CUSTOMERS = "select email from public.customers"


async def ran(
    store: Store,
    clock: Clock,
    name: str = "ann",
    *,
    result: Outcome | None = Outcome.DELIVERED,
    rows: int | None = 3,
    shape: str = ORDERS,
    things: Sequence[str] = ("table public.orders",),
    columns: Sequence[str] = ("public.orders.id", "public.orders.status"),
    rules: Sequence[str] = ("analysts read",),
    action: str = "allow",
    caller: Caller | None = None,
    **more: Any,
) -> CallId:
    """One Call of a person, a minute after the one before."""
    clock.advance(timedelta(minutes=1))
    who = caller or entries.caller(name)
    call = entries.call(clock.now())
    session = await store.sessions.join(who, call)
    said: dict[str, Json] = {
        "ps": subject.of_caller(store.macs, who),
        "iss": who.issuer,
        "client": who.client,
        "kind": "person",
    }
    reading: dict[str, Json] = {"verbs": ["read"], "things": list(things), "columns": list(columns), "shape": shape}
    verdict: dict[str, Json] = {"action": action, "policy": "p1", "rules": list(rules)}
    whole = {"reading": reading, "verdict": verdict, **more}
    intent = entries.intent(call.id, session=session.id, caller=said, **whole)
    ended = () if result is None else (entries.outcome(call.id, result, **({} if rows is None else {"rows": rows})),)
    await store.journal.commit(Unit(entries=(intent, *ended)))
    return call.id


async def found(store: Store, **wanted: Any) -> list[CallId]:
    return [line.call for line in (await store.history.find(Search(**wanted), limit=100)).lines]


@pytest.fixture
async def told(store: Store, clock: Clock) -> dict[str, CallId]:
    """A small history in which every criterion has something to tell apart."""
    return {
        "plain": await ran(store, clock),
        "bob": await ran(store, clock, "bob", rows=5000),
        "refused": await ran(store, clock, result=Outcome.REFUSED, rows=None, action="refuse", rules=()),
        "customers": await ran(
            store,
            clock,
            shape=CUSTOMERS,
            things=["table public.customers"],
            columns=["public.customers.email"],
            verdict={"action": "allow", "policy": "p1", "rules": ["support"], "masked": ["public.customers.email"]},
            rows=900,
        ),
        "open": await ran(store, clock, result=None, source={"name": "warehouse"}),
        "unread": await ran(store, clock, reading={"unreadable": "syntax"}, result=Outcome.REFUSED, action="refuse"),
    }


CRITERIA: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"plain", "bob", "refused", "customers", "open", "unread"}),
    ({"agent": "claude"}, {"plain", "bob", "refused", "customers", "open", "unread"}),
    ({"agent": "nobody"}, set()),
    ({"source": "warehouse"}, {"open"}),
    ({"tool": "query", "verdict": "refuse"}, {"refused", "unread"}),
    ({"tool": "execute"}, set()),
    ({"table": "public.customers"}, {"customers"}),
    ({"table": "customers"}, {"customers"}),
    ({"table": "ustomers"}, set()),
    ({"column": "email"}, {"customers"}),
    ({"column": "customers.email"}, {"customers"}),
    ({"column": "public.customers.email"}, {"customers"}),
    ({"column": "public.orders.email"}, set()),
    ({"rule": "support"}, {"customers"}),
    ({"verb": "read", "rule": "analysts read"}, {"plain", "bob", "open"}),
    ({"outcome": Outcome.REFUSED}, {"refused", "unread"}),
    ({"rows": 900, "countable": True}, {"bob", "customers"}),
    ({"rows": 901, "countable": True}, {"bob"}),
    ({"rows": 900}, {"bob"}),
    ({"rows": 0}, {"plain", "bob", "unread"}),
    ({"words": "orders"}, {"plain", "bob", "refused", "open"}),
    ({"words": "ORDERS customer_id"}, {"plain", "bob", "refused", "open"}),
    ({"words": "customer"}, set()),
    ({"words": "custom*"}, {"plain", "bob", "refused", "customers", "open"}),
    ({"words": "public.customers"}, {"customers"}),
    ({"words": "unparsed"}, {"unread"}),
    ({"words": "orders", "source": "shop", "rows": 4}, {"bob"}),
    ({"words": "..."}, set()),
]
HOSTILE = [
    '"', "'", "NEAR(orders)", "orders OR email", "text:orders", "^orders", "orders AND", "(", "*", "-orders", "a\x00b",
    'orders" OR "email', "{orders email}: x", "'; DROP TABLE call; --", "$1", "%", "_", "\ud800", "ordérs", "orders --",
]  # fmt: skip


async def test_each_criterion_finds_what_it_says(store: Store, told: dict[str, CallId]) -> None:
    for wanted, names in CRITERIA:
        assert {name for name in told if told[name] in await found(store, **wanted)} == names, wanted


async def test_words_are_never_an_operator_of_the_index(store: Store, told: dict[str, CallId]) -> None:
    whole = set(await found(store, words="orders"))
    for words in HOSTILE:
        assert set(await found(store, words=words)) in (set(), whole), words


async def test_names_are_values_and_never_a_part_of_a_statement(store: Store, told: dict[str, CallId]) -> None:
    for kind in ("agent", "source", "tool", "table", "column", "verdict", "rule", "verb", "session", "own"):
        assert await found(store, **{kind: "x' OR '1'='1"}) == []
        assert await found(store, **{kind: "\ud800"}) == []


async def test_calls_come_newest_first_and_pages_join_without_gap_or_repeat(store: Store, clock: Clock) -> None:
    made = [await ran(store, clock, ("ann", "bob")[number % 2]) for number in range(23)]
    for wanted, expected in (
        (Search(), made),
        (Search(words="orders", table="orders"), made),
        (Search(own=subject.of_person(store.macs, Person(directory="acme", id="bob"))), made[1::2]),
    ):
        seen, after = list[CallId](), None
        while True:
            page = await store.history.find(wanted, after=after, limit=5)
            seen += [line.call for line in page.lines]
            after = page.next
            if after is None:
                break
            assert len(page.lines) == 5
            assert page.reached == page.lines[-1].at
        assert seen == expected[::-1]


async def test_calls_of_one_moment_are_told_apart_by_their_number(store: Store, clock: Clock) -> None:
    who, made = entries.caller(), []
    session = await store.sessions.join(who, entries.call(clock.now()))
    ps = subject.of_caller(store.macs, who)
    for _ in range(5):
        call = entries.call(clock.now())
        caller: dict[str, Json] = {"ps": ps, "iss": who.issuer, "client": who.client, "kind": "person"}
        await store.journal.commit(Unit(entries=(entries.intent(call.id, session=session.id, caller=caller),)))
        made.append(call.id)
    first = await store.history.find(Search(), limit=2)
    second = await store.history.find(Search(), after=first.next, limit=2)
    third = await store.history.find(Search(), after=second.next, limit=2)
    assert [line.call for page in (first, second, third) for line in page.lines] == made[::-1]


async def test_a_window_holds_its_begin_and_not_its_end(store: Store, clock: Clock) -> None:
    made, times = [], []
    for _ in range(4):
        made.append(await ran(store, clock))
        times.append(clock.now())
    assert await found(store, since=times[1], until=times[3]) == [made[2], made[1]]
    assert await found(store, since=times[3] + timedelta(milliseconds=1)) == []


async def test_a_person_is_found_by_name_under_every_client_and_with_the_machines_they_own(
    store: Store, clock: Clock
) -> None:
    ann, cursor = entries.caller(), entries.caller(client="cursor")
    machine = entries.machine(owner=Person(directory="acme", id="ann"))
    ids = [await ran(store, clock, caller=who) for who in (ann, cursor, machine)]
    other = await ran(store, clock, "bob")
    named = await store.subjects.named(" ANN@acme.example ")
    assert set(await found(store, people=named)) == set(ids[:2])
    human = frozenset({subject.of_person(store.macs, Person(directory="acme", id="ann"))})
    assert set(await found(store, people=human)) == set(ids)
    assert await found(store, people=await store.subjects.named("nobody@acme.example")) == []
    assert other not in await found(store, own=next(iter(human)))
    assert (
        set(await found(store, own=next(iter(human)), people=await store.subjects.named("bob@acme.example"))) == set()
    )


async def test_a_person_is_found_under_each_of_many_clients(store: Store, clock: Clock) -> None:
    """A client that registers anew each time is another principal each time."""
    ids = [await ran(store, clock, caller=entries.caller(client=f"client-{number}")) for number in range(PEOPLE + 3)]
    await ran(store, clock, "bob")
    assert await found(store, people=await store.subjects.named("ann@acme.example")) == ids[::-1]


async def test_many_people_are_found_at_once(store: Store, clock: Clock) -> None:
    callers = [entries.caller(f"p{number}") for number in range(PEOPLE + 3)]
    ids = [await ran(store, clock, caller=who) for who in callers]
    wanted = frozenset({subject.of_caller(store.macs, who) for who in callers[1:]})
    assert await found(store, people=wanted) == ids[:0:-1]


async def test_a_list_of_names_that_was_cut_is_found_by_any_name_and_says_so(store: Store, clock: Clock) -> None:
    cut = await ran(store, clock, columns=[*(f"public.t.c{n}" for n in range(24)), "and 3 more"])
    whole = await ran(store, clock)
    page = await store.history.find(Search(column="email"))
    assert [(line.call, line.cut) for line in page.lines] == [(cut, True)]
    assert await found(store, table="orders") == [whole, cut]
    assert await found(store, source="nowhere") == []


async def test_a_line_shows_the_shape_and_what_came_later_is_found_at_once(store: Store, clock: Clock) -> None:
    first = await ran(store, clock)
    assert (await store.history.find(Search(words="orders"))).lines[0].shape == ORDERS
    second = await ran(store, clock, shape="delete from public.orders")
    assert await found(store, words="delete") == [second]
    assert await found(store, words="select") == [first]


async def test_one_page_looks_at_a_bounded_number_of_calls_and_says_how_far_back(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(store, MemoryStore):
        return  # the double looks at everything
    old = await ran(store, clock, result=Outcome.ERROR)
    for _ in range(30):
        await ran(store, clock)
    monkeypatch.setattr("core.stores.lookups.find.STRIDES", (3, 10))
    page, pages = await store.history.find(Search(outcome=Outcome.ERROR)), 1
    assert page.lines == ()
    assert page.reached is not None
    while page.next is not None:
        page, pages = await store.history.find(Search(outcome=Outcome.ERROR), after=page.next), pages + 1
        if page.lines:
            break
    assert ([line.call for line in page.lines], pages) == ([old], 4)


async def test_few_calls_that_are_alike_are_found_however_old(store: Store, clock: Clock) -> None:
    """Names and words do not depend on how far one page looks back."""
    old = await ran(store, clock, shape="truncate rare", rows=700, things=["table public.rare"])
    for _ in range(30):
        await ran(store, clock)
    assert await found(store, words="truncate") == [old]
    assert await found(store, table="public.rare") == [old]
    assert await found(store, rows=700, countable=True) == [old]


async def test_an_index_far_behind_is_said_and_not_waited_for(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(store, MemoryStore):
        return  # the double has no index
    monkeypatch.setattr(looking, "STEP", 2)
    monkeypatch.setattr(looking, "PATIENCE", 2)
    made = [await ran(store, clock) for _ in range(5)]
    with pytest.raises(AuditBusy):
        await store.history.find(Search())
    assert await store.history.catch_up()
    assert await found(store) == made[::-1]


async def test_look_ups_at_once_apply_every_entry_once(store: Store, clock: Clock) -> None:
    made = [await ran(store, clock, rows=7) for _ in range(5)]
    pages = await asyncio.gather(*(store.history.find(Search()) for _ in range(10)))
    assert all([line.call for line in page.lines] == made[::-1] for page in pages)
    (line,) = await store.history.sessions()
    assert (line.calls, line.rows) == (5, 35)


def test_a_mark_reads_as_it_is_written() -> None:
    assert str(Mark(at_ms=12, sequence=7)) == "12.7"
    assert Mark(at_ms=12, sequence=7) < Mark(at_ms=12, sequence=8) < Mark(at_ms=13, sequence=0)
