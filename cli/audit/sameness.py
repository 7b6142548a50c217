"""Two results held beside each other: their columns and masks, then their rows over what both show alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from cli.reach import Answer, objects, word

Row: TypeAlias = tuple[str, ...]
SHOWN: Final = 10  # rows of each side
KEYED: Final = " token"  # how the kind of a column ends whose mask is keyed by database


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A result as it was, or is, delivered; cells as JSON writes them."""

    columns: tuple[str, ...]
    kinds: tuple[str, ...]  # type and mask of each column
    masked: frozenset[int]  # columns with a mask
    rows: tuple[Row, ...]
    cut: bool

    @property
    def hidden(self) -> int:
        """Cells of masked columns."""
        return len(self.masked) * len(self.rows)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two results do not have in common, and over how many rows they could be compared."""

    columns: tuple[str, ...]  # sentences
    kept: int
    gone: tuple[Row, ...]
    new: tuple[Row, ...]
    moved: bool  # the same rows in another order
    apart: tuple[tuple[str, int, int], ...]  # columns of tokens that no other database's can equal: how many different
    first: int | None  # one of them was cut: so many rows of each were compared
    masked: tuple[int, int]  # cells of masked columns, then and now

    @property
    def differs(self) -> bool:
        """Whether the two are not the same; rows in another order are, for SQL promises none by itself."""
        whole = self.first is None
        told = any(then != now for _, then, now in self.apart)
        return bool(self.columns or self.gone or self.new or (whole and (told or self.masked[0] != self.masked[1])))


def read(answer: Answer, cut: str) -> Result:
    """Read a result of the people's API or of the tools; `cut` names what says that there is more."""
    columns, rows = objects(answer, "columns"), answer.get("rows")
    listed = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return Result(
        columns=tuple(word(one, "name") for one in columns),
        kinds=tuple(f"{word(one, 'type')} {word(one, 'mask')}".strip() for one in columns),
        masked=frozenset(at for at, one in enumerate(columns) if one.get("mask")),
        rows=tuple(tuple(json.dumps(cell, ensure_ascii=False) for cell in row) for row in listed),
        cut=bool(answer.get(cut)),
    )


def compare(then: Result, now: Result, *, foreign: bool = False) -> Difference:
    """Compare rows over the columns that both have under one name, type and mask.

    `foreign`: the two come of two databases, whose tokens of one value differ.
    """
    alike = _alike(then, now)
    apart = [pair for pair in alike if foreign and then.kinds[pair[0]].endswith(KEYED)]
    alike = [pair for pair in alike if pair not in apart]
    first = min(len(then.rows), len(now.rows)) if then.cut or now.cut else None
    before = [_over(row, [one for one, _ in alike]) for row in then.rows[:first]]
    after = [_over(row, [other for _, other in alike]) for row in now.rows[:first]]
    old, new = Counter(before), Counter(after)
    return Difference(
        columns=tuple(_columns(then, now)),
        kept=(old & new).total(),
        gone=tuple((old - new).elements()),
        new=tuple((new - old).elements()),
        moved=old == new and before != after,
        apart=tuple((then.columns[one], _different(then, one), _different(now, other)) for one, other in apart),
        first=first,
        masked=(then.hidden, now.hidden),
    )


def _different(result: Result, at: int) -> int:
    return len({row[at] for row in result.rows if at < len(row)})


def _alike(then: Result, now: Result) -> list[tuple[int, int]]:
    """Pair columns by name and by how often that name came before: two may carry one name."""
    places = {name: at for at, name in enumerate(_named(now))}
    paired = [(at, places[name]) for at, name in enumerate(_named(then)) if name in places]
    return [(one, other) for one, other in paired if then.kinds[one] == now.kinds[other]]


def _named(result: Result) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    named = []
    for name in result.columns:
        named.append((name, seen[name]))
        seen[name] += 1
    return named


def _over(row: Row, places: Sequence[int]) -> Row:
    return tuple(row[at] if at < len(row) else "" for at in places)


def _columns(then: Result, now: Result) -> list[str]:
    """Say how the columns differ."""
    old, new = dict(zip(_named(then), then.kinds, strict=True)), dict(zip(_named(now), now.kinds, strict=True))
    said = [f"column {name} is gone" for name, _ in old.keys() - new.keys()]
    said += [f"column {name} is new" for name, _ in new.keys() - old.keys()]
    said += [
        f"column {key[0]} was {old[key]}, is {new[key]}" for key in old.keys() & new.keys() if old[key] != new[key]
    ]
    if not said and then.columns != now.columns:
        said = ["the columns are in another order"]
    return sorted(said)


def document(found: Difference) -> Mapping[str, object]:
    """Give a difference to programs."""
    return {
        "columns": list(found.columns),
        "rows": {"same": found.kept, "gone": len(found.gone), "new": len(found.new), "first": found.first},
        "reordered": found.moved,
        "apart": [name for name, _, _ in found.apart],
        "masked": {"then": found.masked[0], "now": found.masked[1]},
    }


def sentences(found: Difference) -> list[str]:
    """Say a difference, a few rows of each side included."""
    said = list(found.columns)
    over = "" if found.first is None else f" of the first {found.first}: one of the two was cut"
    said.append(f"rows: {found.kept} as before, {len(found.gone)} gone, {len(found.new)} new{over}")
    said += [
        f"column {name}: tokens of another database are other tokens; {then} different ones then, {now} now"
        for name, then, now in found.apart
    ]
    if found.moved:
        said.append("the same rows in another order")
    if any(found.masked):
        said.append(f"cells of masked columns: {found.masked[0]} then, {found.masked[1]} now")
    for mark, side in (("-", found.gone), ("+", found.new)):
        said += [f"  {mark} | " + " | ".join(row) for row in side[:SHOWN]]
        if len(side) > SHOWN:
            said.append(f"  {mark} and {len(side) - SHOWN} more rows")
    return said
