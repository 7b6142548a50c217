"""A Reading by the parser's word alone, for `assent check --offline`; never enough to run anything."""

from core.classify.postgres.nouns import Parsed
from core.model import Dialect, Doubt, Reading, Unreadable


def offline(parsed: Parsed) -> Reading | Unreadable:
    """Read a parsed text without a database: things and functions as written; `witnessed` stays False."""
    if not parsed.pairs:
        return Unreadable(doubt=Doubt.UNKNOWN, sentence="This statement names nothing that could be judged.")
    return Reading(dialect=Dialect.POSTGRES, statement=parsed.text, text=parsed.text, pairs=parsed.pairs)
