"""The ports Payloads, Macs and Subjects: one suite for the double and for the real store."""

from __future__ import annotations

import pytest

from core.errors import NotFound
from core.model import CallId, PayloadId, SessionId
from core.ports import Payload, Role
from core.stores.sqlite.store import SqliteStore
from tests.doubles import MemoryStore

Store = MemoryStore | SqliteStore
CALL, SESSION = CallId("call_1"), SessionId("ses_1")


async def test_what_is_kept_opens_as_it_was(store: Store) -> None:
    content = (b"select 1", b"", b"\x00\xff" * 200_000)
    roles = (Role.STATEMENT, Role.PURPOSE, Role.RESULT)
    payloads = [Payload(role=role, content=one) for role, one in zip(roles, content, strict=True)]
    kept = await store.payloads.keep(CALL, SESSION, "shop", payloads)
    assert [one.role for one in kept] == list(roles)
    assert [one.size for one in kept] == [len(one) for one in content]
    assert [await store.payloads.open(one.id) for one in kept] == list(content)
    assert len({one.id for one in kept}) == 3


async def test_equal_words_of_two_calls_look_different_in_the_log(store: Store) -> None:
    said = Payload(role=Role.STATEMENT, content=b"select ssn from people where id = 7")
    (one,) = await store.payloads.keep(CALL, SESSION, "shop", [said])
    (two,) = await store.payloads.keep(CALL, SessionId("ses_2"), "shop", [said])
    assert one.ciphertext != two.ciphertext
    assert len(one.mac) == len(one.ciphertext) == 64


@pytest.mark.parametrize("name", ["pay_none", "pay_202611_" + "a" * 26, "../../etc/passwd", ""])
async def test_an_unknown_payload_is_not_found(store: Store, name: str) -> None:
    with pytest.raises(NotFound):
        await store.payloads.open(PayloadId(name))


async def test_macs_are_keyed_and_apart_by_label(store: Store) -> None:
    one = store.macs.mac("a", b"x")
    assert one == store.macs.mac("a", b"x")
    assert len({one, store.macs.mac("b", b"x"), store.macs.mac("a", b"y")}) == 3
    assert len(one) == 64


async def test_a_name_is_known_by_its_pseudonym_and_may_change(store: Store) -> None:
    assert await store.subjects.name("p_1") == "p_1"
    await store.subjects.know("p_1", "Ann")
    await store.subjects.know("p_1", "Ann B")
    assert await store.subjects.name("p_1") == "Ann B"
