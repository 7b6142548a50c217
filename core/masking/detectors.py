"""Detectors of personal data and secrets in free text: a second net, linear in the text, never the mask itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]

# Every quantifier is bounded or stands between characters it cannot match: no pattern backtracks (ReDoS, CWE-1333).
EMAIL: Final = re.compile(r"[\w.%+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")  # RFC 5321 4.5.3.1 sizes
DIGITS: Final = re.compile(r"[0-9]+")
IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}")
PHONE: Final = re.compile(r"(?<![\w+])\+[1-9](?:[ ().-]{0,2}[0-9]){6,14}(?![0-9])")  # E.164: at most 15 digits
JWT: Final = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")  # RFC 7519
KEY_BLOCK: Final = re.compile(  # RFC 7468; an unfinished block is a key as well
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|\Z)", re.DOTALL
)
PREFIXED: Final = re.compile(  # as the issuers document them
    r"(?<![A-Za-z0-9])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}"
    r"|glpat-[A-Za-z0-9_-]{20,255}|xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255}"
    r"|[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}|sk-[A-Za-z0-9_-]{20,255}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36})"
)

CARD_LENGTHS: Final = frozenset({13, 14, 15, 16, 18, 19})  # ISO/IEC 7812-1
CARD_LENGTH: Final = 19
CARD_FIRST: Final = frozenset("23456")  # major industry identifiers of payment schemes

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


def plain(text: str) -> str:
    """Normalise for matching: NFKC (Unicode TR15), without format characters such as zero-width joiners."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


def found(text: str) -> tuple[tuple[str, Span], ...]:
    """Find what the detectors know in a normalised text: name of the detector and span, in the detectors' order."""
    return tuple((name, span) for name, detect in DETECTORS.items() for span in detect(text))


def luhn(digits: str) -> bool:
    """Check the last digit by ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004 - the sum of a product's digits
    return total % 10 == 0


def mod97(code: str) -> bool:
    """Check an IBAN's two check digits by ISO/IEC 7064 MOD 97-10."""
    moved = code[4:] + code[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _matches(pattern: re.Pattern[str], needle: str) -> Callable[[str], Iterator[Span]]:
    def detect(text: str) -> Iterator[Span]:
        return (match.span() for match in pattern.finditer(text)) if needle in text else iter(())

    return detect


def cards(text: str) -> Iterator[Span]:
    """Find payment cards: whole groups of digits, one blank, dot or dash apart, that pass Luhn."""
    groups = [match.span() for match in DIGITS.finditer(text)]
    for first, (start, _) in enumerate(groups):
        if text[start] not in CARD_FIRST:
            continue
        digits = ""
        for at in range(first, len(groups)):
            gap = text[groups[at - 1][1] : groups[at][0]] if at > first else ""
            digits += text[slice(*groups[at])]
            if len(gap) > 1 or gap not in {"", " ", ".", "-", "\t", "_"} or len(digits) > CARD_LENGTH:
                break
            if len(digits) in CARD_LENGTHS and luhn(digits):
                yield start, groups[at][1]


def ibans(text: str) -> Iterator[Span]:
    """Find IBANs of the registered length that pass MOD 97."""
    for match in IBAN.finditer(text):
        length = IBAN_LENGTH.get(match[0][:2].upper())
        kept = [at for at in range(*match.span()) if text[at] not in " -"]
        if length is not None and len(kept) >= length and mod97("".join(text[at] for at in kept[:length]).upper()):
            yield match.start(), kept[length - 1] + 1


DETECTORS: Final[Mapping[str, Callable[[str], Iterator[Span]]]] = MappingProxyType(
    {
        "private key": _matches(KEY_BLOCK, "PRIVATE KEY-----"),
        "JSON Web Token": _matches(JWT, "eyJ"),
        "access key": _matches(PREFIXED, ""),
        "e-mail address": _matches(EMAIL, "@"),
        "IBAN": ibans,
        "payment card": cards,
        "phone number": _matches(PHONE, "+"),
    }
)
