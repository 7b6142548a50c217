"""Tags as the configuration declares them, put onto a Reading that no source has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from core.masking.names import parts
from core.model import Column, Mask, Reading, Source
from core.policy.force import Policy

FREE_TEXT: Final = "free_text"  # detectors look at it; nothing of it is masked at the source
HIDE: Final = "hide"  # the mask of a tag that [mask] does not name


def declared(reading: Reading, source: Source, policy: Policy) -> Reading:
    """Give each table every tag declared on it, for the parser cannot say which columns a `*` or a bare name is.

    Masks only where a tagged column is named. A bare name may be any schema's.
    """
    tags: dict[str, set[str]] = {}
    masks: dict[Column, Mask] = {}
    for relation, column, tag in columns(source):
        for thing in {pair.thing.name for pair in reading.pairs if same(pair.thing.name, relation)}:
            tags.setdefault(thing, set()).add(tag)
        masks |= {
            used: Mask(column=used, tag=tag, kind=policy.mask(tag) or HIDE)
            for used in reading.columns
            if tag != FREE_TEXT and hits(used, relation, column)
        }
    return replace(
        reading,
        tags={thing: frozenset(found) for thing, found in tags.items()},
        masks=frozenset(masks.values()),
    )


def columns(source: Source) -> Iterator[tuple[str, str, str]]:
    """Yield (relation, column or pattern, tag) of each declared tag; exact names last, for they win over patterns."""
    for name, tag in sorted(source.tags.items(), key=lambda item: (not set("*?[") & set(item[0]), item)):
        split = parts(name)
        if split is not None and len(split) > 1:
            yield ".".join(split[:-1]), split[-1], tag


def same(name: str, relation: str) -> bool:
    """Whether a thing as written may be a relation."""
    return name == relation or ("." not in name and relation.rpartition(".")[2] == name)


def hits(used: Column, relation: str, column: str) -> bool:
    """Whether a column as written may be a declared one."""
    return same(used.relation, relation) and (used.name == column or fnmatchcase(used.name, column))
