"""SQLite's text index over statement shapes: FTS5, asked with quoted tokens alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString, final

from core.stores.steps import Steps, ask


@final
class Fts:
    """The port Words."""

    def matching(self, place: LiteralString) -> LiteralString:
        """SQL that selects shapes' keys."""
        return "SELECT rowid FROM shape_words WHERE shape_words MATCH " + place

    def index(self, shape: int, text: str) -> Steps[None]:
        """Take a new shape in: FTS5 is no table that a trigger could be trusted with."""
        yield from ask("INSERT INTO shape_words (rowid, text) VALUES ($1, $2)", shape, text)

    def query(self, tokens: Sequence[str], *, prefix: bool) -> str:
        """Quote each token as a string of FTS5's own (sqlite.org/fts5.html 3.1): no operator, no column filter."""
        quoted = [f'"{token}"' for token in tokens]
        return " AND ".join(quoted) + ("*" if prefix else "")
