"""Mutants by the grammar: libpg_query's own tree of a statement, changed in one place and written out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, final

import postgast

from tests.fuzz import words as lists
from tests.fuzz.words import Chance, Words

Node: TypeAlias = Any  # a node of libpg_query's protobuf tree, which ships no types
BYTES: Final = 6_000  # its protobuf calls overrun a stack on large texts (a crash of the harness, not of the product)


class Unfit(Exception):
    """This mutation does not fit this statement."""


def parsed(text: str) -> Node:
    """Parse a text.

    Raises: Unfit.
    """
    if len(text) > BYTES or "\0" in text:
        raise Unfit
    try:
        return postgast.parse(text)
    except (postgast.PgQueryError, UnicodeError) as error:
        raise Unfit from error


def nodes(tree: Node) -> Iterator[Node]:
    """Walk over every wrapped node."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.DESCRIPTOR.name == "Node":
            yield node
        for field, value in node.ListFields():
            if field.message_type is None:
                continue
            if hasattr(value, "DESCRIPTOR"):
                stack.append(value)
            else:
                stack.extend(value)


def kind(node: Node) -> str:
    """Name what a wrapper holds."""
    return node.WhichOneof("node") or ""


EXPRESSIONS: Final = frozenset(
    "column_ref a_const func_call a_expr type_cast sub_link case_expr coalesce_expr min_max_expr bool_expr null_test "
    "a_array_expr row_expr a_indirection sqlvalue_function".split()
)


@final
class Surgeon:
    """One statement's tree and a source of choices."""

    def __init__(self, text: str, words: Words, chance: Chance) -> None:
        self.tree: Final = parsed(text)
        self._words: Final = words
        self._chance: Final = chance

    def text(self) -> str:
        """Write the tree out.

        Raises: Unfit.
        """
        try:
            return str(postgast.deparse(self.tree))
        except (postgast.PgQueryError, UnicodeError) as error:
            raise Unfit from error

    def some(self, *kinds: str) -> Node:
        """Choose a node of some kinds.

        Raises: Unfit.
        """
        found = [node for node in nodes(self.tree) if kind(node) in kinds]
        if not found:
            raise Unfit
        return self._chance.choice(found)

    def selects(self) -> Node:
        """Choose a plain SELECT.

        Raises: Unfit.
        """
        return self.some("select_stmt").select_stmt

    # ------------------------------------------------------------ one place

    def column(self) -> None:
        """Name another column."""
        fields = self.some("column_ref").column_ref.fields
        if not fields or not fields[-1].HasField("string"):
            raise Unfit
        fields[-1].string.sval = bare(self._chance.choice(self.pool()))

    def pool(self) -> Sequence[str]:
        """Columns of some relation that the statement names, tagged ones first; rarely any column at all."""
        tables = [self.table(node.range_var) for node in nodes(self.tree) if kind(node) == "range_var"]
        columns = self._words.tables.get(self._chance.choice(tables), ()) if tables else ()
        if not columns or self._chance.random() < 0.05:
            return self._words.columns
        tagged = [column.sql for column in columns if column.tagged]
        return tagged if tagged and self._chance.random() < 0.7 else [column.sql for column in columns]

    def star(self) -> None:
        """Name the whole row, or all columns."""
        reference = self.some("column_ref").column_ref
        if len(reference.fields) < 2:
            raise Unfit
        last = reference.fields[-1]
        if self._chance.random() < 0.5:
            del reference.fields[-1]
        else:
            last.Clear()
            last.a_star.SetInParent()

    def relation(self) -> None:
        """Name another relation."""
        target = self.some("range_var").range_var
        name = self._chance.choice(self._words.hot if self._chance.random() < 0.7 else tuple(self._words.tables))
        schema, _, table = name.partition(".")
        if not target.HasField("alias"):
            target.alias.aliasname = target.relname
        target.schemaname, target.relname = bare(schema), bare(table)

    def only(self) -> None:
        """Turn ONLY on or off."""
        target = self.some("range_var").range_var
        target.inh = not target.inh

    def function(self) -> None:
        """Call another function."""
        call = self.some("func_call").func_call
        del call.funcname[:]
        for part in self._chance.choice(lists.NAMES).split("."):
            call.funcname.add().string.sval = part

    def operator(self) -> None:
        """Use another operator."""
        names = self.some("a_expr").a_expr.name
        if not names:
            raise Unfit
        names[-1].string.sval = self._chance.choice([o for o in lists.OPERATORS if " " not in o])

    def cast(self) -> None:
        """Put a cast around an expression."""
        node = self.some("column_ref", "func_call", "a_expr", "a_const", "sub_link")
        typed = parsed(f"select null::{self._chance.choice(lists.TYPES)}").stmts[0].stmt.select_stmt
        wrapper = typed.target_list[0].res_target.val
        inner = type(node)()
        inner.CopyFrom(node)
        wrapper.type_cast.arg.CopyFrom(inner)
        node.CopyFrom(wrapper)

    def around(self) -> None:
        """Put a function, an operator or a subquery around a column."""
        node = self.some("column_ref", "func_call")
        pool = self._chance.choice((lists.ANY_TO_TEXT, lists.ANY_TO_INT, lists.TO_BOOL, lists.FAILING))
        self.replaced(node, self._chance.choice(pool))

    def replaced(self, node: Node, form: str) -> None:
        """Write a form around a node: the node takes each place of the marker."""
        try:
            made = parsed(f"select {form.format('zz_hole')}").stmts[0].stmt.select_stmt.target_list[0].res_target.val
        except (IndexError, KeyError, ValueError) as error:
            raise Unfit from error
        inner = type(node)()
        inner.CopyFrom(node)
        holes = [
            hole
            for hole in nodes(made)
            if kind(hole) == "column_ref" and hole.column_ref.fields[0].string.sval == "zz_hole"
        ]
        for hole in holes:
            hole.CopyFrom(inner)
        node.CopyFrom(made)

    def graft(self) -> None:
        """Copy one expression over another."""
        first, second = self.some(*EXPRESSIONS), self.some(*EXPRESSIONS)
        copy = type(first)()
        copy.CopyFrom(first)
        if len(copy.SerializeToString()) > 4000:
            raise Unfit
        second.CopyFrom(copy)

    def predicate(self) -> None:
        """Add a predicate over a tagged column to some SELECT."""
        select = self.selects()
        said = self._chance.choice(lists.TO_BOOL).format(self.reference(select))
        made = parsed(f"select 1 where {said}").stmts[0].stmt.select_stmt.where_clause
        if not select.HasField("where_clause"):
            select.where_clause.CopyFrom(made)
            return
        both = parsed("select 1 where a and b").stmts[0].stmt.select_stmt.where_clause
        if self._chance.random() < 0.4:
            both.bool_expr.boolop = 2
        both.bool_expr.args[0].CopyFrom(select.where_clause)
        both.bool_expr.args[1].CopyFrom(made)
        select.where_clause.CopyFrom(both)

    def reference(self, select: Node) -> str:
        """Write a column of a relation that a SELECT names directly, a tagged one if there is any.

        Raises: Unfit.
        """
        found = [node.range_var for node in select.from_clause if kind(node) == "range_var"]
        found += [node.join_expr.larg.range_var for node in select.from_clause if kind(node) == "join_expr"]
        owners = [one for one in found if self.table(one) in self._words.tables]
        if not owners:
            raise Unfit
        owner = self._chance.choice(owners)
        columns = self._words.tables[self.table(owner)]
        tagged = [column for column in columns if column.tagged] or columns
        alias = owner.alias.aliasname or owner.relname
        return f"{lists.quoted(alias)}.{self._chance.choice(tagged).sql}"

    def table(self, target: Node) -> str:
        """Resolve a range variable by the twins' search path."""
        schemas = [target.schemaname] if target.schemaname else ["care", "public"]
        names = [f"{lists.quoted(schema)}.{lists.quoted(target.relname)}" for schema in schemas]
        return next((name for name in names if name in self._words.tables), names[0])

    def output(self) -> None:
        """Add an output column over a tagged column."""
        select = self.selects()
        forms = self._chance.choice((lists.ANY_TO_TEXT, lists.ANY_TO_INT, lists.WINDOWS, lists.FAILING, ("{0}",)))
        said = self._chance.choice(forms).format(self.reference(select))
        made = parsed(f"select {said}").stmts[0].stmt.select_stmt.target_list[0]
        select.target_list.add().CopyFrom(made)

    def order(self) -> None:
        """Order by a tagged column, or cut by a count."""
        select = self.selects()
        forms = ("{0}", "{0} desc", "{0}::text nulls first", "length({0}::text), 1", "md5({0}::text)", "{0} using <")
        said = self._chance.choice(forms).format(self.reference(select))
        made = parsed(f"select 1 order by {said} limit {self._chance.randint(1, 20)}").stmts[0].stmt.select_stmt
        del select.sort_clause[:]
        select.sort_clause.extend(made.sort_clause)
        if self._chance.random() < 0.5:
            select.limit_count.CopyFrom(made.limit_count)
            select.limit_option = made.limit_option

    def group(self) -> None:
        """Group by a tagged column."""
        select = self.selects()
        column = self.reference(select)
        aggregate = self._chance.choice(lists.AGGREGATES).format(self.reference(select))
        made = parsed(f"select {column}, {aggregate} from x group by {column}").stmts[0].stmt.select_stmt
        del select.target_list[:]
        del select.sort_clause[:]
        select.target_list.extend(made.target_list)
        select.group_clause.extend(made.group_clause)

    def distinct(self) -> None:
        """Make it DISTINCT."""
        select = self.selects()
        if not select.distinct_clause:
            select.distinct_clause.extend(parsed("select distinct 1").stmts[0].stmt.select_stmt.distinct_clause)

    def fewer(self) -> None:
        """Leave a clause out."""
        select = self.selects()
        clauses = [name for name in CLAUSES if any(name == field.name for field, _ in select.ListFields())]
        if not clauses:
            raise Unfit
        select.ClearField(self._chance.choice(clauses))

    def join(self) -> None:
        """Join another way."""
        self.some("join_expr").join_expr.jointype = self._chance.choice((1, 2, 3, 4))

    def constant(self) -> None:
        """Another constant."""
        node = self.some("a_const")
        said = self._chance.choice(
            ("null", "0", "-1", "'***'", "''", "'k'", "2147483647", "1e30", "true", "'{}'", "'9'")
        )
        node.CopyFrom(parsed(f"select {said}").stmts[0].stmt.select_stmt.target_list[0].res_target.val)


CLAUSES: Final = (
    "where_clause",
    "group_clause",
    "having_clause",
    "sort_clause",
    "limit_count",
    "limit_offset",
    "with_clause",
)

ACTS: Final[Mapping[str, Callable[[Surgeon], None]]] = {
    act.__name__: act
    for act in (
        Surgeon.column, Surgeon.star, Surgeon.relation, Surgeon.only, Surgeon.function, Surgeon.operator, Surgeon.cast,
        Surgeon.around, Surgeon.graft, Surgeon.predicate, Surgeon.output, Surgeon.order, Surgeon.group,
        Surgeon.distinct, Surgeon.fewer, Surgeon.join, Surgeon.constant,
    )
}  # fmt: skip
# The likelier ones keep a statement answerable and bring a tagged column in.
WEIGHTED: Final = (*ACTS, *("predicate", "output", "order", "around") * 2, "column")
GENTLE: Final = ("output", "output", "order", "distinct", "star", "group", "column")  # mostly answered as before


def bare(name: str) -> str:
    """Take the quotes off an identifier."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def operated(text: str, words: Words, chance: Chance, acts: Sequence[str] = WEIGHTED) -> str:
    """Change one place of a statement's tree.

    Raises: Unfit.
    """
    surgeon = Surgeon(text, words, chance)
    ACTS[chance.choice(acts)](surgeon)
    return surgeon.text()
