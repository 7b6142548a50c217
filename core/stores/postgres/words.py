"""PostgreSQL's text index over statement shapes: lexemes made here, so that both stores split alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, LiteralString, final

from core.stores.lookups.find import TOKEN
from core.stores.steps import Steps, ask

# What holds people's look-ups; DELETE of ten million rows takes longer than a statement may.
EMPTIED: Final[tuple[LiteralString, ...]] = ("TRUNCATE call, session, pattern_name, pattern, name, person",)
LONGEST: Final = 400  # characters of a lexeme; the server takes 2,046 bytes


@final
class Lexemes:
    """The port Words."""

    def matching(self, place: LiteralString) -> LiteralString:
        """SQL that selects shapes' keys; the cast takes lexemes as they are written, no dictionary changes them."""
        return "SELECT pk FROM shape WHERE words @@ CAST(CAST(" + place + " AS text) AS tsquery)"

    def index(self, shape: int, text: str) -> Steps[None]:
        """Take a new shape in."""
        lexemes = " ".join(sorted({token[:LONGEST] for token in TOKEN.findall(text.lower())}))
        yield from ask(
            "UPDATE shape SET words = array_to_tsvector(string_to_array($2, ' ')) WHERE pk = $1", shape, lexemes
        )

    def query(self, tokens: Sequence[str], *, prefix: bool) -> str:
        """Quote each token (textsearch-controls 8.11.2); one holds letters, digits and underscores alone."""
        return " & ".join(f"'{token[:LONGEST]}'" for token in tokens) + (":*" if prefix else "")
