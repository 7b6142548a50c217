"""The shape that a statement shares with others, for grants: tree but for open values, and each object by identity.

Never a fingerprint of libpg_query's, which drops every literal, and never generated SQL, which drops what differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from core.catalog import Oid
from core.classify.postgres.nouns import Parsed
from core.classify.postgres.text.fold import fold
from core.classify.postgres.tree.read import digest
from core.model import Json, Likeness

GRAMMAR: Final = 180_004  # the version that libpg_query writes into its trees


def likeness(parsed: Parsed, objects: Iterable[Oid], ground: Mapping[str, Json]) -> Likeness | None:
    """Word a witnessed statement's shape; `ground` is what the reading stands on: catalogs and tags as they are.

    None for a value that is looked up by: it stands in no tree.
    """
    if parsed.looked is not None:
        return None
    folded = fold(parsed)
    words: dict[str, Json] = {
        "grammar": GRAMMAR,
        "tree": json.dumps(folded.tree, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        "objects": sorted(objects),
        **ground,
    }
    return Likeness(shape=digest(words), chosen=folded.chosen, values=folded.values, opened=folded.opened)
