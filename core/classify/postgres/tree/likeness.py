"""The shape that a statement shares with others, for grants: tree but for open values, and each object by identity.

Never a fingerprint of libpg_query's, which drops every literal, and never generated SQL, which drops what differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from core.catalog import Oid
from core.classify.postgres.nouns import Parsed
from core.classify.postgres.text.fold import fold
from core.classify.postgres.tree.read import digest
from core.model import Json, Likened, Likeness

SHORT: Final = 200  # characters; a hundred levels at most, where a thousand calls may stand in each other
GRAMMAR: Final = 180_004  # the version that libpg_query writes into its trees


def likened(parsed: Parsed, objects: Iterable[Oid], ground: Mapping[str, Json]) -> Likeness | Likened | None:
    """As `likeness`, of a short text when it is first asked for.

    What is nested too deeply to be worked out is refused as it is read, so that a longer text does not wait: a level
    takes two octets and six calls at least.
    """
    if parsed.looked is not None or len(parsed.text) > SHORT:
        return likeness(parsed, objects, ground)
    return Likened(partial(worded, parsed, frozenset(objects), ground))


def likeness(parsed: Parsed, objects: Iterable[Oid], ground: Mapping[str, Json]) -> Likeness | None:
    """Word a witnessed statement's shape; `ground` is what the reading stands on: catalogs and tags as they are.

    None for a value that is looked up by: it stands in no tree.
    """
    return None if parsed.looked is not None else worded(parsed, objects, ground)


def worded(parsed: Parsed, objects: Iterable[Oid], ground: Mapping[str, Json]) -> Likeness:
    """Word the shape itself."""
    folded = fold(parsed)
    words: dict[str, Json] = {
        "grammar": GRAMMAR,
        "tree": json.dumps(folded.tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        "objects": sorted(objects),
        **ground,
    }
    return Likeness(shape=digest(words), chosen=folded.chosen, values=folded.values, opened=folded.opened)
