"""Payment cards and bank accounts: digits in groups, by their ranges, lengths and checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from core.masking.detectors.checks import luhn, mod97, varied
from core.masking.detectors.search import Hit, Search

GROUPS: Final = re.compile(r"(?<![0-9A-Za-z])[0-9]+(?![0-9A-Za-z])")
IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}")
BETWEEN: Final = frozenset({" ", ".", "-", "\t", "_"})
LENGTH: Final = 19  # ISO/IEC 7812-1: at most
SMALLEST: Final = 3  # digits of a group that a card is written in
PRINTED: Final = frozenset({(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3)})  # as cards show them
CHECKED: Final = 10  # effort of a check

# First and last prefix, lengths: issuer identification numbers (ISO/IEC 7812-1) as the schemes publish their ranges.
SCHEMES: Final[tuple[tuple[str, str, frozenset[int]], ...]] = (
    ("4", "4", frozenset({16, 19})),  # Visa; 13 digits are issued no more
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),  # Mastercard
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),  # American Express
    ("300", "305", frozenset({14, 16, 19})),  # Diners Club
    ("36", "36", frozenset({14, 16, 19})),  # Diners Club
    ("38", "39", frozenset({14, 16, 19})),  # Diners Club
    ("3528", "3589", frozenset({16, 19})),  # JCB
    ("6011", "6011", frozenset({16, 19})),  # Discover
    ("644", "659", frozenset({16, 19})),  # Discover
    ("60", "60", frozenset({16})),  # RuPay
    ("62", "62", frozenset({16, 17, 18, 19})),  # UnionPay
    ("50", "50", frozenset({16, 18, 19})),  # Maestro
    ("56", "58", frozenset({16, 18, 19})),  # Maestro
    ("67", "67", frozenset({16, 18, 19})),  # Maestro
    ("2200", "2204", frozenset({16, 19})),  # Mir
    ("9792", "9792", frozenset({16})),  # Troy
)

# Length by country: SWIFT IBAN registry (ISO 13616).
IBAN_LENGTH: Final[Mapping[str, int]] = MappingProxyType(
    {
        entry[:2]: int(entry[2:])
        for entry in (  # noqa: SIM905 - a list of 90 would fill the page
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 "
            "EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 "
            "KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 "
            "PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 "
            "UA29 VA22 VG24 XK20 YE30"
        ).split()
    }
)


def cards(text: str, search: Search) -> Iterator[Hit]:
    """Find payment cards: groups of digits, one mark apart, of a scheme's range and length, that pass Luhn."""
    groups = [match.span() for match in GROUPS.finditer(text)]
    past = 0
    for first, (start, end) in enumerate(groups):
        if start < past or text[start] not in "234569" or end - start > LENGTH:
            continue
        if search.spent():
            return
        found = _card(text, groups, first, search)
        if found is not None:
            past = found
            yield Hit("payment card", start, found)


def _card(text: str, groups: list[tuple[int, int]], first: int, search: Search) -> int | None:
    """Read on from one group; where the longest number that is a card ends."""
    digits, sizes, found = "", [], None
    for at in range(first, len(groups)):
        start, end = groups[at]
        if at > first and text[groups[at - 1][1] : start] not in BETWEEN:
            break
        digits += text[start:end]
        sizes.append(end - start)
        if len(digits) > LENGTH or min(sizes) < SMALLEST or not search.spend(CHECKED):
            break
        if scheme(digits) and luhn(digits) and varied(digits) and _apart(text, groups[first][0], end, tuple(sizes)):
            found = end
    return found


def scheme(digits: str) -> bool:
    """Whether a number lies in a payment scheme's range and has a length that it issues."""
    return any(first <= digits[: len(first)] <= last and len(digits) in lengths for first, last, lengths in SCHEMES)


def _apart(text: str, start: int, end: int, sizes: tuple[int, ...]) -> bool:
    """Whether it stands by itself, or is printed as on a card whatever follows: no part of a UUID or a version."""
    if sizes in PRINTED:
        return True
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    tied = len(after) > 1 and after[0] in "-.:/" and after[1].isalnum()
    return not tied and not (len(before) > 1 and before[1] in "-.:/=" and before[0].isdigit())


def ibans(text: str, search: Search) -> Iterator[Hit]:
    """Find IBANs of the registered length that pass MOD 97."""
    for match in IBAN.finditer(text):
        length = IBAN_LENGTH.get(match[0][:2].upper())
        if length is None:
            continue
        if not search.spend(CHECKED):
            return
        kept = [at for at in range(*match.span()) if text[at] not in " -"]
        if len(kept) < length or text[kept[length - 1] + 1 : kept[length - 1] + 2].isalnum():
            continue
        if mod97("".join(text[at] for at in kept[:length]).upper()):
            yield Hit("IBAN", match.start(), kept[length - 1] + 1)
