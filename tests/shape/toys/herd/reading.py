"""What a toy statement would do: the name of a table reads all of it; everything else is unreadable."""

from __future__ import annotations

import hashlib
from typing import Final

from core.model import Column, Digest, Doubt, Mask, Pair, Reading, Source, Thing, Unreadable, Verb
from core.ports import Statement

HERD: Final = {
    "farm.sheep": ({"name": "Dolly", "owner": "Keith"}, {"name": "Shaun", "owner": "Nick"}),
    "farm.wolves": ({"name": "Isegrim", "owner": "nobody"},),
}


def read(source: Source, statement: Statement) -> Reading | Unreadable:
    name = statement.text.strip()
    if name not in HERD or statement.parameters:
        return Unreadable(doubt=Doubt.UNKNOWN, sentence="A herd knows the names of its tables and nothing else.")
    columns = tuple(Column(relation=name, name=key) for key in HERD[name][0])
    tags = {one: source.tags.get(f"{name}.{one.name}") for one in columns}
    return Reading(
        dialect=source.dialect,
        statement=statement.text,
        text=statement.text,
        pairs=frozenset({Pair(thing=Thing(kind="table", name=name), verb=Verb.READ)}),
        columns=frozenset(columns),
        masks=frozenset(Mask(column=one, tag=tag, kind="hide") for one, tag in tags.items() if tag),
        tags={name: frozenset(tag for tag in tags.values() if tag)},
        outputs=tuple(frozenset({one}) for one in columns),
        tree=Digest(hashlib.sha256(name.encode()).hexdigest()),
        witnessed=True,
    )
