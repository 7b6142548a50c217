"""`policy_test.toml` -> examples of a policy, and the rules and Sources that it brings along where it stands alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, final

from core.errors import SettingsError
from core.identity.supposed import supposed
from core.model import Dialect, Fact, Pair, Seat, Source, Thing, Tool, Verb
from core.policy.changing.examples import LIMITS, Example, Expected
from core.policy.force import Policy, enact
from core.policy.rules import Terms, Then
from core.settings import file, findings, rulebook, schema
from core.settings.findings import Findings
from core.settings.reader import Reader, Table
from core.settings.schema import Key, Section, Type
from core.settings.sources import masked

LARGEST: Final = 4 * 2**20  # bytes of a file of examples, and of rules
NOON: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday: when an example happens that does not say
TOOLS: Final = ("query", "execute", "check")
TOP: Final = ("policy", "source", "mask", "owner", "example")
SOURCE: Final = Section(
    header="[source.NAME]",
    says="A Source that the rules are for, as far as they look at it.",
    keys=(
        Key(name="kind", type=Type.CHOICE, says="", default="required", example='"postgres"', words=tuple(Dialect)),
        Key(name="tags", type=Type.TEXTS, says="", example='{ "public.customers.email" = "pii.email" }'),
    ),
)
EXAMPLE: Final = Section(
    header="[[example]]",
    says="One statement of somebody, and what should become of it.",
    keys=(
        Key(name="name", type=Type.TEXT, says="A sentence: what should be so.", default="required", example='"…"'),
        Key(
            name="statement",
            type=Type.STATEMENT,
            says="The statement; read by the parser alone.",
            example='"SELECT id FROM public.orders"',
        ),
        Key(
            name="does",
            type=Type.TABLE,
            says="Instead of it: table to verbs, for what no parser alone can say.",
            example='{ "public.orders" = ["read"] }',
        ),
        Key(
            name="facts",
            type=Type.CHOICES,
            says="With `does`: what reading found besides.",
            example='["cascades"]',
            words=tuple(Fact),
        ),
        Key(
            name="tags",
            type=Type.TABLE,
            says="With `does`: table to tags of the columns that are used.",
            example='{ "public.customers" = ["pii.email"] }',
        ),
        Key(name="as", type=Type.NAMES, says="Groups of the Caller.", example='["analysts"]'),
        Key(
            name="caller",
            type=Type.TEXT,
            says="The person, as rules write one under `callers`.",
            example='"anna@acme.example"',
        ),
        Key(name="agent", type=Type.TEXT, says="The client id.", example='"nightly-report"'),
        Key(name="machine", type=Type.FLAG, says="No person is behind it.", default="false", example="true"),
        Key(name="source", type=Type.TEXT, says="The Source.", default="the only one", example='"shop"'),
        Key(
            name="tool",
            type=Type.CHOICE,
            says="The tool.",
            default="`query` for reads, else `execute`",
            example='"execute"',
            words=TOOLS,
        ),
        Key(
            name="at",
            type=Type.TEXT,
            says="When, with its offset.",
            default='`"2026-06-01T12:00:00Z"`, a Monday',
            example='"2026-06-06T03:00:00Z"',
        ),
        Key(name="affected", type=Type.INTEGER, says="Rows counted; unknown when left out.", example="5"),
        Key(name="bytes", type=Type.SIZE, says="Bytes that would be billed.", example='"2 GiB"', most=2**60),
        Key(name="price", type=Type.PRICE, says="What it would cost.", example='"2.50"'),
        Key(
            name="then",
            type=Type.CHOICE,
            says="What should become of it.",
            default="required",
            example='"allow"',
            words=tuple(Then),
        ),
        Key(
            name="rules", type=Type.NAMES, says="Exactly the rules that its reasons name.", example='["analysts read"]'
        ),
        Key(name="reviewers", type=Type.COUNTS, says="Exactly who is asked.", example="{ dba = 1 }", least=1, most=100),
        Key(
            name="budgets",
            type=Type.NAMES,
            says="Exactly the budgets that it counts against.",
            example='["rows of a day"]',
        ),
        Key(name="code", type=Type.TEXT, says="The code of the refusal.", example='"no_rule"'),
        Key(name="returned_rows", type=Type.INTEGER, says="The limit.", example="5000"),
        Key(name="returned_bytes", type=Type.SIZE, says="The limit.", example='"256 KiB"', least=1_024, most=900_000),
        Key(name="affected_rows", type=Type.INTEGER, says="The limit.", example="1000"),
        Key(name="max_bytes", type=Type.SIZE, says="The limit, of the rules.", example='"5 GiB"', least=1),
        Key(name="timeout", type=Type.DURATION, says="The limit.", example='"30 s"'),
    ),
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What a file of examples says; `policy` and `sources` where it brings its own."""

    examples: tuple[Example, ...]
    policy: Policy | None = None
    sources: Mapping[str, Source] | None = None


def examples(path: Path) -> Book:
    """Read a file of examples, and the rules beside it that it names under `policy`.

    Raises: SettingsError with every finding, a line each.
    """
    text = _text(path)
    raw, found = file.toml(path, text), Findings(path=path, text=text)
    reader = Reader(folder=path.resolve().parent, environ={}, roles=frozenset(), findings=found)
    for name in raw.keys() - set(TOP):
        found.error((name,), f"unknown table{findings.nearest(name, TOP)}")
    listed = raw.get("example", [])
    tables = [
        reader.table(EXAMPLE, one, ("example", str(number)))
        for number, one in enumerate(listed if isinstance(listed, list) else [])
    ]
    if not tables:
        found.error(("example",), "write [[example]]")
    sources = _sources(reader, raw)
    made = tuple(_example(table, sources, found) for table in tables)
    own = _policy(reader, raw, path) if "policy" in raw else None
    found.done()
    return Book(
        examples=tuple(one for one in made if one is not None),
        policy=own,
        sources=sources if own is not None else None,
    )


def rules(path: Path) -> tuple[Terms, tuple[str, ...]]:
    """Read a file that holds `[[rule]]` and `[[budget]]` tables alone, as the ready policies do; with its warnings.

    Raises: SettingsError with every finding, a line each.
    """
    text = _text(path)
    raw, found = file.toml(path, text), Findings(path=path, text=text)
    reader = Reader(folder=path.resolve().parent, environ={}, roles=frozenset(), findings=found)
    for name in raw.keys() - {"rule", "budget"}:
        found.error((name,), "a file of rules holds [[rule]] and [[budget]] alone")
    listed = raw.get("rule", [])
    tables = [
        reader.table(schema.RULE, one, ("rule", str(number)))
        for number, one in enumerate(listed if isinstance(listed, list) else [])
    ]
    made = tuple(rulebook.rule(table, found) for table in tables)
    counted = raw.get("budget", [])
    budgets = rulebook.budgets(reader, counted if isinstance(counted, list) else [])
    rulebook.duplicates(made, budgets, found)
    rulebook.dead(made, found)
    found.done()
    return Terms(rules=made, budgets=budgets), found.told


# ---------------------------------------------------------------- what stands in it


def _sources(reader: Reader, raw: Mapping[str, object]) -> Mapping[str, Source]:
    listed = raw.get("source", {})
    made: dict[str, Source] = {}
    for name, one in listed.items() if isinstance(listed, dict) else ():
        table = reader.table(SOURCE, one, ("source", str(name)))
        dialect = Dialect(table.text("kind", Dialect.POSTGRES))
        made[str(name)] = Source(
            name=str(name), dialect=dialect, tags=table.texts("tags"), enforced=masked(dialect) == "enforced"
        )
    return made


def _policy(reader: Reader, raw: Mapping[str, object], path: Path) -> Policy:
    """Put the rules in force that stand beside; masks and owners are the file's own."""
    named = raw["policy"]
    if not isinstance(named, str):
        reader.findings.error(("policy",), 'must be a path: policy = "policy.toml"')
        return enact(Terms())
    made, _ = rules(path.parent / named)
    masks = reader.table(schema.MASK, raw.get("mask", {}), ("mask",))
    owners = reader.table(schema.OWNER, raw.get("owner", {}), ("owner",))
    return enact(
        replace(
            made,
            masks={tag: masks.text(tag) for tag in masks.values},
            owners={tag: owners.text(tag) for tag in owners.values},
        )
    )


def _example(table: Table, sources: Mapping[str, Source], found: Findings) -> Example | None:
    for key, message in _wrong(table, sources):
        found.error((*table.path, key) if key else table.path, message)
    at = _at(table, found)
    then = table.text("then")
    if not then or not table.text("name"):
        return None
    machine = table.flag("machine")
    return Example(
        name=table.text("name"),
        source=table.text("source") or next(iter(sources), ""),
        caller=supposed(
            table.names("as") or (), at, client=table.text("agent"), name=table.text("caller"), machine=machine
        ),
        at=at,
        expected=_expected(table, Then(then)),
        statement=table.text("statement"),
        tool=Tool(table.text("tool")) if table.has("tool") else None,
        pairs=_pairs(table, found),
        facts=frozenset(map(Fact, table.names("facts") or ())),
        tags=_listed(table, "tags", found),
        affected=table.number("affected"),
        bytes=table.number("bytes"),
        price=table.money("price"),
    )


def _expected(table: Table, then: Then) -> Expected:
    stated = {name: table.span(name) or table.number(name) for name in LIMITS if table.has(name)}
    seats = frozenset(Seat(group=group, count=count) for group, count in table.counts("reviewers").items())
    return Expected(
        then=then,
        rules=table.names("rules"),
        budgets=table.names("budgets"),
        reviewers=seats if table.has("reviewers") else None,
        code=table.text("code"),
        limits={name: value for name, value in stated.items() if value is not None},
    )


def _wrong(table: Table, sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    if table.has("statement") == table.has("does"):
        yield "", "give one of statement and does"
    if table.has("statement"):
        yield from ((key, "goes with does; a statement is read") for key in ("facts", "tags") if table.has(key))
    if table.flag("machine") and not table.has("agent"):
        yield "machine", "a machine is named by its client id, under agent"
    if table.flag("machine") and table.has("caller"):
        yield "caller", "no person is behind a machine"
    if sources and table.has("source") and table.text("source") not in sources:
        yield "source", f"there is no [source.{table.text('source')}]{findings.nearest(table.text('source'), sources)}"
    if len(sources) > 1 and not table.has("source"):
        yield "source", "say which Source: there are several"
    if table.text("then") != Then.REFUSE and table.has("code"):
        yield "code", "only what is refused has a code"


def _at(table: Table, found: Findings) -> datetime:
    if not table.has("at"):
        return NOON
    try:
        moment = datetime.fromisoformat(table.text("at"))
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 - without an offset, like what cannot be read
    if moment.tzinfo is None:
        found.error((*table.path, "at"), 'must be a time with its offset: "2026-06-06T03:00:00Z"')
        return NOON
    return moment


def _pairs(table: Table, found: Findings) -> frozenset[Pair]:
    pairs = set[Pair]()
    for name, verbs in _listed(table, "does", found).items():
        for verb in sorted(verbs):
            if verb not in set(Verb):
                found.error((*table.path, "does"), f'"{verb}" is no verb{findings.nearest(verb, set(Verb))}')
                continue
            kind = "procedure" if verb == Verb.RUN else "table"
            pairs.add(Pair(thing=Thing(kind=kind, name=name), verb=Verb(verb)))
    return frozenset(pairs)


def _listed(table: Table, key: str, found: Findings) -> Mapping[str, frozenset[str]]:
    value = table.values.get(key, {})
    made: dict[str, frozenset[str]] = {}
    for name, items in value.items() if isinstance(value, dict) else ():
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            found.error((*table.path, key), "must be a table of lists of text")
            continue
        made[str(name)] = frozenset(map(str, items))
    return made


# ---------------------------------------------------------------- files


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            octets = stream.read(LARGEST + 1)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    if len(octets) > LARGEST:
        raise SettingsError(f"{path}: the file is larger than {LARGEST >> 20} MiB")
    try:
        return octets.decode()
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: the file is not UTF-8 text") from error
