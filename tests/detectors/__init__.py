"""The detectors' corpus: a file per detector, what must be found in it and what must not, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from core.masking.detectors import DETECTORS, Hit, Search, found, original, plain

HERE: Final = Path(__file__).parent
CLOSE: Final = 2  # characters besides: a bracket, a full stop
MARKED: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@final
@dataclass(frozen=True, slots=True)
class Case:
    """A text, and the parts of it that must be found."""

    text: str
    wanted: tuple[tuple[int, int], ...]


@final
@dataclass(slots=True)
class Score:
    """Spans rightly found, missed, and found where nothing was to be found."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, how much was right."""
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of what was to be found, how much was."""
        return self.right / (self.right + self.missed)


def cases(name: str) -> Iterator[Case]:
    """Read one file: "+" has what must be found in [[ ]], "-" has nothing, \\n is a line end."""
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line[:2] in {"+ ", "- "}:
            yield _case(line[2:].replace("\\n", "\n"), marked=line[0] == "+")


def _case(line: str, *, marked: bool) -> Case:
    text, wanted, at = "", [], 0
    for match in MARKED.finditer(line):
        text += line[at : match.start()]
        wanted.append((len(text), len(text) + len(match[1])))
        text, at = text + match[1], match.end()
    if marked != bool(wanted):
        raise ValueError(f"neither a find nor nothing: {line}")
    return Case(text + line[at:], tuple(wanted))


def spans(text: str, name: str) -> set[tuple[int, int]]:
    """What one detector finds in a text, by the text's own places."""
    hits: tuple[Hit, ...] = found(plain(text), Search())
    own = [(hit.start, hit.end) for hit in hits if hit.kind.partition(" (")[0] == name]
    return set(original(text, own))


def covers(seen: tuple[int, int], want: tuple[int, int]) -> bool:
    """Whether what was found hides what was to be found, and little else: a mark before and after it."""
    return seen[0] <= want[0] and want[1] <= seen[1] and (want[0] - seen[0]) + (seen[1] - want[1]) <= CLOSE


def scores() -> Mapping[str, Score]:
    """Score every detector over its own file, and over what is nobody's."""
    found_by = {name: Score() for name in DETECTORS}
    nothing = list(cases("nothing"))
    for name, score in found_by.items():
        for case in (*cases(name), *nothing):
            seen = spans(case.text, name)
            covered = {want for want in case.wanted if any(covers(one, want) for one in seen)}
            score.right += len(covered)
            score.missed += len(case.wanted) - len(covered)
            score.wrong += sum(not any(covers(one, want) for want in case.wanted) for one in seen)
    return found_by
