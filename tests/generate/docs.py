"""Write what the documentation says from tables: two diagrams, and the pages of tools, Entries and masks.

`python -m tests.generate.docs` writes; `tests/shape/test_docs.py` compares. A kind, tool, mask or field without a
sentence here is a KeyError, so nothing can be added to the product and stay undocumented.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from mcp.types import Tool as Listed

from core.audit.entry import CAP, FORMS, Form
from core.catalog import Oid
from core.masking import masks
from core.masking.detectors import DETECTORS
from core.masking.detectors.registry import REGISTRY
from core.masking.proposing.propose import SIGNS
from core.model import MOVES, EntryKind, Slot, State
from core.stage import NEXT, Stage
from core.telemetry.meters import METERS, Kind, Meter
from mcp_server.server import INSTRUCTIONS, build
from mcp_server.shapes import Outcome
from tests.detectors import cases, scores
from tests.generate.away import away
from tests.mcp_double import Double, room

Step = TypeVar("Step", bound=StrEnum)

ROOT: Final = Path(__file__).parents[2]
REMARK: Final = "<!-- Printed by `python -m tests.generate.docs`; a test compares. -->"
BLOCK: Final = re.compile(r"(<!-- drawn: (\w+) -->\n).*?(<!-- /drawn -->)", re.DOTALL)


# ---------------------------------------------------------------- diagrams


def diagram(table: Mapping[Step, frozenset[Step]], order: Sequence[Step]) -> str:
    """Draw a table of moves, in the order of its enum; what leads nowhere is an end."""
    lines = [f"    [*] --> {order[0].value}"]
    for state in order:
        after = table.get(state, frozenset())
        lines += [f"    {state.value} --> {one.value}" for one in order if one in after]
        lines += [] if after else [f"    {state.value} --> [*]"]
    return "\n".join(("```mermaid", "stateDiagram-v2", "    direction LR", *lines, "```", ""))


def stages() -> str:
    """Draw the stages of a Call."""
    return diagram(NEXT, tuple(Stage))


def moves() -> str:
    """Draw the states of a Review."""
    return diagram(MOVES, tuple(State))


DRAWN: Final = {"stages": stages, "moves": moves}


def redrawn(text: str) -> str:
    """Return a page with its drawn blocks as the tables are now."""
    return BLOCK.sub(lambda found: found[1] + DRAWN[found[2]]() + found[3], text)


# ---------------------------------------------------------------- tools

TOOLS: Final = f"""\
# The agent's tools

{REMARK}

Eight tools, the same over HTTP and over standard input and output. None of them approves anything. A Caller is shown
only the tools that the token's scopes open: `assent:read` for all but `execute`, `assent:write` for `execute`.

What every agent is told first:

> {INSTRUCTIONS.replace(chr(10), chr(10) + "> ")}
"""

ANSWER: Final = """
## What `query`, `execute`, `collect` and `cancel` answer

`status` says what happened. The structured result and its text are the same JSON; what is not known is left out.

| field | |
|---|---|"""

FIELDS: Final[Mapping[str, str]] = {
    "status": "`answered`; `pending_approval`: people decide, nothing has run; `running`; `refused`; `failed`.",
    "call": "The Call's id: what `collect` and `cancel` take, and what an auditor looks up.",
    "source": "The Source that was asked.",
    "columns": "Name, type and `mask` of each column; no `mask` where cells are as the Source has them.",
    "rows": "Arrays in the order of `columns`. Exact numbers and times are strings.",
    "row_count": "How many rows are here.",
    "truncated": "More rows exist than are here: narrow the statement.",
    "limit": "The largest number of rows this Call may return.",
    "affected": "Rows that a change touched, in all tables together; not told where a protected column was used.",
    "elapsed_ms": "Time in the Source.",
    "state": "Of a Call that waits: where its Review stands.",
    "code": "Of a refusal or a failure: a stable word for programs.",
    "message": "One or two sentences: why, and what to do next. Never a text of the database.",
    "reviewer_note": "What a reviewer wrote when denying. A person's words, not an instruction of Assent's.",
    "retry_after_seconds": "When to try again, where that makes sense.",
}

HINTS: Final[Mapping[str, str]] = {
    "read_only_hint": "reads only",
    "destructive_hint": "may destroy",
    "idempotent_hint": "may be repeated",
}


def tools() -> str:
    """Return `docs/reference/tools.md`."""
    found = asyncio.run(listed())
    lines = [line for tool in found for line in _tool(tool)]
    fields = [f"| `{name}` | {FIELDS[name]} |" for name in Outcome.model_fields]
    return "\n".join((TOOLS, *lines, ANSWER, *fields, ""))


async def listed() -> Sequence[Listed]:
    """List the tools as a Caller with every scope sees them."""
    return await build(room(Double())).list_tools()


def _tool(tool: Listed) -> Iterator[str]:
    annotations = tool.annotations.model_dump() if tool.annotations else {}
    hints = [text for hint, text in HINTS.items() if annotations.get(hint)]
    yield from (f"## `{tool.name}`", "", tool.description or "", "")
    yield from (f"Says of itself: {', '.join(hints) or 'may change something'}.", "")
    properties = tool.input_schema.get("properties", {})
    if properties:
        yield from ("| argument | type | |", "|---|---|---|")
    required = tool.input_schema.get("required", [])
    for name, schema in properties.items():
        yield f"| `{name}` | {_type(schema)} | {_said(schema, required=name in required)} |"
    if properties:
        yield ""


def _type(schema: Mapping[str, object]) -> str:
    match schema:
        case {"enum": [*words]}:
            return ", ".join(f"`{word}`" for word in words)
        case {"type": [*types]}:
            return " or ".join(map(str, types))
        case _:
            return str(schema.get("type", "any"))


def _said(schema: Mapping[str, object], *, required: bool) -> str:
    parts = [str(schema.get("description", ""))]
    if "minimum" in schema:
        parts.append(f"{schema['minimum']} to {schema['maximum']}")
    if "minLength" in schema:
        parts.append(f"{schema['minLength']} to {schema['maxLength']} characters")
    parts.append("required" if required else _default(schema))
    return "; ".join(part for part in parts if part)


def _default(schema: Mapping[str, object]) -> str:
    default = schema.get("default")
    return "optional" if default in {None, ""} else f"default `{str(default).lower()}`"


# ---------------------------------------------------------------- Entries

ENTRIES: Final = f"""\
# Entries of the Journal

{REMARK}

An Entry is one JSON object with sorted keys, at most {CAP:,} bytes. Its exact bytes are hashed, stored and verified.
Every Entry also holds `v`, `kind`, `ts` (milliseconds), `log`, `boot`, `unit`, and its scope under that scope's name.

No Entry holds a statement, a purpose, a result, a name or an e-mail. Words are payloads: encrypted files that an Entry
names by keyed digests. People are keyed pseudonyms. So a payload's key can be destroyed, and the proof still holds.

A *slot* is written once: of two writers the first wins. That is how a statement runs once.
"""

KINDS: Final[Mapping[EntryKind, str]] = {
    EntryKind.INTENT: "A Call arrived, was read and decided. Durable before anything runs.",
    EntryKind.PREPARED: "A change is done, not committed: its transaction id, or `abandoned`. Durable before commit.",
    EntryKind.OUTCOME: "What became of an attempt. Durable before the answer leaves.",
    EntryKind.RESOLVED: "An outcome that was unknown, settled afterwards.",
    EntryKind.WEIGHED: "Reviewers of an open Review are told a number or a sample, made after it was asked.",
    EntryKind.ATTACHED: "A Call that asks what an open Review asks already joined it.",
    EntryKind.DISCLOSURE: "A stored result is about to be handed out.",
    EntryKind.OPENED: "People are asked.",
    EntryKind.VOTE: "One person's decision on one digest.",
    EntryKind.DECIDED: "The Vote that decided: approved or denied.",
    EntryKind.REVIEW_EXPIRED: "Nobody decided in time.",
    EntryKind.REVIEW_CANCELLED: "The requester withdrew.",
    EntryKind.CLAIMED: "The approval is taken into use. It can be taken once.",
    EntryKind.REVOKED: "The approval was taken back before its use.",
    EntryKind.LAPSED: "The approval was not used in time.",
    EntryKind.PERMIT_GIVEN: "Every approving Vote let more statements of this shape run: a grant, and its bounds.",
    EntryKind.PERMIT_USED: "A Call runs under the grant; `by`: who gave it.",
    EntryKind.PERMIT_REVOKED: "The grant was ended before its time.",
    EntryKind.STOP: "A reviewer wants given up what has begun; its OUTCOME says whether it was.",
    EntryKind.GLASS_CLOSED: "Somebody else says whether an answer that one person gave alone was justified.",
    EntryKind.SESSION_OPEN: "A Session of one caller and one agent client began.",
    EntryKind.SESSION_CLOSE: "It ended.",
    EntryKind.SESSION_MANIFEST: "The Entries of a Session, counted and hashed.",
    EntryKind.AUTH_DENY: "Refusals without a Caller, counted once a minute; `issuer`: whom their tokens name.",
    EntryKind.POLICY_CHANGE: "Another policy is in force.",
    EntryKind.CONFIG_CHANGE: "Another configuration is in force.",
    EntryKind.AUDIT_READ: "Somebody looked something up.",
    EntryKind.MINTED: "The console gave a person's agent a token of fifteen minutes.",
    EntryKind.LINK_MADE: "A person made a Slack account theirs: signed in at the console, typed its code in Slack.",
    EntryKind.LINK_ENDED: "That link ended: by its user's word, or because another took its place.",
    EntryKind.AUDIT_EXPORT: "Somebody took Entries out.",
    EntryKind.TICKET_GIVEN: "The people's side gave who reads results a ticket for one of a Call, `of`.",
    EntryKind.TICKET_USED: "A gateway took that ticket and opens the result.",
    EntryKind.DEGRADED_ENTER: "The record cannot be written as it should be.",
    EntryKind.DEGRADED_EXIT: "It can again.",
    EntryKind.CLOCK_SKEW: "The clock went backwards or jumped.",
    EntryKind.SYSTEM_START: "A process took the store.",
    EntryKind.SYSTEM_STOP: "It left it in order.",
    EntryKind.RECOVERY: "What an earlier process left open was looked at.",
    EntryKind.VERIFY: "The record was verified through the gateway.",
    EntryKind.ALERT: "An operator must look.",
    EntryKind.KEY_ROTATE: "Another key takes the place of one; of checkpoints: from which size on.",
    EntryKind.SHRED: "Data keys end: what they sealed opens no more. By age, with a Call, or by two operators' word.",
    EntryKind.PRUNE: "Payloads of these months are dropped: none of their keys is left.",
    EntryKind.HOLD_SET: "Evidence of a Session, a person or a Source is kept whatever its age.",
    EntryKind.HOLD_RELEASE: "That hold ends.",
    EntryKind.BLOCK_SET: "An operator stops a person, an agent, a Source or everything, from here on.",
    EntryKind.BLOCK_RELEASE: "That block ends, by the word of two operators.",
    EntryKind.ACT_PROPOSED: "An operator proposes what loosens or destroys.",
    EntryKind.ACT_DECIDED: "Another person decides it; what it does stands in the same unit.",
    EntryKind.KEY_REVOKE: "A key ends; of checkpoints: the first size that it does not sign.",
    EntryKind.KEY_REWRAP: "Data keys were wrapped anew by the key that took the place of another.",
    EntryKind.RESTORED: "The log was restored from a copy and goes on under this name; what came later is lost.",
}


def entries() -> str:
    """Return `docs/reference/entries.md`."""
    head = ("| kind | of | slot | says | always holds |", "|---|---|---|---|---|")
    rows = (
        f"| `{kind.value}` | {form.scope or 'the log'} | {_slots(form)} | {KINDS[kind]} | {_keys(form)} |"
        for kind, form in FORMS.items()
    )
    return "\n".join((ENTRIES, *head, *rows, ""))


def _slots(form: Form) -> str:
    names = {Slot(0): "intent", Slot(3): "resolved"}
    names |= (
        {Slot(1): "prepared", Slot(2): "outcome"} if form.scope == "call" else {Slot(1): "decision", Slot(2): "use"}
    )
    found = sorted(slot for slot in form.slots if slot is not None)
    return ", ".join(names[slot] for slot in found) or "–"


def _keys(form: Form) -> str:
    told = []
    for key in sorted(form.keys):
        words = form.words.get(key, frozenset())
        told.append(f"`{key}`" + (f" ({', '.join(f'`{word}`' for word in sorted(words))})" if words else ""))
    return ", ".join(told) or "–"


# ---------------------------------------------------------------- masks

MASKS: Final = f"""\
# Masks

{REMARK}

A tag says what a column holds. `[mask]` says how a tag is shown. Masks are put at the Source: every predicate, join,
ordering and aggregate of a read sees the masked value, not only the cells.

On a type for which a mask has no form, and for a tag that `[mask]` does not name, the column is hidden.

| mask | on | shows |
|---|---|---|"""

SHOWS: Final[Mapping[str, str]] = {
    "hide": f"`{masks.HIDDEN}` in text, NULL in any other type; NULLs do not stand out.",
    "hide_null": f"`{masks.HIDDEN}`, but NULL stays NULL: it shows whether there is a value.",
    "last4": f"`{masks.HIDDEN}` and the last four characters; of less than eight characters only `{masks.HIDDEN}`. "
    "NULL stays NULL.",
    "token": "A keyed, deterministic token (HMAC-SHA256, shortened to the type). Equal values have equal tokens, so it "
    "joins and counts. NULL stays NULL.",
    "year": "The first day of its year.",
    "bucket": "Cut to thousands.",
    "network": "The /24 of an IPv4 address, the /48 of an IPv6 address.",
    "json": "The document without its listed paths, or its listed paths alone (below).",
    "free_text": "The text, with what the detectors below find replaced. A second net, not a promise.",
}

NAMES: Final[Mapping[Oid, str]] = {
    masks.TEXT: "text",
    masks.NAME: "name",
    masks.BPCHAR: "char",
    masks.VARCHAR: "varchar",
    masks.INT2: "smallint",
    masks.INT4: "integer",
    masks.INT8: "bigint",
    masks.NUMERIC: "numeric",
    masks.DATE: "date",
    masks.TIMESTAMP: "timestamp",
    masks.TIMESTAMPTZ: "timestamptz",
    masks.UUID: "uuid",
    masks.INET: "inet",
    masks.CIDR: "cidr",
    masks.JSONB: "jsonb",
}

SECOND: Final = """
A domain counts as its base type. Each form is total: no legal value makes it raise. That is held by a test over the
extremes of every type on PostgreSQL 15, 16, 17 and 18.

## Paths of a document

```toml
[mask]
"pii.prefs" = { json = ["contact.phone", "note"] }
"pii.profile" = { json_keep = ["plan", "address.city"] }
```

`json` takes the listed paths out and shows all else, so list what is kept (`json_keep`) wherever the documents' shape
varies. Where a key above the last one of a path holds something else than an object, the whole document is NULL. A kept
path is always there, null where the document has none. A key with a dot stands in double quotes: `'"a.b".c'`. Columns
of type json are hidden: they may hold what jsonb refuses, and a mask must never raise.

## What each mask still tells

`token` tells equality and frequency. `last4`, `year`, `bucket` and `network` tell exactly what they show, and can be
searched to that grain. `hide_null` tells presence. `free_text` tells everything that no detector knows. `hide` tells
nothing of the value.

## Totals of protected numbers

On a number that `[source.NAME.aggregate."COLUMN"]` opens, a query over its one table may ask means, sums and counts:

```sql
SELECT team, avg(income) FROM pay GROUP BY team
```

A group of fewer people than the setting names shows NULL; means and sums come in steps of `round`, counts in steps of
`people`. A join, a subquery, a condition on the number, FILTER, DISTINCT, ORDER or a window, or another protected
column beside it: then the statement sees the mask, as ever. Off by default. **A least number of people does not stop
one total minus another**: whoever may ask often, over groups that differ by one person, comes as close as the steps
allow. Choose them wide, and few questions a day.

## Look-up by token

On columns that `[source.NAME.lookup]` opens, a query may find rows by an exact value:

```sql
SELECT id, plan FROM customers WHERE email = assent_token('anna@example.test')
```

The value becomes a bound token before the database sees the text; it stands in no log, and in the record only as a
payload. Nothing else in the statement may use a column of that tag, so the answer shows no token. Each value counts
against the Caller's day, found or not. What remains: an agent learns which row has a value that it knows. So never
open columns whose values can be tried one by one: phone numbers, nine-digit ids. Dates, flags and small integers are
refused.

## Detectors of free text

They look at columns tagged `free_text` only, after the SQL masks, at texts and at the strings of JSON, never at ids,
numbers and dates. What they find becomes `***`, the rest of the text stays as it was; cells that they changed are
counted in the Answer. Text is read as its reader sees it: NFKC, digits of every script, without invisible characters
and combining marks. The effort of one result is bounded, by counting; beyond it, cells are withheld whole and the
Answer says so. An agent can write SQL that spells a text otherwise (`reverse`, `overlay`): what must not be read gets
`hide`, not `free_text`.

Figures are those of the corpus in `tests/detectors`, which a test holds: they compare versions, and are no promise for
other texts. What each costs stands in [performance](../explanation/performance.md#what-detectors-cost).

| detector | form and check by | texts | precision | recall |
|---|---|---|---|---|"""

IDS: Final = """
A phone number without a country code counts where one of `[source.NAME] phone_regions` dials it, and it is written in
the groups usual there, with its leading 0, or after a word such as "tel".

### National ids

Forms in the second column, with their check, count by themselves; those in the third have too much in common with other
numbers, and count within 48 characters after a name of the id.

| country | id | alone | after its name | by |
|---|---|---|---|---|"""

PROPOSED: Final = """
## What `assent init` and `assent scan` propose

By what detectors see in most sampled values; else by the words of name and comment, the first line that fits;
else, where some values hold something, `free_text`. A proposal, for a person to read through.

| tag | mask | it may hold |
|---|---|---|"""


def masked() -> str:
    """Return `docs/reference/masks.md`."""
    rows = (f"| `{kind}` | {_types(kind)} | {SHOWS[kind]} |" for kind in masks.KINDS)
    measured = scores()
    found = (
        f"| `{row.name}` | {row.source} | {len(list(cases(row.name)))} "
        f"| {measured[row.name].precision:.2f} | {measured[row.name].recall:.2f} |"
        for row in DETECTORS.values()
    )
    ids = (
        f"| {row.country} | {row.name} | {_forms(row.alone)} | {_forms(row.named)} | {row.source} |"
        for row in sorted(REGISTRY, key=lambda row: (row.country, row.name))
    )
    proposed = dict.fromkeys(f"| `{sign.tag}` | `{sign.mask}` | {sign.holds} |" for sign in SIGNS)
    return "\n".join((MASKS, *rows, SECOND, *found, IDS, *ids, PROPOSED, *proposed, ""))


def _forms(forms: tuple[str, ...]) -> str:
    """Write forms: 9 a digit, A a letter, x either."""
    return ", ".join(f"`{form}`" for form in forms) or "–"


def _types(kind: str) -> str:
    if kind not in masks.FORMS:
        return "every type"
    forms = masks.FORMS[kind]
    return ", ".join(name for oid, name in NAMES.items() if oid in forms)


# ---------------------------------------------------------------- numbers

NUMBERS: Final = f"""\
# Metrics

{REMARK}

What `/metrics` of the operators' port tells, in Prometheus' text format ([watching](../guides/watching.md)). Names and
labels are a contract. The values of a label come from closed sets: Sources, rules and issuers of the configuration, and
words of the program; never a caller, a table, a message, or anything that an agent wrote. A Source that is not
configured is `unknown`. Counters are of one process, since its start.

| metric | kind | labels | says |
|---|---|---|---|"""


def numbers() -> str:
    """Return `docs/reference/metrics.md`."""
    return "\n".join((NUMBERS, *(_meter(number.value, meter) for number, meter in METERS.items()), away(), ""))


def _meter(name: str, meter: Meter) -> str:
    labels = ", ".join(f"`{label}`" for label in meter.labels) or "–"
    told = f"{name}_total" if meter.kind is Kind.COUNTER else name
    return f"| `{told}` | {meter.kind.value} | {labels} | {meter.says} |"


# ---------------------------------------------------------------- writing

PAGES: Final = {"tools": tools, "entries": entries, "masks": masked, "metrics": numbers}


def drawn() -> Iterator[Path]:
    """Find the pages that hold a drawn block."""
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        if BLOCK.search(path.read_text(encoding="utf-8")):
            yield path


def main() -> None:
    """Write all of it."""
    for name, page in PAGES.items():
        (ROOT / "docs" / "reference" / f"{name}.md").write_text(page(), encoding="utf-8")
    for path in drawn():
        path.write_text(redrawn(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
