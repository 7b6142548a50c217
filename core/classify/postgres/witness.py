"""The second witness: the server's tree, checked, agreed with the parser's, and made into a Reading."""

from core.catalog import Protection, Snapshot
from core.classify.postgres.nouns import Parsed, Witnessed
from core.model import Doubt, Unreadable


def witness(parsed: Parsed, dump: str, snapshot: Snapshot, protection: Protection) -> Witnessed | Unreadable:
    """Read the server's dump of `parsed.text` ("" where there is none) against Snapshot and effective tags."""
    del parsed, dump, snapshot, protection
    return Unreadable(doubt=Doubt.UNAVAILABLE, sentence="No second witness could be heard.")
