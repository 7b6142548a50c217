"""An agent's token becomes a Caller, a reviewer's an Identity, and neither passes for the other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final, final

from core.errors import InsufficientScope, StaleSignIn, Unauthenticated, UnsafeStart
from core.identity import claims, subject, token
from core.identity.issuer import ALGORITHMS, Agent, Issuer, named
from core.identity.keys import KeySource
from core.identity.same import APART, Same
from core.identity.token import Members, Token
from core.model import Caller, Identity, Kind, Person
from core.ports import Clock, PeopleScope

REMEMBERED: Final = 4_096  # verified tokens, by SHA-256
MEMORY: Final = timedelta(minutes=5)  # then verified again: a withdrawn key ends soon after its issuer says so
SIGN_IN: Final = timedelta(minutes=5)  # how old the sign-in behind a person's act may be
FRESH_SCOPES: Final[frozenset[PeopleScope]] = frozenset({"assent:review", "assent:operate"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A Caller whose token was verified, and until when that is remembered."""

    caller: Caller
    until: datetime


@final
class Verifier:
    """Verifies bearer tokens of the configured issuers; keeps no token and logs none."""

    def __init__(
        self,
        issuers: Collection[Issuer],
        agents: Collection[Agent],
        keys: KeySource,
        clock: Clock,
        *,
        clients: frozenset[str] = frozenset(),
        same: Same = APART,
        remember: int = REMEMBERED,
    ) -> None:
        """Take the tables of the configuration; `clients` are those of `[console]`, `remember` counts tokens.

        Raises: UnsafeStart, when two tables contradict each other.
        """
        self._issuers: Mapping[str, Issuer] = MappingProxyType({issuer.issuer: issuer for issuer in issuers})
        self._agents: Mapping[str, Agent] = MappingProxyType({agent.client: agent for agent in agents})
        self._several = len({issuer.directory for issuer in issuers}) > 1
        self._agents_aud = frozenset[str]().union(*(issuer.audiences for issuer in issuers))
        self._review_aud = frozenset[str]().union(*(issuer.review_audiences for issuer in issuers))
        _vet(issuers, agents, clients)
        self._keys = keys
        self._clock = clock
        self._clients = clients
        self._same = same
        self._remembers = remember
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    async def caller(self, bearer: str | None) -> Caller:
        """Verify an agent's token.

        A Caller of kind machine may lack an owner: it is known who asks, and nothing may be allowed to it.

        Raises: Unauthenticated, IdentityUnavailable.
        """
        name = sha256((bearer or "").encode("utf-8", "surrogatepass")).digest()
        known = self._known.get(name)
        if known is not None and self._clock.now() < known.until:
            self._known.move_to_end(name)
            return known.caller
        self._known.pop(name, None)
        taken, issuer = self._taken(bearer)
        with named(issuer):
            caller = self._caller(await self._proven(taken, issuer, review=False), issuer)
        self._remember(name, caller)
        return caller

    async def reviewer(self, bearer: str | None, *, scope: PeopleScope) -> Identity:
        """Verify a token of a person who reviews, audits or operates, with its sign-in where a person acts.

        Raises: Unauthenticated, InsufficientScope, StaleSignIn, IdentityUnavailable.
        """
        taken, issuer = self._taken(bearer)
        with named(issuer):
            return self._reviewer(await self._proven(taken, issuer, review=True), issuer, scope)

    def _reviewer(self, proven: Members, issuer: Issuer, scope: PeopleScope) -> Identity:
        client, person = subject.client(proven, issuer), subject.person(proven, issuer)
        if client not in self._clients:
            raise Unauthenticated("claim client_id: not a client of the console")
        if person is None:
            raise Unauthenticated("claim person_when: not a person")
        if scope not in subject.scopes(proven):
            raise InsufficientScope(f"scope: lacks {scope}", public=f"The access token lacks the scope {scope}.")
        if scope in FRESH_SCOPES:
            self._signed_in(proven, issuer)
        email = subject.email(proven, issuer)
        known = Identity(person=person, name=email or person.id, email=email, via=f"console:{client}")
        return self._same.identity(known)

    def _signed_in(self, proven: Members, issuer: Issuer) -> None:
        """RFC 9470 3: how long ago, and how; a token that does not say is too old."""
        moment = claims.instant(proven.get("auth_time"))
        if moment is None or self._clock.now() - moment > SIGN_IN:
            raise StaleSignIn("claim auth_time: older than five minutes, or missing")
        if issuer.acr and proven.get("acr") not in issuer.acr:
            raise StaleSignIn("claim acr: not a sign-in of the configured strength")

    def _taken(self, bearer: str | None) -> tuple[Token, Issuer]:
        taken = token.take(bearer)
        issuer = self._issuers.get(taken.issuer) if isinstance(taken.issuer, str) else None
        if issuer is None:
            raise Unauthenticated("claim iss: not a configured issuer")
        return taken, issuer

    async def _proven(self, taken: Token, issuer: Issuer, *, review: bool) -> Members:
        token.vet(taken, issuer)
        key = await self._keys.key(issuer, taken.kid)
        if key is None:
            raise Unauthenticated("header kid: not a key of this issuer")
        token.prove(taken, key)
        claims.check(taken.claims, self._terms(issuer, review=review))
        return taken.claims

    def _terms(self, issuer: Issuer, *, review: bool) -> claims.Terms:
        return claims.Terms(
            issuer=issuer,
            audiences=issuer.review_audiences if review else issuer.audiences,
            foreign=self._agents_aud if review else self._review_aud,
            lifetime=issuer.review_lifetime if review else issuer.lifetime,
            now=self._clock.now(),
        )

    def _caller(self, proven: Members, issuer: Issuer) -> Caller:
        client, account = self._of(issuer, subject.client(proven, issuer)), subject.person(proven, issuer)
        expires = claims.instant(proven["exp"])
        if expires is None:
            raise Unauthenticated("claim exp: no time")
        return Caller(
            issuer=issuer.issuer,
            subject=str(proven["sub"]),
            client=client,
            kind=Kind.MACHINE if account is None else Kind.PERSON,
            person=None if account is None else self._same.person(account),
            owner=self._owner(client) if account is None else None,
            email=subject.email(proven, issuer),
            groups=frozenset(self._of(issuer, group) for group in subject.groups(proven, issuer)),
            scopes=subject.scopes(proven) | issuer.scopes,
            authenticated_at=claims.instant(proven.get("auth_time")),
            expires_at=expires,
            actor=subject.actor(proven),
            accounts=frozenset() if account is None else self._same.accounts(account),
        )

    def _of(self, issuer: Issuer, name: str) -> str:
        """With several directories a name is its directory's: another provider's "dba" is another group."""
        return f"{issuer.directory}:{name}" if self._several and name else name

    def _owner(self, client: str) -> Person | None:
        agent = self._agents.get(client)
        return self._same.person(agent.owner) if agent is not None else None

    def _remember(self, name: bytes, caller: Caller) -> None:
        now = self._clock.now()
        until = min(caller.expires_at, now + MEMORY)
        if until <= now:
            return
        self._known[name] = _Known(caller=caller, until=until)
        while len(self._known) > self._remembers:
            self._known.popitem(last=False)


def _vet(issuers: Collection[Issuer], agents: Collection[Agent], console: frozenset[str]) -> None:
    if len({issuer.issuer for issuer in issuers}) != len(issuers):
        raise UnsafeStart("[[identity]] lists an issuer twice")
    if any(not issuer.algorithms or issuer.algorithms - ALGORITHMS for issuer in issuers):
        raise UnsafeStart("algorithms: none, or one that is not RS, PS, ES or EdDSA")
    _vet_audiences(issuers, console)
    _vet_names(issuers, agents)


def _vet_audiences(issuers: Collection[Issuer], console: frozenset[str]) -> None:
    of_agents = frozenset[str]().union(*(issuer.audiences for issuer in issuers))
    of_reviewers = frozenset[str]().union(*(issuer.review_audiences for issuer in issuers))
    if of_agents & of_reviewers:
        raise UnsafeStart("audiences and review_audiences overlap: one token would open both doors")
    clients = console.union(*(issuer.clients or () for issuer in issuers))
    if clients & (of_agents | of_reviewers):
        # OpenID Connect Core 2: an ID token's `aud` is its client id, so such an audience takes ID tokens
        raise UnsafeStart("an audience equals a client id: an ID token would pass for an access token")


def _vet_names(issuers: Collection[Issuer], agents: Collection[Agent]) -> None:
    directories = {issuer.directory for issuer in issuers}
    if any(":" in directory or not directory for directory in directories):
        raise UnsafeStart("a directory's name is empty or holds a colon")
    if len({agent.client for agent in agents}) != len(agents):
        raise UnsafeStart("[agent] lists a client twice")
    if len(directories) > 1 and any(agent.client.split(":", 1)[0] not in directories for agent in agents):
        raise UnsafeStart("with several directories an agent is written directory:client")
