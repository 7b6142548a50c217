"""What every fact and verb of a Reading means to people, what it weighs and how it is known: two literal tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Final, final

from core.model import Fact, Reading, Verb


class Weight(IntEnum):
    """How much a fact or verb weighs on a card."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One row: the sentence for people, the weight, how it is computed, the test that shows it on real servers.

    `asks`: an `allow` is not enough.
    """

    sentence: str
    weight: Weight
    computed: str
    test: str
    asks: bool = False


# Each holds a corpus of statements, with the fact and without it, to the Readings that real servers agreed to.
WRITES: Final = "tests/integration/test_witness_writes.py::test_each_write_is_read_as_the_corpus_says"
STATEMENTS: Final = "tests/integration/test_witness_postgres.py::test_each_statement_of_the_corpus_is_read_as_it_says"
LOOKUPS: Final = "tests/integration/test_lookups.py::test_the_value_reaches_neither_the_server_nor_the_reading"
PAST: Final = "tests/unit/test_bigquery_corpus.py::test_rows_as_they_were_are_said_to_be"

MEANINGS: Final[Mapping[Fact, Meaning]] = MappingProxyType(
    {
        Fact.NO_WHERE: Meaning(
            sentence="It has no WHERE: it changes every row.",
            weight=Weight.CRITICAL,
            computed="an UPDATE or DELETE, at any depth, that the grammar gives no WHERE, or a TRUNCATE",
            test=WRITES,
        ),
        Fact.ALL_ROWS: Meaning(
            sentence="Its WHERE is true for every row: it changes every row.",
            weight=Weight.CRITICAL,
            computed="an UPDATE or DELETE, at any depth, whose WHERE looks at no column",
            test=WRITES,
        ),
        Fact.PREDICATE_ON_PROTECTED: Meaning(
            sentence="Which rows it changes depends on protected values, so their number tells something of them.",
            weight=Weight.HIGH,
            computed="a tagged column among those that the server's tree reads in a condition, a join, an order, a "
            "limit, a conflict or its own assignment",
            test=WRITES,
            asks=True,
        ),
        Fact.ASSIGNS_PROTECTED: Meaning(
            sentence="It writes a protected column.",
            weight=Weight.HIGH,
            computed="a tagged column among the targets that the server's tree assigns",
            test=WRITES,
            asks=True,
        ),
        Fact.COPIES_PROTECTED: Meaning(
            sentence="It copies protected values into another protected column of the same tag.",
            weight=Weight.HIGH,
            computed="a tagged column among those that the server's tree assigns to another one of the same tag",
            test=WRITES,
            asks=True,
        ),
        Fact.TELLS_OF_PROTECTED: Meaning(
            sentence="Whether it succeeds, or how far it is carried, depends on protected values: keys or checks "
            "compare them.",
            weight=Weight.HIGH,
            computed="a key, foreign key or CHECK of the catalogs over a tagged column, of any table that is changed",
            test=WRITES,
            asks=True,
        ),
        Fact.CASCADES: Meaning(
            sentence="Foreign keys carry the change into other tables.",
            weight=Weight.HIGH,
            computed="foreign keys of the catalogs with CASCADE, SET NULL or SET DEFAULT that are reached, and what a "
            "DROP takes along",
            test=WRITES,
        ),
        Fact.FIRES_TRIGGERS: Meaning(
            sentence="Triggers run besides.",
            weight=Weight.MEDIUM,
            computed="triggers of the catalogs that are enabled for the event, on every table that is changed; event "
            "triggers",
            test=WRITES,
        ),
        Fact.FIRES_RULES: Meaning(
            sentence="Rewrite rules add statements of their own.",
            weight=Weight.HIGH,
            computed="rewrite rules of the catalogs on a table that is changed",
            test=WRITES,
        ),
        Fact.VIA_VIEW: Meaning(
            sentence="It reaches its tables through a view.",
            weight=Weight.LOW,
            computed="a view that the server's tree has expanded; of BigQuery, a table of the dry run that the text "
            "does not name",
            test=STATEMENTS,
        ),
        Fact.LOCKS_ROWS: Meaning(
            sentence="It locks rows that others may be waiting for.",
            weight=Weight.MEDIUM,
            computed="a locking clause (FOR UPDATE, FOR SHARE …) anywhere in the grammar's tree",
            test=WRITES,
            asks=True,
        ),
        Fact.LOCKS_TABLE: Meaning(
            sentence="It locks a whole table while it runs.",
            weight=Weight.HIGH,
            computed="a statement of the closed list of those that do",
            test=WRITES,
            asks=True,
        ),
        Fact.NOT_TRANSACTIONAL: Meaning(
            sentence="Part of what it does stays even when it is rolled back.",
            weight=Weight.HIGH,
            computed="a statement of the closed list of those that refuse a transaction block or write a file",
            test=WRITES,
        ),
        Fact.UNCOUNTED: Meaning(
            sentence="The database does not count the rows that it changes, so no cap of rows can hold.",
            weight=Weight.HIGH,
            computed="a TRUNCATE, or a foreign table among all that a change of rows names or reaches",
            test=WRITES,
        ),
        Fact.UNREGISTERED_CODE: Meaning(
            sentence="It runs code in the database that nobody has registered.",
            weight=Weight.HIGH,
            computed="code of triggers, CHECKs, defaults, indexes or keys, by the catalogs, that is neither on the "
            "closed lists nor registered",
            test=WRITES,
            asks=True,
        ),
        Fact.REPLACES_CODE: Meaning(
            sentence="It replaces code that later runs on behalf of others.",
            weight=Weight.CRITICAL,
            computed="a statement that makes, changes or drops a function, procedure, trigger, rule or policy",
            test=WRITES,
            asks=True,
        ),
        Fact.TAGS_MUST_BE_REVIEWED: Meaning(
            sentence="It changes what tags are bound to; they must be reviewed afterwards.",
            weight=Weight.HIGH,
            computed="a definition or DROP that touches a table with tagged columns, or one that inherits from it",
            test=WRITES,
            asks=True,
        ),
        Fact.LOOKS_UP: Meaning(
            sentence="It finds rows by the exact value of a protected column.",
            weight=Weight.MEDIUM,
            computed="assent_token('…') in a predicate of a column that is open to look-ups",
            test=LOOKUPS,
        ),
        Fact.ROW_POLICY: Meaning(
            sentence="Row policies of the database filter what it sees.",
            weight=Weight.LOW,
            computed="hasRowSecurity in the server's tree, or row security of a table that is changed",
            test=STATEMENTS,
        ),
        Fact.AS_IT_WAS: Meaning(
            sentence="It reads rows as they were at another time; some may have been deleted for a reason.",
            weight=Weight.MEDIUM,
            computed="FOR SYSTEM_TIME of a table, anywhere in BigQuery's text",
            test=PAST,
            asks=True,
        ),
    }
)

VERBS: Final[Mapping[Verb, Weight]] = MappingProxyType(
    {
        Verb.READ: Weight.LOW,
        Verb.INSERT: Weight.MEDIUM,
        Verb.UPDATE: Weight.MEDIUM,
        Verb.DELETE: Weight.MEDIUM,
        Verb.DEFINE: Weight.HIGH,
        Verb.GRANT: Weight.CRITICAL,
        Verb.RUN: Weight.HIGH,
        Verb.CONTROL: Weight.CRITICAL,
    }
)


def risk(reading: Reading) -> str:
    """Return low, medium, high or critical: the largest weight of its facts and verbs."""
    weights = [MEANINGS[fact].weight for fact in reading.facts] + [VERBS[verb] for verb in reading.verbs]
    return max(weights, default=Weight.LOW).name.lower()
