"""The block checker: every limit of `shapes`, unknown properties and nulls refused, errors in Slack's form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, assert_never

from slackbot.kit.rarer import BESIDE_IN_MESSAGES, BESIDE_IN_VIEWS, CHARTS_IN_MESSAGE, MARKDOWN_CHARACTERS, RARER
from slackbot.kit.shapes import (
    BLOCKS_IN_MESSAGE,
    BLOCKS_IN_VIEW,
    IN_MESSAGES,
    IN_VIEWS,
    MESSAGE_CHARACTERS,
    SHAPES,
    TABLE_CHARACTERS,
    TABLES_IN_MESSAGE,
    TEXT_IN_MESSAGE,
    VIEW,
    Amount,
    Flag,
    Node,
    Number,
    Rule,
    Several,
    Shape,
    String,
    Text,
)

EVERY: Final[Mapping[str, Shape]] = MappingProxyType({**SHAPES, **RARER})
HELD: Final = frozenset({"table", "data_table"})

Block: TypeAlias = "dict[str, object]"
Blocks: TypeAlias = "list[Block]"
Found: TypeAlias = "Iterator[str]"


def message(text: object, blocks: object) -> tuple[str, ...]:
    """Check a message's top-level text and blocks; empty means that Slack would take it."""
    found = [
        *strings("/text", text, String(most=TEXT_IN_MESSAGE, least=1)),
        *listed(blocks, IN_MESSAGES | BESIDE_IN_MESSAGES),
    ]
    if isinstance(blocks, list) and len(blocks) > BLOCKS_IN_MESSAGE:
        found.append(error(f"no more than {BLOCKS_IN_MESSAGE} items allowed", "/blocks"))
    if sum(kind(block) == "table" for block in items(blocks)) > TABLES_IN_MESSAGE:
        found.append(error("only one table allowed", "/blocks"))
    if sum(kind(block) == "data_visualization" for block in items(blocks)) > CHARTS_IN_MESSAGE:
        found.append(error(f"no more than {CHARTS_IN_MESSAGE} charts allowed", "/blocks"))
    if sum(map(marked, items(blocks))) > MARKDOWN_CHARACTERS:
        found.append(error(f"no more than {MARKDOWN_CHARACTERS} characters of markdown", "/blocks"))
    if sum(map(written, items(blocks))) > TABLE_CHARACTERS:
        found.append(error(f"no more than {TABLE_CHARACTERS} characters in a table", "/blocks"))
    if size(blocks) > MESSAGE_CHARACTERS:
        found.append(error("msg_blocks_too_long", "/blocks"))
    return tuple(found)


def view(payload: object) -> tuple[str, ...]:
    """Check a modal or a Home view."""
    if not isinstance(payload, Mapping) or kind(payload) not in VIEW:
        return (error("unsupported type", "/view/type"),)
    blocks = payload.get("blocks")
    rest = {name: value for name, value in payload.items() if name != "blocks"}
    found = [*shaped("/view", rest, VIEW[kind(payload)]), *listed(blocks, IN_VIEWS | BESIDE_IN_VIEWS, "/view/blocks")]
    if isinstance(blocks, list) and len(blocks) > BLOCKS_IN_VIEW:
        found.append(error(f"no more than {BLOCKS_IN_VIEW} items allowed", "/view/blocks"))
    if any(kind(block) == "input" for block in items(blocks)) and "submit" not in payload:
        found.append(error("missing required field: submit", "/view"))
    return tuple(found)


def written(block: object) -> int:
    """Count the characters in the cells of a table; in any other block there are none."""
    rows = items(block.get("rows")) if isinstance(block, Mapping) and kind(block) in HELD else ()
    cells = [cell.get("text") for row in rows for cell in items(row) if isinstance(cell, Mapping)]
    return sum(len(text) for text in cells if isinstance(text, str))


def marked(block: object) -> int:
    """Count the characters of a markdown block; in any other there are none."""
    text = block.get("text") if isinstance(block, Mapping) and kind(block) == "markdown" else ""
    return len(text) if isinstance(text, str) else 0


def size(blocks: object) -> int:
    """Count the characters of the blocks as compact JSON."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"), default=str))


def error(sentence: str, pointer: str) -> str:
    """Write an error as Slack's `response_metadata.messages` does."""
    return f"[ERROR] {sentence} [json-pointer:{pointer}]"


def kind(node: object) -> str:
    """Give a node's `type`, or nothing."""
    found = node.get("type") if isinstance(node, Mapping) else None
    return found if isinstance(found, str) else ""


def items(blocks: object) -> Sequence[object]:
    """Give the elements of an array; of anything else, none."""
    return blocks if isinstance(blocks, list) else ()


def listed(blocks: object, allowed: frozenset[str], pointer: str = "/blocks") -> Found:
    """Check an array of blocks, and that no block_id stands twice."""
    if not isinstance(blocks, list) or not blocks:
        yield error("must be a non-empty array", pointer)
        return
    for number, block in enumerate(blocks):
        yield from node(f"{pointer}/{number}", block, Node(of=allowed))
    yield from doubled(blocks, "block_id", pointer)


def doubled(nodes: Sequence[object], name: str, pointer: str) -> Found:
    """Find values of a property that stand more than once among siblings."""
    seen: set[object] = set()
    for number, each in enumerate(nodes):
        value = each.get(name) if isinstance(each, Mapping) else None
        if isinstance(value, str) and value in seen:
            yield error(f"`{name}` {value} already exists", f"{pointer}/{number}/{name}")
        seen.add(value if isinstance(value, str) else number)


def node(pointer: str, value: object, rule: Node) -> Found:
    """Check one typed object against the shapes that may stand there."""
    if not isinstance(value, Mapping):
        yield error("must be an object", pointer)
        return
    name = kind(value) if rule.typed else next(iter(rule.of))
    if name not in rule.of:
        yield error(f"unsupported type: {name}", f"{pointer}/type")
        return
    yield from shaped(pointer, value, EVERY[name], typed=rule.typed)
    if name == "actions":
        yield from doubled(items(value.get("elements")), "action_id", f"{pointer}/elements")
    elif name == "container":
        yield from contained(pointer, value)
    elif name == "data_table":
        yield from rowed(pointer, value)


def contained(pointer: str, value: Mapping[str, object]) -> Found:
    """Check what a container's parts may not be together."""
    if value.get("is_collapsible") is True and any(kind(one) == "divider" for one in items(value.get("child_blocks"))):
        yield error("no divider in a collapsible container", f"{pointer}/child_blocks")
    if value.get("default_collapsed") is True and value.get("is_collapsible") is not True:
        yield error("default_collapsed needs is_collapsible", f"{pointer}/default_collapsed")


def rowed(pointer: str, value: Mapping[str, object]) -> Found:
    """Check that all rows of a data table are as long as the first, and that its head is plain."""
    rows = [items(row) for row in items(value.get("rows"))]
    if len({len(row) for row in rows}) > 1:
        yield error("all rows must have the same number of cells", f"{pointer}/rows")
    if rows and any(kind(cell) == "rich_text" for cell in rows[0]):
        yield error("unsupported type: rich_text", f"{pointer}/rows/0")


def shaped(pointer: str, value: Mapping[str, object], shape: Shape, *, typed: bool = True) -> Found:
    """Check an object's properties: those needed, those allowed, no others, no null."""
    for name in shape.needs:
        if name not in value:
            yield error(f"missing required field: {name}", pointer)
    if shape.one_of and not shape.one_of & value.keys():
        yield error(f"missing required field: {' or '.join(sorted(shape.one_of))}", pointer)
    for name, inner in value.items():
        if name == "type" and typed:
            continue
        rule = shape.needs.get(name) or shape.may.get(name)
        if rule is None:
            yield error(f"invalid additional property: {name}", pointer)
        elif inner is None:
            yield error("must not be null", f"{pointer}/{name}")
        else:
            yield from ruled(f"{pointer}/{name}", inner, rule)


def ruled(pointer: str, value: object, rule: Rule) -> Found:
    """Check a value by its rule."""
    match rule:
        case Text():
            yield from texts(pointer, value, rule)
        case String():
            yield from strings(pointer, value, rule)
        case Flag():
            yield from () if isinstance(value, bool) else (error("must be a boolean", pointer),)
        case Number(low=low, high=high):
            fits = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
            yield from () if fits else (error(f"must be a number from {low} to {high}", pointer),)
        case Amount():
            fits = isinstance(value, int | float) and not isinstance(value, bool)
            yield from () if fits else (error("must be a number", pointer),)
        case Node():
            yield from node(pointer, value, rule)
        case Several():
            yield from several(pointer, value, rule)
        case _:
            assert_never(rule)


def several(pointer: str, value: object, rule: Several) -> Found:
    """Check an array and each of its elements."""
    if not isinstance(value, list):
        yield error("must be an array", pointer)
        return
    if len(value) > rule.most:
        yield error(f"no more than {rule.most} items allowed", pointer)
    if len(value) < rule.least:
        yield error(f"no fewer than {rule.least} items allowed", pointer)
    for number, inner in enumerate(value):
        yield from ruled(f"{pointer}/{number}", inner, rule.of)


def texts(pointer: str, value: object, rule: Text) -> Found:
    """Check a text object: its kind, its length, and `emoji` only in plain text, `verbatim` only in mrkdwn."""
    if not isinstance(value, Mapping):
        yield error("must be an object", pointer)
        return
    name = kind(value)
    if name not in rule.kinds:
        yield error(f"unsupported type: {name}", f"{pointer}/type")
        return
    flag = "emoji" if name == "plain_text" else "verbatim"
    yield from shaped(pointer, value, Shape(needs={"text": String(most=rule.most, least=1)}, may={flag: Flag()}))


def strings(pointer: str, value: object, rule: String) -> Found:
    """Check a string's length and, where its values are closed, its value."""
    if not isinstance(value, str):
        yield error("must be a string", pointer)
        return
    if rule.among and value not in rule.among:
        yield error(f"must be one of {', '.join(sorted(rule.among))}", pointer)
    if len(value) > rule.most:
        yield error(f"must be less than {rule.most + 1} characters", pointer)
    if len(value) < rule.least:
        yield error(f"must be more than {rule.least - 1} characters", pointer)
