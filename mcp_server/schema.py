"""Leaves out of a JSON Schema what says nothing to a model: every character is paid in every conversation."""

from __future__ import annotations

from collections.abc import Mapping


def slim(schema: Mapping[str, object]) -> dict[str, object]:
    """Drop titles, empty `items`, null defaults and open `additionalProperties`, at every depth."""
    return {key: _slim(key, value) for key, value in schema.items() if not _idle(key, value)}


def _idle(key: str, value: object) -> bool:
    return (
        (key == "title" and isinstance(value, str))
        or (key == "items" and value == {})
        or (key == "default" and value is None)
        or (key == "additionalProperties" and value is True)
    )


def _slim(key: str, value: object) -> object:
    if key == "properties" and isinstance(value, Mapping):
        return {name: slim(member) for name, member in value.items()}
    if isinstance(value, Mapping):
        return slim(value)
    return value
