"""`assent init`: a database looked at, and from it a configuration to read through, SQL, keys and snippets."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, final

from cli.show import fail, say, visible, working
from cli.source import snippets
from cli.source.drift import script
from cli.source.ready import Ready
from core.catalog import Snapshot
from core.connectors.postgres import harden, sample
from core.masking import Step, Wish
from core.masking.masks import FREE_TEXT, KINDS
from core.masking.proposing.evidence import weigh
from core.masking.proposing.propose import Proposal

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
SECRETS: Final = ("questions", "results", "signing", "mask")
KEY_BYTES: Final = 32
HIDE: Final = "hide"
URL: Final = "http://127.0.0.1:8080"
BEGIN: Final = Ready(
    text="""\
[[rule]]
name = "analysts and developers read"
groups = ["analysts", "developers"]
verbs = ["read"]
then = "allow"
returned_rows = 1000

[[rule]]
name = "changes need one DBA"
groups = ["developers"]
verbs = ["insert", "update", "delete"]
then = "ask"
reviewers = { dba = 1 }
affected_rows = 1000
""",
    groups=("analysts", "developers"),
    reviewers=("dba",),
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the operator said besides the database."""

    folder: Path
    name: str | None
    issuer: str
    directory: str
    reviewer: str
    force: bool
    policy: Ready = BEGIN


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in the database, and the names that follow from it."""

    name: str
    proposals: tuple[Proposal, ...]
    steps: tuple[Step, ...]
    wish: Wish


def run(url: str, wanted: Wanted) -> None:
    """Look, propose, write.

    Raises: SourceUnavailable, SettingsError, UnsafeStart.
    """
    files = ("assent.toml", "harden.sql", "clients.md")
    there = [name for name in files if (wanted.folder / name).exists()]
    if there and not wanted.force:
        fail(f"{wanted.folder / there[0]} is there already: name another folder with --out, or --force")
    with working("looking at the database"):
        found = asyncio.run(look(url, wanted.name))
    texts = {
        "assent.toml": configuration(found, wanted),
        "harden.sql": script(found.steps, found.wish),
        "clients.md": snippets.page(URL),
    }
    for name, text in texts.items():
        write(wanted.folder / name, text)
    made = keys(wanted.folder / "keys")
    tell(found, wanted.folder, made)


async def look(url: str, name: str | None) -> Found:
    """Read the schema and a few rows as the DBA, READ ONLY, and plan what harden would do with the proposed tags.

    Raises: SourceUnavailable, SettingsError, UnsafeStart.
    """
    seen = await sample.look(url)
    source = name or plain(seen.snapshot)
    proposals = tuple(one.proposal for one in weigh(seen.snapshot, seen.samples, {}) if one.proposal is not None)
    tags = {one.column: one.tag for one in proposals}
    wish = Wish(tags=tags, masks=masks(proposals), read_role=f"{source}_read", write_role=f"{source}_write")
    return Found(name=source, proposals=proposals, steps=await harden.show(url, wish), wish=wish)


def plain(snapshot: Snapshot) -> str:
    """Name the source after its database, in letters that need no quotes anywhere."""
    return re.sub(r"[^a-z0-9_]+", "_", snapshot.database.lower()).strip("_")[:40] or "database"


def masks(proposals: tuple[Proposal, ...]) -> Mapping[str, str]:
    """Give each tag its mask; a column whose type has no such form is hidden whatever its tag says."""
    found: dict[str, str] = {}
    for one in proposals:
        if one.tag != FREE_TEXT and found.get(one.tag, HIDE) == HIDE:
            found[one.tag] = one.mask
    return found


# ---------------------------------------------------------------- the configuration


def configuration(found: Found, wanted: Wanted) -> str:
    """Word `assent.toml`: everything proposed, each tag with its reason, for a person to read through."""
    name, variable = found.name, found.name.upper()
    tags = "\n".join(f"# {comment(one.reason)}\n{basic(one.column)} = {basic(one.tag)}" for one in found.proposals)
    policy = wanted.policy
    groups = ", ".join(map(basic, policy.groups))
    domain = ", ".join(basic(one.lower()) for one in wanted.reviewer.split("@")[1:])
    seats = sorted({*policy.reviewers, "dba"})
    reviewers = "\n".join(f"[group.{one}]\nmembers = [{basic(wanted.reviewer)}]" for one in seats)
    kinds = "\n".join(f"{basic(tag)} = {basic(kind)}" for tag, kind in sorted(found.wish.masks.items()))
    return f"""\
# Proposed by `assent init`. Read it through, change what is not so, then: assent doctor --config assent.toml

[gateway]
url = "{URL}"                 # the address that agents use; off this machine it must be https
listen = "127.0.0.1:8080"
store = "sqlite:assent.db"

[keys]                                        # made for this installation alone; keep them, and keep them apart
questions = "file:keys/questions"
results = "file:keys/results"
signing = "file:keys/signing"
mask = "file:keys/mask"

[[identity]]                                  # who signs your people and agents in
issuer = {basic(wanted.issuer)}
audiences = ["{URL}/mcp"]
review_audiences = ["api://assent-review"]
directory = {basic(wanted.directory)}
groups = [{groups}]  # the groups of your tokens that rules may name
domains = [{domain}]  # whose verified e-mails count: who may approve is named by them
person_when = {{ idtyp = "user" }}              # what in a token proves a person; this is Entra ID's
person_claim = "oid"

# Who may approve; verified e-mails. Two people at least: nobody may approve what they, or their agent, asked for.
{reviewers}

[console]                                     # where reviewers decide: assent review list
listen = "127.0.0.1:8081"
clients = ["assent-cli"]
auditors = ["dba"]
# operators = ["dba"]                         # who may stop, hold, erase and rotate keys; the last two take two people

[source.{name}]
kind = "postgres"
read_url = "env:{variable}_READ_URL"          # postgresql://{name}_read:PASSWORD@HOST/DATABASE?sslmode=verify-full
write_url = "env:{variable}_WRITE_URL"        # leave it out, and nothing can be changed through Assent

# A column with a tag is shown masked, and the read role loses its right to read it (harden.sql).
[source.{name}.tags]
{tags}

[mask]                                        # each one of: {", ".join(KINDS)}
{kinds}

{policy.text.strip()}
"""


def basic(text: str) -> str:
    """Quote a TOML basic string (TOML 1.0, "String"): whatever a column is called, it stays one string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(one if one.isprintable() else escape(one) for one in escaped) + '"'


def escape(character: str) -> str:
    """Write what would not show by its number."""
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"  # noqa: PLR2004 - the last of four digits


def comment(text: str) -> str:
    """Keep a name of the database from ending a comment."""
    return visible(text).replace("\n", "⟨U+000A⟩")


# ---------------------------------------------------------------- files


def write(path: Path, text: str) -> None:
    """Write a file for its owner's eyes only, and never through a link that somebody left there."""
    try:
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        fail(f"{path}: cannot be written: {error.strerror}")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def keys(folder: Path) -> bool:
    """Make keys that are not there yet; a key that is there is never replaced, whatever was forced."""
    missing = [name for name in SECRETS if not (folder / name).exists()]
    for name in missing:
        write(folder / name, secrets.token_hex(KEY_BYTES) + "\n")
    return bool(missing)


def tell(found: Found, folder: Path, made: bool) -> None:  # noqa: FBT001 - whether keys were made
    """Say what was written and what comes next."""
    tagged = len(found.proposals)
    say(f"{tagged} columns look protected; each is explained in {folder / 'assent.toml'}")
    say("keys were made in " + str(folder / "keys") if made else "keys that were there stay as they are")
    say("next:")
    variables = f"{found.name.upper()}_READ_URL and {found.name.upper()}_WRITE_URL"
    say(f"  1. read {folder / 'assent.toml'} through: tags, masks, rules, issuer, two reviewers at least, operators")
    say(f"  2. set {variables}, as assent.toml shows them, with passwords that you choose")
    say(f"  3. assent harden --dba env:… --apply: as a DBA, what {folder / 'harden.sql'} says, and the mask keys")
    say(f"  4. in psql, give {found.name}_read and {found.name}_write the passwords that you chose: \\password ROLE")
    say("  5. assent doctor, then assent serve; clients.md says how agents connect")
