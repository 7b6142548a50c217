"""Whether a reply is one that a door may give: whole, well-formed by the published schemas, and without a secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from core.admission import SCOPE
from core.model import Call, Caller
from tests.fuzz.door.place import SECRET, Place, Reply
from tests.fuzz.door.shapes import MODERN, Case

Members: TypeAlias = "dict[str, object]"

SCHEMAS: Final = Path(__file__).parents[2] / "schemas" / "mcp"
STATUSES: Final = frozenset({200, 202, 400, 401, 403, 404, 405, 406, 408, 413, 415, 421, 429})
PUBLIC: Final = frozenset({"/healthz", "/readyz"})
MARKS: Final = re.compile(rb"Traceback|File \"|/site-packages/|\.py\b|pydantic|input_value|0x[0-9a-f]{8}")
LAST: Final = "2025-11-25"  # of the revisions with a handshake
LONGEST: Final = 40_000  # bytes of a reply that hands out nothing large


def faults(place: Place, case: Case, reply: Reply, made: Sequence[tuple[Call, Caller]]) -> list[str]:
    """Say what is wrong about a reply, and about the Calls that came of its request."""
    return [*_whole(case, reply), *_secrets(place, case, reply), *_formed(case, reply), *_calls(case, made)]


def _whole(case: Case, reply: Reply) -> Iterator[str]:
    if case.request.gone and reply.status is None:
        return
    if reply.status not in STATUSES:
        yield f"status {reply.status}"
    if not reply.ended:
        yield "no end"
    if reply.status == 401 and not reply.values("www-authenticate"):
        yield "401 without a challenge"
    if reply.status == 429 and not reply.values("retry-after"):
        yield "429 without a time"
    if len(reply.body) > LONGEST + len(case.request.body):  # ids and names of methods are repeated
        yield f"{len(reply.body)} bytes"


def _secrets(place: Place, case: Case, reply: Reply) -> Iterator[str]:
    shown = bytes(reply.body) + b"\n".join(name + b": " + value for name, value in reply.headers)
    if SECRET.encode() in shown:
        yield "a word of the line's own errors"
    if found := MARKS.search(shown):
        yield f"a word of the program's own: {found[0]!r}"
    sent = [value for name, value in case.request.headers if name == b"authorization"]
    for token in (*(text.encode() for text in place.tokens.values()), *sent):
        if len(token) > 24 and token[-24:] in shown:
            yield "a token"


def _formed(case: Case, reply: Reply) -> Iterator[str]:
    kind = (reply.values("content-type") or [""])[0]
    if not reply.body or case.request.method == "HEAD" or not kind:
        return
    if kind.startswith("text/plain"):
        if not reply.body.isascii():
            yield "plain text that is none"
    elif kind.startswith(("application/json", "text/event-stream")):
        try:
            told = list(messages(bytes(reply.body), kind))
        except ValueError as error:
            yield f"no JSON: {type(error).__name__}"
            return
        for one in told:
            yield from _message(case, one) if reply.status in {200, 202} or "jsonrpc" in one else _plain(one)
    else:
        yield f"content type {kind!r}"


def messages(body: bytes, kind: str) -> Iterator[Members]:
    """Read each JSON object out of a body or an event stream, strictly.

    Raises: ValueError.
    """
    text = body.decode()
    events = text.replace("\r\n", "\n").split("\n\n") if kind.startswith("text/event-stream") else [f"data: {text}"]
    for event in events:
        data = "\n".join(line[6:] for line in event.split("\n") if line.startswith("data: "))
        if data:
            found: object = json.loads(data, parse_constant=_constant)
            if not isinstance(found, dict):
                raise ValueError("not an object")
            yield found


def _constant(_: str) -> object:
    raise ValueError("not a JSON number")


def _plain(said: Members) -> Iterator[str]:
    """An answer of the resource server itself, or a public document."""
    if "resource" not in said and not isinstance(said.get("error"), str):
        yield f"neither an error nor a document: {sorted(said)}"


def _message(case: Case, said: Members) -> Iterator[str]:
    if case.request.path.startswith("/.well-known"):
        yield from _plain(said)
        return
    if "method" in said:
        name = "JSONRPCNotification"
    else:
        name = "JSONRPCErrorResponse" if "error" in said else "JSONRPCResultResponse"
    if error := wrong(case, name, said):
        yield f"{name}: {error}"
    result = said.get("result")
    if isinstance(result, dict) and "content" in result:
        yield from _result(case, result)


def _result(case: Case, result: Members) -> Iterator[str]:
    if error := wrong(case, "CallToolResult", result):
        yield f"CallToolResult: {error}"
    content, structure = result.get("content"), result.get("structuredContent")
    match content:
        case [{"type": "text", "text": str() as text}]:
            if text != json.dumps(structure, separators=(",", ":"), ensure_ascii=False):
                yield "the text is not its structure"
        case _:
            yield "not one text"


def _calls(case: Case, made: Sequence[tuple[Call, Caller]]) -> Iterator[str]:
    """What reached the line came of a good token, within its scopes, as text that every store can hold."""
    for call, caller in made:
        if not case.token:
            yield f"{call.tool} without a good token"
        elif f"{caller.client}" != {"ana": "claude", "bob": "cursor", "none": "codex"}[case.token]:
            yield f"{call.tool} as another caller"
        if SCOPE[call.tool] not in caller.scopes:
            yield f"{call.tool} without its scope"
        for text in (call.source, call.statement, call.purpose, *(map(str, call.parameters))):
            if "\0" in text or text != text.encode("utf-8", "replace").decode():
                yield f"{call.tool} with text that is none"


# ---------------------------------------------------------------- the published schemas


def wrong(case: Case, name: str, said: Mapping[str, object]) -> str:
    """Say where a message differs from its published definition; "" where it does not. No value is repeated."""
    if name == "JSONRPCErrorResponse" and said.get("id", 0) is None:  # JSON-RPC 2.0 5: of what could not be read
        said = {key: value for key, value in said.items() if key != "id"}
    found = [next(validator(each, name).iter_errors(said), None) for each in spoken(case)]
    first = found[0]
    return (
        "" if None in found or first is None else f"{'/'.join(map(str, first.absolute_path)) or '.'} {first.validator}"
    )


def spoken(case: Case) -> tuple[str, ...]:
    """Say by which revisions an answer may be worded: by the header, which decides over the body; by any of several.

    Older ones differ from 2025-11-25 in nothing that this door says.
    """
    named = {value.strip() for name, value in case.request.headers if name == b"mcp-protocol-version"} or {b""}
    return tuple({MODERN if value == MODERN.encode() else LAST for value in named})


@cache
def validator(revision: str, name: str) -> Validator:
    """Make the validator of one definition, of the schema whose digest is written down."""
    listed = (SCHEMAS / "SHA256SUMS").read_text().splitlines()
    digests = {place: digest for digest, place in (line.split() for line in listed)}
    content = (SCHEMAS / f"{revision}.json").read_bytes()
    if sha256(content).hexdigest() != digests[f"{revision}.json"]:
        raise ValueError(f"the schema of {revision} is another one")
    return Draft202012Validator({**json.loads(content), "$ref": f"#/$defs/{name}"})
