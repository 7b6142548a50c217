"""Every setting of `assent.toml` as literal tables: what is not here is unknown; the reference is printed of it."""

from __future__ import annotations

from typing import Final

from core.settings.schema.emergency import BREAK_GLASS
from core.settings.schema.evidence import ANCHOR, MODES, OF_SOURCE, RECORD, RETENTION, SINK, TERMS, WITNESS
from core.settings.schema.identity import AGENT, CONSOLE, GROUP, IDENTITY, SAME_PERSON, SAML, SIGN_IN
from core.settings.schema.policy import BUDGET, CONDITIONS, EFFECTS, RULE
from core.settings.schema.serving import GATEWAY, KEYS, METRICS, NEXT_KEYS
from core.settings.schema.shape import EVERYONE, Key, Role, Section, Type
from core.settings.schema.slack import SLACK
from core.settings.schema.source import ACCEPT, AGGREGATE, LOOKUP, MASK, OWNER, SOURCE

SECTIONS: Final = (
    GATEWAY,
    KEYS,
    NEXT_KEYS,
    IDENTITY,
    GROUP,
    BREAK_GLASS,
    AGENT,
    SAME_PERSON,
    CONSOLE,
    METRICS,
    SIGN_IN,
    SAML,
    SINK,
    WITNESS,
    ANCHOR,
    SLACK,
    RETENTION,
    SOURCE,
    ACCEPT,
    AGGREGATE,
    RECORD,
    OF_SOURCE,
    LOOKUP,
    MASK,
    OWNER,
    RULE,
    BUDGET,
)

__all__ = [
    "ACCEPT",
    "AGENT",
    "AGGREGATE",
    "ANCHOR",
    "BREAK_GLASS",
    "BUDGET",
    "CONDITIONS",
    "CONSOLE",
    "EFFECTS",
    "EVERYONE",
    "GATEWAY",
    "GROUP",
    "IDENTITY",
    "KEYS",
    "LOOKUP",
    "MASK",
    "METRICS",
    "MODES",
    "NEXT_KEYS",
    "OF_SOURCE",
    "OWNER",
    "RECORD",
    "RETENTION",
    "RULE",
    "SAME_PERSON",
    "SAML",
    "SECTIONS",
    "SIGN_IN",
    "SINK",
    "SLACK",
    "SOURCE",
    "TERMS",
    "WITNESS",
    "Key",
    "Role",
    "Section",
    "Type",
]
