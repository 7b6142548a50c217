"""What each start-up check looks at: facts of one database -> the subjects that break it; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from core.catalog import Oid, Snapshot
from core.masking.hardening.emitted import Emitted
from core.masking.hardening.rights import DANGEROUS, Rights, RoleFacts, revealing, risky
from core.masking.hardening.settings import loose
from core.masking.hardening.wanted import Wish, applications, needed
from core.masking.keys import tokened
from core.masking.names import CHECK_SCHEMA, KEY_SCHEMA, VIEWS_ROLE
from core.masking.spread import Spread

Subject: TypeAlias = tuple[str, Oid | None]  # what was found, and the relation it concerns

SESSION: Final = {
    "standard_conforming_strings": "on",
    "row_security": "on",
    "client_encoding": "UTF8",
    "track_counts": "on",
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the checks look at, loaded once."""

    snapshot: Snapshot
    rights: Rights
    found: Spread
    views: tuple[Emitted, ...]
    wish: Wish
    role: RoleFacts
    enforced: bool
    session: Mapping[str, str]
    extra: Mapping[str, tuple[tuple[str, Oid | None], ...]]  # what only SQL can tell, by the check's name
    expected: Mapping[str, str] | None  # tag -> token of the fixed word; None: no key to compare with


def told(name: str) -> Callable[[Facts], Iterator[Subject]]:
    """Give the subjects that only SQL could tell."""
    return lambda facts: iter(facts.extra.get(name, ()))


def attributes(facts: Facts) -> Iterator[Subject]:
    """Attributes that pass every right by."""
    hard = DANGEROUS if facts.enforced else ("SUPERUSER", "BYPASSRLS", "REPLICATION")
    return ((attribute, None) for attribute in hard if attribute in facts.role.attributes)


def inherits(facts: Facts) -> Iterator[Subject]:
    """A role that inherits uses rights of its groups unasked."""
    return iter([("INHERIT", None)] if "INHERIT" in facts.role.attributes else [])


def memberships(facts: Facts) -> Iterator[Subject]:
    """Roles it belongs to."""
    return ((role, None) for role in sorted(facts.role.member_of))


def predefined(facts: Facts) -> Iterator[Subject]:
    """Predefined roles it belongs to (PostgreSQL docs, 22.5)."""
    return ((role, None) for role in sorted(facts.role.member_of) if role.startswith("pg_"))


def tagged(facts: Facts) -> Iterator[Subject]:
    """Protected columns that the role may read."""
    for oid in facts.found.tags:
        relation = facts.snapshot.relations[oid]
        masked = facts.found.masked(oid)
        if relation.granted and masked:
            yield f"all of {relation.qualified}", oid
        for number in sorted(masked):
            if relation.attributes[number].granted:
                yield f"{relation.qualified}.{relation.attributes[number].name}", oid


def copies(facts: Facts) -> Iterator[Subject]:
    """Tainted views, tables under accepted policies, copies, and views over catalogs that nobody reads."""
    for relation in applications(facts.snapshot):
        held = relation.granted or any(attribute.granted for attribute in relation.attributes.values())
        tainted = relation.oid in facts.found.tainted and relation.kind == "v"
        copied = relation.kind in {"m", "f"} and relation.oid in facts.found.closed
        told = relation.kind in {"v", "m"} and revealing(facts.snapshot, relation.oid)
        if held and (tainted or copied or told or relation.oid in facts.found.policied):
            yield relation.qualified, relation.oid
    yield from counters(facts)


def counters(facts: Facts) -> Iterator[Subject]:
    """Sequences that it may read, where any numbers protected values: a last value is the newest of its column's."""
    relations = facts.snapshot.relations
    if any(relations[oid].numbered & facts.found.masked(oid) for oid in facts.found.tags if oid in relations):
        for relation in sorted(relations.values(), key=lambda relation: relation.qualified):
            if relation.kind == "S" and relation.granted:
                yield relation.qualified, relation.oid


def functions(word: str) -> Callable[[Facts], Iterator[Subject]]:
    """Give the callable functions whose risk says `word`."""

    def look(facts: Facts) -> Iterator[Subject]:
        for oid, reason in risky(facts.snapshot, facts.rights.untrusted).items():
            routine = facts.snapshot.routines[oid]
            if routine.executable and word in reason:
                yield f"{routine.identity} {reason}", None

    return look


def owner(facts: Facts) -> Iterator[Subject]:
    """The masking objects have one owner, who can do nothing else and is nobody's."""
    role = facts.rights.roles.get(VIEWS_ROLE)
    if role is None:
        yield f"role {VIEWS_ROLE} is missing", None
        return
    yield from ((f"{VIEWS_ROLE} is {a}", None) for a in sorted(role.attributes & {*DANGEROUS, "LOGIN"}))
    yield from ((f"{member} is a member of {VIEWS_ROLE}", None) for member in sorted(role.members))
    yield from ((f"{VIEWS_ROLE} is a member of {other}", None) for other in sorted(role.member_of))
    schemas = {KEY_SCHEMA, CHECK_SCHEMA} | {view.schema for view in facts.views}
    for schema in sorted(schemas):
        if facts.rights.schemas.get(schema) != VIEWS_ROLE:
            yield f"schema {schema} is missing or not owned by {VIEWS_ROLE}", None
    for (schema, name), holder in sorted(facts.rights.relations.items()):
        if holder != VIEWS_ROLE:
            yield f"{schema}.{name} is owned by {holder}", None
    yield from spare(facts)


def spare(facts: Facts) -> Iterator[Subject]:
    """Rights that the views' owner does not need, and rights of others on the keys."""
    wanted = needed(facts.snapshot, facts.found)
    keys = f'"{KEY_SCHEMA}"'
    for grant in sorted(facts.rights.grants):
        if grant.grantee == VIEWS_ROLE and grant.kind in {"TABLE", "SCHEMA"} and grant not in wanted:
            yield f"{VIEWS_ROLE} may {grant.privilege} {grant.target}", None
        if grant.target == keys or grant.target.startswith(f"{keys}."):
            yield f"{grant.grantee or 'PUBLIC'} may {grant.privilege} {grant.target}", None


def views(facts: Facts) -> Iterator[Subject]:
    """Each masking view is there, is what harden would make now, and what it was when made."""
    there = {(v.schema, v.name): v for v in facts.rights.views if v.schema != CHECK_SCHEMA}
    for view in facts.views:
        old = there.pop((view.schema, view.name), None)
        name = f"{view.schema}.{view.name}"
        if old is None:
            yield f"{name} is missing", view.relation
        elif old.emitted != view.hash:
            yield f"{name} was made for other columns, tags or masks", view.relation
        elif old.made != old.now:
            yield f"{name} was changed", view.relation


def left(facts: Facts) -> Iterator[Subject]:
    """Masking views that nothing asks for any more; no agent's text may name them."""
    wanted = {(view.schema, view.name) for view in facts.views}
    for view in facts.rights.views:
        if view.schema != CHECK_SCHEMA and (view.schema, view.name) not in wanted:
            yield f"{view.schema}.{view.name}", None


def ungranted(facts: Facts) -> Iterator[Subject]:
    """Columns that should be granted and are not: new ones, most often."""
    for relation in applications(facts.snapshot):
        if relation.oid in facts.found.closed or relation.oid in facts.found.policied or relation.kind == "v":
            continue
        masked = facts.found.masked(relation.oid)
        for attribute in relation.attributes.values():
            if attribute.number not in masked and not attribute.granted:
                yield f"{relation.qualified}.{attribute.name}", relation.oid


def session(facts: Facts) -> Iterator[Subject]:
    """Settings that reading and masks rely on, as the session has them."""
    return (
        (f"{name} = {facts.session.get(name)}", None)
        for name, wanted in SESSION.items()
        if facts.session.get(name) != wanted
    )


def unbounded(facts: Facts) -> Iterator[Subject]:
    """What a session of the role would not be held to without us."""
    return ((said, None) for said in loose(facts.session))


def logins(facts: Facts) -> Iterator[Subject]:
    """Code that runs as a role logs in, before any of our settings (PostgreSQL docs 40.1: the login event, 17+)."""
    for hook in facts.snapshot.hooks:
        if hook.event == "login":
            routine = facts.snapshot.routines.get(hook.function)
            yield f"event trigger {hook.name} runs {'unknown code' if routine is None else routine.identity}", None


def logs(facts: Facts) -> Iterator[Subject]:
    """Whether texts of statements reach the server log."""
    level = facts.session.get("log_min_messages", "")
    return iter([] if level == "panic" else [(f"log_min_messages = {level}", None)])


def logged_keys(facts: Facts) -> Iterator[Subject]:
    """Keys that are parameters reach a log that holds parameters (PostgreSQL docs, log_parameter_max_length)."""
    withheld = facts.session.get("log_parameter_max_length") == "0"
    return iter(()) if withheld or not tokened(facts.found) else logs(facts)


def policies(facts: Facts) -> Iterator[Subject]:
    """Row policies that apply to one of reader and owner of the masking views only."""
    for name, oid in facts.extra.get("policies", ()):
        relation = facts.snapshot.relations.get(oid) if oid is not None else None
        if relation is not None and relation.row_security and relation.oid in facts.found.tainted:
            yield f"{name} on {relation.qualified}", oid


def order(facts: Facts) -> Iterator[Subject]:
    """Tables whose physical order follows a protected column."""
    for oid in facts.found.tags:
        relation = facts.snapshot.relations[oid]
        if any(index.clustered and index.holds(facts.found.masked(oid)) for index in relation.indexes):
            yield f"{relation.qualified} is clustered by a protected column", oid


def grains(facts: Facts) -> Iterator[Subject]:
    """Partitions that follow a protected column."""
    for oid in facts.found.tags:
        relation = facts.snapshot.relations[oid]
        if relation.partition_key & facts.found.masked(oid) and relation.qualified not in facts.wish.accepted.grains:
            yield relation.qualified, oid


def defaults(facts: Facts) -> Iterator[Subject]:
    """Protected columns with a default, which catalogs print."""
    for text, oid in facts.extra.get("default", ()):
        number = int(text.split()[1])
        if oid is not None and number in facts.found.masked(oid):
            relation = facts.snapshot.relations[oid]
            yield f"{relation.qualified}.{relation.attributes[number].name}", oid


def spliced(facts: Facts) -> Iterator[Subject]:
    """Masks that stand in the text alone."""
    return iter([] if facts.enforced else [("the database would show raw values if our reading were wrong", None)])


def shut(facts: Facts) -> Iterator[Subject]:
    """A tag that names no table shuts the Source."""
    named = facts.found.shut and facts.found.shut not in facts.found.conflicts
    return iter([(facts.found.shut, None)] if named else [])


def conflicts(facts: Facts) -> Iterator[Subject]:
    """Two Sources of one database that tag a column differently shut both."""
    return ((sentence, None) for sentence in facts.found.conflicts)
