"""The SQL that makes the database itself refuse: roles, rights and masking views; only what differs is emitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, final

from core.catalog import Oid, Snapshot
from core.errors import UnsafeStart
from core.masking.hardening import settings, unmasking
from core.masking.hardening.emitted import Emitted, emitted
from core.masking.hardening.rights import DANGEROUS, PUBLIC, Grant, Rights, risky
from core.masking.hardening.settings import Setting, worded
from core.masking.hardening.wanted import Wish, applications, bindings, moved, needed, wanted
from core.masking.hardening.worded import coming, created, give, take
from core.masking.keys import WORD
from core.masking.masks import digest
from core.masking.names import CHECK_SCHEMA, KEY_SCHEMA, VIEWS_ROLE, dotted, literal, qualified, quote
from core.masking.spread import Spread

SESSION: Final = "SET search_path = '';\nSET quote_all_identifiers = off;\nSET standard_conforming_strings = on;"
WRITES: Final = ("INSERT", "UPDATE", "DELETE")
KEPT: Final = (
    "others keep by name what they had through PUBLIC (grant it to roles made later); the read role must not have it"
)
BUILT_IN: Final = frozenset({"FUNCTIONS", "TYPES"})  # PUBLIC has these of every new one, without any default


@final
@dataclass(frozen=True, slots=True)
class Step:
    """One or more statements that belong together, and one sentence why."""

    sql: str
    why: str
    optional: bool = False  # what the server may refuse: a mirror (its view stays closed), a superuser's setting


def plan(snapshot: Snapshot, rights: Rights, wish: Wish) -> tuple[Step, ...]:
    """Say what a DBA must run so that masks hold by the database's own rights; nothing when all stands as it should.

    `snapshot` and `rights` are the owner's view. Run again after each DDL: what comes out is the drift.

    Raises: SettingsError for a mask that does not exist; UnsafeStart where running it would loosen something: a tag
    that names nothing, a column that moved under its tag, a schema name that is taken.
    """
    found = wish.over(snapshot)
    refuse(snapshot, rights, found)
    work = _Plan(snapshot, rights, found, emitted(snapshot, found), wish)
    steps = tuple(
        _step(sql, why)
        for part in (
            work.roles,
            work.schemas,
            work.revokes,
            work.defaults,
            work.grants,
            work.tables,
            work.views,
            work.write,
        )
        for sql, why in part()
    )
    if wish.unmask_role is not None:
        steps += tuple(_step(sql, why) for sql, why in unmask(snapshot, rights, wish, found, steps))
    return (_step(SESSION, "names and texts mean what they say below"), *steps) if steps else ()


def unmask(
    snapshot: Snapshot, rights: Rights, wish: Wish, found: Spread, before: tuple[Step, ...]
) -> Iterator[tuple[str, str]]:
    """What the role of reviewed unmasks needs, behind the steps that make the masking views."""
    role, views = wish.unmask_role or "", emitted(snapshot, found)
    yield from unmasking.steps(snapshot, rights, found, views, role, wish.owned)
    targets = [dotted((view.schema, view.name)) for view in views]
    made = [target for target in targets if any(f"CREATE VIEW {target} " in step.sql for step in before)]
    yield from unmasking.again(made, role, rights.grants)


def refuse(snapshot: Snapshot, rights: Rights, found: Spread) -> None:
    """Stop where emitting SQL by name would unmask something."""
    if found.shut:
        raise UnsafeStart(found.shut)
    for sentence, _ in moved(snapshot, found, rights.bindings):
        raise UnsafeStart(f"{sentence}: tag it under its new name, or rename it back")
    for schema in {view.schema for view in emitted(snapshot, found)} | {KEY_SCHEMA, CHECK_SCHEMA}:
        if rights.schemas.get(schema, VIEWS_ROLE) != VIEWS_ROLE:
            raise UnsafeStart(f"schema {schema} belongs to {rights.schemas[schema]}, not to {VIEWS_ROLE}: rename it")


def _step(sql: str, why: str) -> Step:
    """Keep names of the database from ending a comment line of the printed SQL."""
    optional = "security_invoker" in sql.partition("\n")[0] or settings.privileged(sql)
    return Step(sql, " ".join(why.split()), optional=optional)


class _Plan:
    """The parts of a plan, each a generator of (sql, why)."""

    def __init__(
        self,
        snapshot: Snapshot,
        rights: Rights,
        found: Spread,
        views: tuple[Emitted, ...],
        wish: Wish,
    ) -> None:
        self.snapshot = snapshot
        self.rights = rights
        self.found = found
        self.emitted = views
        self.read = wish.read_role
        self.writer = wish.write_role
        self.ours = frozenset({wish.read_role, VIEWS_ROLE, wish.unmask_role})
        self.wanted = wanted(snapshot, found, views, wish.read_role)
        self.needed = needed(snapshot, found)
        self.database = quote(snapshot.database)
        listed = risky(snapshot, rights.untrusted)  # as regprocedure prints them
        self.risky = frozenset(rights.routines[oid] for oid in listed if oid in rights.routines)

    # ------------------------------------------------------------ roles

    def roles(self) -> Iterator[tuple[str, str]]:
        """Three roles without attributes."""
        if VIEWS_ROLE not in self.rights.roles:
            yield f"CREATE ROLE {VIEWS_ROLE} NOLOGIN;", "it owns the masking views and their keys; nobody logs in as it"
        yield from self.attributes(VIEWS_ROLE, (*DANGEROUS, "LOGIN"))
        for member in sorted(self.facts(VIEWS_ROLE, "members")):
            yield f"REVOKE {VIEWS_ROLE} FROM {quote(member)};", f"{member} could read keys and raw columns through it"
        for role in sorted(self.facts(VIEWS_ROLE, "member_of")):
            yield f"REVOKE {quote(role)} FROM {VIEWS_ROLE};", "it reads what the masking views mask, nothing else"
        yield from self.login(self.read, 20, settings.READS)
        yield from self.attributes(self.read, (*DANGEROUS, "INHERIT"))
        for role in sorted(self.facts(self.read, "member_of")):
            yield f"REVOKE {quote(role)} FROM {quote(self.read)};", "the read role holds no rights of another role"
        if self.writer is not None:
            yield from self.login(self.writer, 10, settings.PLAIN)
            yield from self.attributes(self.writer, DANGEROUS)

    def facts(self, role: str, what: str) -> frozenset[str]:
        """A role's attributes, members, memberships or settings; nothing for one that is to be made."""
        known = self.rights.roles.get(role)
        if known is None:
            return frozenset()
        values = {"members": known.members, "member_of": known.member_of, "attributes": known.attributes}
        return values.get(what, known.settings)

    def login(self, role: str, connections: int, brought: tuple[Setting, ...]) -> Iterator[tuple[str, str]]:
        """A role to log in as; its password is the DBA's to set."""
        name = quote(role)
        if role not in self.rights.roles:
            made = f"CREATE ROLE {name} LOGIN NOINHERIT CONNECTION LIMIT {connections};"
            yield made, f"the gateway logs in as {role}; set its password yourself"
        for setting in settings.missing(brought, self.facts(role, "settings")):
            yield worded(role, setting), setting.why

    def attributes(self, role: str, unwanted: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Take attributes away that would pass every other right by."""
        held = [attribute for attribute in unwanted if attribute in self.facts(role, "attributes")]
        if held:
            off = " ".join(f"NO{attribute}" for attribute in held)
            yield f"ALTER ROLE {quote(role)} {off};", f"{role} must not be {', '.join(held)}"

    # ------------------------------------------------------------ schemas, rights

    def schemas(self) -> Iterator[tuple[str, str]]:
        """Schemas of our own."""
        ours = {KEY_SCHEMA, CHECK_SCHEMA} | {view.schema for view in self.emitted}
        for schema in sorted(ours - self.rights.schemas.keys()):
            yield f"CREATE SCHEMA {quote(schema)} AUTHORIZATION {VIEWS_ROLE};", "a schema that only masking uses"

    def revokes(self) -> Iterator[tuple[str, str]]:
        """Rights beyond what the read role may hold: its own go, PUBLIC's are first given to others by name."""
        for grant in sorted(self.rights.grants):
            revoke = take(grant, self.rights.grantors.get(grant, ()))
            if self.intruder(grant):
                yield revoke, "only the owner of the masking views reads the keys"
            elif grant.grantee == self.read and not self.allowed(grant):
                yield revoke, "the read role reads untagged columns and masking views, nothing else"
            elif grant.grantee == PUBLIC and not self.allowed(grant):
                yield "\n".join([*self.kept(grant), revoke]), KEPT
            elif grant.grantee == VIEWS_ROLE and grant.kind in {"TABLE", "SCHEMA"} and grant not in self.needed:
                yield revoke, "the owner of the masking views reads what they mask, nothing else"

    def defaults(self) -> Iterator[tuple[str, str]]:
        """Rights that the next table would give: the read role's go, PUBLIC's are given to others by name."""
        for default in sorted(self.rights.defaults):
            if default.grantee in self.ours:
                yield coming(default, "REVOKE", default.grantee), "what is new is granted by harden, once it is known"
            elif default.grantee == PUBLIC and default.kind not in BUILT_IN:
                named = [coming(default, "GRANT", other) for other in self.keepers()]
                yield "\n".join([*named, coming(default, "REVOKE", PUBLIC)]), KEPT

    def keepers(self) -> Iterator[str]:
        """Roles that must not lose what PUBLIC loses."""
        return (other for other in self.rights.others if other not in self.ours)

    def allowed(self, grant: Grant) -> bool:
        """Whether the read role may hold this right, by itself or through PUBLIC."""
        if grant.kind == "DATABASE":
            return grant.privilege == "CONNECT"
        if grant.kind == "ROUTINE":
            return grant.target not in self.risky
        if grant.kind == "SEQUENCE":
            return False  # what it numbered last may be a protected value
        if grant.kind == "SCHEMA":
            return grant.privilege == "USAGE"
        mine = Grant(
            kind=grant.kind, target=grant.target, privilege=grant.privilege, grantee=self.read, column=grant.column
        )
        whole = Grant(kind=grant.kind, target=grant.target, privilege=grant.privilege, grantee=self.read)
        return mine in self.wanted or whole in self.wanted

    def intruder(self, grant: Grant) -> bool:
        """Whether anyone else holds a right on the schema of the keys."""
        inside = grant.target == quote(KEY_SCHEMA) or grant.target.startswith(f"{quote(KEY_SCHEMA)}.")
        return inside and grant.grantee != VIEWS_ROLE

    def kept(self, grant: Grant) -> Iterator[str]:
        """GRANTs by name of what PUBLIC is about to lose."""
        for other in self.keepers():
            named = Grant(
                kind=grant.kind, target=grant.target, privilege=grant.privilege, grantee=other, column=grant.column
            )
            if named not in self.rights.grants:
                yield give(named)

    def grants(self) -> Iterator[tuple[str, str]]:
        """Rights that are missing on what is there already; masking views are granted when they are made."""
        there = {qualified(relation) for relation in applications(self.snapshot)}
        connect = Grant(kind="DATABASE", target=self.database, privilege="CONNECT", grantee=self.read)
        public = Grant(kind="DATABASE", target=self.database, privilege="CONNECT", grantee=PUBLIC)
        if not {connect, public} & self.rights.grants:
            yield give(connect), "the read role may log in to this database"
        for grant in sorted(self.needed - self.rights.grants):
            yield give(grant), "masking views read as their owner"
        # REVOKE of a table-wide right takes the role's column rights along (PostgreSQL docs, REVOKE, Notes).
        gone = {g.target for g in self.rights.grants if g.grantee == self.read and not g.column and not self.allowed(g)}
        held = {grant for grant in self.rights.grants if not (grant.column and grant.target in gone)}
        columns: dict[str, list[str]] = {}
        for grant in sorted(self.wanted - held):
            if grant.column and grant.target in there:
                columns.setdefault(grant.target, []).append(grant.column)
            elif grant.kind == "SCHEMA" or grant.target in there:
                yield give(grant), "the read role may read what carries no tag"
        for target, listed in columns.items():
            sql = f"GRANT SELECT ({', '.join(listed)}) ON TABLE {target} TO {quote(self.read)};"
            yield sql, "the read role may read what carries no tag"

    # ------------------------------------------------------------ keys and views

    def tables(self) -> Iterator[tuple[str, str]]:
        """The keys, the bindings, and what start-up may see of both."""
        have = self.rights.relations
        for name, columns, why in (
            ("key", "tag text PRIMARY KEY, ipad bytea NOT NULL, opad bytea NOT NULL", "mask keys; filled by COPY"),
            (
                "binding",
                "relation oid, number int2, name text NOT NULL, tag text NOT NULL, PRIMARY KEY (relation, number)",
                "which column each tag was bound to, so that a rename cannot unmask",
            ),
        ):
            if (KEY_SCHEMA, name) not in have:
                made = f"CREATE TABLE {KEY_SCHEMA}.{name} ({columns});"
                yield f"{made}\nALTER TABLE {KEY_SCHEMA}.{name} OWNER TO {VIEWS_ROLE};", why
        answer = f"substr({digest(literal(WORD) + '::text', ('ipad', 'opad'))}, 1, 20)"
        for name, text in (
            ("token", f"SELECT tag, {answer} AS answer FROM {KEY_SCHEMA}.key"),
            ("binding", f"SELECT relation, number, name, tag FROM {KEY_SCHEMA}.binding"),
        ):
            if (CHECK_SCHEMA, name) not in have:
                made = f"CREATE VIEW {CHECK_SCHEMA}.{name} AS {text};"
                yield f"{made}\n{self.handed(CHECK_SCHEMA, name)}", "start-up compares it with what it expects"
        for (schema, name), holder in sorted(have.items()):
            if schema in {KEY_SCHEMA, CHECK_SCHEMA} and holder != VIEWS_ROLE:
                moved_back = f"ALTER TABLE {dotted((schema, name))} OWNER TO {VIEWS_ROLE};"
                yield moved_back, "only the owner of the masking views owns keys and bindings"
        yield from self.bindings()

    def bindings(self) -> Iterator[tuple[str, str]]:
        """Record each tagged column by number, under the name it has today."""
        rows = bindings(self.snapshot, self.found)
        if rows == dict(self.rights.bindings):
            return
        values = ", ".join(f"({oid}, {n}, {literal(name)}, {literal(tag)})" for (oid, n), (name, tag) in rows.items())
        clear = f"DELETE FROM {KEY_SCHEMA}.binding;"
        fill = f"\nINSERT INTO {KEY_SCHEMA}.binding (relation, number, name, tag) VALUES {values};" if rows else ""
        yield clear + fill, "which column each tag is bound to today"

    def handed(self, schema: str, name: str) -> str:
        """Give a view to its owner and to the read role."""
        target = dotted((schema, name))
        return f"ALTER VIEW {target} OWNER TO {VIEWS_ROLE};\nGRANT SELECT ON TABLE {target} TO {quote(self.read)};"

    def views(self) -> Iterator[tuple[str, str]]:
        """Masking views and mirrors: those that differ are made anew, with all that stand on them."""
        there = {(view.schema, view.name): view for view in self.rights.views if view.schema != CHECK_SCHEMA}
        fresh: set[Oid] = set()
        make: list[Emitted] = []
        for view in self.emitted:
            old = there.get((view.schema, view.name))
            same = old is not None and old.owner == VIEWS_ROLE and old.emitted == view.hash and old.made == old.now
            if not same or self.snapshot.relations[view.relation].depends & fresh:
                make.append(view)
                fresh.add(view.relation)
        kept = {(view.schema, view.name) for view in self.emitted} - {(view.schema, view.name) for view in make}
        gone = sorted(there.keys() - kept)
        if gone:
            yield f"DROP VIEW {', '.join(map(dotted, gone))};", "these are no longer what the tags and tables ask for"
        for view in make:
            yield f"{created(view)}\n{self.handed(view.schema, view.name)}", view.why
        checking = {(CHECK_SCHEMA, "token"), (CHECK_SCHEMA, "binding")} & self.rights.relations.keys()
        regrant = {dotted(pair) for pair in kept | checking}
        for grant in sorted(self.wanted - self.rights.grants):
            if grant.kind == "TABLE" and grant.target in regrant:
                yield give(grant), "the read role reads masked columns through it"

    # ------------------------------------------------------------ the write role

    def write(self) -> Iterator[tuple[str, str]]:
        """A write role that holds nothing yet gets rows of tables, never their definitions."""
        if self.writer is None or any(g.grantee == self.writer and g.kind == "TABLE" for g in self.rights.grants):
            return
        who = quote(self.writer)
        if self.facts(self.writer, "member_of"):
            return
        for relation in applications(self.snapshot):
            if relation.kind in {"r", "p"}:
                rights = f"GRANT SELECT, {', '.join(WRITES)} ON TABLE {qualified(relation)} TO {who};"
                yield rights, "approved changes run as the write role"
        for schema in sorted({relation.schema for relation in applications(self.snapshot)}):
            yield f"GRANT USAGE ON SCHEMA {quote(schema)} TO {who};", "approved changes run as the write role"
        for sequence in self.rights.sequences:
            yield f"GRANT USAGE ON SEQUENCE {sequence} TO {who};", "inserts draw numbers from it"
