"""Hands an agent's client a token: asked by GET, let by POST, a code to loopback, traded against its proof, once.

The shape is RFC 6749 4.1 with RFC 7636 (S256 alone), RFC 8252 7.3 (literal loopback alone) and RFC 9207, so that
`assent relay` signs in here as it does at any issuer. Clients are those that the minted issuer's table lists.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Final, final
from urllib.parse import urlencode, urlsplit

from console.signing.sessions import read, written
from console.signing.stopped import Stopped
from core.errors import BadCall
from core.identity.minted import LIFETIME, SCOPES, Minter
from core.identity.signin import SignedIn
from core.model import Entry, EntryKind
from core.ports import Clock, Journal, TicketKind, Tickets, Unit

CODE: Final = timedelta(minutes=1)
PROOF: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # SHA-256 in base64url, RFC 7636 4.2
LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
LONGEST: Final = 512
NAMES: Final = frozenset(
    {
        *("response_type", "client_id", "redirect_uri", "scope", "state"),
        *("code_challenge", "code_challenge_method", "resource"),
    }
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks for; checked whole, so that a page may show it and a code may be bound to it."""

    client: str
    back: str
    scopes: tuple[str, ...]
    state: str
    proof: str
    audience: str

    @property
    def text(self) -> str:
        """Write it for a cookie."""
        return urlencode({**asdict(self), "scopes": " ".join(self.scopes)})

    @property
    def digest(self) -> str:
        """Name it whole."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def place(self) -> str:
        """Return host and port where the client waits."""
        return urlsplit(self.back).netloc


@final
class Handing:
    """Between a person's browser and the client on their machine."""

    def __init__(self, minter: Minter, tickets: Tickets, journal: Journal, stopped: Stopped, clock: Clock) -> None:
        self._minter = minter
        self._tickets = tickets
        self._journal = journal
        self._stopped = stopped
        self._clock = clock

    @property
    def issuer(self) -> str:
        """Return what its tokens say they are from: the console's own address."""
        return self._minter.issuer.issuer

    async def keys(self) -> tuple[Mapping[str, str], ...]:
        """Return the public keys that check its tokens (RFC 7517, RFC 8037).

        Raises: StoreError.
        """
        return await self._minter.jwks()

    def asked(self, query: Mapping[str, str]) -> Asked:
        """Read a client's request.

        Raises: BadCall, naming the parameter; nothing is ever sent to an address that did not pass.
        """
        if not query.keys() <= NAMES or any(len(value) > LONGEST for value in query.values()):
            raise BadCall("parameters: unknown or too long")
        client, back = query.get("client_id", ""), query.get("redirect_uri", "")
        if not self._minter.knows(client):
            raise BadCall("client_id: not a client of this gateway")
        if not loopback(back):
            raise BadCall("redirect_uri: not http, a literal loopback address and a port")
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            raise BadCall("response_type is code, code_challenge_method is S256")
        if PROOF.fullmatch(query.get("code_challenge", "")) is None or not query.get("state"):
            raise BadCall("code_challenge or state: missing or of another form")
        scopes = frozenset(query.get("scope", "assent:read").split())
        audience = self._minter.audience(query.get("resource", ""))
        if not scopes or not scopes <= SCOPES or audience is None:
            raise BadCall("scope or resource: not an agent's")
        return Asked(
            client=client,
            back=back,
            scopes=tuple(sorted(scopes)),
            state=query["state"],
            proof=query["code_challenge"],
            audience=audience,
        )

    async def let(self, who: SignedIn, asked: Asked) -> str:
        """Make a code for what a person let a client do; return where their browser goes with it.

        Raises: AuditUnavailable.
        """
        code = token_urlsafe(32)
        row = json.dumps({**asdict(asked), "who": written(who, self._clock.now() + CODE)})
        await self._tickets.put(TicketKind.CODE, code, row, self._clock.now() + CODE)
        return f"{asked.back}?{urlencode({'code': code, 'state': asked.state, 'iss': self.issuer})}"

    async def trade(self, form: Mapping[str, str]) -> Mapping[str, str | int]:
        """Give a token for a code and its proof (RFC 6749 4.1.3); a code serves once, whoever brings it.

        The Entry is durable before the token leaves, and there is none for who is stopped.
        Raises: BadCall, Blocked, AuditUnavailable, IdentityUnavailable.
        """
        row = await self._tickets.take(TicketKind.CODE, form.get("code", ""))
        if form.get("grant_type") != "authorization_code" or row is None:
            raise BadCall("code: not one that serves")
        said = json.loads(row)
        if (form.get("client_id"), form.get("redirect_uri")) != (said["client"], said["back"]):
            raise BadCall("code: another client's, or another redirect's")
        if not compare_digest(challenge(form.get("code_verifier", "")), said["proof"]):
            raise BadCall("code_verifier: does not prove it")
        who, _ = read(said["who"])
        scopes = frozenset(said["scopes"])
        token = await self._minter.mint(who, client=said["client"], scopes=scopes, audience=said["audience"])
        by = self._stopped.pseudonym(who.person)
        entry = Entry(kind=EntryKind.MINTED, body={"by": by, "client": said["client"], "scopes": sorted(scopes)})
        await self._journal.commit(Unit(entries=(entry,), unblocked=self._stopped.parties(who.person)))
        lasts = round(LIFETIME.total_seconds())
        return {"access_token": token, "token_type": "Bearer", "expires_in": lasts, "scope": " ".join(sorted(scopes))}


def challenge(verifier: str) -> str:
    """Make the S256 challenge of a verifier (RFC 7636 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def loopback(address: str) -> bool:
    """Say whether an address is the person's own machine, literally, on a port, with a plain path and nothing more."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    named = f"[{host}]" if ":" in host else host
    return host in LOOPBACK and bool(port) and address == f"http://{named}:{port}{parts.path}" and _plain(parts.path)


def _plain(path: str) -> bool:
    return re.fullmatch(r"(?:/[A-Za-z0-9_-]*)+", path, re.ASCII) is not None
