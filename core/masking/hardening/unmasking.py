"""The role of reviewed unmasks: what the read role may read, and protected columns whose tag has an owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from core.catalog import Snapshot
from core.masking.hardening.emitted import Emitted
from core.masking.hardening.rights import DANGEROUS, Grant, Rights
from core.masking.hardening.settings import READS, missing, worded
from core.masking.hardening.wanted import applications, wanted
from core.masking.hardening.worded import give, take
from core.masking.names import qualified, quote
from core.masking.spread import Spread

CONNECTIONS: Final = 5
WHY: Final = "approved unmaskings run as this role, and nothing else does"


def lifted(snapshot: Snapshot, found: Spread, owned: frozenset[str], role: str) -> frozenset[Grant]:
    """Give the rights on protected columns that an approval may show."""
    return frozenset(
        Grant(kind="TABLE", target=qualified(relation), privilege="SELECT", grantee=role, column=quote(attribute.name))
        for relation in applications(snapshot)
        if relation.oid not in found.closed and relation.oid not in found.policied
        if relation.kind in {"r", "p"} or relation.oid in found.raw_views
        for number, attribute in relation.attributes.items()
        if number in found.masked(relation.oid) and found.tags[relation.oid][number].tag in owned
    )


def steps(
    snapshot: Snapshot,
    rights: Rights,
    found: Spread,
    views: tuple[Emitted, ...],
    role: str,
    owned: frozenset[str],
) -> Iterator[tuple[str, str]]:
    """Say what a DBA must run for this role, after the masking views stand; SQL and why."""
    yield from _login(rights, role)
    want = wanted(snapshot, found, views, role) | lifted(snapshot, found, owned, role)
    want |= {Grant(kind="DATABASE", target=quote(snapshot.database), privilege="CONNECT", grantee=role)}
    mine = frozenset(grant for grant in rights.grants if grant.grantee == role)
    spare = sorted(grant for grant in mine if grant not in want)
    for grant in spare:
        yield take(grant, rights.grantors.get(grant, ())), WHY
    # REVOKE of a table-wide right takes the role's column rights along (PostgreSQL docs, REVOKE, Notes).
    gone = {grant.target for grant in spare if not grant.column}
    held = {grant for grant in mine if not (grant.column and grant.target in gone)}
    yield from ((give(grant), WHY) for grant in sorted(want - held))


def again(remade: Iterable[str], role: str, mine: frozenset[Grant]) -> Iterator[tuple[str, str]]:
    """Grant once more what a masking view that is made anew has lost with its old self."""
    targets = set(remade)
    for grant in sorted(mine):
        if grant.grantee == role and grant.target in targets:
            yield give(grant), WHY


def _login(rights: Rights, role: str) -> Iterator[tuple[str, str]]:
    known = rights.roles.get(role)
    name = quote(role)
    if known is None:
        yield f"CREATE ROLE {name} LOGIN NOINHERIT CONNECTION LIMIT {CONNECTIONS};", f"{WHY}; set its password yourself"
    for setting in missing(READS, frozenset() if known is None else known.settings):
        yield worded(role, setting), WHY
    if known is None:
        return
    held = [attribute for attribute in (*DANGEROUS, "INHERIT") if attribute in known.attributes]
    if held:
        yield f"ALTER ROLE {name} {' '.join(f'NO{attribute}' for attribute in held)};", WHY
    for other in sorted(known.member_of):
        yield f"REVOKE {quote(other)} FROM {name};", WHY
