"""E-mail addresses, phone numbers and network addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from core.masking.detectors.search import Hit, Search, nearby

LOCAL: Final = re.compile(r"[\w!#$%&'*+/?^`{|}~.-]{1,64}$")  # RFC 5321 4.5.3.1.1, RFC 6531
DOMAIN: Final = re.compile(r"(?:[\w-]{1,63}\.){1,8}(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w-])", re.IGNORECASE)
FILES: Final = re.compile(
    r"\.(?:png|jpe?g|gif|webp|svg|css|m?[jt]sx?|map|html?|json|ya?ml|toml|lock|tgz|zip|whl)$", re.IGNORECASE
)

PHONE: Final = re.compile(
    r"(?<![\w.+/@-])(?<![0-9][:=])(?:\+|\(\+?|00)?[0-9](?:[ ().\u00b7/-]{0,3}[0-9]){6,16}(?![0-9])"
)
GROUPS: Final = re.compile(r"[0-9]+")
DATED: Final = re.compile(  # ISO 8601 and other ways to write a day; no phone number begins so
    r"(?:1[89]|20)[0-9]{2}([-/.])(?:0[1-9]|1[0-2])\1(?:[0-2][0-9]|3[01])(?![0-9])"
    r"|0\.[0-9]+$|(?:[0-2]?[0-9]|3[01])([-/.])(?:[0-2]?[0-9]|3[01])\2(?:1[89]|20)[0-9]{2}(?![0-9])"
)
PHONE_WORDS: Final = re.compile(
    r"(?<![a-z])(?:tel|t[eé]l[eé]phone?|telefon\w*|tel[eé]fono|phone|mobile?|mobil|handy|cell|call(?:ed|ing)?|fax|fon|ring|whatsapp|sms"
    r"|text(?:ed)?|portable|num[eé]ro|anruf\w*|hotline|rufnummer|dial|ph|mob)(?![a-z])"
)
PARSED: Final = 300  # effort of one parse by the library
SEEN: Final = 4  # … of one candidate
SUPPORTED_REGIONS: Final = frozenset(phonenumbers.SUPPORTED_REGIONS)
REPEATED: Final = 3  # a phone number has at least so many distinct digits

IPV4: Final = re.compile(r"(?<![\w.-])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])")
IPV6: Final = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:{1,2}){2,7}(?:[0-9A-Fa-f]{1,4})?(?![\w:])")
NOT_ADDRESS: Final = re.compile(
    r"(?:(?<![a-z])(?:v|ver|version|release|rel|build|section|sect|chapter|abschnitt|kapitel|ziffer|nr|no|oid|firmware"
    r"|update|driver|schema|python|postgresql|upgrade[d]?)|§|[a-z]/)[ .:#]{0,3}$"
)
ADDRESS_WORDS: Final = re.compile(
    r"(?<![a-z])(?:ip\w*|host|addr\w*|from|server|client|login|logged|remote|ping|dns)(?![a-z])"
)
SEVEN: Final = 7  # colons between the eight parts of an IPv6 address
READ: Final = 20  # effort of reading an address
SMALL: Final = 30  # four numbers below it are more often a version or a section than an address


def emails(text: str, search: Search) -> Iterator[Hit]:
    """Find addresses around each "@": a local part, and a domain that ends in letters and is no file's name."""
    at = text.find("@")
    while at >= 0 and search.spend(SEEN):
        local = LOCAL.search(text[max(0, at - 64) : at].rpartition("@")[2])
        domain = DOMAIN.match(text, at + 1) if local else None
        if local and domain and local[0] != "git" and not FILES.search(domain[0]):
            start = at - len(local[0].lstrip("!#$%&'*+/?^`{|}~.-"))
            if start < at:
                yield Hit("e-mail address", start, domain.end())
        at = text.find("@", at + 1)


def phones(text: str, search: Search) -> Iterator[Hit]:
    """Find phone numbers that libphonenumber calls valid: with "+" anywhere, else as `search.regions` dial them."""
    for match in PHONE.finditer(text):
        if not search.spend(SEEN):
            return
        if DATED.match(match[0]) or len(set(match[0]) & set("0123456789")) < REPEATED:
            continue
        if _number(text, match, search):
            yield Hit("phone number", *match.span())


def _number(text: str, match: re.Match[str], search: Search) -> bool:
    """Whether a candidate is a number of some country, and written or named as one."""
    written = match[0].lstrip("(")
    named = PHONE_WORDS.search(nearby(text, match.start())) is not None
    grouped = len(GROUPS.findall(written)) > 1
    if written.startswith("+"):
        return _valid(written, None, search) is not None
    if not (grouped or named):
        return False
    if written.startswith("00"):
        return _valid(f"+{written[2:]}", None, search) is not None
    return any(_dialled(written, region, search, named=named) for region in search.regions)


def _valid(written: str, region: str | None, search: Search) -> phonenumbers.PhoneNumber | None:
    if not search.spend(PARSED):
        return None
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _dialled(written: str, region: str, search: Search, *, named: bool) -> bool:
    """Whether it is a number of a region, and so named, or written with its "0", or in the groups usual there."""
    number = _valid(written, region, search)
    if number is None or named:
        return number is not None
    groups = GROUPS.findall(written)
    usual = GROUPS.findall(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))
    return groups == usual or (groups[0] != "0" and groups[0].startswith("0"))


def addresses(text: str, search: Search) -> Iterator[Hit]:
    """Find IPv4 and IPv6 addresses of hosts: no versions, no section numbers, no masks, nothing that means nobody."""
    for match in IPV4.finditer(text):
        if not search.spend(READ):
            return
        if _host(match[0]) and _addressed(text, match):
            yield Hit("IP address", *match.span())
    for match in IPV6.finditer(text) if "::" in text or text.count(":") >= SEVEN else ():
        if "::" not in match[0] and match[0].count(":") < SEVEN:
            continue
        if not search.spend(READ):
            return
        if _host(match[0]):
            yield Hit("IP address", *match.span())


def _host(written: str) -> bool:
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        first = int(address) >> 112  # global unicast, unique local, link local: RFC 4291 2.4, RFC 4193
        return first >> 13 == 1 or first >> 9 == 0xFC >> 1 or first >> 6 == 0xFE80 >> 6
    return not (
        address.is_loopback
        or address.is_multicast
        or address.is_reserved
        or address.packed[0] == 0
        or written.startswith("255.")
    )


def _addressed(text: str, match: re.Match[str]) -> bool:
    before = nearby(text, match.start())
    if NOT_ADDRESS.search(before) and not before.endswith("//"):
        return False
    return any(int(part) >= SMALL for part in match[0].split(".")) or ADDRESS_WORDS.search(before) is not None
