"""What leaves as evidence, and how long it is kept: sinks, witnesses, anchors, retention, recording."""

from __future__ import annotations

from typing import Final

from core.ports import Recorded
from core.settings.schema.shape import ONLY_PEOPLE, ONLY_SIGNER, Key, Section, Type

SINK: Final = Section(
    header="[[sink]]",
    says="Where every Entry goes besides the log: at least once, in order; a Call never waits for it.",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique; its place is kept by it.", default="required", example='"siem"'),
        Key(
            name="kind",
            type=Type.CHOICE,
            says="How it is reached.",
            default="required",
            example='"splunk"',
            words=("file", "webhook", "splunk", "syslog"),
        ),
        Key(name="path", type=Type.TEXT, says="Of a file.", default="required for a file", example='"audit.jsonl"'),
        Key(
            name="url",
            type=Type.TEXT,
            says="`https://…` of a webhook or of Splunk's collector; `tls://host:6514` of a syslog; "
            "off loopback `http://` and `tcp://` are acknowledged by `no-tls:NAME`.",
            default="required but for a file",
            example='"https://splunk.example.com:8088"',
        ),
        Key(
            name="secret",
            type=Type.REFERENCE,
            says="A webhook's `whsec_…` (several, while it changes), or Splunk's token.",
            default="required for webhook and splunk",
            example='"file:/run/secrets/assent-siem"',
            roles=ONLY_PEOPLE,
        ),
        Key(
            name="format",
            type=Type.CHOICE,
            says="OCSF 1.8.0, or CEF for files and syslog.",
            default='"ocsf"',
            example='"cef"',
            words=("ocsf", "cef"),
        ),
        Key(
            name="ca",
            type=Type.TEXT,
            says="Path of the PEM certificates that are trusted in place of the system's.",
            default="the system's",
            example='"ca.pem"',
        ),
        Key(
            name="statements",
            type=Type.FLAG,
            says="Send statements as the agent wrote them, values included; else their shapes. Results are never sent.",
            default="false",
            example="true",
        ),
        Key(
            name="acknowledged",
            type=Type.FLAG,
            says="Splunk: wait until the indexer confirms (Enterprise; the token has acknowledgement on).",
            default="false",
            example="true",
        ),
        Key(
            name="required",
            type=Type.FLAG,
            says="Retention by age waits until this sink has taken what would go; an erasure by people does not.",
            default="false",
            example="true",
        ),
    ),
)

OUTSIDE: Final = (
    Key(
        name="every",
        type=Type.DURATION,
        says="At most so often; between two a holder of database and signing key could rewrite unseen.",
        default='"10 s", of an anchor "1 h"',
        example='"1 min"',
    ),
    Key(
        name="required",
        type=Type.FLAG,
        says="`assent doctor` refuses, not only warns, where it took nothing for an hour.",
        default="false",
        example="true",
    ),
    Key(
        name="ca",
        type=Type.TEXT,
        says="Path of the PEM certificates that are trusted in place of the system's.",
        default="the system's",
        example='"ca.pem"',
    ),
)

WITNESS: Final = Section(
    header="[[witness]]",
    says="Another team's `assent witness`, or any C2SP tlog-witness, that signs the log's checkpoints.",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique.", default="required", example='"security"'),
        Key(
            name="url",
            type=Type.TEXT,
            says="Its address; off loopback `http://` is acknowledged by `no-tls:NAME`.",
            default="required",
            example='"https://witness.example.com"',
        ),
        Key(
            name="key",
            type=Type.TEXT,
            says="Its public key, as it told you itself; no other signature is believed.",
            default="required",
            example='"witness.example.com/w1+969980cf+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"',
        ),
        *OUTSIDE,
    ),
)

ANCHOR: Final = Section(
    header="[[anchor]]",
    says="A place outside the store that keeps the log's checkpoints, for whoever compares later (`--copy`).",
    keys=(
        Key(name="name", type=Type.TEXT, says="Unique.", default="required", example='"worm"'),
        Key(
            name="kind",
            type=Type.CHOICE,
            says="A file, on another disk, to which lines are added; or a signed webhook.",
            default="required",
            example='"file"',
            words=("file", "webhook"),
        ),
        Key(
            name="path",
            type=Type.TEXT,
            says="Of a file.",
            default="required for a file",
            example='"/worm/assent.jsonl"',
        ),
        Key(
            name="url",
            type=Type.TEXT,
            says="Of a webhook; off loopback `http://` is acknowledged by `no-tls:NAME`.",
            default="required for a webhook",
            example='"https://hooks.example.com/assent"',
        ),
        Key(
            name="secret",
            type=Type.REFERENCE,
            says="A webhook's `whsec_…` (several, while it changes).",
            default="required for a webhook",
            example='"file:/run/secrets/assent-anchor"',
            roles=ONLY_SIGNER,
        ),
        *OUTSIDE,
    ),
)

MODES: Final = tuple(mode.value for mode in Recorded)


def _mode(name: str, says: str, default: str = "recorded") -> Key:
    return Key(name=name, type=Type.CHOICE, says=says, default=f'"{default}"', example='"hashed"', words=MODES)


TERMS: Final = (
    Key(
        name="questions",
        type=Type.AGE,
        says="Statements, parameters, purposes and reviewers' words.",
        default="for ever",
        example='"90 d"',
    ),
    Key(name="results", type=Type.AGE, says="Results as delivered.", default="for ever", example='"30 d"'),
)
RETENTION: Final = Section(
    header="[retention]",
    says=(
        "How long payloads are kept, from the end of their day on: then their keys are destroyed, unless a hold keeps "
        "them. What is longer than before holds at the next start; what is shorter once two operators said so."
    ),
    keys=TERMS,
)
OF_SOURCE: Final = Section(
    header="[source.NAME.retention]", says="The same for one Source, where it differs.", keys=TERMS
)

RECORD: Final = Section(
    header="[source.NAME.record]",
    says=(
        "What of each Call stays, encrypted, when it is over: all of it (`recorded`), a keyed hash by which words that "
        "somebody brings can be compared (`hashed`), or nothing (`none`). What a Call itself needs, to be decided, run "
        "and collected, is kept until it is over, and its key destroyed then."
    ),
    keys=(
        _mode("statement", "The agent's text, and the text that ran."),
        _mode("parameters", "Its parameters."),
        _mode("purpose", "Why, in the agent's words, and what else people were shown to decide."),
        _mode("result", "The result as delivered: with masks."),
        _mode("unmasked", "A result with values that people approved to be shown raw.", "hashed"),
    ),
)
