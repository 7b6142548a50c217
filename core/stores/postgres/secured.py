"""Row security of the store, forced on its owner too: Entries by kind, keys by purpose, payloads by role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.stores.postgres.rights import PURPOSES, WRITERS, Part

SECURED: Final = ("log_entry", "key_named", "kek", "dek", "payload")  # by rows, the owner's hand included


def held(part: Part) -> str:
    """Say as SQL that who is connected has this role: the login, whatever role it took or function it is in."""
    return f"pg_has_role(session_user, '{part.role}', 'USAGE')"


def policies() -> Iterator[str]:
    """Yield it as statements."""
    for table in SECURED:
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
    for table in ("log_entry", "key_named", "kek"):
        yield f"CREATE POLICY shown ON {table} FOR SELECT USING (true);"
    for part in Part:
        kinds = ", ".join(f"'{kind.value}'" for kind, parts in WRITERS.items() if part in parts)
        once = f"(SELECT {held(part)})"  # asked once for a statement, not for each of its rows
        yield f"CREATE POLICY {part}_appends ON log_entry FOR INSERT WITH CHECK ({once} AND kind IN ({kinds}));"
        purposes = ", ".join(f"'{purpose}'" for purpose in PURPOSES[part])
        own = f"({held(part)} AND purpose IN ({purposes}))"
        yield f"CREATE POLICY {part}_names ON key_named FOR INSERT WITH CHECK {own};"
        yield f"CREATE POLICY {part}_keys ON dek USING {own};"
        yield f"CREATE POLICY {part}_wraps ON kek USING {own};"
    # Only the signer knows when its former key signed last.
    retires = f"({held(Part.SIGNER)} AND purpose = 'signing' AND state = 'former')"
    ended = f"({held(Part.SIGNER)} AND purpose = 'signing' AND state = 'retired')"
    yield f"CREATE POLICY signer_retires ON key_named FOR UPDATE USING {retires} WITH CHECK {ended};"
    # A store of an older schema does not hold what verifies its first key: who holds the key says it.
    told = f"({held(Part.SIGNER)} AND purpose = 'signing' AND state = 'current' AND public"
    yield f"CREATE POLICY signer_tells ON key_named FOR UPDATE USING {told} = '') WITH CHECK {told} <> '');"
    yield f"CREATE POLICY people_turn ON key_named FOR UPDATE USING ({held(Part.PEOPLE)}) WITH CHECK (true);"
    # What operators decide to erase ends whatever it was: the people's side destroys keys that it cannot unwrap.
    yield f"CREATE POLICY people_see ON dek FOR SELECT USING ({held(Part.PEOPLE)});"
    yield f"CREATE POLICY people_end ON dek FOR UPDATE USING ({held(Part.PEOPLE)}) WITH CHECK (wrapped IS NULL);"
    yield f"CREATE POLICY gateway_keeps ON payload USING ({held(Part.GATEWAY)});"
    yield f"CREATE POLICY people_keep ON payload FOR INSERT WITH CHECK ({held(Part.PEOPLE)} AND role = 'reason');"
    yield f"CREATE POLICY people_read ON payload FOR SELECT USING ({held(Part.PEOPLE)});"
    yield f"CREATE POLICY people_delete ON payload FOR DELETE USING ({held(Part.PEOPLE)});"
    over = "EXISTS (SELECT FROM dek k WHERE k.id = payload.dek AND k.wrapped IS NULL)"
    yield f"CREATE POLICY ended ON payload AS RESTRICTIVE FOR DELETE USING ({over});"
