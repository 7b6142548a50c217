"""Operators over HTTP: blocks, holds, what retention would end, and Acts that one proposes and another decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, final

from starlette.requests import Request
from starlette.responses import Response

from console import wire
from console.door import Bad, answer, body
from console.wire import Body
from core.custody.acts import Bench
from core.custody.effects import extent
from core.custody.keeper import Keeper
from core.custody.rotation import Rotation
from core.identity.token import Members, strict
from core.model import ActId, Decision, Identity
from core.ports import Act, Block, Due, Extent, NamedKey, Said

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@final
class Operating:
    """What an operator can do here, once known to be one."""

    def __init__(self, bench: Bench, keeper: Keeper, rotation: Rotation) -> None:
        self._bench = bench
        self._keeper = keeper
        self._rotation = rotation

    async def acts(self, _request: Request, who: Identity) -> Response:
        """List what waits."""
        return answer({"acts": [act(one, await self._name(who, one.of)) for one in await self._bench.pending(who)]})

    async def _name(self, who: Identity, of: Mapping[str, str]) -> str:
        return await self._bench.name(who, of.get("kind", ""), of.get("id", ""))

    async def propose(self, request: Request, who: Identity) -> Response:
        """Propose: `{"does", "of": {…}}`."""
        does, of = await _members(request, {"does", "of"})
        if not isinstance(does, str) or not isinstance(of, dict):
            raise Bad("does is a word, of an object")
        proposed = await self._bench.propose(who, does, _texts(of))
        return answer(act(proposed, await self._name(who, proposed.of)), 201)

    async def decide(self, request: Request, who: Identity) -> Response:
        """Decide: `{"decision": "approve"|"deny"}`."""
        (word,) = await _members(request, {"decision"})
        if not isinstance(word, str) or word not in set(Decision):
            raise Bad("decision is approve or deny")
        said = await self._bench.decide(who, ActId(str(request.path_params["id"])), Decision(word))
        return answer({**wire.said(said), "message": SENTENCES.get(said, wire.SENTENCES[said])}, wire.STATUS[said])

    async def holds(self, _request: Request, who: Identity) -> Response:
        """List holds."""
        found = await self._bench.holds(who)
        return answer({"holds": [hold(one, await self._bench.name(who, one.kind, one.id)) for one in found]})

    async def hold(self, request: Request, who: Identity) -> Response:
        """Set a hold: `{"kind", "id"}`."""
        kind, name = await _members(request, {"id", "kind"}, order=("kind", "id"))
        set_ = await self._bench.hold(who, extent(_texts({"kind": kind, "id": name})))
        return answer(hold(set_, await self._bench.name(who, set_.kind, set_.id)), 201)

    async def policy(self, request: Request, who: Identity) -> Response:
        """Put the configuration's policy in force, or propose it: `{"policy", "dry"}`; the version that is meant."""
        version, dry = await _members(request, {"policy", "dry"}, order=("policy", "dry"))
        if not isinstance(version, str) or not isinstance(dry, bool):
            raise Bad("policy is a version, dry is true or false")
        found, proposed = await self._bench.apply(who, version, dry=dry)
        said: dict[str, Body] = {"policy": found.version, "widens": list(found.widens), "in_force": False}
        if proposed is not None:
            return answer({**said, "act": act(proposed, "")}, 201)
        return answer({**said, "in_force": not dry, "act": None})

    async def blocks(self, _request: Request, who: Identity) -> Response:
        """List blocks."""
        return answer({"blocks": [block(one, name) for one, name in await self._bench.blocks(who)]})

    async def block(self, request: Request, who: Identity) -> Response:
        """Stop somebody: `{"kind", "id", "until"}`; until is a time with its offset, or null."""
        kind, name, until = await _members(request, {"id", "kind", "until"}, order=("kind", "id", "until"))
        made = await self._bench.block(who, _texts({"kind": kind, "id": name}), _instant(until))
        return answer({"blocks": [block(one, one.party.id) for one in made]}, 201)

    async def retention(self, _request: Request, who: Identity) -> Response:
        """Show what would go, and what of it is held; nothing is changed."""
        await self._bench.holds(who)
        found, terms, waits = await self._keeper.due(), await self._keeper.terms(), await self._keeper.waits()
        return answer(
            {
                "due": [due(one) for one in found],
                "in_force": dict(terms),
                "configured": dict(self._keeper.configured),
                "waits": None if waits is None else (EPOCH + timedelta(days=waits)).date().isoformat(),
            }
        )

    async def keys(self, _request: Request, who: Identity) -> Response:
        """List [keys] by their ids, each with how many data keys it wraps."""
        await self._bench.holds(who)
        return answer({"keys": [key(one, count) for one, count in await self._rotation.listed()]})


SENTENCES: Final[Mapping[Said, str]] = {
    Said.APPROVED: "Done, as it was proposed.",
    Said.DENIED: "Denied: nothing was done.",
    Said.SELF: "Another operator must decide it: not who proposed it, nor anyone it is about.",
    Said.NOT_COMPARABLE: "Your identity cannot be compared with the proposer's, so you may not decide.",
    Said.CLOSED: "It is decided already.",
    Said.UNKNOWN: "No act of that name waits: it was decided, or its time is over.",
}


def act(one: Act, name: str) -> Mapping[str, Body]:
    """`{id, does, of, name, by, at, until}`; in `of` a person's id is a pseudonym, `name` says whose."""
    return {
        "id": one.id,
        "does": one.does,
        "of": dict(one.of),
        "name": name,
        "by": str(one.by),
        "at": wire.moment(one.at),
        "until": wire.moment(one.until),
    }


def hold(one: Extent, name: str) -> Mapping[str, Body]:
    """`{kind, id, name}`; a person's id is a pseudonym."""
    return {"kind": one.kind.value, "id": one.id, "name": name}


def key(one: NamedKey, count: int) -> Mapping[str, Body]:
    """`{purpose, id, state, wraps, public}`; `wraps` counts data keys, `public` verifies what a signing key signed."""
    return {
        "purpose": one.purpose,
        "id": one.name,
        "state": one.state.value,
        "wraps": count,
        "public": one.public,
    }


def block(one: Block, name: str) -> Mapping[str, Body]:
    """`{kind, id, name, until}`; a person's id is a pseudonym, `until` null where it does not end by itself."""
    return {"kind": one.party.kind.value, "id": one.party.id, "name": name, "until": wire.moment(one.until)}


def due(one: Due) -> Mapping[str, Body]:
    """`{reason, purpose, source, keys, held, oldest}`; `oldest` is a day."""
    oldest = (EPOCH + timedelta(days=one.oldest)).date().isoformat()
    return {
        "reason": one.reason,
        "purpose": one.purpose,
        "source": one.source,
        "keys": one.keys,
        "held": one.held,
        "oldest": oldest,
    }


async def _members(request: Request, names: set[str], order: tuple[str, ...] = ()) -> list[object]:
    """Read a body of exactly these members.

    Raises: Bad.
    """
    try:
        found: Members = strict(await body(request))
    except ValueError as error:
        raise Bad("it is not one JSON object") from error
    if found.keys() != names:
        raise Bad(f"its members are {' and '.join(sorted(names))}")
    return [found[name] for name in order or sorted(names)]


def _instant(text: object) -> datetime | None:
    """Read a time with its offset, or null.

    Raises: Bad.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Bad("until is a time with its offset") from error
    if moment.tzinfo is None:
        raise Bad("until is a time with its offset")
    return moment


def _texts(of: Mapping[str, object]) -> Mapping[str, str]:
    if not all(isinstance(value, str) for value in of.values()):
        raise Bad("what it is about is named by texts")
    return {name: str(value) for name, value in of.items()}
