"""The table of detectors: what each finds, who says how that is written, and the tag that a column full of it needs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from types import MappingProxyType
from typing import Final, final

from core.masking.detectors.contacts import addresses, emails, phones
from core.masking.detectors.credentials import access, keys, passwords, tokens
from core.masking.detectors.national import national
from core.masking.detectors.numbers import cards, ibans
from core.masking.detectors.search import Hit, Search


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """One row; `tag` and `mask` are what `assent scan` proposes."""

    name: str
    find: Callable[[str, Search], Iterator[Hit]]
    source: str
    tag: str
    mask: str


def _row(name: str, find: Callable[[str, Search], Iterator[Hit]], tag: str, mask: str, source: str) -> Detector:
    return Detector(name=name, find=find, tag=tag, mask=mask, source=source)


# Narrow ones before wide ones: what lies whole within an earlier hit is not told again.
DETECTORS: Final[Mapping[str, Detector]] = MappingProxyType(
    {
        row.name: row
        for row in (
            _row("private key", keys, "secret", "hide", "RFC 7468; RFC 9580 6.2"),
            _row("JSON Web Token", tokens, "secret", "hide", "RFC 7519, RFC 7516"),
            _row("access key", access, "secret", "hide", "Prefixes as their issuers document them"),
            _row("password", passwords, "secret", "hide", "RFC 3986 3.2.1; libpq, ODBC and ADO.NET connection strings"),
            _row("e-mail address", emails, "pii.email", "token", "RFC 5321 4.5.3.1, RFC 6531"),
            _row("IBAN", ibans, "pii.iban", "last4", "ISO 13616, SWIFT IBAN registry; ISO/IEC 7064 MOD 97-10"),
            _row("payment card", cards, "pci", "last4", "ISO/IEC 7812-1: ranges, lengths, Luhn"),
            _row("national id", national, "pii.national_id", "hide", "By country, below"),
            _row("phone number", phones, "pii.phone", "last4", "ITU-T E.164, by libphonenumber's metadata"),
            _row("IP address", addresses, "pii.ip", "network", "RFC 791, RFC 4291, RFC 4193"),
        )
    }
)

BEGUN: Final = 50  # effort of looking at a text at all, however short


def owner(hit: Hit) -> Detector:
    """Return the detector of a hit, whose kind may be narrower than its name."""
    return DETECTORS[hit.kind.partition(" (")[0]]


def found(text: str, search: Search) -> tuple[Hit, ...]:
    """Find what the detectors know in a text that `plain` made, in their order; `search` pays for every character."""
    hits: list[Hit] = []
    if not search.spend(BEGUN + len(text)):
        return ()
    for detector in DETECTORS.values():
        within = _Covered(hits)
        hits += [hit for hit in detector.find(text, search) if hit not in within]
    return tuple(hits)


@final
class _Covered:
    """What earlier detectors found, by place: a hit whole within one of theirs adds nothing."""

    def __init__(self, hits: list[Hit]) -> None:
        spans = sorted((hit.start, hit.end) for hit in hits)
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def __contains__(self, hit: Hit) -> bool:
        at = bisect_right(self._starts, hit.start)
        return at > 0 and hit.end <= self._ends[at - 1]
