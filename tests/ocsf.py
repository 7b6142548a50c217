"""A checker of events against OCSF's published schema, as `tests/generate/ocsf.py` compiled it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

PLACE: Final = Path(__file__).parent / "schemas" / "ocsf"
KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "boolean_t": bool,
    "float_t": (int, float),
    "integer_t": int,
    "long_t": int,
    "timestamp_t": int,
    "port_t": int,
}


@cache
def schema() -> dict[str, Any]:
    """Load the schema, if it is the one whose digest is written down."""
    digest, name = (PLACE / "SHA256SUMS").read_text().split()
    content = (PLACE / name).read_bytes()
    assert sha256(content).hexdigest() == digest
    found: dict[str, Any] = json.loads(content)
    return found


def faults(event: Mapping[str, Any]) -> list[str]:
    """Say what an event breaks; nothing is forgiven that the schema names."""
    named = {(one["uid"], one["category"]): one for one in schema()["classes"].values()}
    held = schema()["categories"]
    by_uid = {held[category] * 1000 + uid: one for (uid, category), one in named.items()}
    of = by_uid.get(event.get("class_uid", 0))
    if of is None:
        return [f"class_uid {event.get('class_uid')}"]
    uid, activity = event["class_uid"], event.get("activity_id", -1)
    profiles = frozenset(event.get("metadata", {}).get("profiles", ()))
    whole = (
        event.get("category_uid") == uid // 1000 or "category_uid",
        event.get("type_uid") == uid * 100 + activity or "type_uid",
        event.get("metadata", {}).get("version") == schema()["version"] or "metadata.version",
    )
    loose = {"class_uid", "category_uid"}  # their enums are filled in by the class itself
    return [one for one in whole if isinstance(one, str)] + list(_object(event, of, "", profiles, loose))


def _object(
    value: Mapping[str, Any], of: Mapping[str, Any], path: str, profiles: frozenset[str], loose: set[str]
) -> Iterator[str]:
    for name, attribute in of["attributes"].items():
        profile = attribute.get("profile")
        if attribute.get("requirement") == "required" and profile in {None, *profiles} and name not in value:
            yield f"{path}{name} is missing"
    for name, one in value.items():
        if name not in of["attributes"]:
            yield f"{path}{name} is not in the schema"
        else:
            yield from _attribute(name, one, of["attributes"][name], path, profiles, loose)
    for rule, names in of.get("constraints", {}).items():
        found = sum(name in value for name in names)
        if (rule == "at_least_one" and not found) or (rule == "just_one" and found != 1):
            yield f"{path or 'event'}: {rule} of {names}"


def _attribute(
    name: str, one: Any, attribute: Mapping[str, Any], path: str, profiles: frozenset[str], loose: set[str]
) -> Iterator[str]:
    if attribute.get("profile") and attribute["profile"] not in profiles:
        yield f"{path}{name} belongs to the profile {attribute['profile']}"
    listed = attribute.get("is_array", False)
    if listed != isinstance(one, list):
        yield f"{path}{name} is no list" if listed else f"{path}{name} is a list"
        return
    for each in one if listed else [one]:
        yield from _value(
            each, attribute["type"], None if name in loose else attribute.get("enum"), f"{path}{name}", profiles
        )


def _value(value: Any, kind: str, enum: Mapping[str, str] | None, path: str, profiles: frozenset[str]) -> Iterator[str]:
    if enum and str(value) not in enum:
        yield f"{path}: {value!r} is none of its values"
    if kind in {"object", "json_t"}:
        return
    if kind not in schema()["types"]:
        of = schema()["objects"].get(kind)
        if of is None or not isinstance(value, dict):
            yield f"{path}: {kind} is not compiled, or no object is there"
            return
        yield from _object(value, of, f"{path}.", profiles, set())
        return
    rules = schema()["types"][kind]
    if (
        not isinstance(value, KINDS.get(kind, str))
        or (isinstance(value, bool) and kind != "boolean_t")
        or (isinstance(value, str) and "regex" in rules and not re.fullmatch(rules["regex"], value))
    ):
        yield f"{path}: {value!r} is no {kind}"
    elif isinstance(value, str) and len(value) > rules.get("max_len", 2**31):
        yield f"{path}: too long"
