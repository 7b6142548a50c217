"""Secrets by what their issuers put before them, private keys, signed tokens, and passwords in connection strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from core.masking.detectors.search import Hit, Search

# Every quantifier is bounded or stands between characters it cannot match: no pattern backtracks (ReDoS, CWE-1333).
KEY_BLOCK: Final = re.compile(  # RFC 7468, RFC 9580 6.2, PuTTY's and SSH.com's files; an unfinished block is a key
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)"
    r"|---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----.*?(?:---- END SSH2 (?:ENCRYPTED )?PRIVATE KEY ----|\Z)"
    r"|PuTTY-User-Key-File-[0-9]: .*?(?:Private-MAC: [0-9a-f]{40,64}|\Z)",
    re.DOTALL,
)
ARMOUR: Final = ("PRIVATE KEY", "PuTTY-User-Key-File-")  # cheap: no text without one of these holds a key
JWT: Final = re.compile(  # RFC 7519; encrypted ones (RFC 7516) have five parts
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+){0,2}"
)
# As the issuers document the forms of their tokens.
PREFIXES: Final[tuple[tuple[str, str], ...]] = (
    ("AWS", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
    ("GitHub", r"gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}"),
    ("GitLab", r"gl(?:pat|dt|rt|ptt|ft|imt|agent|oas|soat|cbt|rtr|ffct)-[A-Za-z0-9_-]{20,255}"),
    ("Slack", r"xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,255}|xapp-[A-Za-z0-9-]{10,255}|xwfp-[A-Za-z0-9-]{10,255}"),
    ("Slack", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,255}"),
    ("Stripe", r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9+/=]{24,255}"),
    ("model provider", r"sk-(?=[A-Za-z0-9_-]{0,200}[0-9])[A-Za-z0-9_-]{20,255}"),
    ("Google", r"AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{28}|ya29\.[A-Za-z0-9_-]{20,512}"),
    ("npm", r"npm_[A-Za-z0-9]{36}"),
    ("PyPI", r"pypi-AgE[A-Za-z0-9_-]{40,512}"),
    ("RubyGems", r"rubygems_[0-9a-f]{48}"),
    ("Docker", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}"),
    ("DigitalOcean", r"do[opr]_v1_[0-9a-f]{64}"),
    ("Hugging Face", r"hf_[A-Za-z0-9]{30,64}"),
    ("SendGrid", r"SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"),
    ("Mailgun", r"key-[0-9a-f]{32}"),
    ("Twilio", r"SK[0-9a-f]{32}"),
    ("Shopify", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("Square", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60}"),
    ("Telegram", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
    ("Databricks", r"dapi[0-9a-f]{32}(?:-[0-9])?"),
    ("HashiCorp", r"hv[sbr]\.[A-Za-z0-9_-]{24,255}|[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,70}"),
    ("New Relic", r"NRAK-[A-Z0-9]{27}"),
    ("Grafana", r"gl(?:c|sa)_[A-Za-z0-9+/=_-]{32,255}"),
    ("Linear", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}"),
    ("Notion", r"ntn_[A-Za-z0-9]{40,60}"),
    ("Supabase", r"sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{20,64}"),
    ("Airtable", r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}"),
    ("Azure", r"(?<=AccountKey=)[A-Za-z0-9+/]{86}==|(?<=[?&]sig=)[A-Za-z0-9%]{40,90}"),
    ("age", r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
)
PREFIXED: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:" + "|".join(f"(?:{pattern})" for _, pattern in PREFIXES) + r")(?![A-Za-z0-9])"
)
NEEDLES: Final = re.compile(  # cheap: no text without one of these holds a token
    r"AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl[a-z]{1,5}[-_]|xox|xapp-|xwfp-|hooks\.slack|k_live|k_test|whsec_|sk-"
    r"|AIza|GOCSPX|ya29|npm_|pypi-|rubygems_|dckr_|_v1_|hf_|SG\.|key-|SK[0-9a-f]|shp|sq0|EAAA|:AA|dapi|hv[sbr]\.|atlasv1"
    r"|NRAK|lin_|ntn_|sbp_|sb_secret|pat[A-Za-z0-9]{14}\.|AccountKey=|sig=|AGE-SECRET"
)
URL: Final = re.compile(  # RFC 3986 3.2.1: user and password before the host
    r"(?<=://)[^\s/@:?#\[\]\"'<>]{0,128}:([^\s/@\"'<>]{1,256})@(?=[\w\[])"
)
PAIR: Final = re.compile(r"(?<![A-Za-z])(?:password|passwd|pwd)\s?=\s?('[^']{1,256}'|[^\s;'\"]{1,256})", re.IGNORECASE)
PARTNER: Final = re.compile(
    r"(?<![A-Za-z])(?:host|server|data source|user id|uid|user|username|dbname|database)\s?=", re.IGNORECASE
)
REACH: Final = 256  # characters of a connection string around its password
PLACEHOLDERS: Final = ("$", "{", "%(", "***")  # variables of shells and templates stand for a password
SEEN: Final = 4
PAIRED: Final = 20  # effort of looking around a password


def keys(text: str, search: Search) -> Iterator[Hit]:
    """Find private keys in armour."""
    if any(word in text for word in ARMOUR) and search.spend(SEEN):
        for match in KEY_BLOCK.finditer(text):
            yield Hit("private key", *match.span())


def tokens(text: str, search: Search) -> Iterator[Hit]:
    """Find JSON Web Tokens."""
    if "eyJ" in text and search.spend(SEEN):
        for match in JWT.finditer(text):
            yield Hit("JSON Web Token", *match.span())


def access(text: str, search: Search) -> Iterator[Hit]:
    """Find tokens and keys by their issuers' prefixes."""
    if NEEDLES.search(text) and search.spend(SEEN):
        for match in PREFIXED.finditer(text):
            yield Hit("access key", *match.span())


def passwords(text: str, search: Search) -> Iterator[Hit]:
    """Find passwords in URLs and in connection strings, the password alone."""
    for match in URL.finditer(text) if "://" in text else ():
        if not search.spend(SEEN):
            return
        if not match[1].startswith(PLACEHOLDERS):
            yield Hit("password", *match.span(1))
    for match in PAIR.finditer(text) if "=" in text else ():
        if not search.spend(PAIRED):
            return
        around = text[max(0, match.start() - REACH) : match.start()] + text[match.end() : match.end() + REACH]
        if PARTNER.search(around) and not match[1].startswith(PLACEHOLDERS):
            yield Hit("password", *match.span(1))
