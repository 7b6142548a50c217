"""A bundle that an outsider checks off line: exact bytes, proofs, a verifier to read and run. Pure."""

from __future__ import annotations

import hmac
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import Final, NamedTuple, final

from core.audit.body import objects, parse
from core.audit.transparency import checkpoint, proofs
from core.audit.transparency.note import VerifierKey
from core.audit.transparency.tree import Read, leaf, root
from core.audit.verification.log import StoredCheckpoint
from core.model import EntryKind
from core.ports import Opening

EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # of every file in an archive, so that one log makes one bundle

README: Final = """What this is: {what} of the log {origin},
as it was signed when {size} Entries stood there.

{files}{words}
Check it on any machine with Python 3.8 or later, without Assent. Read verify_proof.py first. Take the log's public key
from somebody you trust, not from this folder; log.vkey is here only to be compared.

{commands}
What it shows: {shows}
What it does not show: what a statement did in the database beside what these Entries say, and whether whoever held the
signing key told another story to somebody else. Against the second, witnesses sign each checkpoint.
"""


@final
@dataclass(frozen=True, slots=True)
class _Told:
    """What a README says of one form of bundle."""

    shows: str
    files: str


OF_CALL: Final = _Told(
    "these exact Entries stand in the signed log at their places.",
    """bodies.jsonl          every Entry, its exact bytes, a line each
entries/N.json        the Entry with sequence number N alone
proofs/N.tlog-proof   the proof that it stands in the log (c2sp.org/tlog-proof@v1)
""",
)
OF_SESSION: Final = _Told(
    "the manifest stands in the signed log, and bodies.jsonl is exactly what it counts: nothing is missing.",
    """bodies.jsonl          every Entry of the Session, its exact bytes, a line each
manifest.json         the Session's manifest, an Entry of its own
manifest.tlog-proof   the proof that it stands in the log (c2sp.org/tlog-proof@v1)
""",
)


WORDS: Final = """payloads/ID           words that Entries name, in clear
payloads/ID.key       the key that shows that they are these
"""
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # a payload's name is a file's, here


class Piece(NamedTuple):
    """An Entry: its sequence number and exact bytes."""

    sequence: int
    body: bytes


class Unprovable(ValueError):
    """The log does not bear out what would be proven; `str()` says what to do."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Under what everything in a bundle is proven."""

    read: Read  # stored tiles
    signed: StoredCheckpoint
    key: VerifierKey
    witnesses: tuple[VerifierKey, ...] = ()
    policies: Mapping[str, str] = field(default_factory=dict)  # hash -> text
    opened: Callable[[str], Sequence[Opening]] = lambda _: ()  # a Call's words, where somebody may have them

    def proof(self, piece: Piece) -> bytes:
        """Prove one Entry, and check the proof as its reader will.

        Raises: Unprovable.
        """
        if piece.sequence >= self.signed.size:
            raise Unprovable(f"Entry {piece.sequence} is not signed yet: ask again in a second")
        try:
            path = proofs.inclusion(self.read, piece.sequence, self.signed.size)
            made = checkpoint.proof(piece.sequence, path, self.signed.note + b"".join(self.signed.cosignatures))
            checkpoint.prove(piece.body, made, self.key, self.witnesses)
        except ValueError as error:
            raise Unprovable(f"Entry {piece.sequence}: {error}; run assent audit verify") from error
        return made


def of_call(call: str, pieces: Sequence[Piece], seal: Seal) -> bytes:
    """Make the bundle of one Call: each Entry of it and of its Review, each with its proof.

    Raises: Unprovable.
    """
    if not pieces:
        raise Unprovable(f"no Entry names {call}")
    made: dict[str, bytes] = {}
    for piece in pieces:
        made[f"entries/{piece.sequence}.json"] = piece.body
        made[f"proofs/{piece.sequence}.tlog-proof"] = seal.proof(piece)
    first = pieces[0].sequence
    command = _command(seal, f"entries/{first}.json", f"proofs/{first}.tlog-proof")
    return _bundle(f"the Call {call}", OF_CALL, f"{command}{{words}}    (and so for each N)\n", pieces, made, seal)


def of_session(session: str, pieces: Sequence[Piece], manifest: Piece, seal: Seal) -> bytes:
    """Make the bundle of one Session: its Entries, and the manifest that counts them with its proof.

    Raises: Unprovable, also when the manifest is of other Entries.
    """
    said = parse(manifest.body)
    last = said["last_seq"]
    counted = [piece for piece in pieces if isinstance(last, int) and piece.sequence <= last]
    if not counted or said["root"] != root([leaf(piece.body) for piece in counted]).hex():
        raise Unprovable(f"the manifest of {session} is not that of its Entries; run assent audit verify")
    made = {"manifest.json": manifest.body, "manifest.tlog-proof": seal.proof(manifest)}
    command = f"{_command(seal, 'manifest.json', 'manifest.tlog-proof')} --session bodies.jsonl{{words}}\n"
    return _bundle(f"the Session {session}", OF_SESSION, command, counted, made, seal)


def _command(seal: Seal, entry: str, proof: str) -> str:
    known = " WITNESS_VKEY ..." if seal.witnesses else ""
    return f"    python3 verify_proof.py VKEY {entry} {proof}{known}"


def words(pieces: Sequence[Piece], opened: Callable[[str], Sequence[Opening]]) -> Mapping[str, bytes]:
    """Give words that these Entries name, each held to its Entry as its reader will hold it.

    Raises: Unprovable.
    """
    bodies = [parse(piece.body) for piece in pieces]
    named = {str(one.get("id")): one for body in bodies for one in objects(body, "payloads")}
    calls = [str(body["call"]) for body in bodies if body["kind"] == EntryKind.INTENT and body["attempt"] == 1]
    made: dict[str, bytes] = {}
    for opening in (one for call in calls for one in opened(call)):
        said = named.get(opening.id)
        if said is None or NAME.fullmatch(opening.id) is None:
            raise Unprovable(f"no Entry here names {opening.id}")
        if hmac.new(opening.key, opening.content, sha256).hexdigest() != said.get("pt_mac"):
            raise Unprovable(f"{opening.id} is not what its Entry names")
        made |= {f"payloads/{opening.id}": opening.content, f"payloads/{opening.id}.key": opening.key.hex().encode()}
    return made


def _bundle(
    what: str, says: _Told, command: str, pieces: Sequence[Piece], made: Mapping[str, bytes], seal: Seal
) -> bytes:
    opened = words(pieces, seal.opened)
    told = README.format(
        what=what,
        origin=seal.key.name,
        size=seal.signed.size,
        files=says.files,
        words=WORDS if opened else "",
        commands=command.format(words=" --words payloads" if opened else ""),
        shows=says.shows,
    )
    beside = {
        "README.txt": told.encode(),
        "verify_proof.py": files("core.audit.verification").joinpath("verify_proof.py").read_bytes(),
        "log.vkey": f"{seal.key}\n".encode(),
        "bodies.jsonl": b"".join(piece.body + b"\n" for piece in pieces),
        **({"witnesses.vkey": "".join(f"{one}\n" for one in seal.witnesses).encode()} if seal.witnesses else {}),
        **{f"policies/{name}.json": text.encode() for name, text in seal.policies.items() if _named(name, pieces)},
    }
    return _zipped({**beside, **opened, **made})


def _named(policy: str, pieces: Sequence[Piece]) -> bool:
    return any(policy.encode() in piece.body for piece in pieces)


def _zipped(made: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
