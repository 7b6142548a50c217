"""The ports Payloads, Macs and Subjects: one suite for the double and for the real store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.errors import BadCall, NotFound
from core.model import CallId, PayloadId, SessionId
from core.ports import KeyKind, Payload, Recorded, Recording, Role
from core.stores.encryption import vault
from tests.contract.conftest import Clock, Store

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


RECORDED = {"quiet": Recording(statement=Recorded.HASHED, parameters=Recorded.NONE, result=Recorded.NONE)}


@pytest.fixture
def recorded() -> Mapping[str, Recording]:
    return RECORDED


async def test_what_is_not_recorded_lasts_until_its_call_is_over(store: Store) -> None:
    roles = (Role.STATEMENT, Role.PARAMETERS, Role.PURPOSE, Role.QUESTION, Role.RESULT)
    words = [Payload(role=role, content=role.value.encode()) for role in roles]
    kept = await store.payloads.keep(CALL, SESSION, "quiet", words)
    assert [await store.payloads.open(one.id) for one in kept] == [role.value.encode() for role in roles]
    statement, parameters, purpose, question, result = kept
    assert (parameters.mac, question.mac, result.mac) == ("", "", "")
    assert (parameters.size, question.size, result.size) == (0, 0, 0)
    assert (purpose.mac_key, statement.mac_key) == (0, purpose.key)
    await store.ring.destroy([key.number for key in await store.ring.alive(KeyKind.PASSING) if key.scope.call == CALL])
    for one in (statement, parameters, question, result):
        with pytest.raises(NotFound):
            await store.payloads.open(one.id)
    assert await store.payloads.open(purpose.id) == b"purpose"


async def test_a_hash_compares_words_that_somebody_brings(store: Store) -> None:
    said = Payload(role=Role.STATEMENT, content=b"select 1")
    (first,) = await store.payloads.keep(CALL, SESSION, "quiet", [said])
    (second,) = await store.payloads.keep(CallId("call_2"), SESSION, "quiet", [said])
    other = Payload(role=Role.STATEMENT, content=b"select 2")
    (third,) = await store.payloads.keep(CALL, SESSION, "quiet", [other])
    assert first.mac == second.mac != third.mac
    assert first.mac_key == second.mac_key


async def test_the_first_rows_of_a_result_that_is_too_large_are_kept_and_the_rest_is_hashed(store: Store) -> None:
    rows = [b'"%s"\n' % os.urandom(600).hex().encode() for _ in range(2_500)]
    whole = Payload(role=Role.RESULT, content=b"".join(rows))
    (kept,) = await store.payloads.keep(CALL, SESSION, "shop", [whole])
    opened = await store.payloads.open(kept.id)
    assert kept.kept == len(opened) < kept.size == len(whole.content)
    assert opened == b"".join(rows[: opened.count(b"\n")])
    assert opened.count(b"\n") > 1_000
    assert len({kept.mac, kept.whole, ""}) == 3


async def test_words_of_100_mb_are_cut_and_a_question_is_refused(store: Store) -> None:
    large = b"x" * 100_000_000
    (kept,) = await store.payloads.keep(CALL, SESSION, "shop", [Payload(role=Role.STATEMENT, content=large)])
    assert (kept.size, kept.kept) == (100_000_000, vault.WORDS)
    with pytest.raises(BadCall):
        await store.payloads.keep(CALL, SESSION, "shop", [Payload(role=Role.QUESTION, content=large)])


async def test_words_of_each_day_have_a_key_of_their_own(store: Store, clock: Clock) -> None:
    said = [Payload(role=Role.STATEMENT, content=b"x")]
    (first,) = await store.payloads.keep(CALL, SESSION, "shop", said)
    (again,) = await store.payloads.keep(CALL, SESSION, "shop", said)
    clock.advance(timedelta(days=1))
    (later,) = await store.payloads.keep(CALL, SESSION, "shop", said)
    (elsewhere,) = await store.payloads.keep(CALL, SESSION, "till", said)
    assert first.key == again.key
    assert len({first.key, later.key, elsewhere.key}) == 3


async def test_what_comes_after_its_key_was_destroyed_is_sealed_anew(store: Store) -> None:
    said = [Payload(role=Role.STATEMENT, content=b"x")]
    (gone,) = await store.payloads.keep(CALL, SESSION, "shop", said)
    await store.ring.destroy([gone.key])
    (new,) = await store.payloads.keep(CALL, SESSION, "shop", said)
    assert new.key != gone.key
    assert await store.payloads.open(new.id) == b"x"
    with pytest.raises(NotFound):
        await store.payloads.open(gone.id)
