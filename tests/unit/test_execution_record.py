"""What the Entries of a Call say, and what they refuse to say."""

from __future__ import annotations

import pytest

from core import subject
from core.errors import BadCall
from core.execution import record
from core.execution.record import Case
from core.model import Allow, Limits, PayloadId, Reason, Refuse
from core.ports import Kept, Role
from tests import entries
from tests.doubles import MemoryStore

WHY = (Reason(rule="r", sentence="so"),)


async def case() -> Case:
    store = MemoryStore()
    caller, call = entries.caller(), entries.call(store.clock.now())
    session = await store.sessions.join(caller, call)
    ps = subject.of_caller(store.macs, caller)
    return Case(call=call, caller=caller, session=session, source=None, person=ps, mac="m", policy="p")


async def test_an_intent_names_nobody_but_by_a_pseudonym() -> None:
    one = await case()
    said = record.intent(one, None, Refuse(reasons=WHY, code="bad_call"), []).body
    assert said["caller"] == {
        "ps": one.person,
        "iss": one.caller.issuer,
        "client": one.caller.client,
        "kind": "person",
        "groups": [],
    }
    assert subject.PSEUDONYM.fullmatch(one.person)
    assert "@" not in repr(said)


async def test_what_is_not_recorded_whole_is_refused_but_never_run() -> None:
    cut = Kept(id=PayloadId("pay_1"), role=Role.PARAMETERS, size=9, ciphertext="c", mac="m", key=1, kept=5, whole="w")
    with pytest.raises(BadCall):
        record.intent(await case(), None, Allow(reasons=WHY, limits=Limits()), [cut])
    said = record.intent(await case(), None, Refuse(reasons=WHY, code="bad_call"), [cut]).body["payloads"]
    assert said == [
        {
            "id": "pay_1",
            "role": "parameters",
            "ct_sha256": "c",
            "dek": 1,
            "len": 9,
            "pt_mac": "m",
            "truncated": True,
            "kept": 5,
            "whole_mac": "w",
        }
    ]
