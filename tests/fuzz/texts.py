"""Mutants by the text: tokens that readers take for one another, and statements wrapped in statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from tests.fuzz import words as lists
from tests.fuzz.mutate import Unfit
from tests.fuzz.words import Chance, Words

TOKEN: Final = re.compile(
    r"""--[^\n\r]*|/\*.*?\*/|\$([A-Za-z_]*)\$.*?\$\1\$|[EeBbXxUu]?&?'(?:[^']|'')*'|[Uu]&"(?:[^"]|"")*"|"(?:[^"]|"")*"|[A-Za-z_\u0080-\U0010ffff][\w$]*|\d+(?:\.\d+)?|\s+|::|[<>=~!@#%^&|?+*/-]+|.""",
    re.DOTALL,
)
NAME: Final = re.compile(r"[a-z_][a-z0-9_]*\Z")
# What one reader takes for a blank and another for a letter, for the end of a comment, or for nothing.
BLANKS: Final = (
    "\u00a0", "\u3000", "\u2003", "\ufeff", "\u200b", "\u0085", "\u2028", "\v", "\f", "\t", "\r", "\n", " --\r ",
    " -- \n", "/**/", "/* /* */ */", " --\u2028x\n", "/*'*/", '/*"*/', " -- $$\n", "\n--'\n", "\r\n", "/*\n*/",
    "\x1f", "\u180e",
)  # fmt: skip


def tokens(text: str) -> list[str]:
    """Split a text; joined, the pieces are the text again."""
    return [match.group() for match in TOKEN.finditer(text)]


def spot(pieces: Sequence[str], chance: Chance, fits: Callable[[str], bool]) -> int:
    """Choose a token that fits.

    Raises: Unfit.
    """
    found = [at for at, piece in enumerate(pieces) if fits(piece)]
    if not found:
        raise Unfit
    return chance.choice(found)


def named(piece: str) -> bool:
    """Whether a token is a plain name."""
    return NAME.match(piece) is not None and piece not in KEYWORDS


KEYWORDS: Final = frozenset(
    "select from where group by order having limit offset with as join left right full inner outer cross natural on "
    "using and or not in is null case when then else end union all intersect except distinct only lateral over "
    "partition rows between values exists any some cast interval date timestamp true false filter within array row "
    "table recursive".split()
)


# ---------------------------------------------------------------- tokens


def blank(text: str, words: Words, chance: Chance) -> str:
    """Put a strange blank or a comment somewhere."""
    pieces = tokens(text)
    at = chance.randint(0, len(pieces))
    strange = chance.choice(BLANKS)
    if at < len(pieces) and pieces[at].isspace() and chance.random() < 0.6:
        return "".join([*pieces[:at], strange, *pieces[at + 1 :]])
    return "".join([*pieces[:at], strange, *pieces[at:]])


def quote(text: str, words: Words, chance: Chance) -> str:
    """Write a name or a string another way."""
    pieces = tokens(text)
    at = spot(pieces, chance, lambda piece: named(piece) or (piece.startswith("'") and len(piece) > 1))
    piece = pieces[at]
    if piece.startswith("'"):
        inner = piece[1:-1].replace("''", "'")
        forms: tuple[str, ...] = (
            f"$${inner}$$",
            f"$q${inner}$q$",
            f"E'{inner}'",
            f"U&'{inner}'",
            f"{piece}\n''",
            f"N{piece}",
        )
    else:
        code = f"\\{ord(piece[0]):04x}{piece[1:]}"
        forms = (
            f'"{piece}"',
            piece.upper(),
            piece.title(),
            f'U&"{code}"',
            f'"{piece.upper()}"',
            f'"{piece}\u00a0"',
            piece + "\u00a0",
            f'"{piece} "',
        )
    pieces[at] = chance.choice(forms)
    return "".join(pieces)


def rename(text: str, words: Words, chance: Chance) -> str:
    """Call an alias or a name, in every place, as a table is called, or as a field of the server's tree."""
    pieces = tokens(text)
    old = pieces[spot(pieces, chance, named)]
    new = chance.choice(
        ("member", "visit", "customers", "ledger", "care", '"care.member"', '":relid 1259"', '"FROM care.member"',
         '"x) (y"', '"' + "(" * 60 + '"', '"{QUERY :commandType 1"', '"a\nb"', '"\u00a0"', '"***"', "xmin", "ctid",
         "tableoid", "value")
    )  # fmt: skip
    return "".join(new if piece == old else piece for piece in pieces)


def swap(text: str, words: Words, chance: Chance) -> str:
    """Exchange two names."""
    pieces = tokens(text)
    first, second = spot(pieces, chance, named), spot(pieces, chance, named)
    pieces[first], pieces[second] = pieces[second], pieces[first]
    return "".join(pieces)


def drop(text: str, words: Words, chance: Chance) -> str:
    """Leave a few tokens out."""
    pieces = tokens(text)
    at = chance.randint(0, max(0, len(pieces) - 1))
    return "".join([*pieces[:at], *pieces[at + chance.randint(1, 4) :]])


def tagged(text: str, words: Words, chance: Chance) -> str:
    """Name a tagged column where another name stands."""
    pieces = tokens(text)
    pieces[spot(pieces, chance, named)] = chance.choice(words.tagged)
    return "".join(pieces)


# ---------------------------------------------------------------- wrapping


def hot(words: Words, chance: Chance) -> tuple[str, str, str]:
    """Choose a table with tags, one of its tagged columns, one of its columns."""
    table = chance.choice(words.hot)
    columns = words.tables[table]
    return table, chance.choice([column.sql for column in columns if column.tagged]), chance.choice(columns).sql


WRAPS: Final = (
    "with z as ({0}) select * from z",
    "with z as materialized ({0}) select z::text, count(*) over () from z",
    "with member as ({0}) select * from member",
    'with "care.member" as ({0}) select * from "care.member", {1} x where x.{2} is not null',
    "with recursive z as ({0}) select * from z limit 20",
    "select z, {3} from ({0}) z, {1} x",
    "select to_jsonb(z) from ({0}) z",
    "select (z).* from ({0}) z",
    "select md5(string_agg(z::text, ',')) from ({0}) z",
    "select count(*) from ({0}) z",
    "select array(select z::text from ({0}) z)",
    "select exists ({0})",
    "select x.{2} from {1} x where exists ({0})",
    "select x.{4}, z.* from {1} x, lateral ({0}) z limit 50",
    "select x.{4}, z.* from {1} x left join lateral ({0}) z on x.{2} is not null limit 50",
    "select z.*, {5} from ({0}) z cross join {1} x limit 60",
    "({0}) union all ({0})",
    "({0}) except ({0})",
    "select json_agg(z) from ({0}) z, {1} x where {6}",
    "select x.{2}::text from {1} x where {6} union all select z::text from ({0}) z",
    "select row_number() over (), z.* from ({0}) z",
    "select jsonb_object_keys(to_jsonb(z)) from ({0}) z",
    "select key, value from ({0}) z, jsonb_each_text(to_jsonb(z))",
    "select z from ({0}) z order by z limit 5",
    "select x.{2}, (select count(*) from ({0}) z) from {1} x",
    "select * from ({0}) z where (select {6} from {1} x limit 1)",
    "select {2}(x) from {1} x",
    "select (x).{2}, x.*, x::text from {1} x where {6}",
    "explain ({7}) {0}",
    "values ((select count(*) from ({0}) z))",
    "select grouping(x.{2}), x.{2}, count(*) from {1} x, ({0}) z group by cube (x.{2}) limit 30",
    "select * from ({0}) z fetch first 3 rows only",
    "select z.* from ({0}) z tablesample system (50)",
    "select xmlforest(x.{2} as a), z.* from {1} x, ({0}) z limit 40",
    "select case when {6} then z::text end from {1} x, ({0}) z limit 40",
    "select x.{2} = any (array(select z::text from ({0}) z)) from {1} x limit 40",
)
# Those that answer whenever what they hold does.
GENTLE: Final = tuple(
    wrap
    for wrap in WRAPS
    if wrap.startswith(
        ("with z", "with member", "select to_jsonb", "select (z)", "select md5", "select row_", "select x.{4}")
    )
)


def wrap(text: str, words: Words, chance: Chance, forms: Sequence[str] = WRAPS) -> str:
    """Put the statement into another one."""
    table, column, other = hot(words, chance)
    return chance.choice(forms).format(
        text.strip().rstrip(";"),
        table,
        column,
        chance.choice(lists.ANY_TO_TEXT).format(f"x.{column}"),
        other,
        chance.choice(lists.WINDOWS).format(f"x.{column}"),
        chance.choice(lists.TO_BOOL).format(f"x.{column}"),
        chance.choice(("costs off", "analyze", "verbose", "format json", "analyze, buffers off", "settings")),
    )


ACTS: Final = (blank, quote, rename, swap, drop, tagged)
