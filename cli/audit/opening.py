"""Stored results at the command line: each ticket of the people's side is taken at a gateway, once, without a token."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from cli.reach import Answer, People, objects, word
from cli.show import fail, working
from console import wire
from core.model import PayloadId
from core.packing import unpack_result
from core.ports import Opening, Role

GONE: Final = "its key is gone or not held there"
FORM: Final = "it answers in another form: is it of this version?"


def results(people: People, found: Answer) -> Answer:
    """Return a replay with the results that its tickets open."""
    calls, address = objects(found, "calls"), word(found, "results")
    with working("opening results", total=sum(bool(word(one, "ticket")) for one in calls)) as bar:
        opened = []
        for one in calls:
            opened.append(result(people, address, one))
            bar.advance(bar.task_ids[0], int(bool(word(one, "ticket"))))
    return {"session": found.get("session"), "calls": opened}


def result(people: People, address: str, one: Answer) -> Answer:
    """Return a Call with its result instead of the ticket, or with why there is none."""
    rest = {name: value for name, value in one.items() if name != "ticket"}
    ticket = word(one, "ticket")
    if not ticket:
        return {**rest, "result": None}
    opened = payload(people.redeem(address, ticket))
    if opened is None:
        return {**rest, "result": None, "withheld": GONE}
    try:
        return {**rest, "result": wire.result(unpack_result(opened.content))}
    except (ValueError, KeyError, TypeError):
        fail(f"{address}: {FORM}")


def payload(said: Mapping[str, object] | None) -> Opening | None:
    """Read a payload as either door writes it, with the key of its MAC where one is given."""
    if said is None:
        return None
    try:
        return Opening(
            id=PayloadId(word(said, "id")),
            role=Role(word(said, "role")),
            content=base64.b64decode(word(said, "content"), validate=True),
            key=bytes.fromhex(word(said, "key")),
        )
    except ValueError:
        fail(FORM)
