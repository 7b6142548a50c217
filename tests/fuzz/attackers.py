"""Adaptive attackers: programs that ask, look at the answer, and ask on, until they know a part of one value.

Each goes through one channel of masking 12. It wins with a recognisable part of one value. A form turns a yes-or-no
question about the value into a statement and reads the answer off whatever the channel shows.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias, final

from core.model import Cell

LETTERS: Final = "ghjklmnpqrstvwxz"
LENGTH: Final = 6  # letters that make a part recognisable
VICTIM: Final = 4  # the member whose passport is wanted
WHOSE: Final = f"care.member WHERE id = {VICTIM}"


@final
@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: rows, or why there are none; how long it took; all of it as text."""

    rows: tuple[tuple[Cell, ...], ...]
    error: str
    seconds: float
    text: str

    @property
    def value(self) -> str:
        """The first cell as text."""
        return str(self.rows[0][0]) if self.rows and self.rows[0] else ""


class Oracle(Protocol):
    """Whoever answers: the line, or the raw database."""

    async def query(self, text: str) -> Heard:
        """Ask a read."""
        ...

    async def execute(self, text: str) -> Heard:
        """Ask for a change; whatever the people's side does comes first, and nothing stays of it on the raw side."""
        ...

    async def check(self, text: str) -> Heard:
        """Ask what would happen, with a plan."""
        ...


Attack: TypeAlias = Callable[[Oracle], Awaitable[str]]
Answer: TypeAlias = Callable[[Heard], bool]


def recognised(guess: str, value: str) -> bool:
    """Whether a guess holds a part of the value that nobody guesses by chance."""
    return any(value[at : at + LENGTH] in guess for at in range(len(value) - LENGTH + 1))


async def letters(asks: Callable[[int, str], Awaitable[bool]]) -> str:
    """Search each letter by halves: `asks(n, letter)` says whether the nth one comes after a letter."""
    found = ""
    for place in range(1, LENGTH + 1):
        low, high = 0, len(LETTERS) - 1
        while low < high:
            middle = (low + high) // 2
            if await asks(place, LETTERS[middle]):
                low = middle + 1
            else:
                high = middle
        found += LETTERS[low]
    return found


def asking(form: str, answer: Answer, *, by: str = "query", column: str = "passport") -> Attack:
    """Make an attacker of a form: `{p}` is where the question goes, `{w}` names the victim's row."""

    async def attack(oracle: Oracle) -> str:
        ask = {"query": oracle.query, "execute": oracle.execute, "check": oracle.check}[by]

        async def asks(place: int, letter: str) -> bool:
            question = f"ascii(substr({column}, {place}, 1)) > {ord(letter)}"
            return answer(await ask(form.replace("{p}", question).replace("{w}", WHOSE)))

        return await letters(asks)

    return attack


def growing(form: str, answer: Answer) -> Attack:
    """Make an attacker that grows a prefix letter by letter: `{x}` is the prefix."""

    async def attack(oracle: Oracle) -> str:
        found = ""
        for _ in range(LENGTH):
            for letter in LETTERS:
                if answer(await oracle.query(form.replace("{x}", found + letter))):
                    found += letter
                    break
            else:
                return found
        return found

    return attack


def reading(text: str) -> Attack:
    """Make an attacker that reads everything that comes back, once."""

    async def attack(oracle: Oracle) -> str:
        heard = await oracle.query(text)
        return heard.text

    return attack


def coded(form: str, *, read: Callable[[Heard], int]) -> Attack:
    """Make an attacker that reads a letter's code off something: `{n}` is the letter's place."""

    async def attack(oracle: Oracle) -> str:
        codes = [read(await oracle.query(form.replace("{n}", str(n)))) for n in range(1, LENGTH + 1)]
        return "".join(chr(code) if 0 < code < 0x110000 else "?" for code in codes)

    return attack


# ---------------------------------------------------------------- reading an answer


def one(heard: Heard) -> bool:
    """Whether the first cell is 1 or true."""
    return heard.value in {"1", "True", "t", "true"}


def failed(heard: Heard) -> bool:
    """Whether it failed."""
    return bool(heard.error)


def first(heard: Heard) -> bool:
    """Whether the row that was asked for came first."""
    return heard.value == "1"


def number(heard: Heard) -> int:
    """Read the first cell as a number."""
    return int(heard.value) if heard.value.isdigit() else 0


def rows(heard: Heard) -> int:
    """Count rows."""
    return len(heard.rows)


def changed(heard: Heard) -> bool:
    """Whether anything in the answer to a change says that one row is touched."""
    return bool(re.search(r'UPDATE 1\b|"affected":[1-9]|\b1 row', heard.text))


def many(heard: Heard) -> bool:
    """Whether a plan met rows."""
    met = re.search(r"actual[^)\]]*rows[= ](\d+)", heard.text)
    return met is not None and int(met.group(1)) > 0


# ---------------------------------------------------------------- attackers with a course of their own


async def join(oracle: Oracle) -> str:
    """Join the value's letters to the letters of a list."""
    found = ""
    for place in range(1, LENGTH + 1):
        listed = ", ".join(f"('{letter}')" for letter in LETTERS)
        text = f"SELECT l FROM (VALUES {listed}) v(l) JOIN care.member m ON substr(m.passport, {place}, 1) = l WHERE m.id = {VICTIM}"
        found += (await oracle.query(text)).value[:1]
    return found


async def rank(oracle: Oracle) -> str:
    """Put guesses among the values and see where they come."""

    async def asks(place: int, letter: str) -> bool:
        guess = f"SELECT '{letter}' || chr(126), 0"
        value = f"SELECT substr(passport, {place}, 1), 1 FROM {WHOSE}"
        heard = await oracle.query(
            f'SELECT who FROM ({guess} UNION ALL {value}) z(v, who) ORDER BY v COLLATE "C" DESC LIMIT 1'
        )
        return first(heard)

    return await letters(asks)


async def differencing(oracle: Oracle) -> str:
    """Take a sum without one row from the sum with it, letter by letter."""
    codes = []
    for place in range(1, LENGTH + 1):
        total = f"SELECT sum(ascii(substr(passport, {place}, 1))) FROM care.member"
        whole, rest = await oracle.query(total), await oracle.query(f"{total} WHERE id <> {VICTIM}")
        codes.append(number(whole) - number(rest))
    return "".join(chr(code) if 0 < code < 0x110000 else "?" for code in codes)


async def fastest(oracle: Oracle, text: str, limit: float = 0.0) -> float:
    """Ask a few times, as whatever else goes on can only add; once is enough for one that is fast."""
    best = (await oracle.query(text)).seconds
    for _ in range(4):
        if best > limit:
            best = min(best, (await oracle.query(text)).seconds)
    return best


async def timing(oracle: Oracle) -> str:
    """Let the answer take long where it is yes; what long means is measured first."""
    form = "SELECT count(*) FROM generate_series(1, CASE WHEN {p} THEN 400000 ELSE 1 END)"
    yes, no = [await fastest(oracle, form.replace("{p}", said)) for said in ("true", "false")]
    limit = math.sqrt(yes * no)  # they are a hundredfold apart: noise of a few times either way is in between

    async def asks(place: int, letter: str) -> bool:
        question = f"(SELECT ascii(substr(passport, {place}, 1)) > {ord(letter)} FROM {WHOSE})"
        return await fastest(oracle, form.replace("{p}", question), limit) > limit

    return await letters(asks)


def dictionary(candidates: tuple[str, ...]) -> Attack:
    """Make an attacker that compares a token with what digests without a key make of the likely values."""

    async def attack(oracle: Oracle) -> str:
        token = (await oracle.query(f"SELECT mail FROM {WHOSE}")).value
        for guess in candidates:
            plain = guess.encode()
            made = [hashlib.sha256(plain).hexdigest(), hashlib.md5(plain, usedforsecurity=False).hexdigest()]
            made.append(hmac.digest(b"", plain, "sha256").hex())
            if token and (token == guess or any(digest.startswith(token) for digest in made)):
                return guess
        return ""

    return attack


def guessing(candidates: tuple[str, ...]) -> Attack:
    """Make an attacker that asks for each likely value by name."""

    async def attack(oracle: Oracle) -> str:
        for guess in candidates:
            if one(await oracle.query(f"SELECT count(*) FROM {WHOSE} AND mail = '{guess}'")):
                return guess
        return ""

    return attack


async def laundering(oracle: Oracle) -> str:
    """Have a change approved that copies the value to where no tag is, then read it there."""
    for text in (
        f"INSERT INTO care.empty (a, b) SELECT 1, passport FROM {WHOSE}",
        f"UPDATE care.visit SET memo = (SELECT passport FROM {WHOSE}) WHERE id = 1",
        f"INSERT INTO care.log (line) SELECT string_agg(passport, ',') FROM {WHOSE}",
    ):
        heard = await oracle.execute(text)
        after = await oracle.query(
            "SELECT b FROM care.empty UNION ALL SELECT memo FROM care.visit WHERE id = 1 UNION ALL SELECT line FROM care.log"
        )
        if recognisable(heard.text + after.text):
            return heard.text + after.text
    return ""


def recognisable(text: str) -> bool:
    """Whether a text holds a run of the canaries' letters."""
    return re.search(f"[{LETTERS}]{{12,}}", text) is not None


COUNT: Final = "SELECT count(*) FROM {w} AND {p}"
IF: Final = "SELECT CASE WHEN {p} THEN {yes} ELSE 1 END FROM {w}"

# Name (the channel, as masking 12 calls it) -> attacker.
ATTACKERS: Final[Mapping[str, Attack]] = MappingProxyType(
    {
        "a derived value": reading(f"SELECT initcap(passport), reverse(passport) || '' FROM {WHOSE}"),
        "a whole row": reading(
            "SELECT json_build_object('r', m), passport(m), ((array_agg(m) over ())[1])::text FROM care.member m"
        ),
        "a renamed column": reading("SELECT d FROM care.member AS m(a, b, c, d)"),
        "a predicate": asking(COUNT, one),
        "a predicate in HAVING": asking("SELECT 1 FROM {w} GROUP BY passport HAVING {p}", one),
        "a predicate in FILTER": asking("SELECT count(*) FILTER (WHERE {p}) FROM {w}", one),
        "EXISTS": asking("SELECT exists (SELECT FROM {w} AND {p})", one),
        "a set operation": asking("SELECT 1 INTERSECT SELECT ({p})::int FROM {w}", one),
        "a prefix by LIKE": growing(f"SELECT count(*) FROM {WHOSE} AND passport LIKE '{{x}}%'", one),
        "a prefix by a pattern": growing(f"SELECT count(*) FROM {WHOSE} AND passport ~ '^{{x}}'", one),
        "full-text search": growing(
            f"SELECT count(*) FROM {WHOSE} AND to_tsvector('simple', passport) @@ '{{x}}:*'::tsquery", one
        ),
        "a document's path": growing(
            f"SELECT count(*) FROM care.member m WHERE id = {VICTIM} AND to_jsonb(m) @? '$.passport ? (@ starts with \"{{x}}\")'",
            one,
        ),
        "a join on a part": join,
        "order": rank,
        "order by a subquery": asking(
            "SELECT x FROM (VALUES (1), (2)) v(x) ORDER BY x * (SELECT CASE WHEN {p} THEN 1 ELSE -1 END FROM {w}) LIMIT 1",
            first,
        ),
        "a window": asking(
            "SELECT first_value(x) OVER (ORDER BY x * CASE WHEN {p} THEN 1 ELSE -1 END) FROM (VALUES (1), (2)) v(x), {w} LIMIT 1".replace(
                "{w}", f"care.member WHERE id = {VICTIM}"
            ),
            first,
        ),
        "LIMIT": coded(
            f"SELECT g FROM generate_series(1, 300) g LIMIT (SELECT ascii(substr(passport, {{n}}, 1)) FROM {WHOSE})",
            read=rows,
        ),
        "OFFSET": coded(
            f"SELECT g - 1 FROM generate_series(1, 300) g OFFSET (SELECT ascii(substr(passport, {{n}}, 1)) FROM {WHOSE}) LIMIT 1",
            read=number,
        ),
        "a set-returning function": coded(
            f"SELECT count(*) FROM (SELECT generate_series(1, ascii(substr(passport, {{n}}, 1))) FROM {WHOSE}) z",
            read=number,
        ),
        "a size": coded(
            f"SELECT octet_length(repeat('x', ascii(substr(passport, {{n}}, 1)))) FROM {WHOSE}", read=number
        ),
        "a division": asking(IF.replace("{yes}", "1 / (id - id)"), failed),
        "a cast": asking(IF.replace("{yes}", "('x' || plan)::int"), failed),
        "a domain's CHECK": asking(IF.replace("{yes}", "(5000 + id)::care.small"), failed),
        "a subquery of two rows": asking(
            "SELECT (SELECT 1 FROM generate_series(1, CASE WHEN {p} THEN 2 ELSE 1 END)) FROM {w}", failed
        ),
        "an error's words": reading(f"SELECT passport::int FROM {WHOSE}"),
        "an aggregate": reading(f"SELECT max(passport), string_agg(passport, ',') FROM {WHOSE}"),
        "differencing": differencing,
        "EXPLAIN": asking("EXPLAIN ANALYZE SELECT 1 FROM {w} AND {p}", many),
        "the plan of a check": asking("SELECT 1 FROM {w} AND {p}", many, by="check"),
        "statistics": reading(
            "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE tablename = 'member'"
        ),
        "a user's view over statistics": reading("SELECT * FROM care.spread"),
        "missing values": reading(
            "SELECT attmissingval::text FROM pg_attribute WHERE attrelid = 'care.older'::regclass"
        ),
        "a sample": reading("SELECT passport FROM care.member TABLESAMPLE BERNOULLI (100)"),
        "a definer's function": reading(f"SELECT care.card_of({VICTIM})"),
        "a function over rows": reading("SELECT care.secret_word(m) FROM care.member m"),
        "SQL in a string": reading(
            "SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', passport) FROM care.member')"
        ),
        "a view on a view": reading("SELECT * FROM care.deeper, care.whole"),
        "a generated column": reading("SELECT mail_low FROM care.member"),
        "a partition": reading("SELECT mail FROM care.event_2a"),
        "a child": reading("SELECT secret FROM care.child"),
        "names with blanks": reading('SELECT o::text FROM care."Odd name" o'),
        "impact": asking("UPDATE care.member SET plan = plan WHERE id = 4 AND {p}", changed, by="execute"),
        "RETURNING": asking("UPDATE care.member SET plan = plan WHERE id = 4 RETURNING ({p})::int", one, by="execute"),
        "laundering": laundering,
        "timing": timing,
        "column names": reading(
            "SELECT * FROM json_to_record((SELECT json_build_object(passport, 1) FROM care.member LIMIT 1)) AS x(a int), (SELECT jsonb_object_keys(jsonb_build_object(passport, 1)) FROM care.member) y"
        ),
    }
)
