"""One raw statement -> Parsed: its root, what it may hold, what it names, and the facts that its text shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, final

from core.classify.postgres.nouns import TREES, Access, Doubted, Fields, Node, Parsed
from core.classify.postgres.text.scope import Found, resolve
from core.classify.postgres.text.shape import Level, Seen, check, children, unfold, walk
from core.classify.postgres.text.utility import Utility, utility
from core.model import Doubt, Fact, Verb

RELATIONS: Final = 32  # range variables of one text; a heavier one names views, and is weighed by the connector
NAME_BYTES: Final = 66  # an identifier has at most 63; with quotes and closers behind it this stays below the fold
SPECIAL: Final = re.compile(r"[\n\t(){}\\]")
CHANGES: Final = frozenset({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})


@final
@dataclass(frozen=True, slots=True)
class Act:
    """What a statement's root says."""

    access: Access
    utility: Utility


def read(text: str, statements: list[Node], parameters: int) -> Parsed:
    """Read the parser's statements of a text.

    Raises: Doubted, RecursionError.
    """
    root, fields = single(statements)
    nodes = walk(root, fields)
    check(nodes, height(root, nodes))
    found = resolve(root, fields, nodes, utility=root not in TREES)
    foldable(nodes)
    numbered(found, parameters)
    bounded(found)
    act = judge(root, fields, found, nodes)
    return Parsed(
        text=text,
        parameters=parameters,
        root=root,
        access=act.access,
        verbs=act.utility.verbs,
        names=tuple(sorted(found.names.values(), key=lambda named: named.start)),
        functions=tuple(name for _, name in sorted(found.functions)),
        facts=act.utility.facts,
        pairs=act.utility.pairs,
        columns=tuple(found.columns),
        references=tuple(sorted(found.references.items())),
        tree=fields,
    )


def single(statements: list[Node]) -> tuple[str, Fields]:
    """Give the one statement's root.

    Raises: Doubted.
    """
    if not statements:
        raise Doubted(Doubt.SYNTAX, "There is no statement in this text; send one.")
    if len(statements) > 1:
        raise Doubted(Doubt.SEVERAL, "These are several statements.")
    raw = statements[0]
    node = unfold("Node", raw.get("stmt", {})) if isinstance(raw, Mapping) else None
    if node is None:
        raise Doubted(Doubt.SYNTAX, "There is no statement in this text; send one.")
    return node


def height(root: str, nodes: list[Seen]) -> Level:
    """Tell how much of the grammar a text needs."""
    names = {node.name for node in nodes}
    if root not in TREES or "IntoClause" in names:
        return Level.ALL
    return Level.WRITE if names & CHANGES or "LockingClause" in names else Level.READ


def foldable(nodes: list[Seen]) -> None:
    """Refuse names outside ASCII that the server's dump would cut inside a character.

    The dump escapes blanks, brackets and backslashes and is folded at 78 bytes wherever no blank stands: half a
    character is not UTF-8, and a client that cannot decode the message waits for ever (measured: asyncpg 0.32). It
    shows constants as numbers.

    Raises: Doubted.
    """
    for node in nodes:
        for value in () if node.constant else node.fields.values():
            if isinstance(value, str) and not value.isascii() and longest(value) > NAME_BYTES:
                raise Doubted(Doubt.UNKNOWN, "A name with special characters is too long; write a shorter one.")


def longest(name: str) -> int:
    """Measure the longest piece without a blank of an escaped name, in bytes."""
    return max(len(piece.encode()) + len(SPECIAL.findall(piece)) for piece in name.split(" "))


def numbered(found: Found, parameters: int) -> None:
    """Require that the text's parameters are $1 to $p, each used, with p the number given.

    Raises: Doubted.
    """
    if found.parameters != set(range(1, parameters + 1)):
        raise Doubted(
            Doubt.PARAMETERS,
            f"{parameters} parameters were given: the statement must use each of $1 to ${parameters} and no other."
            if parameters
            else "The statement uses parameters, but none were given.",
        )


def bounded(found: Found) -> None:
    """Require few relations, in this database, none of a session's own.

    Raises: Doubted.
    """
    if len(found.names) > RELATIONS:
        raise Doubted(Doubt.LIMITS, "This names too many or too large views; ask for less at once.", "relations")
    for named in found.names.values():
        if any((part or "").startswith(("pg_temp", "pg_toast")) for part in (named.schema, named.name)):
            raise Doubted(Doubt.UNKNOWN, "Temporary and TOAST relations are not read; name a table or view.")


def judge(root: str, fields: Fields, found: Found, nodes: list[Seen]) -> Act:
    """Tell access, verbs and facts.

    Raises: Doubted.
    """
    if root not in TREES:
        access = Access.READ if root in {"VariableShowStmt", "ExplainStmt"} else Access.UTILITY
        return Act(access, utility(root, fields, found))
    if "IntoClause" in found.nodes:
        return Act(Access.UTILITY, utility("IntoClause", fields, found))
    facts = set(conditions(nodes))
    verbs = {verb for named in found.names.values() for verb in named.verbs}
    locked = "LockingClause" in found.nodes
    if locked:
        facts.add(Fact.LOCKS_ROWS)
        verbs.add(Verb.UPDATE)
    changed = bool(found.nodes & CHANGES)
    if not changed:
        verbs.add(Verb.READ)
    access = Access.WRITE if changed or locked else Access.READ
    return Act(access, Utility(verbs=frozenset(verbs), pairs=frozenset(), facts=frozenset(facts)))


def conditions(nodes: list[Seen]) -> list[Fact]:
    """Find UPDATE and DELETE, at any depth, without a condition or with one that is constant."""
    facts = []
    for node in nodes:
        if node.name in {"UpdateStmt", "DeleteStmt"}:
            where = node.fields.get("whereClause")
            if where is None:
                facts.append(Fact.NO_WHERE)
            elif constant(where):
                facts.append(Fact.ALL_ROWS)
    return facts


def constant(where: Node) -> bool:
    """Whether a condition looks at no column: then it holds for all rows or for none."""
    node = unfold("Node", where)
    if node is not None and node[0] == "BoolExpr" and node[1].get("boolop") == "OR_EXPR":
        arms = node[1].get("args")
        return isinstance(arms, list) and any(constant(arm) for arm in arms)
    stack = [] if node is None else [node]
    while stack:
        name, fields = stack.pop()
        if name in {"ColumnRef", "SubLink", "ParamRef", "CurrentOfExpr"}:
            return False
        stack.extend((kind, below) for _, kind, below in children(name, fields))
    return True
