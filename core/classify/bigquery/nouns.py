"""What reading GoogleSQL passes from hand to hand: the parser's account, and a text with masks in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from core.model import Reading
from core.warehouse import Warehouse


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A table as a text names it, and where: [start, end) in characters; None where that is not sure."""

    kind: str  # table, view, catalog, function, schema, model
    name: str  # as written, without quotes
    place: tuple[int, int] | None
    aliased: bool

    @property
    def wild(self) -> bool:
        """Whether it stands for all tables that begin so."""
        return self.name.endswith("*")

    def canonical(self, warehouse: Warehouse) -> str:
        """Give its name with a project."""
        if self.kind == "schema":
            return self.name if "." in self.name else f"{warehouse.project}.{self.name}"
        return warehouse.canonical(self.name)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change assigns, compares and copies, as folded words of its parts; "*": a whole row may be meant."""

    sets: tuple[tuple[frozenset[str], frozenset[str]], ...]  # assigned to, and of its value
    fills: frozenset[str]
    compares: frozenset[str]
    copies: frozenset[str]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """The question of how many rows a change touches: it leaves out so many positional parameters of the change's."""

    text: str
    left: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the parser alone says."""

    reading: Reading
    kind: str = "SELECT"  # statementType; of what has none there, or does not run here, a name of ours
    change: Change | None = None  # of what is read by a tree
    counting: Counting | int | None = None  # of a change: how to count its rows, or their number
    references: tuple[Reference, ...] = ()
    outputs: tuple[str, ...] | None = None  # names of the result's columns, "" where none is fixed; None: unknown
    ranges: frozenset[str] = frozenset()  # range variables and CTEs, folded
    routines: frozenset[str] = frozenset()  # registered ones that it calls, by canonical name
    marks: frozenset[str] = frozenset()  # ddl, dotted, pipe, pseudo, row, star: see the reader


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Spliced:
    """A text whose tagged tables are replaced, proven against the agent's own."""

    text: str  # masked: what runs
    hollow: str  # the same, naming no tagged table at all
    plain: frozenset[str] = frozenset()  # canonical names of what it reads beside them
