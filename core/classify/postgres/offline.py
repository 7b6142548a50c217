"""A Reading by the parser's word alone, for `assent check --offline`; never enough to run anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.classify.postgres.nouns import Access, Doubted, Named, Parsed
from core.classify.postgres.text.scope import words
from core.classify.postgres.text.shape import children
from core.classify.postgres.tree.functions import harmless
from core.classify.postgres.tree.settings import show
from core.model import Column, Dialect, Fact, Pair, Reading, Thing, Unreadable, Verb

CATALOGS: Final = frozenset({"pg_catalog", "information_schema"})
NOTHING: Final = Thing(kind="expression", name="constants")


def offline(parsed: Parsed) -> Reading | Unreadable:
    """Read a parsed text without a database: things and functions as written; `witnessed` stays False."""
    try:
        if parsed.root == "VariableShowStmt":
            show(parsed)
        pairs = frozenset(pairs_of(parsed))
    except Doubted as doubted:
        return doubted.unreadable
    return Reading(
        dialect=Dialect.POSTGRES,
        statement=parsed.text,
        text=parsed.text,
        pairs=pairs or frozenset({Pair(thing=NOTHING, verb=Verb.READ)}),
        columns=frozenset(columns(parsed)),
        functions=frozenset(".".join(name) for name in parsed.functions),
        facts=parsed.facts,
    )


def pairs_of(parsed: Parsed) -> Iterator[Pair]:
    """Yield what is done to what, as written; a function not known to be harmless runs."""
    yield from parsed.pairs
    if parsed.verbs == {Verb.CONTROL}:
        return
    acted = {pair.thing.name for pair in parsed.pairs}
    for named in parsed.names:
        name = named.name if named.schema is None else f"{named.schema}.{named.name}"
        if parsed.access is Access.UTILITY and name in acted:
            continue
        for verb in named.verbs or {Verb.READ}:
            yield Pair(thing=Thing(kind=kind(named), name=name), verb=verb)
            if Fact.LOCKS_ROWS in parsed.facts and verb is Verb.READ:
                yield Pair(thing=Thing(kind=kind(named), name=name), verb=Verb.UPDATE)
    for called in sorted({*parsed.functions, *operators(parsed)}):
        if not known(called):
            yield Pair(thing=Thing(kind="function", name=".".join(called)), verb=Verb.RUN)


def kind(named: Named) -> str:
    """Name the kind of a relation by its name alone."""
    if named.schema in CATALOGS or (named.schema is None and named.name.startswith("pg_")):
        return "catalog"
    return "table"


def known(name: tuple[str, ...]) -> bool:
    """Whether every built-in function of this name is harmless, and no schema but the server's own is named."""
    return name[-1] in harmless() and (len(name) == 1 or name[:-1] == ("pg_catalog",))


def operators(parsed: Parsed) -> Iterator[tuple[str, ...]]:
    """Yield operators written with a schema other than the server's own: each is a function."""
    stack = [(parsed.root, parsed.tree)]
    while stack:
        name, fields = stack.pop()
        if name == "A_Expr":
            parts = words(fields.get("name"))
            if len(parts) > 1 and parts[0] != "pg_catalog":
                yield parts
        stack.extend((kind, below) for _, kind, below in children(name, fields))


def columns(parsed: Parsed) -> Iterator[Column]:
    """Yield columns whose relation the text says: by a qualifier, or because there is only one."""
    relations = {named.alias or named.name: named for named in parsed.names}
    only = next(iter(relations.values())) if len(parsed.names) == 1 else None
    for parts in parsed.columns:
        named = relations.get(parts[-2]) if len(parts) > 1 else only
        if named is not None and parts[-1] != "*":
            relation = named.name if named.schema is None else f"{named.schema}.{named.name}"
            yield Column(relation=relation, name=parts[-1])
