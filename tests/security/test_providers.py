"""Tokens of the providers that the guide names, taken by the very `[[identity]]` tables that stand there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, final

import pytest

from core.errors import Unauthenticated
from core.identity.issuer import Issuer
from core.identity.jwk import Key, keyset
from core.identity.verifier import Verifier
from core.model import Kind
from core.settings import load
from demo.issuer import Mint
from demo.signer import Claim
from tests.identities import Still
from tests.settings_files import ENVIRON, SKETCH, written

HERE: Final = Path(__file__).parent
GUIDE: Final = (HERE.parents[1] / "docs" / "guides" / "identity-providers.md").read_text()
TOKENS: Final[Mapping[str, Mapping[str, Mapping[str, Claim]]]] = tomllib.loads((HERE / "providers.toml").read_text())
IDENTITY: Final = re.compile(r"^\[\[identity\]\]\n.*?(?=^\[)", re.MULTILINE | re.DOTALL)


def block(provider: str) -> str:
    """Take the configuration out of a provider's section."""
    section = GUIDE.split(f"\n## {provider}\n", 1)[1].split("\n## ", 1)[0]
    return section.split("```toml\n", 1)[1].split("```", 1)[0]


def trusted(provider: str, folder: Path) -> Issuer:
    """Load a whole configuration with the guide's table in the place of its own."""
    said = block(provider)
    acknowledged = tomllib.loads(said).get("gateway", {}).get("acknowledge", [])
    table = said[said.index("[[identity]]") :]
    text = IDENTITY.sub(lambda _: f"{table}\n", SKETCH).replace("acknowledge = []", f"acknowledge = {acknowledged}")
    (issuer,) = load(written(folder, text), ENVIRON).issuers
    return issuer


@final
class Published:
    """The provider's keys, without a network."""

    def __init__(self, mint: Mint) -> None:
        self._keys = keyset(mint.jwks())

    async def key(self, issuer: Issuer, kid: str) -> Key | None:
        del issuer
        return self._keys.get(kid)


def place(provider: str, folder: Path) -> tuple[Issuer, Mint, Verifier]:
    issuer, clock = trusted(provider, folder), Still()
    mint = Mint(issuer.issuer, directory=issuer.directory, clock=clock)
    return issuer, mint, Verifier([issuer], [], Published(mint), clock)


def minted(issuer: Issuer, mint: Mint, claims: Mapping[str, Claim]) -> str:
    beside = [f"{issuer.issuer}userinfo"] if issuer.issuer.endswith("/") else []
    usual: dict[str, Claim] = {"jti": None, "groups": None, "aud": [*issuer.audiences, *beside]}
    return mint.issue(str(claims["sub"]), (), sorted(issuer.audiences), usual | dict(claims))


@pytest.mark.parametrize("provider", TOKENS)
async def test_a_persons_token_is_theirs_with_its_client_scopes_and_listed_groups(
    provider: str, tmp_path: Path
) -> None:
    issuer, mint, door = place(provider, tmp_path)
    caller = await door.caller(minted(issuer, mint, TOKENS[provider]["person"]))
    assert caller.kind is Kind.PERSON
    assert caller.person is not None
    assert caller.person.id == TOKENS[provider]["person"][issuer.person_claim]
    assert caller.client in (issuer.clients or ())
    assert {"assent:read", "assent:write"} <= caller.scopes
    assert len(caller.groups) == 1
    assert caller.groups <= (issuer.groups or frozenset())


@pytest.mark.parametrize("provider", TOKENS)
async def test_a_services_token_is_a_machines(provider: str, tmp_path: Path) -> None:
    issuer, mint, door = place(provider, tmp_path)
    caller = await door.caller(minted(issuer, mint, TOKENS[provider]["machine"]))
    assert (caller.kind, caller.person, caller.groups) == (Kind.MACHINE, None, frozenset())


@pytest.mark.parametrize("provider", TOKENS)
async def test_a_token_for_another_resource_of_the_provider_is_refused(provider: str, tmp_path: Path) -> None:
    issuer, mint, door = place(provider, tmp_path)
    elsewhere = dict(TOKENS[provider]["person"]) | {"aud": "https://graph.example.com"}
    with pytest.raises(Unauthenticated):
        await door.caller(minted(issuer, mint, elsewhere))
