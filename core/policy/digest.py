"""The question an approval answers, bound by one SHA-256 over its exact words, and the key of identical requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import orjson

from core.errors import BadCall, Drifted
from core.model import Allow, Ask, Call, Caller, Digest, Json, Limits, Mask, Parameters, Question, Reading, Scalar, Tool
from core.policy.force import Policy

FORMAT: Final = 1
INTEGER_BITS: Final = 8_192  # below CPython's limit of 4,300 digits for str(int), far above any column type


def question(
    call: Call, caller: Caller, reading: Reading, verdict: Allow | Ask, *, role: str, policy: Policy
) -> Question:
    """Word everything an approval binds, with its digest; `role` is the database role it would run as.

    Raises: Drifted when the source has not witnessed this text, BadCall for text or numbers that have no UTF-8 form.
    """
    if not reading.witnessed or reading.tree is None or reading.statement != call.statement:
        raise Drifted("the reading is not the source's own of this text", public="The statement must be read again.")
    unmask = verdict.unmask if isinstance(verdict, Ask) else frozenset()
    if frozenset(mask.name for mask in reading.unmasked) != unmask:
        raise Drifted("the reading shows other columns as they are", public="The statement must be read again.")
    masks = frozenset(mask for mask in reading.masks if mask.at_source)  # `tree` binds the tags of the rest
    words: dict[str, Json] = {
        "format": FORMAT,
        "source": call.source,
        "role": role,
        "statement": reading.statement,
        "text": reading.text,
        "parameters": typed(call.parameters),
        "masking": {"masks": _masks(masks), "unmask": sorted(unmask)},
        "limits": _limits(verdict.limits),
        "policy": policy.version,
        "tree": reading.tree,
        "caller": {
            "issuer": caller.issuer,
            "subject": caller.subject,
            "person": None if caller.person is None else [caller.person.directory, caller.person.id],
        },
        "agent": caller.client,
    }
    return Question(
        call=call.id,
        source=call.source,
        role=role,
        statement=reading.statement,
        text=reading.text,
        parameters=call.parameters,
        masks=masks,
        unmasked=reading.unmasked,
        limits=verdict.limits,
        policy=policy.version,
        tree=reading.tree,
        caller=caller,
        tool=call.tool,
        digest=canonical(words),
        bytes=reading.bytes,
    )


def request_key(caller: Caller, tool: Tool, source: str, text: str, parameters: Parameters) -> str:
    """Return the key by which an identical Call of the same principal joins an open Review, 64 hex digits.

    Raises: BadCall as `question` does.
    """
    principal: Json = list(caller.principal)
    return canonical(
        {
            "format": FORMAT,
            "principal": principal,
            "tool": tool.value,
            "source": source,
            "text": text,
            "parameters": typed(parameters),
        }
    )


def canonical(words: Mapping[str, Json]) -> Digest:
    """Return SHA-256 of canonical JSON: sorted keys, no white space, UTF-8, text exactly as it came.

    Raises: BadCall for a lone surrogate.
    """
    try:
        octets = orjson.dumps(words, option=orjson.OPT_SORT_KEYS)  # the same octets, in a tenth of the time
    except TypeError:  # a lone surrogate, or a number beyond 64 bits
        octets = written(words)
    return Digest(sha256(octets).hexdigest())


def written(words: Mapping[str, Json]) -> bytes:
    """Write canonical JSON.

    Raises: BadCall for a lone surrogate.
    """
    try:
        return json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise BadCall("lone surrogate in text or parameters") from error


def typed(parameters: Parameters) -> Json:
    """Return parameters as [type, text], so that 1, "1", 1.0 and true differ; named ones with their names, sorted."""
    if isinstance(parameters, Mapping):
        return {"named": [[name, *scalar(value)] for name, value in sorted(parameters.items())]}
    return [list(scalar(value)) for value in parameters]


def scalar(value: Scalar) -> tuple[str, str]:
    """Return one parameter's type and text.

    Raises: BadCall for an integer without end.
    """
    match value:
        case None:
            return "null", ""
        case bool():
            return "boolean", "true" if value else "false"
        case int() if value.bit_length() > INTEGER_BITS:
            raise BadCall("an integer parameter is too large")
        case int():
            return "integer", str(value)
        case float():
            return "number", repr(value)
        case str():
            return "string", value


def plan(masks: frozenset[Mask]) -> Digest:
    """Return the hash of a masking profile: which columns are masked, by which kind, under which tag."""
    return canonical({"masks": _masks(masks)})


def _masks(masks: frozenset[Mask]) -> Json:
    return [[mask.column.relation, mask.column.name, mask.tag, mask.kind] for mask in sorted(masks)]


def _limits(limits: Limits) -> Json:
    return {
        "returned_rows": limits.returned_rows,
        "returned_bytes": limits.returned_bytes,
        "affected_rows": limits.affected_rows,
        "target_rows": limits.target_rows,
        "timeout_microseconds": round(limits.timeout.total_seconds() * 1_000_000),
        "billed_bytes": limits.billed_bytes,
    }
