"""Rights and masking views as SQL text: what a step of `assent harden` is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from core.masking.hardening.emitted import Emitted
from core.masking.hardening.rights import PUBLIC, Default, Grant
from core.masking.names import dotted, literal, quote


def give(grant: Grant) -> str:
    """GRANT by name."""
    return f"GRANT {_right(grant)} TO {quote(grant.grantee)};"


def take(grant: Grant, grantors: Iterable[str] = ()) -> str:
    """REVOKE takes back what the owner gave; what another gave, only they or who acts as they can take back."""
    text = f"REVOKE {_right(grant)} FROM {_who(grant.grantee)};"
    others = (f"SET LOCAL ROLE {quote(other)};\n{text}\nRESET ROLE;" for other in sorted(grantors))
    return "\n".join((text, *others))


def _who(grantee: str) -> str:
    return quote(grantee) if grantee != PUBLIC else "PUBLIC"


def coming(default: Default, verb: str, grantee: str) -> str:
    """Change what objects yet to be made will carry."""
    where = f" IN SCHEMA {quote(default.schema)}" if default.schema else ""
    change = f"{verb} {default.privilege} ON {default.kind} {'TO' if verb == 'GRANT' else 'FROM'} {_who(grantee)}"
    return f"ALTER DEFAULT PRIVILEGES FOR ROLE {quote(default.maker)}{where} {change};"


def _right(grant: Grant) -> str:
    column = f" ({grant.column})" if grant.column else ""
    return f"{grant.privilege}{column} ON {grant.kind} {grant.target}"


def created(view: Emitted) -> str:
    """CREATE VIEW, and a comment that holds the hash of this text and of what the server made of it."""
    target = dotted((view.schema, view.name))
    invoker = " WITH (security_invoker = true)" if view.invoker else ""
    inner = (
        f"BEGIN EXECUTE (SELECT pg_catalog.format('COMMENT ON VIEW %s IS %L', {literal(target)}, "
        f"'assent {view.hash} ' || "
        "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.concat(pg_catalog.pg_get_viewdef(c.oid), "
        "c.reloptions::text), 'SQL_ASCII')), 'hex')) FROM pg_catalog.pg_class c "
        f"WHERE c.oid = {literal(target)}::pg_catalog.regclass); END"
    )
    mark = "$assent$"
    while mark in inner:
        mark = f"$a{hashlib.sha256(mark.encode()).hexdigest()[:12]}$"
    return f"CREATE VIEW {target}{invoker} AS {view.select};\nDO {mark} {inner} {mark};"
